"""Sketches → candidate pairs: texts that share shingles of their samples, found band by band on disk.

The sample of a text is its smallest shingle hashes: `max(SAMPLE, n / RATE)` of them (bottom-k for short texts, FracMinHash for
long ones; Broder 1997, Irber 2022). Two texts with much in common, and also a short one and the long one it was put into, share
some of them. A band is the hashes with equal lowest bits; only one band's postings are in memory at a time, sorted by hash.

A hash that many texts share says little about any two of them, and a bucket of m texts is m * m / 2 pairs: above CROWD texts each
is paired with its two neighbours and with the first text of the bucket only. That still ties a large family of copies together.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cleaner.dedup.sketch import array

SAMPLE = 64
RATE = 16
CROWD = 40
BAND_SIZE = 1 << 22
"""Postings (8 bytes each) in a band, about."""

Keys = NDArray[np.uint64]
"""Two 32-bit numbers in one, so that sorting them is sorting pairs: hash and row, or the two rows of a pair."""


def candidates(sketches: Sequence[Path], left_out: NDArray[np.bool_], threshold: float, work: Path) -> Iterator[Keys]:
    """Yield the candidate pairs `a << 32 | b`, a < b, each once and in rising order, some at a time.

    Args:
        sketches: the files, in the order of the input.
        left_out: (rows,) bool, the texts not to look at.
        threshold: the containment that is looked for; pairs whose samples make it very unlikely are left out.
        work: a folder for the bands.
    """
    counts = np.concatenate([np.zeros(0, np.int32), *(np.diff(array(p, "offsets")).astype(np.int32) for p in sketches)])
    samples = sample_sizes(counts)
    bands = _Files(work, "band", 1 << int(samples.sum() // BAND_SIZE).bit_length())
    for row, path in _starts(sketches):
        hashes, rows = _sample(path, row, np.where(left_out, 0, samples)[row:])
        bands.append(hashes & np.uint32(len(bands) - 1), hashes.astype(np.uint64) << np.uint64(32) | rows)
    pairs = _Files(work, "pairs", len(bands))
    span = len(counts) // len(pairs) + 1
    crowded = np.zeros(len(counts), dtype=np.int32)
    for keys in bands.drain():
        found, in_crowds = _pairs_of_band(keys)
        crowded += np.bincount(in_crowds.astype(np.int64), minlength=len(counts)).astype(np.int32)
        pairs.append(found // np.uint64(span << 32), found)
    for found in pairs.drain():
        found.sort()
        edges = np.flatnonzero(np.concatenate([[True], found[1:] != found[:-1], [True]]))
        shared, different = np.diff(edges), found[edges[:-1]]
        a, b = (different >> np.uint64(32)).astype(np.int64), (different & np.uint64(0xFFFFFFFF)).astype(np.int64)
        # of the smaller text, so many hashes lie where both samples would hold them
        seen = np.minimum(counts[a], counts[b]) * np.minimum(samples[a] / counts[a], samples[b] / counts[b])
        # two standard deviations of what was counted; buckets too full to be paired may hide as many again
        likely = shared + 2 * np.sqrt(shared) + np.minimum(crowded[a], crowded[b])
        yield different[likely >= threshold * seen]


def _starts(sketches: Sequence[Path]) -> Iterator[tuple[int, Path]]:
    row = 0
    for path in sketches:
        yield row, path
        row += len(array(path, "length"))


def sample_sizes(counts: NDArray[np.int32]) -> NDArray[np.int32]:
    """Tell how many of `counts` hashes of a row, from the first on, are its sample."""
    return np.minimum(counts, np.maximum(SAMPLE, counts // RATE))


def _sample(path: Path, row: int, sizes: NDArray[np.int32]) -> tuple[NDArray[np.uint32], Keys]:
    """Read the samples of one file, whose first row is `row`: hashes, and the row of each."""
    starts = np.asarray(array(path, "offsets")[:-1])
    sizes = sizes[: len(starts)]
    ends = np.cumsum(sizes, dtype=np.int64)
    place = np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts - (ends - sizes), sizes)
    rows = np.repeat(np.arange(row, row + len(sizes), dtype=np.uint64), sizes)
    return np.asarray(array(path, "shingles")[place]), rows


def _pairs_of_band(keys: Keys) -> tuple[Keys, Keys]:
    """Pair the rows that stand under one hash; tell also which rows stand in a crowd, once for each."""
    keys.sort()
    hashes, rows = keys >> np.uint64(32), keys & np.uint64(0xFFFFFFFF)
    edges = np.flatnonzero(np.concatenate([[True], hashes[1:] != hashes[:-1], [True]]))
    sizes = np.diff(edges)
    place = np.arange(len(keys)) - np.repeat(edges[:-1], sizes)         # of each posting in its bucket
    crowd = np.repeat(sizes > CROWD, sizes)
    near = np.flatnonzero(place >= 1)
    late = near[crowd[near] & (place[near] > 1)]
    found = [
        rows[near - 1] << np.uint64(32) | rows[near],
        rows[late - place[late]] << np.uint64(32) | rows[late],
    ]
    near = near[~crowd[near]]
    for step in range(2, CROWD):
        near = near[place[near] >= step]
        found.append(rows[near - step] << np.uint64(32) | rows[near])
    return np.concatenate(found), rows[crowd]


class _Files:
    """A row of files of keys, filled bit by bit, then read one at a time and removed."""

    def __init__(self, work: Path, name: str, count: int) -> None:
        self.paths = [work / f"{name}-{k:05d}" for k in range(count)]
        for path in self.paths:
            path.unlink(missing_ok=True)

    def __len__(self) -> int:
        return len(self.paths)

    def append(self, which: NDArray[np.unsignedinteger], keys: Keys) -> None:
        """Add each key to the file that `which` says."""
        if len(self.paths) > 1:
            order = np.argsort(which, kind="stable")
            keys, which = keys[order], which[order]
        cuts = np.searchsorted(which, np.arange(len(self.paths) + 1))
        for k, path in enumerate(self.paths):
            if cuts[k] < cuts[k + 1]:
                with path.open("ab") as file:
                    keys[cuts[k] : cuts[k + 1]].tofile(file)

    def drain(self) -> Iterator[Keys]:
        """Read the files, each whole, and remove them."""
        for path in self.paths:
            if path.exists():
                yield np.fromfile(path, dtype=np.uint64)
                path.unlink()
