"""Texts → stock datasketch objects, for code that is built on them; nothing here is used by the search itself.

`import datasketch` loads scipy, which takes a second: it happens in the call, not with this module.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleaner.dedup.kernel import minhash
from cleaner.dedup.shingles import WORDS_PER_SHINGLE, shingle_hash, shingles
from cleaner.dedup.tokens import utf8, word_hashes, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from datasketch import LeanMinHash, MinHash  # type: ignore[import-untyped]
    from numpy.typing import NDArray


def signatures(
    texts: Sequence[str], num_perm: int = 128, seed: int = 1, size: int = WORDS_PER_SHINGLE
) -> NDArray[np.uint32]:
    """Sign each text by its shingles of `size` words: (n, num_perm) uint32, see `minhash`."""
    batch = words(utf8(texts))
    found = shingles(word_hashes(batch), batch.offsets, size)
    return minhash(found.hashes, found.offsets, num_perm, seed)


def to_datasketch(signature: NDArray[np.uint32], seed: int = 1) -> MinHash:
    """Make a `datasketch.MinHash` of one row of `signatures`.

    It equals one that datasketch 2.0 makes itself with `scheme="affine32"` and `hashfunc=shingle_hash` of the
    shingles as bytes, and can be updated further in the same way.
    """
    from datasketch import MinHash

    return MinHash(seed=seed, hashvalues=signature, scheme="affine32", hashfunc=shingle_hash)


def to_lean(signature: NDArray[np.uint32], seed: int = 1) -> LeanMinHash:
    """Make a `datasketch.LeanMinHash` of one row of `signatures`."""
    from datasketch import LeanMinHash

    return LeanMinHash(seed=seed, hashvalues=signature, scheme="affine32")
