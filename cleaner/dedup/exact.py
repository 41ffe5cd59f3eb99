"""Shingles → the hash of the exact level: texts of the same words in the same order have the same one."""

from collections.abc import Sequence
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from cleaner.dedup.shingles import Shingles, shingles
from cleaner.dedup.tokens import utf8, word_hashes, words


def normal_hash(text: str) -> bytes:
    """Hash a text so that case, punctuation and white space make no difference: 16 bytes.

    Only its words count (runs of letters, marks and digits, in lower case) and their order: see `sums`. A text
    without a word is hashed as it is, but for white space (BLAKE2b); one of white space alone has 16 zero bytes and
    equals nothing.

    >>> normal_hash("“Who’s there?”") == normal_hash("who s there") != normal_hash("there s who")
    True
    """
    batch = words(utf8([text]))
    return exact_hashes([text], sums(shingles(word_hashes(batch), batch.offsets))).tobytes()


def sums(found: Shingles) -> NDArray[np.uint64]:
    """Hash each text by its shingles and their order: (n, 2) uint64.

    The hash of each shingle is folded once more, `x ^= x >> 32`; the two numbers are the sums, mod 2**64, of `x` and
    of `(2 * k + 1) * x`, where k counts the shingles of the text from 0.
    """
    digests = np.zeros((len(found.offsets) - 1, 2), dtype=np.uint64)
    filled = np.flatnonzero(np.diff(found.offsets))
    if len(filled):
        starts = found.offsets[:-1][filled]
        folded = found.mixed ^ found.mixed >> np.uint64(32)
        plain = np.add.reduceat(folded, starts)
        folded *= np.arange(1, 2 * len(folded), 2, dtype=np.uint64)
        digests[filled, 0] = plain
        digests[filled, 1] = np.add.reduceat(folded, starts) - plain * (2 * starts).view(np.uint64)
    return digests


def exact_hashes(texts: Sequence[str], found: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Complete the `sums` that were found of some texts with the hashes of those that have no words."""
    digests = found.copy()
    for k in np.flatnonzero(~found.any(axis=1)).tolist():
        content = " ".join(texts[k].split()).encode("utf-8", "surrogatepass")
        digest = blake2b(content, digest_size=16).digest() if content else bytes(16)
        digests[k] = np.frombuffer(digest, dtype=np.uint64)
    return digests
