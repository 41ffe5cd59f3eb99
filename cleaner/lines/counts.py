"""What is counted in the lines of a text: characters and words of each kind, patterns, and the words that they share.

All lines are read at once, as one array of characters. Where there is a compiler, the twin does the same (`twin`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cleaner.lines.letters import (
    DIGIT,
    IDEOGRAPH,
    KINDS,
    LOWER,
    SIGN,
    SPACE,
    UNCASED,
    UPPER,
    codes,
    kinds,
    lowered,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

FARTHEST = 4
"""Lines within which a pattern is looked for again."""
TELLING = 4
"""Letters of a word that is worth looking for elsewhere: shorter ones are everywhere."""
_STEM = 5
"""Letters by which a word is known: languages put their endings at the end."""
_IN_WORD = np.isin(np.arange(KINDS), (LOWER, UPPER, UNCASED, DIGIT))
_FORM = np.arange(1, KINDS + 1, dtype=np.uint64)
_FORM[[UPPER, UNCASED, IDEOGRAPH]] = _FORM[LOWER]
_COLON, _ZERO = ord(":"), ord("0")
_YEAR, _EIGHT = 4, 8
_FACTORS = np.cumprod(np.full(1 << 10, 0x9E3779B97F4A7C15, np.uint64))
"""Odd numbers, one for each place in a stretch that is to be told from others."""
_ROOM = 16
"""Numbers that there are for each thing that gets one, so that two seldom get the same."""
_LEAST_ROOM = 12
"""The same for all things together, as a power of two."""


class Kin(NamedTuple):
    """The telling words of a document, and in which lines they stand."""

    word: NDArray[np.intp]
    """Number of the word, the same for the same word."""
    line: NDArray[np.intp]
    """The line that it stands in."""
    known: int
    """Numbers that a word may have."""

    def shared(self, lines: NDArray[np.bool_]) -> Floats:
        """Return the share of each line's telling words that others of some lines use as well."""
        n = len(lines)
        there = lines[self.line]
        used = np.bincount(self.word[there], minlength=self.known)
        elsewhere = used[self.word] > there
        found = _per_line(self.line, n, elsewhere)
        found /= np.maximum(_per_line(self.line, n), 1)
        return found


class Counts(NamedTuple):
    """What is counted in some lines: a number for each of them, in each array."""

    kinds: Floats
    """Characters of each kind: kinds times lines."""
    heads: Floats
    """Words by the kind of their first character: kinds times lines."""
    letters: Floats
    """Characters of all words."""
    short: Floats
    """Words too short to be telling."""
    begins: Floats
    """The kind of the first character that is no space."""
    ends: Floats
    """The kind of the last one."""
    before: Floats
    """The kind of the one before the last."""
    clocks: Floats
    """Whether a time of day stands in it."""
    years: Floats
    """Whether a year does."""
    others: Floats
    """Other lines of its pattern, if it has one that says something."""
    near: Floats
    """Whether a line of its pattern is one, two … lines off: `FARTHEST` times lines."""
    kin: Kin


def counts(lines: Sequence[str]) -> Counts:
    """Count what is in the lines of a text.

    Examples:
        >>> found = counts(["Home", "At 12:30 it rained."])
        >>> found.letters.tolist(), found.clocks.tolist()
        ([4.0, 14.0], [0.0, 1.0])

    """
    n = len(lines)
    sizes = np.fromiter(map(len, lines), np.intp, n) + 1
    points = codes("\n".join([*lines, ""]))
    line = np.repeat(np.arange(n), sizes)
    kind = kinds(points)
    count = _by_kind(line, kind, n)

    in_word = np.zeros(len(points) + 2, np.bool_)
    in_word[1:-1] = _IN_WORD.take(kind)
    first, last = np.flatnonzero(in_word[1:] != in_word[:-1]).reshape(-1, 2).T
    long = last - first
    of = line[first]
    others, near = _patterns(kind, line, count[DIGIT] + count[SIGN] > 0)
    clocks, years = _moments(points, kind, first[long == _YEAR])
    return Counts(
        count,
        _by_kind(of, kind[first], n),
        _per_line(of, n, long),
        _per_line(of, n, long < TELLING),
        *_ends(kind, sizes - count[SPACE].astype(np.intp)),
        (_per_line(line[clocks], n) > 0).astype(np.float32),
        (_per_line(line[years], n) > 0).astype(np.float32),
        others.astype(np.float32),
        near.astype(np.float32),
        _kinship(points, kind, line, first, long),
    )


def _ends(kind: NDArray[np.uint8], sizes: NDArray[np.intp]) -> tuple[Floats, Floats, Floats]:
    """Return the kinds of each line's first character, its last and the one before it, spaces left out.

    A line of spaces alone begins as the next line does, and ends as the last one before it.

    Args:
        kind: the kind of each character.
        sizes: characters of each line, spaces left out.

    """
    n = len(sizes)
    filled = np.flatnonzero(kind != SPACE)
    if not len(filled):
        begins = ends = before = np.zeros(n, np.float32)
        return begins, ends, before
    known = kind[filled].astype(np.float32)
    past = np.cumsum(sizes)
    high = np.maximum(past - 1, 0)
    return (
        known[np.minimum(np.concatenate([[0], past[:-1]]), len(known) - 1)][:n],
        known[high],
        known[np.maximum(high - 1, 0)],
    )


