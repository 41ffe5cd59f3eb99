"""Candidate pairs → pairs that share enough to be judged, counted on all their shingles."""

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from cleaner.dedup.bands import Keys, rows_of
from cleaner.dedup.bars import Bars
from cleaner.dedup.candidates import Candidates, Sampled, likely
from cleaner.dedup.pairs import CHUNK, Pairs, count
from cleaner.dedup.shelf import Shelf


def verify(found: Iterable[Candidates], shelf: Shelf, bars: Bars) -> Iterator[Pairs]:
    """Count the candidates, some at a time; those that share less than the lowest bar are passed over."""
    for keys, crowded in found:
        good = ~crowded
        unsure = np.flatnonzero(crowded)
        for start in range(0, len(unsure), CHUNK):
            some = unsure[start : start + CHUNK]
            good[some] = _enough(keys[some], shelf, bars)
        checked = keys[good]
        for start in range(0, len(checked), CHUNK):
            pairs = count(checked[start : start + CHUNK], shelf)
            smaller = np.minimum(pairs.size_a, pairs.size_b)
            yield pairs.take(pairs.shared >= bars.lowest(smaller) * smaller)


def _enough(keys: Keys, shelf: Shelf, bars: Bars) -> NDArray[np.bool_]:
    """Tell which pairs share enough of their samples, crowded buckets included."""
    a, b = rows_of(keys)
    rows, at = np.unique(np.concatenate([a, b]), return_inverse=True)
    samples = shelf.read(rows, "samples", "sample_offsets").take(at)
    both = np.repeat(np.tile(np.arange(len(a)) << 32, 2), samples.sizes)
    both |= samples.values
    both.sort()
    shared = np.bincount(both[1:][both[1:] == both[:-1]] >> 32, minlength=len(a))
    sizes = samples.sizes.astype(np.int32).reshape(2, -1)
    return likely(shared, Sampled(shelf.sizes[a], sizes[0]), Sampled(shelf.sizes[b], sizes[1]), bars)
