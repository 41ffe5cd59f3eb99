"""The shape of lines: a row of numbers for each, from which no word can be told.

No word, no letter and no language goes in, only kinds of characters, lengths, places and what the document repeats:
what holds of English then holds of languages that a model has never seen. Ideographs count as 0.6 of a word each.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cleaner.lines.letters import (
    COMMA,
    DIGIT,
    ELLIPSIS,
    IDEOGRAPH,
    KINDS,
    LOWER,
    QUOTE,
    SIGN,
    SPACE,
    STOP,
    UNCASED,
    UPPER,
    codes,
    kinds,
    lowered,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

NAMES = (
    "words", "length", "word length", "short words", "capitalised words", "lower-case words", "capitals",
    "begins with a capital", "begins in lower case", "begins with a digit", "begins with a sign",
    "ends a sentence", "ends with a comma or colon", "ends with dots", "ends with a quote or bracket",
    "sentences per word", "sentences", "commas per word", "commas", "digits", "numbers", "signs", "has signs",
    "quotes and brackets", "other than letters", "repeated in the document", "words shared with the long lines",
    "place", "lines before", "lines after", "lines in all", "words before", "share of long lines", "usual length",
    "share of sentences", "length beside the longest", "times of day", "years", "others of its pattern",
    "its pattern next to it", "its pattern two lines off", "its pattern three lines off", "its pattern four lines off",
)  # fmt: skip
"""What each number of a row says, in order."""
CASE = (4, 5, 6, 7, 8)
"""The numbers that only scripts with capitals have; elsewhere they are zero."""
WORD = (2, 3)
"""The numbers about the length of words, which ideographs do not have."""
NO_WORD = (0.45, 0.3)
"""What stands for them there."""

WORDS_OF_AN_IDEOGRAPH = 0.6
LONG = 12
"""Words of a line that is long: running text more often than not."""
_SENTENCE = 20
_TELLING = 4
"""Letters of a word that is worth looking for elsewhere: shorter ones are everywhere."""
_STEM = 5
"""Letters by which a word is known: languages put their endings at the end."""
_IN_WORD = np.isin(np.arange(KINDS), (LOWER, UPPER, UNCASED, DIGIT))
_FORM = np.arange(1, KINDS + 1, dtype=np.uint64)
_FORM[[UPPER, UNCASED, IDEOGRAPH]] = _FORM[LOWER]
FARTHEST = 4
"""Lines within which a pattern is looked for again."""
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

    def shared(self, lines: NDArray[np.bool_]) -> NDArray[np.float32]:
        """Return the share of each line's telling words that others of some lines use as well."""
        n = len(lines)
        there = lines[self.line]
        used = np.bincount(self.word[there], minlength=self.known)
        elsewhere = used[self.word] > there
        found = _per_line(self.line, n, elsewhere)
        found /= np.maximum(_per_line(self.line, n), 1)
        return found


class Shape(NamedTuple):
    """What is known of the lines of a document."""

    words: NDArray[np.float32]
    """Words of each line."""
    rows: NDArray[np.float32]
    """Lines times `NAMES`."""
    kin: Kin


