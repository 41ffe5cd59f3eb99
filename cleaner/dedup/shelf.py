"""The sketches on disk, opened to read single rows."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from cleaner.dedup.sketches import array, layout


class Shelf:
    """What the sketches hold of each row, read from the files when it is asked for; little of it is in memory."""

    def __init__(self, sketches: Sequence[Path]) -> None:
        """Open the files; used in a `with` statement, which closes them."""
        self._files = [path.open("rb", buffering=0) for path in sketches]
        self._layouts = [layout(path) for path in sketches]
        counts = [place["length"][1][0] for place in self._layouts]
        self._firsts = np.cumsum([0, *counts])
        self.titled = any(place["titles"][1][0] for place in self._layouts)
        """Whether any text has a title."""
        self._offsets = {
            name: [np.asarray(array(path, name)) for path in sketches]
            for name in ("offsets", "title_offsets", "stem_offsets")
        }

    def __enter__(self) -> Self:
        """Begin the `with` statement."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the files."""
        for file in self._files:
            file.close()

    def read(self, rows: list[int], name: str, offsets: str = "offsets") -> list[NDArray[Any]]:
        """Read the stretch of array `name` that belongs to each of some rows."""
        parts = np.searchsorted(self._firsts, rows, side="right") - 1
        found = []
        for row, part in zip(rows, parts.tolist(), strict=True):
            at = row - int(self._firsts[part])
            start, end = self._offsets[offsets][part][at : at + 2].tolist()
            dtype, _, place = self._layouts[part][name]
            data = os.pread(self._files[part].fileno(), dtype.itemsize * (end - start), place + dtype.itemsize * start)
            found.append(np.frombuffer(data, dtype))
        return found


class Ragged:
    """Rows of different lengths, one after the other."""

    def __init__(self, rows: list[NDArray[Any]]) -> None:
        self.sizes = np.array([len(row) for row in rows], dtype=np.int64)
        self.starts = np.cumsum(self.sizes) - self.sizes
        self.values = np.concatenate([np.zeros(0, dtype=np.uint8), *rows])

    def take(self, which: NDArray[np.int64]) -> NDArray[Any]:
        """Put some rows one after the other; the same one may come again."""
        sizes = self.sizes[which]
        ends = np.cumsum(sizes)
        place = np.arange(ends[-1] if len(ends) else 0) + np.repeat(self.starts[which] - ends + sizes, sizes)
        return np.asarray(self.values[place])
