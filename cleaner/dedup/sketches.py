"""A sketch: all that the search for duplicates needs to know of some texts, as plain arrays.

The file is a line of JSON that names the arrays, then the arrays themselves: no pickle, the same bytes everywhere.
"""

import json
from dataclasses import dataclass, fields
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.dedup.folding import Offsets
from cleaner.dedup.shingles import Hashes32
from cleaner.errors import InputError

MAGIC = b"cleaner sketch 3\n"
HEAD = 8192
"""Bytes in which magic and the line of JSON stand."""


@dataclass(frozen=True)
class Sketch:
    """What is known of n texts."""

    exact: NDArray[np.uint64]
    """(n, 2): `normal_hash` of each text; zeros for a text that holds nothing."""
    length: NDArray[np.uint32]
    """(n,): code points."""
    date: NDArray[np.int64]
    """(n,): seconds since 1970 UTC, or UNDATED."""
    dateline: NDArray[np.int64]
    """(n,): the same of its dateline, for a text without a date, if that makes a difference."""
    source: NDArray[np.uint32]
    """(n,): place in `sources`."""
    sources: NDArray[np.uint8]
    """The names of the sources, as a JSON list in UTF-8."""
    offsets: Offsets
    """(n + 1,): text i has the shingles `offsets[i]:offsets[i + 1]`."""
    shingles: Hashes32
    """The shingles of each text in reading order, repeats included."""
    sample_offsets: Offsets
    """(n + 1,): text i has the sample `sample_offsets[i]:sample_offsets[i + 1]`."""
    samples: Hashes32
    """The smallest different ones of these, in rising order: see `samples`."""
    title_offsets: Offsets
    """(n + 1,): text i has the title words `title_offsets[i]:title_offsets[i + 1]`."""
    titles: Hashes32
    """The different words of each title, in rising order; odd for a word with a digit, even for any other."""
    stem_offsets: Offsets
    """(n + 1,): text i has the stems `stem_offsets[i]:stem_offsets[i + 1]`."""
    stems: Hashes32
    weights: NDArray[np.uint8]
    """What the story level compares: see `profiles`."""

    def pieces(self) -> list[bytes | memoryview]:
        """Return the bytes of the file, piece by piece."""
        arrays = {f.name: np.ascontiguousarray(getattr(self, f.name)) for f in fields(self)}
        head = json.dumps({name: [a.dtype.str, list(a.shape)] for name, a in arrays.items()}).encode()
        head += b" " * (-(len(MAGIC) + len(head) + 1) % 8) + b"\n"
        found: list[bytes | memoryview] = [MAGIC + head]
        for a in arrays.values():
            found += [a.reshape(-1).view(np.uint8).data, b"\0" * (-a.nbytes % 8)]
        return found

    def save(self, path: Path) -> None:
        """Write to a file."""
        with path.open("wb") as file:
            file.writelines(self.pieces())


Layout = dict[str, tuple[np.dtype[Any], list[int], int]]


def layout(path: Path) -> Layout:
    """Tell the type, shape and place in the file of each array of a saved sketch.

    Raises:
        InputError: the file is no sketch, or one of another version.
    """
    with path.open("rb") as file:
        head = file.read(HEAD)
    magic, line = head[: len(MAGIC)], head[len(MAGIC) :].partition(b"\n")[0]
    if magic != MAGIC:
        raise InputError(f"{path}: not a sketch of this version; remove it and run again.")
    at, found = len(MAGIC) + len(line) + 1, {}
    for name, (kind, shape) in json.loads(line).items():
        dtype = np.dtype(kind)
        found[name] = (dtype, shape, at)
        at += (prod(shape) * dtype.itemsize + 7) // 8 * 8
    return found
