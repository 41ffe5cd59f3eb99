"""Candidate pairs → verified pairs: how much two texts really share, counted on all their shingles."""

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from cleaner.dedup.bands import Keys
from cleaner.dedup.options import Options
from cleaner.dedup.shingles import Hashes32
from cleaner.dedup.sketch import array, layout
from cleaner.dedup.tokens import Offsets

CHUNK = 2048
"""Pairs counted at a time."""
PART = 0.5
"""Containment from which a small text counts as a part of a large one."""


class Pairs(NamedTuple):
    """Pairs of rows, and what they share."""

    a: NDArray[np.int64]
    b: NDArray[np.int64]
    """(n,), a < b."""
    shared: NDArray[np.int64]
    """(n,), different shingles that stand in both."""
    size_a: NDArray[np.int64]
    size_b: NDArray[np.int64]
    """(n,), different shingles of each."""

    @property
    def resemblance(self) -> NDArray[np.float64]:
        """Share of the shingles of both that they share: Jaccard."""
        return self.shared / np.maximum(1, self.size_a + self.size_b - self.shared)

    @property
    def containment(self) -> NDArray[np.float64]:
        """Share of the shingles of the smaller one that stand in the larger one."""
        return self.shared / np.maximum(1, np.minimum(self.size_a, self.size_b))

    @classmethod
    def join(cls, pairs: Sequence["Pairs"]) -> "Pairs":
        """Put some one after the other."""
        none = cls(*[np.zeros(0, dtype=np.int64)] * 5)
        return cls(*map(np.concatenate, zip(none, *pairs, strict=True)))

    def take(self, which: NDArray[np.bool_] | NDArray[np.int64]) -> "Pairs":
        """Pick some of the pairs."""
        return Pairs(*(column[which] for column in self))


class Shelf:
    """The shingles of all rows, read from the sketches row by row; nothing but what is asked for comes into memory."""

    def __init__(self, sketches: Sequence[Path]) -> None:
        """Open the files; used in a `with` statement, which closes them."""
        self._files = [path.open("rb", buffering=0) for path in sketches]
        self._places = [layout(path)["shingles"][2] for path in sketches]
        self._offsets: list[Offsets] = [array(path, "offsets") for path in sketches]
        self._firsts = np.cumsum([0, *(len(o) - 1 for o in self._offsets)])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for file in self._files:
            file.close()

    def __getitem__(self, row: int) -> Hashes32:
        """Read the shingles of one row, in rising order."""
        part = int(np.searchsorted(self._firsts, row, side="right")) - 1
        start, end = self._offsets[part][row - self._firsts[part] : row - self._firsts[part] + 2].tolist()
        data = os.pread(self._files[part].fileno(), 4 * (end - start), self._places[part] + 4 * start)
        return np.frombuffer(data, dtype=np.uint32)

    def count(self, keys: Keys) -> Pairs:
        """Count what the pairs `a << 32 | b` share."""
        a, b = (keys >> np.uint64(32)).astype(np.int64), (keys & np.uint64(0xFFFFFFFF)).astype(np.int64)
        rows = {row: self[row] for row in np.unique(np.concatenate([a, b])).tolist()}
        left, right = [rows[k] for k in a.tolist()], [rows[k] for k in b.tolist()]
        size_a, size_b = (np.array([len(row) for row in side], dtype=np.int64) for side in (left, right))
        # the two rows of pair i, as i << 32 | hash; what stands there twice is shared
        both = np.concatenate([np.zeros(0, dtype=np.uint32), *left, *right]).astype(np.uint64)
        pair = np.arange(len(a), dtype=np.uint64) << np.uint64(32)
        both |= np.concatenate([np.repeat(pair, size_a), np.repeat(pair, size_b)])
        both.sort()
        twice = (both[1:][both[1:] == both[:-1]] >> np.uint64(32)).astype(np.int64)
        return Pairs(a, b, np.bincount(twice, minlength=len(a)), size_a, size_b)


def verify(candidates: Iterable[Keys], shelf: Shelf) -> Iterator[Pairs]:
    """Count all candidates, some at a time."""
    for keys in candidates:
        for start in range(0, len(keys), CHUNK):
            yield shelf.count(keys[start : start + CHUNK])


def keys_of(a: NDArray[np.int64], b: NDArray[np.int64]) -> Keys:
    """Pack pairs, a < b, as `Shelf.count` takes them."""
    return a.astype(np.uint64) << np.uint64(32) | b.astype(np.uint64)


def are_near(pairs: Pairs, options: Options) -> NDArray[np.bool_]:
    """Tell which pairs are near-duplicates."""
    return (likeness(pairs, options) >= options.threshold) & ~are_parts(pairs, options)


def likeness(pairs: Pairs, options: Options) -> NDArray[np.float64]:
    """Measure how alike texts are on one scale, on which `options.threshold` divides.

    It is containment; between texts of which one is short, resemblance, scaled so that `short_threshold` comes to `threshold`.
    """
    scaled = pairs.resemblance * (options.threshold / options.short_threshold)
    return np.where(are_short(pairs, options), scaled, pairs.containment)


def are_short(pairs: Pairs, options: Options) -> NDArray[np.bool_]:
    """Tell in which pairs the smaller text is too short to be judged by containment."""
    return np.minimum(pairs.size_a, pairs.size_b) < options.short


def are_parts(pairs: Pairs, options: Options) -> NDArray[np.bool_]:
    """Tell in which pairs one text is a small part of the other: `part_of`, no duplicate."""
    smaller, larger = np.minimum(pairs.size_a, pairs.size_b), np.maximum(pairs.size_a, pairs.size_b)
    return (smaller < options.part * larger) & (pairs.containment >= PART)
