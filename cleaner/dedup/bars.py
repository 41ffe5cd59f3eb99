"""How much of the smaller of two texts must stand in the other one too, by its size, evenness and headlines.

Short notices share their phrases with others of their kind, so two sentences are much of a text of six: the bar falls
from `Options.short_threshold` at `Options.short` shingles to `Options.threshold` at LONG. Whoever rewrites a page
sentence by sentence leaves a few words of each, and longer articles of one event share as much by quoting the same
people: what is spread evenly over a text of up to PAGE shingles needs the share REWRITTEN of the threshold, which it
comes to at FULL shingles; FEW in common are the stock phrases of a subject.
"""

import numpy as np
from numpy.typing import NDArray

from cleaner.dedup.options import Options

SAME, UNKNOWN, DIFFERENT = 0, 1, 2
"""Two headlines."""
SHORT_SAME = 0.5
SHORT_DIFFERENT = 0.7
OTHER_HEADLINE = 0.75
LONG = 200
REWRITTEN, EVEN, FEW, FULL, PAGE = 0.63, 0.35, 38, 128, 400

Numbers = NDArray[np.int64] | NDArray[np.int32]


def bars(
    smaller: Numbers, shared: Numbers, spread: NDArray[np.float64], headline: NDArray[np.int8], options: Options
) -> NDArray[np.float64]:
    """Tell for pairs of texts which share they must reach.

    Args:
        smaller: (n,), shingles of the smaller text.
        shared: (n,), shingles that both have.
        spread: (n,), how evenly what they share stands in both, 1/16 to 1.
        headline: (n,), SAME, UNKNOWN or DIFFERENT.
        options: for the thresholds.
    """
    short, same, different = smaller < options.short, headline == SAME, headline == DIFFERENT
    return np.select(
        [short & same, short & different, short, different, same],
        [SHORT_SAME, SHORT_DIFFERENT, options.short_threshold, OTHER_HEADLINE, options.threshold],
        _falling(smaller, (spread >= EVEN) & (shared > FEW), options),
    )


def lowest(smaller: Numbers, options: Options) -> NDArray[np.float64]:
    """Tell the lowest of the bars of each size: what shares less need not be looked at."""
    falling = np.minimum(options.threshold, _falling(smaller, np.ones(len(smaller), dtype=np.bool_), options))
    return np.where(smaller < options.short, min(SHORT_SAME, options.short_threshold), falling)


def _falling(smaller: Numbers, even: NDArray[np.bool_], options: Options) -> NDArray[np.float64]:
    """Tell the bar where no headline is known."""
    end = np.where(even & (smaller <= PAGE), REWRITTEN, 1) * options.threshold
    reach = np.maximum(options.short + 1, np.where(even, FULL, LONG))
    way = np.clip((smaller - options.short) / (reach - options.short), 0, 1)
    return np.asarray(options.short_threshold + (end - options.short_threshold) * way)
