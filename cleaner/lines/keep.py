"""Which lines of a document to keep, once it is known how likely each of them is body text."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]


def chance(odds: Floats) -> Floats:
    """Return the chance that logarithmic odds speak of, 0 to 1.

    Examples:
        >>> chance(np.float32([0, 1000, -1000])).round(3).tolist()
        [0.5, 1.0, 0.0]

    """
    found: Floats = np.reciprocal(1 + np.exp(np.minimum(np.maximum(-odds, -50), 50)))
    return found


def dirt(chances: Floats, words: Floats) -> float:
    """Return the share of a document's words that is expected to be no body text, 0 to 1.

    Examples:
        >>> round(dirt(chance(np.float32([9, -9, 0])), np.float32([50, 20, 30])), 2)
        0.35

    """
    total = float(np.add.reduce(words))
    return 1 - float(words @ chances) / total if total else 0.0


def best(odds: Floats, words: Floats) -> NDArray[np.bool_]:
    """Keep the lines from which the largest F1 is to be expected, the likeliest first: for pages of several parts.

    The words kept that are expected to be body text, twice, over the words kept and the words of body text that are
    expected in all (Nan et al. 2012, "Optimizing F-measure").

    Examples:
        >>> best(np.float32([3, 0, -4]), np.float32([30, 30, 30])).tolist()
        [True, True, False]

    """
    chances = chance(odds)
    order = np.argsort(-chances, kind="stable")
    body, size = (chances * words)[order], words[order]
    expected = np.cumsum(body) / np.maximum(np.cumsum(size) + body.sum(), 1e-6)
    kept = np.zeros(len(odds), np.bool_)
    kept[order[: int(np.argmax(expected)) + 1]] = True
    return kept


class Stretch(NamedTuple):
    """The stretch of a document with the most evidence of being its body."""

    start: int
    """Its first line."""
    end: int
    """The line after its last one."""
    share: float
    """Its share of all the evidence for body text, 0 to 1."""
    odds: float
    """The mean log-odds of the words of its likely lines."""


def stretch(odds: Floats, words: Floats, strict: float) -> Stretch:
    """Return the stretch of lines with the largest sum of evidence: the maximum sub-array (Bentley 1984).

    A line's evidence is its probability less a threshold, times the square root of its words.

    Examples:
        >>> odds, words = np.float32([2, -5, -5, 3, 3, -1, 3, -5]), np.float32([3, 2, 2, 30, 30, 4, 30, 2])
        >>> stretch(odds, words, 0.4)[:2]
        (3, 7)

    """
    evidence = np.sqrt(words + 1)
    evidence *= np.tanh(odds / 2 - np.float32(strict))
    sums = np.zeros(len(odds) + 1, np.float32)
    np.add.accumulate(evidence, out=sums[1:])
    end = int((sums - np.minimum.accumulate(sums)).argmax())
    start = int(sums[: end + 1].argmin())
    speaks = np.maximum(evidence, 0)
    own = odds[start:end]
    weight = words[start:end] * (own > 0)
    return Stretch(
        start,
        end,
        float(np.add.reduce(speaks[start:end]) / max(np.add.reduce(speaks), 1e-6)),
        float(own @ weight / max(np.add.reduce(weight), 1e-6)),
    )