def shape(lines: Sequence[str]) -> Shape:
    """Return the shape of the lines of a text.

    Examples:
        >>> found = shape(["Home", "The rain had stopped by noon, and nobody minded."])
        >>> found.words.tolist()
        [1.0, 9.0]
        >>> found.rows[:, NAMES.index("ends a sentence")].tolist()
        [0.0, 1.0]

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
    head = kind[first]
    heads = _by_kind(of, head, n)
    plain = heads.sum(0)
    words = plain + np.float32(WORDS_OF_AN_IDEOGRAPH) * count[IDEOGRAPH]
    some = np.maximum(words, 1)
    any_plain = np.maximum(plain, 1)
    seen = np.maximum(count.sum(0) - count[SPACE], 1)
    cased = count[UPPER] + count[LOWER]

    filled = np.flatnonzero(kind != SPACE)
    begins = ends = before = np.zeros(n, np.uint8)
    if len(filled):
        past = np.cumsum(sizes - count[SPACE].astype(np.intp))
        high = np.maximum(past - 1, 0)
        begins = kind[filled[np.minimum(np.concatenate([[0], past[:-1]]), len(filled) - 1)]]
        ends, before = kind[filled[high]], kind[filled[np.maximum(high - 1, 0)]]
    stop = (ends == STOP) | ((ends == QUOTE) & ((before == STOP) | (before == ELLIPSIS)))
    dots = (ends == ELLIPSIS) | ((ends == STOP) & (before == STOP))
    stops = count[STOP] - (count[STOP] > 0) * (ends == STOP)

    kin = _kinship(points, kind, line, first, long)
    others, near = _patterns(kind, line, count[DIGIT] + count[SIGN] > 0)
    clocks, years = _moments(points, kind, first[long == _YEAR])
    order = np.arange(n, dtype=np.float32)
    total = max(float(words.sum()), 1.0)
    is_long = words >= _SENTENCE
    idle = plain == 0
    columns = (
        np.log1p(words) / 4,
        np.minimum(words / 50, 3),
        np.where(idle, NO_WORD[0], _per_line(of, n, long) / any_plain / 10),
        np.where(idle, NO_WORD[1], _per_line(of, n, long < _TELLING) / any_plain),
        heads[UPPER] / any_plain,
        heads[LOWER] / any_plain,
        count[UPPER] / np.maximum(cased, 1),
        begins == UPPER,
        begins == LOWER,
        begins == DIGIT,
        (begins == SIGN) | (begins == STOP) | (begins == COMMA),
        stop & ~dots,
        ends == COMMA,
        dots,
        ends == QUOTE,
        np.minimum(10 * stops / some, 3),
        np.log1p(count[STOP]),
        np.minimum(10 * count[COMMA] / some, 3),
        np.log1p(count[COMMA]),
        count[DIGIT] / seen,
        heads[DIGIT] / any_plain,
        np.minimum(count[SIGN] / some, 2),
        count[SIGN] > 0,
        np.minimum(count[QUOTE] / some, 2),
        1 - (cased + count[UNCASED] + count[IDEOGRAPH]) / seen,
        np.log1p(_repeated(lines)),
        kin.shared(words >= LONG),
        order / max(n, 1),
        np.log1p(order) / 5,
        np.log1p(n - 1 - order) / 5,
        np.log1p(n) / 5,
        (np.cumsum(words) - words) / total,
        (words * is_long).sum() / total,
        np.log1p(total / max(n, 1)) / 4,
        np.count_nonzero(stop & (words >= _TELLING)) / max(n, 1),
        words / max(float(words.max(initial=0)), 1.0),
        _per_line(line[clocks], n) > 0,
        _per_line(line[years], n) > 0,
        np.log1p(others),
        *near,
    )
    rows = np.empty((len(columns), n), np.float32)
    for row, column in zip(rows, columns, strict=True):
        row[:] = column
    return Shape(words, rows.T, kin)


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
) -> tuple[NDArray[np.intp], list[NDArray[np.bool_]]]:
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
    near = []
    for step in range(1, FARTHEST + 1):
        found = np.zeros(n, np.bool_)
        same = (which[step:] == which[:-step]) & telling[step:]
        found[step:] = same
        found[:-step] |= same
        near.append(found)
    return (times[which] - 1) * telling, near


def _repeated(lines: Sequence[str]) -> NDArray[np.intp]:
    """Return how many other lines are the same as each."""
    lower = [*map(str.lower, lines)]
    times = Counter(lower)
    return np.fromiter(map(times.__getitem__, lower), np.intp, len(lines)) - 1


def _by_kind(line: NDArray[np.intp], kind: NDArray[np.uint8], n: int) -> NDArray[np.float32]:
    """Return how many characters of each kind each line has: kinds times lines."""
    found = np.bincount(line * KINDS + kind, minlength=n * KINDS)
    return found.reshape(n, KINDS).T.astype(np.float32, order="C")


def _numbers(keys: NDArray[np.uint64]) -> tuple[NDArray[np.intp], int]:
    """Number things by what they are known by, the same by the same; and return how many numbers there may be."""
    bits = max(_LEAST_ROOM, (_ROOM * len(keys)).bit_length())
    return (keys * _FACTORS[0] >> np.uint64(64 - bits)).astype(np.intp), 1 << bits


def _per_line(
    of: NDArray[np.intp], n: int, weight: NDArray[np.intp] | NDArray[np.bool_] | None = None
) -> NDArray[np.float32]:
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
    telling = np.flatnonzero(long >= _TELLING)
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
