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
    found: Floats = np.reciprocal(1 + np.exp(-np.clip(odds, -50, 50)), dtype=np.float32)
    return found


def dirt(odds: Floats, words: Floats) -> float:
    """Return the share of a document's words that is expected to be no body text, 0 to 1.

    Examples:
        >>> round(dirt(np.float32([9, -9, 0]), np.float32([50, 20, 30])), 2)
        0.35

    """
    total = float(words.sum())
    return 1 - float(words @ chance(odds)) / total if total else 0.0


def likely(odds: Floats, least: float = 0.0) -> NDArray[np.bool_]:
    """Keep each line that is likely enough, wherever it stands: for pages of several parts."""
    kept: NDArray[np.bool_] = odds > least
    return kept


class Stretch(NamedTuple):
    """The stretch of a document with the most evidence of being its body."""

    kept: NDArray[np.bool_]
    """Its likely lines."""
    share: float
    """Its share of all the evidence for body text, 0 to 1."""
    odds: float
    """The mean log-odds of its words."""


def stretch(odds: Floats, words: Floats, strict: float) -> Stretch:
    """Return the stretch of lines with the largest sum of evidence: the maximum sub-array (Bentley 1984).

    A line's evidence is its probability less a threshold, times the square root of its words.

    Examples:
        >>> odds, words = np.float32([2, -5, -5, 3, 3, -1, 3, -5]), np.float32([3, 2, 2, 30, 30, 4, 30, 2])
        >>> stretch(odds, words, 0.4).kept.nonzero()[0].tolist()
        [3, 4, 6]

    """
    evidence = np.sqrt(words + 1) * np.tanh(odds / 2 - strict)
    sums = np.concatenate([[0], np.cumsum(evidence)])
    end = int(np.argmax(sums - np.minimum.accumulate(sums)))
    start = int(np.argmin(sums[: end + 1]))
    kept = np.zeros(len(odds), np.bool_)
    kept[start:end] = odds[start:end] > 0
    speaks = np.maximum(evidence, 0)
    weight = words * kept
    return Stretch(
        kept,
        float(speaks[start:end].sum() / max(speaks.sum(), 1e-6)),
        float(odds @ weight / max(weight.sum(), 1e-6)),
    )
