"""What is no matrix product in judging lines: by the compiled twin of `alone`, `counts`, `paths` and `units`, if any.

It reads each line once, character by character, in a fifth of the time, and its numbers are the same.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from cleaner.lines import alone as by_numpy
from cleaner.lines import paths as by_step
from cleaner.lines import units
from cleaner.lines.alone import NAMES, Alone
from cleaner.lines.counts import FARTHEST, Kin
from cleaner.lines.letters import tables
from cleaner.lines.paths import ABOVE, HINTS, TAGS, WORDS, Marks

try:
    from cleaner.lines import _twin
except ImportError:  # it was installed where there is no compiler
    _twin = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    _Bytes = NDArray[np.bytes_]
    _Numbers = NDArray[np.uint8]
    _Names = tuple[_Bytes, _Bytes, _Bytes, _Numbers, _Numbers, NDArray[np.uint16]]

_LOGARITHMS = [NAMES.index(name) for name in ("words", "sentences", "commas")]
"""The numbers that are put out before their logarithm is taken, for numpy's is its own."""
_LETTERS = 26
_WIDTH = "S16"
"""As it takes a name: in so many bytes."""


def alone(lines: Sequence[str]) -> Alone:
    """Return what lines look like by themselves: see `alone.alone`.

    Examples:
        >>> alone(["Home", "At 12:30 the rain had stopped."]).words.tolist()
        [1.0, 7.0]

    """
    if _twin is None:
        return by_numpy.alone(lines)
    found, word, line, known = _twin.alone([*lines], *tables())
    rows = np.frombuffer(found, np.float32).reshape(len(NAMES) + FARTHEST + 3, -1)
    own = rows[: len(NAMES)]
    for i in _LOGARITHMS:
        np.log1p(own[i], out=own[i])
    own[0] /= 4
    kin = Kin(np.frombuffer(word, np.intp), np.frombuffer(line, np.intp), known)
    return Alone(own, rows[-2], rows[-1], rows[len(NAMES)], rows[len(NAMES) + 1 : -2], kin)


def shared(kin: Kin, lines: NDArray[np.bool_]) -> Floats:
    """Return the share of each line's telling words that others of some lines use as well: see `Kin.shared`."""
    if _twin is None:
        return kin.shared(lines)
    return np.frombuffer(_twin.shared(kin.word, kin.line, kin.known, lines), np.float32)


def near(state: Floats, step: int) -> Floats:
    """Return each line's state between those of the lines so many steps before and after it: see `units.near`."""
    if _twin is None:
        return units.near(state, step)
    n, many = state.shape
    return np.frombuffer(_twin.near(state, many, step), np.float32).reshape(n, 3 * many)


def settle(found: Floats, bias: Floats, state: Floats, lit: NDArray[np.bool_]) -> None:
    """Add to a state what the units of a layer answer: see `units.settle`."""
    if _twin is None:
        units.settle(found, bias, state, lit)
    else:
        _twin.settle(found, bias, state, lit)


def lent(slope: Floats, lit: NDArray[np.bool_], lines: NDArray[np.intp]) -> Floats:
    """Return the slope of each of some lines where its units have answered: see `units.lent`."""
    if _twin is None:
        return units.lent(slope, lit, lines)
    return np.frombuffer(_twin.lent(slope, lit, lines), np.float32).reshape(slope.shape)


def worst(against: Floats, values: Floats, names: list[str], count: int) -> list[str]:
    """Return for each row what its least numbers are called: see `units.worst`."""
    if _twin is None:
        return units.worst(against, values, names, count)
    return _twin.worst(against, values, names, count)


def marks(paths: Sequence[str]) -> Marks:
    """Return what paths say by themselves: see `paths.marks`.

    Examples:
        >>> marks(["body/p", "body/nav.top/ul/li"]).depths.tolist()
        [2, 4]

    """
    if _twin is None:
        return by_step.marks(paths)
    sets, depths = _twin.marks([*paths], *_names(), len(HINTS))
    found = Marks(np.frombuffer(sets, np.uint64), np.frombuffer(depths, np.intp))
    for i in np.flatnonzero(found.depths == 0).tolist():  # it reads ASCII
        found.sets[i], found.depths[i] = by_step.mark(paths[i])
    return found


@cache
def _names() -> _Names:
    """Return the names that are lent to it: of elements, and the words, sorted, with their ends and families.

    Of words that begin alike it is told where the first stands: by their first letter, 0 to 25, and their second.
    """
    words = sorted(WORDS)
    heads = [_LETTERS * (ord(word.text[0]) - ord("a")) + ord(word.text[1]) - ord("a") for word in words]
    return (
        np.array(TAGS, _WIDTH),
        np.array(ABOVE, _WIDTH),
        np.array([word.text for word in words], _WIDTH),
        np.array([word.opens + 2 * word.closes for word in words], np.uint8),
        np.array([word.family for word in words], np.uint8),
        np.searchsorted(heads, np.arange(_LETTERS * _LETTERS + 1)).astype(np.uint16),
    )
