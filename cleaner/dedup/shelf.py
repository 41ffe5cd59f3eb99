"""The sketches on disk, opened: columns, files one by one, and single rows."""

import mmap
from collections.abc import Iterator, Sequence
from itertools import pairwise, repeat
from math import prod
from os import pread
from pathlib import Path
from typing import IO, Any, Self

import numpy as np
from numpy.typing import NDArray

from cleaner.dedup.ragged import Ragged
from cleaner.dedup.sketches import layout

OPEN = 64
"""Files that stay open to read single rows, at the most."""


class Shelf:
    """What the sketches hold of each row, read from the files when it is asked for; little of it is in memory."""

    def __init__(self, sketches: Sequence[Path]) -> None:
        """Open the files; used in a `with` statement, which closes them."""
        self._paths = sketches
        self._layouts = [layout(path) for path in sketches]
        self._firsts = np.cumsum([0, *(place["length"][1][0] for place in self._layouts)])
        self._maps: dict[int, mmap.mmap] = {}
        self._open: dict[int, IO[bytes]] = {}
        self.sizes = self.counts("offsets")
        """For each row, how many shingles it has, repeats included."""
        self.titled = any(place["titles"][1][0] for place in self._layouts)
        """Whether any text has a title."""

    def __enter__(self) -> Self:
        """Begin the `with` statement."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the files, each as soon as no array of it is in use."""
        self._maps.clear()
        for file in self._open.values():
            file.close()

    def __len__(self) -> int:
        """Count the rows."""
        return int(self._firsts[-1])

    def files(self, *names: str) -> Iterator[tuple[NDArray[Any], ...]]:
        """Read some arrays of each file, one file after the other: good until the next one is asked for."""
        for part in range(len(self._paths)):
            yield tuple(self._array(part, name) for name in names)
            self._maps[part].madvise(mmap.MADV_DONTNEED)  # what was read is the system's to forget

    def column(self, name: str) -> NDArray[Any]:
        """Read one array of all files, put one after the other."""
        parts = [array.copy() for (array,) in self.files(name)]
        return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)

    def counts(self, offsets: str) -> NDArray[np.int32]:
        """Count what every row has of the array with these offsets."""
        parts = [np.diff(ends).astype(np.int32) for (ends,) in self.files(offsets)]
        return np.concatenate([np.zeros(0, np.int32), *parts])

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
        """Read some rows of one file, counted from its first.

        They are read, not mapped: around each row that is touched the system would map much more.
        """
        ends = self._array(part, offsets)
        starts = ends[rows]
        sizes = ends[rows + 1] - starts
        dtype, _, first = self._layouts[part][name]
        file = self._opened(part).fileno()
        begins, lengths = (first + starts * dtype.itemsize).tolist(), (sizes * dtype.itemsize).tolist()
        found = b"".join(map(pread, repeat(file), lengths, begins))
        return Ragged(np.frombuffer(found, dtype), sizes)

    def _opened(self, part: int) -> IO[bytes]:
        """Open one file, and close another one if too many are open."""
        if part not in self._open:
            if len(self._open) == OPEN:
                self._open.pop(next(iter(self._open))).close()
            self._open[part] = self._paths[part].open("rb")
        return self._open[part]

    def _array(self, part: int, name: str) -> NDArray[Any]:
        """Map one array of one file."""
        if part not in self._maps:
            with self._paths[part].open("rb") as file:
                self._maps[part] = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        dtype, shape, start = self._layouts[part][name]
        return np.frombuffer(self._maps[part], dtype, prod(shape), start).reshape(shape)
