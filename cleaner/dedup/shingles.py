"""Words → shingles: the hash of every three words in a row, text by text.

Three words survive edits that break every run of five: of a text with every tenth word changed, .73 of its 3-grams stay
and .59 of its 5-grams. Numbers are words like others: "profit 3.2 mln" and "profit 4.1 mln" are different news.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.dedup.folding import Offsets
from cleaner.dedup.tokens import Hashes64, word_hash

WORDS_PER_SHINGLE = 3
STEP, FINISH = np.uint64(0xA0761D6478BD642F), np.uint64(0xE7037ED1A0B428DB)

Hashes32 = NDArray[np.uint32]


class Shingles(NamedTuple):
    """The shingles of a batch of texts, in reading order, repeats included."""

    mixed: Hashes64
    """A hash of each."""
    offsets: Offsets
    """Those of text i are `mixed[offsets[i]:offsets[i + 1]]`: n + 1 numbers."""

    @property
    def hashes(self) -> Hashes32:
        """The upper 32 bits of each: what is searched by."""
        return (self.mixed >> np.uint64(32)).astype(np.uint32)


def shingles(word_hashes: Hashes64, offsets: Offsets, size: int = WORDS_PER_SHINGLE) -> Shingles:
    """Hash every `size` words in a row.

    A text of fewer words has one shingle, of all of them; a text without words has none. The hash of words w1, w2, w3
    is `((w1 * STEP + w2) * STEP + w3)`, mixed once more: see `shingle_hash`.
    """
    counts = np.diff(offsets)
    kept = np.where(counts >= size, counts - size + 1, np.minimum(counts, 1))
    ends = np.zeros(len(kept) + 1, dtype=np.int64)
    np.cumsum(kept, out=ends[1:])
    total = len(word_hashes)
    if not total:
        return Shingles(word_hashes, ends)
    # every window of the batch, also those that reach into the next text; then only the good ones are kept
    mixed = word_hashes.copy()
    for k in range(1, size):
        mixed *= STEP
        mixed[: total - k] += word_hashes[k:]
    good = np.ones(total, dtype=np.bool_)
    for k in range(1, size):
        good[offsets[1:][counts >= k] - k] = False
    for i in np.flatnonzero((counts > 0) & (counts < size)).tolist():
        good[offsets[i]] = True
        mixed[offsets[i]] = _chain([int(h) for h in word_hashes[offsets[i] : offsets[i + 1]]])
    mixed = mixed[good]
    mixed ^= mixed >> np.uint64(32)
    mixed *= FINISH
    return Shingles(mixed, ends)


def shingle_hash(shingle: bytes) -> int:
    """Hash one shingle given as its folded words with a space between: what to hand to datasketch as `hashfunc`.

    >>> from cleaner.dedup.tokens import utf8, word_hashes, words
    >>> batch = words(utf8(["One, two, three!"]))
    >>> int(shingles(word_hashes(batch), batch.offsets).hashes[0]) == shingle_hash(b"one two three")
    True
    """
    mixed = _chain([word_hash(word) for word in shingle.split(b" ")])
    mixed = (mixed ^ mixed >> 32) * int(FINISH) % 2**64
    return mixed >> 32


def _chain(words: list[int]) -> int:
    mixed = 0
    for word in words:
        mixed = (mixed * int(STEP) + word) % 2**64
    return mixed
