"""The sketches on disk, opened to read single rows."""

import mmap
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from cleaner.dedup.ragged import Ragged, places
from cleaner.dedup.sketches import array, layout

HELD = 1 << 27
"""Bytes of the files that stay mapped, about."""


class Shelf:
    """What the sketches hold of each row, read from the files when it is asked for; little of it is in memory."""

    def __init__(self, sketches: Sequence[Path]) -> None:
        """Open the files; used in a `with` statement, which closes them."""
        self._paths = sketches
        self._layouts = [layout(path) for path in sketches]
        self._firsts = np.cumsum([0, *(place["length"][1][0] for place in self._layouts)])
        self._maps: dict[int, mmap.mmap] = {}
        self._touched = 0
        self.sizes = row_sizes(sketches, "offsets")
        """For each row, how many shingles it has, repeats included."""
        self.titled = any(place["titles"][1][0] for place in self._layouts)
        """Whether any text has a title."""

    def __enter__(self) -> Self:
        """Begin the `with` statement."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the files."""
        for opened in self._maps.values():
            opened.close()

    def read(self, rows: NDArray[np.int64], name: str, offsets: str) -> Ragged:
        """Read the stretch of array `name` that belongs to each of some rows, which rise."""
        cuts = np.searchsorted(rows, self._firsts).tolist()
        values, sizes = [np.zeros(0, dtype=np.uint8)], [np.zeros(0, dtype=np.int64)]
        for part, (start, end) in enumerate(pairwise(cuts)):
            if start < end:
                some = self._read(part, rows[start:end] - self._firsts[part], name, offsets)
                values.append(some.values)
                sizes.append(some.sizes)
        return Ragged(np.concatenate(values), np.concatenate(sizes))

    def _read(self, part: int, rows: NDArray[np.int64], name: str, offsets: str) -> Ragged:
        """Read some rows of one file, counted from its first."""
        ends = self._array(part, offsets)
        starts = ends[rows]
        sizes = ends[rows + 1] - starts
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


def row_sizes(sketches: Sequence[Path], offsets: str) -> NDArray[np.int32]:
    """Count what every row has of the array with these offsets."""
    counts = [np.diff(array(path, offsets)).astype(np.int32) for path in sketches]
    return np.concatenate([np.zeros(0, np.int32), *counts])
