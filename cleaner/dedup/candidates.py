"""Sketches → candidate pairs for the near level: texts whose samples share so much that the texts may.

The sample of a text is its smallest shingle hashes: `max(SAMPLE, n / RATE)` of them (bottom-k for short texts,
FracMinHash for long ones; Broder 1997, Irber 2022). Two texts with much in common, and also a short one and the long
one it was put into, share a part of their samples, from which the share of the texts themselves can be told
beforehand.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cleaner.dedup.bands import Bands, Keys, rows_of
from cleaner.dedup.bars import lowest
from cleaner.dedup.options import Options
from cleaner.dedup.shingles import Hashes32
from cleaner.dedup.sketches import array

SAMPLE = 64
RATE = 16
PARTNERS = 4
"""Of the later texts that a text may be like, so many are looked at: those that share most."""


def candidates(sketches: Sequence[Path], left_out: NDArray[np.bool_], options: Options, work: Path) -> Iterator[Keys]:
    """Yield the candidate pairs `a << 32 | b`, a < b, each once, some at a time.

    Args:
        sketches: the files, in the order of the input.
        left_out: (rows,) bool, the texts not to look at.
        options: for the shares that are looked for; pairs whose samples make them unlikely are left out.
        work: a folder for the bands.
    """
    counts = np.concatenate([np.zeros(0, np.int32), *(np.diff(array(p, "offsets")).astype(np.int32) for p in sketches)])
    samples = sample_sizes(counts)
    bands = Bands(work, int(samples.sum()), len(counts))
    row = 0
    for path in sketches:
        starts = np.asarray(array(path, "offsets")[:-1])
        here = slice(row, row + len(starts))
        bands.add(*_sample(path, starts, np.where(left_out[here], 0, samples[here]), row))
        row += len(starts)
    for pairs, shared in bands.pairs():
        a, b = rows_of(pairs)
        hidden = np.minimum(bands.crowded[a], bands.crowded[b])
        good = np.flatnonzero(likely(shared, counts[a], counts[b], options, hidden))
        yield pairs[good[_best(a[good], shared[good])]]


def sample_sizes(counts: NDArray[np.int64] | NDArray[np.int32]) -> NDArray[np.int64]:
    """Tell how many of its `counts` hashes, the smallest ones, are the sample of a text."""
    return np.minimum(counts, np.maximum(SAMPLE, counts // RATE)).astype(np.int64, copy=False)


def likely(
    shared: NDArray[np.int64],
    a: NDArray[np.int64] | NDArray[np.int32],
    b: NDArray[np.int64] | NDArray[np.int32],
    options: Options,
    hidden: NDArray[np.int64] | NDArray[np.int32] | int = 0,
) -> NDArray[np.bool_]:
    """Tell which pairs may well share as much as the lowest bar of their size.

    Args:
        shared: hashes that the two samples share.
        a: hashes of the one text.
        b: hashes of the other one.
        options: for the bars.
        hidden: of the hashes seen, so many say nothing, for too many texts have them.
    """
    # of the smaller text, so many hashes lie where both samples would hold them
    smaller = np.minimum(a, b)
    seen = smaller * np.minimum(sample_sizes(a) / np.maximum(1, a), sample_sizes(b) / np.maximum(1, b))
    # and so many deviations above what was counted the truth may be
    return np.asarray(shared + 1.5 * np.sqrt(shared) >= lowest(smaller, options) * (seen - hidden))


def _best(a: NDArray[np.int64], shared: NDArray[np.int64]) -> NDArray[np.int64]:
    """Pick for each row of `a`, which rises, the PARTNERS pairs that share most; the first ones of equals."""
    order = np.lexsort((np.arange(len(a)), -shared, a))
    return np.sort(order[np.arange(len(a)) - np.searchsorted(a, a) < PARTNERS])


def _sample(path: Path, starts: NDArray[np.int64], sizes: NDArray[np.int64], row: int) -> tuple[Hashes32, Keys]:
    """Read the samples of one file, whose first row is `row`: hashes, and the row of each."""
    ends = np.cumsum(sizes, dtype=np.int64)
    place = np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts - (ends - sizes), sizes)
    return np.asarray(array(path, "shingles")[place]), np.repeat(
        np.arange(row, row + len(sizes), dtype=np.uint64), sizes
    )
