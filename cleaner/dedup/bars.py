"""How much of the smaller of two texts must stand in the other one too, by its size, by how it is shared, by headlines.

Short notices share their phrases with others of their kind, so two sentences are much of a text of six: the bar falls
from `Options.short_threshold` at `Options.short` shingles to `Options.threshold` at LONG.

A sentence that is quoted word for word is no copy, however much of a short text it is: one passage counts only if it
is much of both texts, or the rest shares something, too. Whoever rewrites a page sentence by sentence leaves a few
words of each; so what is shared besides the longest passage is the better evidence, and where it is spread evenly over
a text of up to PAGE shingles the share REWRITTEN of the threshold will do. How much there must be of it rises with the
number of texts, for any of N texts meets N - 1 others with which it may share the stock phrases of its subject.
"""

from math import log2
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.dedup.options import Options

SAME, UNKNOWN, DIFFERENT = 0, 1, 2
"""Two headlines."""
SHORT_SAME = 0.5
SHORT_DIFFERENT = 0.7
OTHER_HEADLINE = 0.75
LONG = 200
EVEN, FULL, PAGE = 0.35, 128, 400
CALM = 1000
"""Up to so many texts the bars stand as they are; what follows is a figure for them, and how it rises with each
doubling."""
REWRITTEN = 0.63, 0.05
"""The share of the threshold that will do for a page that was rewritten."""
FEW = 28, 4
"""Shingles shared besides the longest passage that say something."""
HALF, WHOLE = (0.5, 0.012), (0.6, 0.04)
"""A resemblance, and a containment, that need no more evidence."""

Numbers = NDArray[np.int64] | NDArray[np.int32]


class Bars(NamedTuple):
    """The bars of one search."""

    options: Options
    texts: int
    """How many are compared."""
    titled: bool
    """Whether any has a headline."""

    @property
    def doublings(self) -> float:
        """How often the texts are twice as many as CALM."""
        return log2(max(1, self.texts / CALM))

    @property
    def rewritten(self) -> float:
        """Which share of the threshold will do for a page that was rewritten."""
        return min(1, REWRITTEN[0] + REWRITTEN[1] * self.doublings)

    @property
    def few(self) -> int:
        """How many shingles two texts must share besides their longest passage, for that to be evidence."""
        return round(FEW[0] + FEW[1] * self.doublings)

    @property
    def half(self) -> float:
        """How much two texts that share one passage must resemble each other."""
        return min(0.7, HALF[0] + HALF[1] * self.doublings)

    @property
    def whole(self) -> float:
        """How much of a text one passage must be, for the text to be a cut copy."""
        return min(0.95, WHOLE[0] + WHOLE[1] * self.doublings)

    @property
    def least(self) -> float:
        """No bar is lower than this."""
        options = self.options
        return 0.999 * min(SHORT_SAME, options.short_threshold, self.rewritten * options.threshold)  # they are rounded

    def of(
        self, smaller: Numbers, apart: Numbers, spread: NDArray[np.float64], headline: NDArray[np.int8]
    ) -> NDArray[np.float64]:
        """Tell for pairs of texts which share they must reach.

        Args:
            smaller: (n,), shingles of the smaller text.
            apart: (n,), shingles that both have, besides those of the longest passage.
            spread: (n,), how evenly what they share stands in both, 1/16 to 1.
            headline: (n,), SAME, UNKNOWN or DIFFERENT.
        """
        short, same, different = smaller < self.options.short, headline == SAME, headline == DIFFERENT
        return np.select(
            [short & same, short & different, short, different, same],
            [SHORT_SAME, SHORT_DIFFERENT, self.options.short_threshold, OTHER_HEADLINE, self.options.threshold],
            self._falling(smaller, (spread >= EVEN) & (apart >= self.few)),
        )

    def lowest(self, smaller: Numbers) -> NDArray[np.float64]:
        """Tell the lowest of the bars of each size: what shares less need not be looked at."""
        short = min(SHORT_SAME, self.options.short_threshold)
        falling = self._falling(smaller, np.ones(len(smaller), dtype=np.bool_))
        if self.titled:
            falling = np.minimum(self.options.threshold, falling)
        else:  # what shares fewer than that can only be a copy by its resemblance
            falling = np.maximum(falling, np.minimum(self.half, self.few / np.maximum(1, smaller)))
        return np.where(smaller < self.options.short, short, np.minimum(short, falling))

    def _falling(self, smaller: Numbers, even: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Tell the bar where no headline is known."""
        options = self.options
        end = np.where(even & (smaller <= PAGE), self.rewritten, 1) * options.threshold
        reach = np.maximum(options.short + 1, np.where(even, FULL, LONG))
        way = np.clip((smaller - options.short) / (reach - options.short), 0, 1)
        return np.asarray(options.short_threshold + (end - options.short_threshold) * way)
