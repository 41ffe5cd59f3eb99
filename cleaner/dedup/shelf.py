"""The sketches on disk, opened to read single rows."""

import mmap
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from cleaner.dedup.sketches import array, layout

HELD = 1 << 27
"""Bytes of the files that stay mapped, about."""


class Ragged(NamedTuple):
    """Rows of different lengths, one after the other."""

    values: NDArray[Any]
    sizes: NDArray[np.int64]

    def take(self, which: NDArray[np.int64]) -> "Ragged":
        """Put some rows one after the other; the same one may come again."""
        sizes = self.sizes[which]
        return Ragged(self.values[places((np.cumsum(self.sizes) - self.sizes)[which], sizes)], sizes)

    def rows(self) -> NDArray[np.int64]:
        """Tell for each value in which row it stands."""
        return np.repeat(np.arange(len(self.sizes)), self.sizes)


class Shelf:
    """What the sketches hold of each row, read from the files when it is asked for; little of it is in memory."""

    def __init__(self, sketches: Sequence[Path]) -> None:
        """Open the files; used in a `with` statement, which closes them."""
        self._paths = sketches
        self._layouts = [layout(path) for path in sketches]
        self._firsts = np.cumsum([0, *(place["length"][1][0] for place in self._layouts)])
        self._maps: dict[int, mmap.mmap] = {}
        self._touched = 0
        self.sizes = row_sizes(sketches)
        """For each row, how many shingles it has."""
        self.titled = any(place["titles"][1][0] for place in self._layouts)
        """Whether any text has a title."""

    def __enter__(self) -> Self:
        """Begin the `with` statement."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the files."""
        for opened in self._maps.values():
            opened.close()

    def read(
        self,
        rows: NDArray[np.int64],
        name: str,
        offsets: str = "offsets",
        most: NDArray[np.int64] | None = None,
    ) -> Ragged:
        """Read the stretch of array `name` that belongs to each of some rows, which rise; of each at most so much."""
        cuts = np.searchsorted(rows, self._firsts).tolist()
        values, sizes = [np.zeros(0, dtype=np.uint8)], [np.zeros(0, dtype=np.int64)]
        for part, (start, end) in enumerate(pairwise(cuts)):
            if start < end:
                here = None if most is None else most[start:end]
                some = self._read(part, rows[start:end] - self._firsts[part], name, offsets, here)
                values.append(some.values)
                sizes.append(some.sizes)
        return Ragged(np.concatenate(values), np.concatenate(sizes))

    def _read(
        self, part: int, rows: NDArray[np.int64], name: str, offsets: str, most: NDArray[np.int64] | None
    ) -> Ragged:
        """Read some rows of one file, counted from its first."""
        ends = self._array(part, offsets)
        starts = ends[rows]
        sizes = ends[rows + 1] - starts if most is None else most
        values = self._array(part, name)[places(starts, sizes)]
        self._touched += len(rows)
        if self._touched * mmap.PAGESIZE > HELD:
            self._touched = 0
            for opened in self._maps.values():
                opened.madvise(mmap.MADV_DONTNEED)  # what was read is the system's to forget
        return Ragged(values, sizes)

    def _array(self, part: int, name: str) -> NDArray[Any]:
        """Map one array of one file."""
        if part not in self._maps:
            with self._paths[part].open("rb") as file:
                self._maps[part] = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        dtype, shape, start = self._layouts[part][name]
        return np.frombuffer(self._maps[part], dtype, shape[0], start)


def places(starts: NDArray[np.int64], sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """List the places `starts[i]`, `starts[i] + 1`, … of each stretch, one stretch after the other."""
    ends = np.cumsum(sizes)
    return np.asarray(np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts - (ends - sizes), sizes))


def row_sizes(sketches: Sequence[Path]) -> NDArray[np.int32]:
    """Count the shingles of every row."""
    counts = [np.diff(array(path, "offsets")).astype(np.int32) for path in sketches]
    return np.concatenate([np.zeros(0, np.int32), *counts])
