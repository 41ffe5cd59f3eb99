"""The character model as a file: how many strings there are of each length, then the arrays, all of it packed."""

from __future__ import annotations

import lzma
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Keys = tuple[NDArray[np.uint64], ...]
    Bytes = tuple[NDArray[np.uint8], ...]

LENGTHS = 4


def packed(keys: Keys, logs: Bytes, rests: Bytes) -> bytes:
    """Return the model as bytes; of the keys, which are sorted, the differences between neighbours."""
    arrays = [np.array([len(of_one_length) for of_one_length in keys], np.uint64)]
    arrays += [np.diff(of_one_length, prepend=np.uint64(0)) for of_one_length in keys]
    data = b"".join([*map(_planes, arrays), *(a.tobytes() for a in (*logs, *rests))])
    return lzma.compress(data, preset=9 | lzma.PRESET_EXTREME)


def unpacked(data: bytes) -> tuple[Keys, Bytes, Bytes]:
    """Return the keys, logarithms and rests that `packed` was given."""
    raw = np.frombuffer(lzma.decompress(data), np.uint8)
    sizes, raw = _joined(raw, LENGTHS)
    keys = []
    for size in sizes.tolist():
        differences, raw = _joined(raw, size)
        keys.append(np.cumsum(differences, dtype=np.uint64))
    *logs, rest = np.split(raw, np.cumsum(sizes, dtype=np.intp))
    return tuple(keys), tuple(logs), tuple(np.split(rest, np.cumsum(sizes[:-2], dtype=np.intp)))


def _planes(array: NDArray[np.uint64]) -> bytes:
    """Return the lowest bytes of all members, then the next ones: alike stands beside alike, and packs well."""
    return array.view(np.uint8).reshape(len(array), 8).T.tobytes()


def _joined(raw: NDArray[np.uint8], count: int) -> tuple[NDArray[np.uint64], NDArray[np.uint8]]:
    """Return so many members of which the planes come first, and what comes after them."""
    return np.ascontiguousarray(raw[: 8 * count].reshape(8, count).T).view(np.uint64).ravel(), raw[8 * count :]
