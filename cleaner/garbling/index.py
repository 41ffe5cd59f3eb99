"""Where a key stands among others: a hash table made of arrays (Knuth, linear probing)."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

FEW = 24
"""So many keys are as quickly looked up one by one."""

_64_BITS = (1 << 64) - 1
_MULTIPLIER = 0x9E3779B97F4A7C15
"""2^64 divided by the golden ratio, which spreads keys well (Knuth)."""


class Index:
    """The table, asked for many keys at once or for one; a key that is not there stands at -1."""

    def __init__(self, keys: NDArray[np.uint64]) -> None:
        """Put each key into the first slot that is free from its own on."""
        bits = len(keys).bit_length() + 1
        self.shift = 64 - bits
        self.mask = (1 << bits) - 1
        self.table = np.full(1 << bits, -1, np.int32)
        self.keys = np.append(keys, np.uint64(_64_BITS))  # the last one, at -1, is never asked for
        left, slots = np.arange(len(keys), dtype=np.int32), self._slots(keys)
        while len(left):
            free = self.table[slots] < 0
            self.table[slots[free]] = left[free]  # of those that ask for the same slot, one gets it
            lost = self.table[slots] != left
            left, slots = left[lost], (slots[lost] + 1) & self.mask

    def _slots(self, keys: NDArray[np.uint64]) -> NDArray[np.int64]:
        return ((keys * np.uint64(_MULTIPLIER)) >> np.uint64(self.shift)).view(np.int64)

    def find(self, asked: NDArray[np.int64]) -> NDArray[np.int32]:
        """Return where each key stands."""
        keys = asked.view(np.uint64)
        slots = self._slots(keys)
        found = self.table.take(slots)
        others = ((self.keys.take(found) != keys) & (found >= 0)).nonzero()[0]
        while len(others) > FEW:
            slots[others] = after = (slots.take(others) + 1) & self.mask
            found[others] = there = self.table.take(after)
            others = others[(self.keys.take(there) != keys.take(others)) & (there >= 0)]
        for i in others.tolist():
            found[i] = self.lookup(int(keys[i]))
        return found

    @cached_property
    def lookup(self) -> Callable[[int], int]:
        """The function that tells where one key stands."""
        table, keys, shift, mask = self.table.data, self.keys.data, self.shift, self.mask

        def found(key: int) -> int:
            slot = (key * _MULTIPLIER & _64_BITS) >> shift
            at: int
            while (at := table[slot]) >= 0 and keys[at] != key:
                slot = (slot + 1) & mask
            return at

        return found
