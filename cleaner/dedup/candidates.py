"""Sketches → candidate pairs for the near level: texts whose samples share so much that the texts may.

The sample of a text is its smallest shingle hashes: `max(SAMPLE, n / RATE)` of them (bottom-k for short texts,
FracMinHash for long ones; Broder 1997, Irber 2022). Two texts with much in common, and also a short one and the long
one it was put into, share a part of their samples, from which the share of the texts themselves can be told
beforehand.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.dedup.bands import Bands, Keys, rows_of
from cleaner.dedup.bars import Bars
from cleaner.dedup.shelf import places
from cleaner.dedup.shingles import Hashes32
from cleaner.dedup.sketches import array

SAMPLE = 64
RATE = 16
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


def candidates(
    sketches: Sequence[Path], counts: NDArray[np.int32], left_out: NDArray[np.bool_], bars: Bars, work: Path
) -> Iterator[Candidates]:
    """Yield the candidate pairs, each once, some at a time.

    Args:
        sketches: the files, in the order of the input.
        counts: (rows,), hashes of each text.
        left_out: (rows,) bool, the texts not to look at.
        bars: for the shares that are looked for; pairs whose samples make them unlikely are left out.
        work: a folder for the bands.
    """
    samples = np.where(left_out, 0, sample_sizes(counts)).astype(np.int32)
    bands = Bands(work, int(samples.sum(dtype=np.int64)), len(counts))
    row = 0
    for path in sketches:
        starts = np.asarray(array(path, "offsets")[:-1])
        bands.add(*_sample(path, starts, samples[row : row + len(starts)].astype(np.int64), row))
        row += len(starts)
    for pairs, shared in bands.pairs():
        a, b = rows_of(pairs)
        hidden = np.minimum(bands.crowded[a], bands.crowded[b])
        seen = np.minimum(samples[a], samples[b]) - hidden
        good = likely(shared, counts[a], counts[b], bars, hidden) & ((shared >= CROWDED) | (seen > hidden))
        kept = np.flatnonzero(good)
        kept = kept[_best(a[kept], shared[kept])]
        yield Candidates(pairs[kept], hidden[kept] > 0)


def sample_sizes(counts: NDArray[np.int64] | NDArray[np.int32]) -> NDArray[np.int64]:
    """Tell how many of its `counts` hashes, the smallest ones, are the sample of a text."""
    return np.minimum(counts, np.maximum(SAMPLE, counts // RATE)).astype(np.int64, copy=False)


def likely(
    shared: NDArray[np.int64],
    a: NDArray[np.int64] | NDArray[np.int32],
    b: NDArray[np.int64] | NDArray[np.int32],
    bars: Bars,
    hidden: NDArray[np.int64] | NDArray[np.int32] | int = 0,
) -> NDArray[np.bool_]:
    """Tell which pairs may well share as much as the lowest bar of their size.

    Args:
        shared: hashes that the two samples share.
        a: hashes of the one text.
        b: hashes of the other one.
        bars: for the lowest bar.
        hidden: of the hashes seen, so many say nothing, for too many texts have them.
    """
    # of the smaller text, so many hashes lie where both samples would hold them
    smaller = np.minimum(a, b)
    seen = smaller * np.minimum(sample_sizes(a) / np.maximum(1, a), sample_sizes(b) / np.maximum(1, b))
    # and so many deviations above what was counted the truth may be
    return np.asarray(shared + 1.5 * np.sqrt(shared) >= bars.lowest(smaller) * (seen - hidden))


def _best(a: NDArray[np.int64], shared: NDArray[np.int64]) -> NDArray[np.int64]:
    """Pick for each row of `a`, which rises, the PARTNERS pairs that share most; the first ones of equals."""
    order = np.lexsort((np.arange(len(a)), -shared, a))
    return np.sort(order[np.arange(len(a)) - np.searchsorted(a, a) < PARTNERS])


def _sample(path: Path, starts: NDArray[np.int64], sizes: NDArray[np.int64], row: int) -> tuple[Hashes32, Keys]:
    """Read the samples of one file, whose first row is `row`: hashes, and the row of each."""
    rows = np.repeat(np.arange(row, row + len(sizes), dtype=np.uint64), sizes)
    return np.asarray(array(path, "shingles")[places(starts, sizes)]), rows
