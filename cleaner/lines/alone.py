"""What a line looks like by itself: a row of numbers for each, from the kinds of its characters."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cleaner.lines.counts import counts
from cleaner.lines.letters import COMMA, DIGIT, ELLIPSIS, IDEOGRAPH, LOWER, QUOTE, SIGN, SPACE, STOP, UNCASED, UPPER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cleaner.lines.counts import Floats, Kin

NAMES = (
    "words", "length", "word length", "short words", "capitalised words", "lower-case words", "capitals",
    "begins with a capital", "begins in lower case", "begins with a digit", "begins with a sign",
    "ends a sentence", "ends with a comma or colon", "ends with dots", "ends with a quote or bracket",
    "sentences per word", "sentences", "commas per word", "commas", "digits", "numbers", "signs", "has signs",
    "quotes and brackets", "other than letters", "times of day", "years",
)  # fmt: skip
"""What each number says, in order."""
CASE = (4, 5, 6, 7, 8)
"""The numbers that only scripts with capitals have; elsewhere they are zero."""
WORD = (2, 3)
"""The numbers about the length of words, which ideographs do not have."""
NO_WORD = (0.45, 0.3)
"""What stands for them there."""

WORDS_OF_AN_IDEOGRAPH = 0.6
_SAID = 4
"""Words from which a sentence is one."""


class Alone(NamedTuple):
    """What is known of each line of a document before it is seen beside the others."""

    rows: Floats
    """`NAMES` times lines."""
    words: Floats
    """Words of each."""
    said: Floats
    """Whether it ends like a sentence, and is long enough for one."""
    others: Floats
    """Other lines of its pattern, if it has one that says something."""
    near: Floats
    """Whether a line of its pattern is one, two … lines off."""
    kin: Kin
    """The words that lines share."""


def alone(lines: Sequence[str]) -> Alone:
    """Return what lines look like by themselves.

    Examples:
        >>> found = alone(["Home", "At 12:30 the rain had stopped."])
        >>> found.words.tolist(), found.said.tolist()
        ([1.0, 7.0], [0.0, 1.0])

    """
    found = counts(lines)
    count, heads, begins, ends, before = found.kinds, found.heads, found.begins, found.ends, found.before
    plain = heads.sum(0)
    words = plain + np.float32(WORDS_OF_AN_IDEOGRAPH) * count[IDEOGRAPH]
    some = np.maximum(words, 1)
    any_plain = np.maximum(plain, 1)
    seen = np.maximum(count.sum(0) - count[SPACE], 1)
    cased = count[UPPER] + count[LOWER]
    stop = (ends == STOP) | ((ends == QUOTE) & ((before == STOP) | (before == ELLIPSIS)))
    dots = (ends == ELLIPSIS) | ((ends == STOP) & (before == STOP))
    stops = count[STOP] - (count[STOP] > 0) * (ends == STOP)
    idle = plain == 0
    columns = (
        np.log1p(words) / 4,
        np.minimum(words / 50, 3),
        np.where(idle, NO_WORD[0], found.letters / any_plain / 10),
        np.where(idle, NO_WORD[1], found.short / any_plain),
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
        found.clocks,
        found.years,
    )
    said = (stop & (words >= _SAID)).astype(np.float32)
    return Alone(
        np.stack(columns, dtype=np.float32, casting="same_kind"), words, said, found.others, found.near, found.kin
    )
