"""The hot kernel: hashes in, MinHash signatures out, equal bit for bit to datasketch 2.0 with `scheme="affine32"`.

A permutation of the 32-bit numbers is `a * h + b mod 2**32` with an odd `a`; the hashes are mixed once before (the
finalizer of MurmurHash3). The signature of a set holds, for each permutation, the smallest number its members are
sent to; two signatures agree in a share of places that estimates the resemblance of the sets (Broder 1997).
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from cleaner.dedup.folding import Offsets
from cleaner.dedup.shingles import Hashes32

EMPTY = np.uint32(0xFFFFFFFF)
BLOCK = 1 << 16
"""Hashes worked on at a time: two buffers of this size stay in the second-level cache."""


def minhash(hashes: Hashes32, offsets: Offsets, num_perm: int = 128, seed: int = 1) -> NDArray[np.uint32]:
    """Sign sets of hashes.

    Args:
        hashes: uint32, the members of all sets, one set after the other; repeats do no harm.
        offsets: n + 1 numbers; set i is `hashes[offsets[i]:offsets[i + 1]]`.
        num_perm: values a signature.
        seed: of the permutations, as in datasketch.

    Returns:
        uint32 (n, num_perm); the row of an empty set is 4294967295 throughout, as in datasketch.
    """
    a, b = _permutations(num_perm, seed)
    signatures = np.full((len(offsets) - 1, num_perm), EMPTY)
    filled = np.flatnonzero(np.diff(offsets))
    starts, ends = offsets[:-1][filled], offsets[1:][filled]
    mixed = _mix(hashes)
    columns = signatures.T
    first = 0
    while first < len(filled):
        last = max(first + 1, int(np.searchsorted(ends, starts[first] + BLOCK, side="right")))
        block = mixed[starts[first] : ends[last - 1]]
        cuts = starts[first:last] - starts[first]
        sent = np.empty_like(block)
        rows = np.empty((num_perm, last - first), dtype=np.uint32)
        for k in range(num_perm):
            np.multiply(block, a[k], out=sent)
            np.add(sent, b[k], out=sent)
            np.minimum.reduceat(sent, cuts, out=rows[k])
        columns[:, filled[first:last]] = rows
        first = last
    return signatures


def _mix(hashes: Hashes32) -> Hashes32:
    """Finish as MurmurHash3 does, so that hashes with a pattern are safe to permute."""
    mixed = hashes ^ (hashes >> np.uint32(16))
    mixed *= np.uint32(0x85EBCA6B)
    mixed ^= mixed >> np.uint32(13)
    mixed *= np.uint32(0xC2B2AE35)
    mixed ^= mixed >> np.uint32(16)
    return mixed


@lru_cache(maxsize=8)
def _permutations(num_perm: int, seed: int) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Draw `a` and `b` exactly as datasketch does: from the legacy generator, whose stream never changes."""
    draw = np.random.RandomState(seed)
    a = draw.randint(0, 1 << 31, num_perm, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    return a, draw.randint(0, 1 << 32, num_perm, dtype=np.uint32)
