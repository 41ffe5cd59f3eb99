"""What two texts share → whether they are near-duplicates, or one a part of the other."""

import numpy as np
from numpy.typing import NDArray

from cleaner.dedup.bars import SAME, Bars
from cleaner.dedup.pairs import Pairs

SPREAD, QUOTED = 0.3, 0.6
"""How evenly what is shared must stand in both texts, up to which containment; see `are_near`."""
PASSAGE = 128
"""Shingles of a passage that is longer than a sentence or quotation."""
PART = 0.5
"""Containment from which a small text counts as a part of a large one."""


def are_near(pairs: Pairs, bars: Bars) -> NDArray[np.bool_]:
    """Tell which pairs are near-duplicates.

    Below a containment of QUOTED, what is shared must be spread over both texts: a quotation or a paragraph from the
    same agency stands in one place.
    """
    spread = (pairs.spread >= SPREAD) | (pairs.containment >= QUOTED)
    alike = likeness(pairs, bars) >= bars.options.threshold
    return np.asarray(alike & spread & ~one_passage(pairs, bars) & ~are_parts(pairs, bars))


def one_passage(pairs: Pairs, bars: Bars) -> NDArray[np.bool_]:
    """Tell which pairs share nothing but one sentence or quotation.

    What was cut is told by how much of it is left, half of both texts or the whole of one; a longer passage by how
    much it is of both.
    """
    little = (pairs.resemblance < bars.half) & (pairs.containment < bars.whole) & (pairs.headline != SAME)
    larger = np.maximum(pairs.size_a, pairs.size_b)
    quoted = (pairs.passage < PASSAGE) | (pairs.passage < SPREAD * larger)
    return np.asarray(little & quoted & (pairs.shared - pairs.passage < bars.few))


def likeness(pairs: Pairs, bars: Bars) -> NDArray[np.float64]:
    """Measure how alike texts are on one scale, on which `options.threshold` divides.

    It is containment; between texts of which one is short, resemblance. Each kind of pair has its own bar, which
    comes to `threshold` on this scale.
    """
    smaller = np.minimum(pairs.size_a, pairs.size_b)
    bar = bars.of(smaller, pairs.shared - pairs.passage, pairs.spread, pairs.headline)
    shared = np.where(are_short(pairs, bars) & (pairs.headline != SAME), pairs.resemblance, pairs.containment)
    return np.asarray(shared * (bars.options.threshold / bar))


def are_short(pairs: Pairs, bars: Bars) -> NDArray[np.bool_]:
    """Tell in which pairs the smaller text is too short to be judged by containment."""
    return np.minimum(pairs.size_a, pairs.size_b) < bars.options.short


def are_parts(pairs: Pairs, bars: Bars) -> NDArray[np.bool_]:
    """Tell in which pairs one text is a small part of the other: `part_of`, no duplicate."""
    smaller, larger = np.minimum(pairs.size_a, pairs.size_b), np.maximum(pairs.size_a, pairs.size_b)
    return (smaller < bars.options.part * larger) & (pairs.containment >= PART)
