"""Postings → pairs of rows that stand under the same hash, found band by band on disk.

A band is the postings whose hashes have equal lowest bits; only one band is in memory at a time, sorted by hash. A
hash that many rows share says little about any two of them, and a bucket of m rows is m * m / 2 pairs: of a crowd
each row is paired with its two neighbours and with the first row of the bucket only. That still ties a large family
of copies together. What is a crowd depends on how many postings there are, so that the pairs grow as these do.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cleaner.dedup.shingles import Hashes32

CROWD = 8, 24
"""From above 24 rows on a bucket is a crowd; where that would be more than PAIRS pairs, from above 8 rows on."""
PAIRS = 1 << 25
BAND_SIZE = 1 << 20
"""Postings (8 bytes each) in a band, about."""
LOW = np.uint64(0xFFFFFFFF)

Keys = NDArray[np.uint64]
"""Two 32-bit numbers in one, so that sorting them is sorting pairs: hash and row, or the two rows of a pair."""


class Bands:
    """The postings of one search: filled with `add`, then read once with `pairs`."""

    def __init__(self, work: Path, postings: int, rows: int) -> None:
        """Start with none; `postings` and `rows` say how many there will be."""
        self._bands = _Files(work, "band", 1 << int(postings // BAND_SIZE).bit_length())
        self._pairs = _Files(work, "pairs", 2 * len(self._bands))
        self._crowd = max(CROWD[0], min(CROWD[1], PAIRS // max(1, postings)))
        self.crowded = np.zeros(rows, dtype=np.int32)
        """For each row, the buckets it stands in that are too full to be paired; complete when `pairs` yields."""

    def add(self, hashes: Hashes32, rows: Keys) -> None:
        """Add postings: each hash with its row."""
        self._bands.append(hashes & np.uint32(len(self._bands) - 1), hashes.astype(np.uint64) << np.uint64(32) | rows)

    def pairs(self) -> Iterator[tuple[Keys, NDArray[np.int64]]]:
        """Yield the pairs `a << 32 | b`, a < b, and the hashes they share: each once, rising within each yield."""
        for keys in self._bands.drain():
            found, crowd = _pairs_of_band(keys, self._crowd)
            self.crowded += np.bincount(crowd.astype(np.int64), minlength=len(self.crowded)).astype(np.int32)
            # scattered by the first row: those that lead a crowd have most pairs, and they come early
            scattered = (found >> np.uint64(32)) * np.uint64(0x9E3779B97F4A7C15) >> np.uint64(40)
            self._pairs.append(scattered & np.uint64(len(self._pairs) - 1), found)
        for found in self._pairs.drain():
            found.sort()
            edges = np.flatnonzero(np.concatenate([[True], found[1:] != found[:-1], [True]]))
            yield found[edges[:-1]], np.diff(edges)


def rows_of(keys: Keys) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Unpack pairs."""
    return (keys >> np.uint64(32)).astype(np.int64), (keys & LOW).astype(np.int64)


def keys_of(a: NDArray[np.int64], b: NDArray[np.int64]) -> Keys:
    """Pack pairs, the smaller row first."""
    return np.minimum(a, b).astype(np.uint64) << np.uint64(32) | np.maximum(a, b).astype(np.uint64)


def _pairs_of_band(keys: Keys, most: int) -> tuple[Keys, Keys]:
    """Pair the rows that stand under one hash; tell also which rows stand in a crowd of more than `most`, each time."""
    keys.sort()
    again = keys[1:] ^ keys[:-1] <= LOW
    shared = np.zeros(len(keys), dtype=np.bool_)
    shared[1:] = again
    shared[:-1] |= again
    keys = keys[shared]  # most hashes have one row only
    if not len(keys):
        return keys, keys
    hashes, rows = keys >> np.uint64(32), keys & LOW
    edges = np.flatnonzero(np.concatenate([[True], hashes[1:] != hashes[:-1], [True]]))
    sizes = np.diff(edges)
    place = np.arange(len(keys)) - np.repeat(edges[:-1], sizes)  # of each posting in its bucket
    crowd = np.repeat(sizes > most, sizes)
    near = np.flatnonzero(place >= 1)
    late = near[crowd[near] & (place[near] > 1)]
    found = [
        rows[near - 1] << np.uint64(32) | rows[near],
        rows[late - place[late]] << np.uint64(32) | rows[late],
    ]
    near = near[~crowd[near]]
    for step in range(2, most):
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
            keys = keys[np.argsort(which.astype(np.uint16), kind="stable")]  # of 16 bits it is a radix sort
        cuts = np.concatenate([[0], np.cumsum(np.bincount(which.astype(np.int64), minlength=len(self.paths)))])
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
