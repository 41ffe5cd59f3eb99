"""The shape of lines: a row of numbers for each, from which no word can be told.

No word, no letter and no language goes in, only kinds of characters, lengths, places and what the document repeats:
what holds of English then holds of languages that a model has never seen. Ideographs count as 0.6 of a word each.
"""

from __future__ import annotations

from functools import lru_cache
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

    from cleaner.document import Block

NAMES = (
    "words", "length", "word length", "short words", "capitalised words", "lower-case words", "capitals",
    "begins with a capital", "begins in lower case", "begins with a digit", "begins with a sign",
    "ends a sentence", "ends with a comma or colon", "ends with dots", "ends with a quote or bracket",
    "sentences per word", "sentences", "commas per word", "commas", "digits", "numbers", "signs", "has signs",
    "quotes and brackets", "other than letters", "repeated in the document", "words shared with the long lines",
    "place", "lines before", "lines after", "lines in all", "words before", "share of long lines", "usual length",
    "share of sentences", "length beside the longest",
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
_STEP = 0x9E3779B97F4A7C15
_BACK = pow(_STEP, -1, 2**64)
_USUAL = 1 << 17
"""Characters of a long document; for longer ones the powers are worked out anew."""


class Kin(NamedTuple):
    """The telling words of a document, and in which lines they stand."""

    word: NDArray[np.intp]
    """Number of the word, the same for the same word."""
    line: NDArray[np.intp]
    """The line that it stands in."""
    known: int
    """How many different words there are."""

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


def shape(text: str, blocks: Sequence[Block]) -> Shape:
    """Return the shape of the lines of a text.

    Examples:
        >>> from cleaner.document import Document
        >>> doc = Document("a", "Home\\nThe rain had stopped by noon, and nobody minded.")
        >>> shape(doc.text, doc.blocks).words.tolist()
        [1.0, 9.0]
        >>> shape(doc.text, doc.blocks).rows[:, NAMES.index("ends a sentence")].tolist()
        [0.0, 1.0]

    """
    n = len(blocks)
    edges = np.array([(block.start, block.end) for block in blocks], np.intp).reshape(n, 2)
    start, end = edges.T
    points = codes(text)
    line = _lines(edges, len(points))
    kind = kinds(points)
    kind[line == n] = SPACE
    counted = np.bincount(line * KINDS + kind, minlength=(n + 1) * KINDS)
    count = counted[: n * KINDS].reshape(n, KINDS).astype(np.float32).T

    in_word = np.zeros(len(points) + 2, np.bool_)
    np.take(_IN_WORD, kind, out=in_word[1:-1])
    first, past = np.flatnonzero(in_word[1:] != in_word[:-1]).reshape(-1, 2).T
    long = past - first
    of = line[first]
    head = kind[first]
    plain = _per_line(of, n)
    words = plain + np.float32(WORDS_OF_AN_IDEOGRAPH) * count[IDEOGRAPH]
    some = np.maximum(words, 1)
    any_plain = np.maximum(plain, 1)
    seen = np.maximum(count.sum(0) - count[SPACE], 1)
    cased = count[UPPER] + count[LOWER]

    filled = np.flatnonzero(kind != SPACE)
    begins = ends = before = np.zeros(n, np.uint8)
    if len(filled):
        high = np.maximum(np.searchsorted(filled, end) - 1, 0)
        begins = kind[filled[np.minimum(np.searchsorted(filled, start), len(filled) - 1)]]
        ends, before = kind[filled[high]], kind[filled[np.maximum(high - 1, 0)]]
    stop = (ends == STOP) | ((ends == QUOTE) & ((before == STOP) | (before == ELLIPSIS)))
    dots = (ends == ELLIPSIS) | ((ends == STOP) & (before == STOP))
    stops = count[STOP] - (count[STOP] > 0) * (ends == STOP)

    kin, repeated = _kinship(points, kind, edges, np.stack([first, past]), of)
    order = np.arange(n, dtype=np.float32)
    total = max(float(words.sum()), 1.0)
    is_long = words >= _SENTENCE
    idle = plain == 0
    columns = (
        np.log1p(words) / 4,
        np.minimum(words / 50, 3),
        np.where(idle, NO_WORD[0], _per_line(of, n, long) / any_plain / 10),
        np.where(idle, NO_WORD[1], _per_line(of, n, long < _TELLING) / any_plain),
        _per_line(of, n, head == UPPER) / any_plain,
        _per_line(of, n, head == LOWER) / any_plain,
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
        _per_line(of, n, head == DIGIT) / any_plain,
        np.minimum(count[SIGN] / some, 2),
        count[SIGN] > 0,
        np.minimum(count[QUOTE] / some, 2),
        1 - (cased + count[UNCASED] + count[IDEOGRAPH]) / seen,
        np.log1p(repeated),
        kin.shared(words >= LONG),
        order / max(n, 1),
        np.log1p(order) / 5,
        np.log1p(n - 1 - order) / 5,
        np.log1p(n) / 5,
        (np.cumsum(words) - words) / total,
        (words * is_long).sum() / total,
        np.log1p(total / max(n, 1)) / 4,
        (stop & (words >= _TELLING)).mean() if n else 0,
        words / max(float(words.max(initial=0)), 1.0),
    )
    rows = np.empty((len(columns), n), np.float32)
    for row, column in zip(rows, columns, strict=True):
        row[:] = column
    return Shape(words, rows.T, kin)


def _lines(edges: NDArray[np.intp], size: int) -> NDArray[np.intp]:
    """Return the line in which each character stands, or their number for those between lines."""
    n = len(edges)
    numbers = np.full(2 * n + 1, n)
    numbers[1::2] = np.arange(n)
    return np.repeat(numbers, np.diff(edges.ravel(), prepend=0, append=size))


@lru_cache(maxsize=2)
def _powers(n: int) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Return the powers of the step and of its inverse, modulo 2**64."""
    factor, back = np.full(n + 1, _STEP, np.uint64), np.full(n + 1, _BACK, np.uint64)
    factor[0] = back[0] = 1
    return np.cumprod(factor, dtype=np.uint64), np.cumprod(back, dtype=np.uint64)


def _per_line(
    of: NDArray[np.intp], n: int, weight: NDArray[np.intp] | NDArray[np.bool_] | None = None
) -> NDArray[np.float32]:
    """Sum up over the words of each line; without weights, count them."""
    if weight is not None and weight.dtype == np.bool_:
        of, weight = of[weight], None
    return np.bincount(of, weight, minlength=n)[:n].astype(np.float32)


def _kinship(
    points: NDArray[np.uint32],
    kind: NDArray[np.uint8],
    lines: NDArray[np.intp],
    words: NDArray[np.intp],
    of: NDArray[np.intp],
) -> tuple[Kin, NDArray[np.intp]]:
    """Return the telling words, each known by how it begins, and how often each line stands elsewhere.

    Stretches are compared by a polynomial hash modulo 2**64, of which running sums give that of any stretch: the
    factor of a place is a power of an odd number, and so can be divided out again.
    """
    factor, back = _powers(max(_USUAL, 1 << len(points).bit_length()))
    sums = np.zeros(len(points) + 1, np.uint64)
    np.cumsum((lowered(points) + np.uint64(1)) * factor[: len(points)], out=sums[1:])

    def key(a: NDArray[np.intp], b: NDArray[np.intp]) -> NDArray[np.uint64]:
        return (sums[b] - sums[a]) * back[a]

    _, which, times = np.unique(key(*lines.T), return_inverse=True, return_counts=True)
    repeated = times[which] - 1

    first, past = words
    telling = past - first >= _TELLING
    first = first[telling]
    keys, line = key(first, np.minimum(past[telling], first + _STEM)), of[telling]
    pair = np.flatnonzero((kind[:-1] == IDEOGRAPH) & (kind[1:] == IDEOGRAPH))
    if len(pair):
        keys = np.concatenate([keys, key(pair, pair + 2)])
        line = np.concatenate([line, np.searchsorted(lines[:, 0], pair, "right") - 1])
    known, which = np.unique(keys, return_inverse=True)
    return Kin(which, line, len(known)), repeated
