"""The shape of lines: a row of numbers for each, from which no word can be told.

No word, no letter and no language goes in, only kinds of characters, lengths, places and what the document repeats:
what holds of English then holds of languages that a model has never seen. Ideographs count as 0.6 of a word each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cleaner.lines import alone, twin

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cleaner.lines.counts import Kin

NAMES = (
    *alone.NAMES[:-2], "repeated in the document", "words shared with the long lines", "place", "lines before",
    "lines after", "lines in all", "words before", "share of long lines", "usual length", "share of sentences",
    "length beside the longest", *alone.NAMES[-2:], "others of its pattern",
    "its pattern next to it", "its pattern two lines off", "its pattern three lines off", "its pattern four lines off",
)  # fmt: skip
"""What each number of a row says, in order."""
_OWN, _BESIDE, _MOMENTS, _OTHERS, _NEAR = slice(25), slice(25, 36), slice(36, 38), 38, slice(39, None)
"""Which of them a line has by itself, which beside all others, and which are of the same moments and patterns."""

LONG = 12
"""Words of a line that is long: running text more often than not."""
_SENTENCE = 20


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
    own, words, said, others, near, kin = twin.alone(lines)
    order = np.arange(n, dtype=np.float32)
    total, some = max(float(words.sum()), 1.0), max(n, 1)
    beside = (
        np.log1p(_repeated(lines)),
        twin.shared(kin, words >= LONG),
        order / some,
        np.log1p(order) / 5,
        np.log1p(n - 1 - order) / 5,
        np.log1p(n) / 5,
        (np.add.accumulate(words) - words) / total,
        (words * (words >= _SENTENCE)).sum() / total,
        np.log1p(total / some) / 4,
        np.count_nonzero(said) / some,
        words / max(float(words.max(initial=0)), 1.0),
    )
    rows = np.empty((len(NAMES), n), np.float32)
    rows[_OWN], rows[_MOMENTS] = own[:-2], own[-2:]
    for row, column in zip(rows[_BESIDE], beside, strict=True):
        row[:] = column
    rows[_OTHERS], rows[_NEAR] = np.log1p(others, dtype=np.float64), near
    return Shape(words, rows.T, kin)


def _repeated(lines: Sequence[str]) -> NDArray[np.intp]:
    """Return how many other lines are the same as each."""
    known: dict[str, int] = {}
    number = np.fromiter(map(known.setdefault, map(str.lower, lines), range(len(lines))), np.intp, len(lines))
    return np.bincount(number)[number] - 1
