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
from cleaner.dedup.tokens import Offsets

SAMPLE = 64
RATE = 16
CROWD = 40
BAND_SIZE = 1 << 22
"""Postings (8 bytes each) in a band, about."""
SHARED = 2
"""Hashes that two samples must share; one is enough for a text that has fewer than FEW."""
FEW = 8

Keys = NDArray[np.uint64]
"""Two 32-bit numbers in one, so that sorting them is sorting pairs: hash and row, or the two rows of a pair."""


def candidates(sketches: Sequence[Path], left_out: NDArray[np.bool_], work: Path) -> Iterator[Keys]:
    """Yield the candidate pairs `a << 32 | b`, a < b, each once and in rising order, some at a time.

    Args:
        sketches: the files, in the order of the input.
        left_out: (rows,) bool, the texts not to look at.
        work: a folder for the bands.
    """
    small: list[NDArray[np.bool_]] = []
    postings = sum(int(sample_sizes(np.asarray(array(path, "offsets"))).sum()) for path in sketches)
    bands = _Files(work, "band", 1 << max(0, (postings // BAND_SIZE).bit_length()))
    for row, path in _starts(sketches):
        hashes, rows, few = _sample(path, left_out, row)
        small.append(few)
        bands.append(hashes & np.uint32(len(bands) - 1), hashes.astype(np.uint64) << np.uint64(32) | rows)
    few = np.concatenate([np.zeros(0, dtype=np.bool_), *small])
    pairs = _Files(work, "pairs", len(bands))
    span = len(few) // len(pairs) + 1
    for keys in bands.drain():
        found = _pairs_of_band(keys)
        pairs.append(found // np.uint64(span << 32), found)
    for found in pairs.drain():
        found.sort()
        edges = np.flatnonzero(np.concatenate([[True], found[1:] != found[:-1], [True]]))
        counts, found = np.diff(edges), found[edges[:-1]] if len(found) else found
        counts = counts[: len(found)]
        yield found[(counts >= SHARED) | few[found >> np.uint64(32)] | few[found & np.uint64(0xFFFFFFFF)]]


def _starts(sketches: Sequence[Path]) -> Iterator[tuple[int, Path]]:
    row = 0
    for path in sketches:
        yield row, path
        row += len(array(path, "length"))


def sample_sizes(offsets: Offsets) -> NDArray[np.int64]:
    """Tell how many hashes, from the first on, are the sample of each row."""
    counts = np.diff(offsets)
    return np.minimum(counts, np.maximum(SAMPLE, counts // RATE))


def _sample(path: Path, left_out: NDArray[np.bool_], row: int) -> tuple[NDArray[np.uint32], Keys, NDArray[np.bool_]]:
    """Read the samples of one file: hashes, the row of each, and which rows have few."""
    offsets = np.asarray(array(path, "offsets"))
    counts = sample_sizes(offsets)
    few = counts < FEW
    counts[left_out[row : row + len(counts)]] = 0
    ends = np.cumsum(counts)
    place = np.arange(ends[-1] if len(ends) else 0) + np.repeat(offsets[:-1] - (ends - counts), counts)
    rows = np.repeat(np.arange(row, row + len(counts), dtype=np.uint64), counts)
    return np.asarray(array(path, "shingles")[place]), rows, few


def _pairs_of_band(keys: Keys) -> Keys:
    """Pair the rows that stand under one hash."""
    keys.sort()
    hashes, rows = keys >> np.uint64(32), keys & np.uint64(0xFFFFFFFF)
    edges = np.flatnonzero(np.concatenate([[True], hashes[1:] != hashes[:-1], [True]]))
    sizes = np.diff(edges)
    place = np.arange(len(keys)) - np.repeat(edges[:-1], sizes)         # of each posting in its bucket
    room = np.repeat(sizes, sizes)
    found = []
    for step in range(1, min(CROWD, int(sizes.max(initial=0)))):
        near = np.flatnonzero((place >= step) & ((room <= CROWD) | (step == 1)))
        found.append(rows[near - step] << np.uint64(32) | rows[near])
    late = np.flatnonzero((room > CROWD) & (place > 1))
    found.append(rows[late - place[late]] << np.uint64(32) | rows[late])
    return np.concatenate(found)


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
