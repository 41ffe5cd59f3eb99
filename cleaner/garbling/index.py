"""Where a key stands among others: a hash table made of arrays (Knuth, linear probing)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray


MULTIPLIER = 0x9E3779B97F4A7C15
"""2^64 divided by the golden ratio, which spreads keys well (Knuth)."""
_64_BITS = (1 << 64) - 1


class Index:
    """The table, asked for many keys at once or for one."""

    def __init__(self, keys: NDArray[np.uint64]) -> None:
        """Put each key into the first slot that is free from its own on."""
        self.keys = keys
        bits = len(keys).bit_length() + 1
        self.shift = np.uint64(64 - bits)
        self.mask = (1 << bits) - 1
        self.table = np.full(1 << bits, -1, np.int32)
        left, slots = np.arange(len(keys), dtype=np.int32), self._slots(keys)
        while len(left):
            free = self.table[slots] < 0
            self.table[slots[free]] = left[free]  # of those that ask for the same slot, one gets it
            lost = self.table[slots] != left
            left, slots = left[lost], (slots[lost] + 1) & self.mask

    def _slots(self, keys: NDArray[np.uint64]) -> NDArray[np.int64]:
        return ((keys * np.uint64(MULTIPLIER)) >> self.shift).astype(np.int64)

    def find(self, asked: NDArray[np.int64], known: NDArray[np.bool_]) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
        """Return where each key asked for stands, and whether it is there; those not known are not there."""
        wanted = asked.view(np.uint64)
        slots = self._slots(wanted)
        at = self.table[slots]
        hits = (self.keys[at] == wanted) & known
        open_ = np.flatnonzero(~hits & known & (at >= 0))
        while len(open_):
            slots[open_] = (slots[open_] + 1) & self.mask
            at[open_] = self.table[slots[open_]]
            hits[open_] = (self.keys[at[open_]] == wanted[open_]) & (at[open_] >= 0)
            open_ = open_[~hits[open_] & (at[open_] >= 0)]
        return at, hits & (at >= 0)

    def lookup(self) -> Callable[[int], int]:
        """Return the function that tells where one key stands, or -1."""
        table, keys, shift, mask = self.table.data, self.keys.data, int(self.shift), self.mask

        def found(key: int) -> int:
            slot = (key * MULTIPLIER & _64_BITS) >> shift
            while (at := table[slot]) >= 0 and keys[at] != key:
                slot = (slot + 1) & mask
            return at

        return found
