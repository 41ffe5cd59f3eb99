"""Shingles → the sample of each text: its smallest hashes, by which texts that share much are found.

Of n shingles these are the `max(SAMPLE, n / RATE)` smallest different ones: bottom-k for short texts (Broder 1997),
FracMinHash for long ones (Irber 2022).
"""

import numpy as np

from cleaner.dedup.folding import Offsets
from cleaner.dedup.ragged import places
from cleaner.dedup.shingles import Hashes32

SAMPLE = 64
RATE = 16
EVERY = (1 << 32) - 1
"""The largest hash."""


def samples(hashes: Hashes32, offsets: Offsets) -> tuple[Offsets, Hashes32]:
    """Pick the smallest different hashes of each text: how many (texts,), and which, in rising order.

    Hashes are spread evenly, so it is known beforehand below which number there are enough of them, in nearly all
    texts; the others, which repeat themselves, are sorted as a whole.
    """
    counts = np.diff(offsets)
    wanted = np.minimum(counts, np.maximum(SAMPLE, counts // RATE))
    share = np.minimum(1, (wanted + 4 * np.sqrt(wanted)) / np.maximum(1, counts))
    rows = np.arange(len(counts) + 1, dtype=np.uint64) << np.uint64(32)
    while True:
        below = np.repeat((share * EVERY).astype(np.uint32), counts)
        small = np.flatnonzero(hashes <= below)
        keys = np.repeat(rows[:-1], np.diff(np.searchsorted(small, offsets)))
        keys |= hashes[small]
        keys.sort()
        keys = keys[np.concatenate([[True], keys[1:] != keys[:-1]])] if len(keys) else keys
        cuts = np.searchsorted(keys, rows)
        few = (np.diff(cuts) < wanted) & (share < 1)
        if not few.any():
            break
        share[few] = 1
    taken = np.minimum(wanted, np.diff(cuts))
    return taken, keys[places(cuts[:-1], taken)].astype(np.uint32)