def _moments(
    points: NDArray[np.uint32], kind: NDArray[np.uint8], four: NDArray[np.intp]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return where times of day stand and where years do, of the words of four characters that begin at some places."""
    colon = np.flatnonzero(points[1:-1] == _COLON) + 1
    clocks = colon[(kind[colon - 1] == DIGIT) & (kind[colon + 1] == DIGIT)]
    one, two = points[four] - _ZERO, points[four + 1] - _ZERO
    return clocks, four[((one == 1) & (two >= _EIGHT)) | ((one == 2) & (two == 0))]  # noqa: PLR2004  1800 to 2099


def _patterns(
    kind: NDArray[np.uint8], line: NDArray[np.intp], telling: NDArray[np.bool_]
) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Return how many other lines have the pattern of each, and whether a line has it that is one, two … lines off.

    A pattern is what is left of a line when all words are the same and all numbers are: ``12.03. Fog (3)`` is like
    ``9.11. More rain (12)``. Lists of teasers and what readers say come in such beats.

    Args:
        kind: the kind of each character.
        line: the line that it stands in.
        telling: which lines have a pattern that says something.

    """
    n = len(telling)
    at = np.flatnonzero(kind[1:] != kind[:-1]) + 1  # line breaks are spaces: no stretch of a kind goes on behind one
    at = np.concatenate([[0], at])[: len(kind)]
    at = at[np.flatnonzero(kind[at] != SPACE)]
    form, line = _FORM.take(kind[at]), line[at]
    new = np.ones(len(form), np.bool_)
    new[1:] = (form[1:] != form[:-1]) | (line[1:] != line[:-1])
    own = np.flatnonzero(new)
    form, line = form[own], line[own]
    begins = np.searchsorted(line, np.arange(n + 1))
    sums = np.zeros(len(form) + 1, np.uint64)
    places = (np.arange(len(form)) - begins[line]) % len(_FACTORS)
    np.cumsum(form * _FACTORS[places], out=sums[1:])
    which, known = _numbers(sums[begins[1:]] - sums[begins[:-1]])
    times = np.bincount(which, minlength=known)
    near = np.zeros((FARTHEST, n), np.bool_)
    for step, found in enumerate(near, 1):
        same = (which[step:] == which[:-step]) & telling[step:]
        found[step:] = same
        found[:-step] |= same
    return (times[which] - 1) * telling, near


def _by_kind(line: NDArray[np.intp], kind: NDArray[np.uint8], n: int) -> Floats:
    """Return how many characters of each kind each line has: kinds times lines."""
    found = np.bincount(line * KINDS + kind, minlength=n * KINDS)
    return found.reshape(n, KINDS).T.astype(np.float32, order="C")


def _numbers(keys: NDArray[np.uint64]) -> tuple[NDArray[np.intp], int]:
    """Number things by what they are known by, the same by the same; and return how many numbers there may be."""
    bits = max(_LEAST_ROOM, (_ROOM * len(keys)).bit_length())
    return (keys * _FACTORS[0] >> np.uint64(64 - bits)).astype(np.intp), 1 << bits


def _per_line(of: NDArray[np.intp], n: int, weight: NDArray[np.intp] | NDArray[np.bool_] | None = None) -> Floats:
    """Sum up over the words of each line; without weights, count them."""
    if weight is not None and weight.dtype == np.bool_:
        of, weight = of[np.flatnonzero(weight)], None
    return np.bincount(of, weight, minlength=n)[:n].astype(np.float32)


def _kinship(
    points: NDArray[np.uint32],
    kind: NDArray[np.uint8],
    line: NDArray[np.intp],
    first: NDArray[np.intp],
    long: NDArray[np.intp],
) -> Kin:
    """Return the telling words, each known by how it begins, and the pairs of ideographs.

    Args:
        points: the characters of the text.
        kind: the kind of each of them.
        line: the line of each of them.
        first: where each word begins.
        long: how many characters it has.

    """
    telling = np.flatnonzero(long >= TELLING)
    first, short = first[telling], long[telling] < _STEM
    stem = lowered(points[first + np.arange(_STEM)[:, None]]) + np.uint64(1)
    stem[-1, short] = 0
    keys, at = _FACTORS[:_STEM] @ stem, first
    pair = np.flatnonzero((kind[:-1] == IDEOGRAPH) & (kind[1:] == IDEOGRAPH))
    if len(pair):
        keys = np.concatenate([keys, points[pair] * _FACTORS[0] + points[pair + 1] * _FACTORS[1]])
        at = np.concatenate([first, pair])
    word, known = _numbers(keys)
    return Kin(word, line[at], known)
