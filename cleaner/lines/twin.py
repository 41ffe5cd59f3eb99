"""What lines are by themselves, and what they share: by the compiled twin of `alone` and `counts`, if there is one.

It reads each line once, character by character, in a tenth of the time, and its numbers are the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cleaner.lines import alone as by_numpy
from cleaner.lines.alone import NAMES, Alone
from cleaner.lines.counts import FARTHEST, Kin
from cleaner.lines.letters import tables

try:
    from cleaner.lines import _twin
except ImportError:  # it was installed where there is no compiler
    _twin = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_LOGARITHMS = [NAMES.index(name) for name in ("words", "sentences", "commas")]
"""The numbers that are put out before their logarithm is taken, for numpy's is its own."""


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
    own[_LOGARITHMS] = np.log1p(own[_LOGARITHMS])
    own[0] /= 4
    kin = Kin(np.frombuffer(word, np.intp), np.frombuffer(line, np.intp), known)
    return Alone(own, rows[-2], rows[-1], rows[len(NAMES)], rows[len(NAMES) + 1 : -2], kin)


def shared(kin: Kin, lines: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Return the share of each line's telling words that others of some lines use as well: see `Kin.shared`."""
    if _twin is None:
        return kin.shared(lines)
    return np.frombuffer(_twin.shared(kin.word, kin.line, kin.known, lines), np.float32)
