"""Sketches → candidate pairs for the near level: texts whose samples share so much that the texts may.

The sample of a text is its smallest shingle hashes, `max(SAMPLE, n / RATE)` of n (bottom-k for short texts,
FracMinHash for long ones; Broder 1997, Irber 2022): see `samples`. Two texts with much in common, and also a short
one and the long one it was put into, share a part of their samples, from which the share of the texts themselves can
be told beforehand.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.dedup.bands import Bands, Keys, rows_of
from cleaner.dedup.bars import Bars
from cleaner.dedup.shelf import Shelf

PARTNERS = 3
"""Of the later texts that a text may be like, so many are looked at: those that share most."""


CROWDED = 3
"""Shared hashes that a pair needs of which at least one text stands mostly in crowded buckets: one is chance there."""


class Candidates(NamedTuple):
    """Some candidate pairs."""

    keys: Keys
    """`a << 32 | b`, a < b, in rising order."""
    crowded: NDArray[np.bool_]
    """For which of them not all that their samples share was seen."""


def candidates(shelf: Shelf, left_out: NDArray[np.bool_], bars: Bars, work: Path) -> Iterator[Candidates]:
    """Yield the candidate pairs, each once, some at a time.

    Args:
        shelf: the sketches.
        left_out: (rows,) bool, the texts not to look at.
        bars: for the shares that are looked for; pairs whose samples make them unlikely are left out.
        work: a folder for the bands.
    """
    counts, samples = shelf.sizes, np.where(left_out, 0, shelf.counts("sample_offsets"))
    bands = Bands(work, int(samples.sum(dtype=np.int64)), len(shelf))
    row = 0
    for offsets, hashes in shelf.files("sample_offsets", "samples"):
        sizes = np.diff(offsets)
        rows = np.repeat(np.arange(row, row + len(sizes), dtype=np.uint64), sizes)
        taken = np.repeat(~left_out[row : row + len(sizes)], sizes)
        bands.add(hashes[taken], rows[taken])
        row += len(sizes)
    for pairs, shared in bands.pairs():
        a, b = rows_of(pairs)
        hidden = np.minimum(bands.crowded[a], bands.crowded[b])
        seen = np.minimum(samples[a], samples[b]) - hidden
        good = likely(shared, Sampled(counts[a], samples[a]), Sampled(counts[b], samples[b]), bars, hidden)
        good &= (shared >= CROWDED) | (seen > hidden)
        kept = np.flatnonzero(good)
        kept = kept[_best(a[kept], shared[kept])]
        yield Candidates(pairs[kept], hidden[kept] > 0)


class Sampled(NamedTuple):
    """Some texts of whose shingles the samples are known."""

    counts: NDArray[np.int32]
    """Shingles of each."""
    samples: NDArray[np.int32]
    """How many hashes its sample has."""


def likely(
    shared: NDArray[np.int64], a: Sampled, b: Sampled, bars: Bars, hidden: NDArray[np.int32] | int = 0
) -> NDArray[np.bool_]:
    """Tell which pairs may well share as much as the lowest bar of their size.

    Args:
        shared: (n,), hashes that the two samples share.
        a: the one text of each pair.
        b: the other one.
        bars: for the lowest bar.
        hidden: of the hashes seen, so many say nothing, for too many texts have them.
    """
    # of the smaller text, so many hashes lie where both samples would hold them
    smaller = np.minimum(a.counts, b.counts)
    seen = smaller * np.minimum(a.samples / np.maximum(1, a.counts), b.samples / np.maximum(1, b.counts))
    # and so many deviations above what was counted the truth may be
    most = shared + 1.5 * np.sqrt(shared)
    good = most >= bars.least * (seen - hidden)
    few = np.flatnonzero(good)  # of many pairs, chance has given them one hash
    good[few] = most[few] >= bars.lowest(smaller[few]) * (seen - hidden)[few]
    return np.asarray(good)


def _best(a: NDArray[np.int64], shared: NDArray[np.int64]) -> NDArray[np.int64]:
    """Pick for each row of `a`, which rises, the PARTNERS pairs that share most; the first ones of equals."""
    order = np.lexsort((np.arange(len(a)), -shared, a))
    return np.sort(order[np.arange(len(a)) - np.searchsorted(a, a) < PARTNERS])
