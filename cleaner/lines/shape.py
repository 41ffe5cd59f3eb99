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
_LONG = 12
"""Words of a line that is long: running text more often than not."""
_SENTENCE = 20
_TELLING = 4
"""Letters of a word that is worth looking for elsewhere: shorter ones are everywhere."""
_IN_WORD = np.isin(np.arange(KINDS), (LOWER, UPPER, UNCASED, DIGIT))
_STEP = 0x9E3779B97F4A7C15
_BACK = pow(_STEP, -1, 2**64)


class Shape(NamedTuple):
    """What is known of the lines of a document."""

    words: NDArray[np.float32]
    """Words of each line."""
    rows: NDArray[np.float32]
    """Lines times `NAMES`."""


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
    start = np.fromiter((b.start for b in blocks), np.int64, n)
    end = np.fromiter((b.end for b in blocks), np.int64, n)
    points = codes(text)
    kind = kinds(points)
    line = np.full(len(points), n, np.int64)  # n: between the lines
    for i, (a, b) in enumerate(zip(start.tolist(), end.tolist(), strict=True)):
        line[a:b] = i
    kind = np.where(line < n, kind, SPACE)
    count = (
        np.bincount(line * KINDS + kind, minlength=(n + 1) * KINDS)[: n * KINDS].reshape(n, KINDS).astype(np.float32)
    )

    in_word = _IN_WORD[kind]
    edge = np.diff(in_word.astype(np.int8), prepend=0, append=0)
    first, past = np.flatnonzero(edge == 1), np.flatnonzero(edge == -1)
    long = past - first
    of = line[first]
    head = kind[first]
    plain = _per_line(of, n)
    words = plain + WORDS_OF_AN_IDEOGRAPH * count[:, IDEOGRAPH]
    some = np.maximum(words, 1)
    any_plain = np.maximum(plain, 1)
    seen = np.maximum(count.sum(1) - count[:, SPACE], 1)
    cased = count[:, UPPER] + count[:, LOWER]

    filled = np.flatnonzero(kind != SPACE)
    low = np.minimum(np.searchsorted(filled, start), max(len(filled) - 1, 0))
    high = np.maximum(np.searchsorted(filled, end) - 1, 0)
    begins = kind[filled[low]] if len(filled) else np.zeros(n, np.uint8)
    ends = kind[filled[high]] if len(filled) else np.zeros(n, np.uint8)
    before = kind[filled[np.maximum(high - 1, 0)]] if len(filled) else ends
    stop = (ends == STOP) | ((ends == QUOTE) & ((before == STOP) | (before == ELLIPSIS)))
    dots = (ends == ELLIPSIS) | ((ends == STOP) & (before == STOP))
    stops = count[:, STOP] - (count[:, STOP] > 0) * (ends == STOP)

    repeated, shared = _kinship(points, kind, start, end, first, past, of, words)
    order = np.arange(n, dtype=np.float32)
    total = max(float(words.sum()), 1.0)
    is_long = words >= _SENTENCE
    idle = plain == 0
    columns = [
        np.log1p(words) / 4,
        np.minimum(words / 50, 3),
        np.where(idle, NO_WORD[0], _per_line(of, n, long) / any_plain / 10),
        np.where(idle, NO_WORD[1], _per_line(of, n, long < _TELLING) / any_plain),
        _per_line(of, n, head == UPPER) / any_plain,
        _per_line(of, n, head == LOWER) / any_plain,
        count[:, UPPER] / np.maximum(cased, 1),
        begins == UPPER,
        begins == LOWER,
        begins == DIGIT,
        (begins == SIGN) | (begins == STOP) | (begins == COMMA),
        stop & ~dots,
        ends == COMMA,
        dots,
        ends == QUOTE,
        np.minimum(10 * stops / some, 3),
        np.log1p(count[:, STOP]),
        np.minimum(10 * count[:, COMMA] / some, 3),
        np.log1p(count[:, COMMA]),
        count[:, DIGIT] / seen,
        _per_line(of, n, head == DIGIT) / any_plain,
        np.minimum(count[:, SIGN] / some, 2),
        count[:, SIGN] > 0,
        np.minimum(count[:, QUOTE] / some, 2),
        1 - (cased + count[:, UNCASED] + count[:, IDEOGRAPH]) / seen,
        np.log1p(repeated),
        shared,
        order / max(n, 1),
        np.log1p(order) / 5,
        np.log1p(n - 1 - order) / 5,
        np.full(n, np.log1p(n) / 5),
        (np.cumsum(words) - words) / total,
        np.full(n, (words * is_long).sum() / total),
        np.full(n, np.log1p(total / max(n, 1)) / 4),
        np.full(n, (stop & (words >= _TELLING)).mean() if n else 0),
        words / max(float(words.max(initial=0)), 1.0),
    ]
    return Shape(words.astype(np.float32), np.stack(columns, 1).astype(np.float32))


@lru_cache(maxsize=4)
def _powers(n: int) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Return the powers of the step and of its inverse, modulo 2**64."""
    factor, back = np.full(n + 1, _STEP, np.uint64), np.full(n + 1, _BACK, np.uint64)
    factor[0] = back[0] = 1
    return np.cumprod(factor, dtype=np.uint64), np.cumprod(back, dtype=np.uint64)


def _per_line(
    of: NDArray[np.int64], n: int, weight: NDArray[np.int64] | NDArray[np.bool_] | None = None
) -> NDArray[np.float64]:
    """Sum up over the words of each line; without weights, count them."""
    return np.bincount(of, weight, minlength=n)[:n].astype(np.float64)


def _kinship(
    points: NDArray[np.uint32],
    kind: NDArray[np.uint8],
    start: NDArray[np.int64],
    end: NDArray[np.int64],
    first: NDArray[np.int64],
    past: NDArray[np.int64],
    of: NDArray[np.int64],
    words: NDArray[np.float64],
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return how often each line stands elsewhere, and which share of its words the document's other long lines use.

    Stretches are compared by a polynomial hash modulo 2**64, of which running sums give that of any stretch: the
    factor of a place is a power of an odd number, and so can be divided out again.
    """
    n = len(start)
    factor, back = _powers(1 << len(points).bit_length())
    sums = np.zeros(len(points) + 1, np.uint64)
    np.cumsum((lowered(points).astype(np.uint64) + np.uint64(1)) * factor[: len(points)], dtype=np.uint64, out=sums[1:])

    def key(a: NDArray[np.int64], b: NDArray[np.int64]) -> NDArray[np.uint64]:
        return (sums[b] - sums[a]) * back[a]

    _, which, times = np.unique(key(start, end), return_inverse=True, return_counts=True)
    repeated = times[which] - 1

    pair = np.flatnonzero((kind[:-1] == IDEOGRAPH) & (kind[1:] == IDEOGRAPH))
    telling = past - first >= _TELLING
    keys = np.concatenate([key(first[telling], past[telling]), key(pair, pair + 2)])
    line = np.concatenate([of[telling], np.searchsorted(start, pair, "right") - 1])
    long = words[line] >= _LONG
    known, which = np.unique(keys, return_inverse=True)
    used = np.bincount(which[long], minlength=len(known))
    elsewhere = used[which] - long > 0
    return repeated, _per_line(line, n, elsewhere) / np.maximum(_per_line(line, n), 1)
