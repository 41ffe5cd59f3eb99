"""Texts → words: where each word stands in the UTF-8 bytes of a whole batch, and a 64-bit hash of it.

A word is a run of letters, marks and digits, in lower case; all else separates, so punctuation, quotes and white
space never tell two texts apart, and numbers stay as they are. In scripts written without spaces between words every
character starts a "word" of its own: itself and the next one (the bigrams of Chinese and Japanese retrieval), or the
next three in Thai, Lao, Burmese and Khmer, where a syllable takes about four signs.

Nothing here makes a Python object for a word: a batch is one array of bytes, and every step runs over all of it.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.dedup.folding import BETWEEN, FOLD_ASCII, SPACE, Bytes, Offsets, Unspaced, fold_beyond_ascii

Hashes64 = NDArray[np.uint64]

SEED, MULTIPLIER = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD6E8FEB86659FD93)
PIECE = 8
"""Bytes hashed at a time."""
LONGEST = 64
"""Of a longer word only the first bytes count: it is data that was printed, no word."""
MASKS = np.array([(1 << 8 * k) - 1 for k in range(PIECE + 1)], dtype=np.uint64)
AFTER = BETWEEN * PIECE
"""What stands after the last text, so that eight bytes can be read from any place on."""


class Words(NamedTuple):
    """The words of a batch of texts."""

    data: Bytes
    """All texts, folded, with a line feed after each and a few more at the end: no folded text holds one."""
    starts: Offsets
    """Where each word begins in `data`."""
    ends: Offsets
    """Where it ends."""
    texts: Offsets
    """Where each text begins in `data`, and one more for the end: n + 1 numbers."""
    offsets: Offsets
    """Words `offsets[i]:offsets[i + 1]` are those of text i: n + 1 numbers."""


def utf8(texts: Sequence[str]) -> list[bytes]:
    """Encode texts; lone surrogates are let through, so no string is refused."""
    return [text.encode("utf-8", "surrogatepass") for text in texts]


def words(texts: Sequence[bytes]) -> Words:
    """Find the words of texts in UTF-8; lone surrogates separate them.

    >>> w = words(utf8(["Don't PANIC: 42!", "", "東京都"]))
    >>> [bytes(w.data[a:b]).decode() for a, b in zip(w.starts, w.ends, strict=True)]
    ['don', 't', 'panic', '42', '東京', '京都', '都']
    >>> w.offsets.tolist()
    [0, 4, 4, 7]
    """
    begins = np.zeros(len(texts) + 1, dtype=np.int64)
    np.cumsum([len(text) + 1 for text in texts], out=begins[1:])
    data = np.frombuffer(bytearray(BETWEEN).join([*texts, AFTER]).translate(FOLD_ASCII), dtype=np.uint8)
    unspaced = None if all(map(bytes.isascii, texts)) else fold_beyond_ascii(data)
    mask = np.zeros(len(data) + 1, dtype=np.bool_)
    np.greater(data, SPACE, out=mask[1:])
    if unspaced is not None and len(unspaced.starts):
        _set_apart(mask[1:], unspaced)
    edges = np.flatnonzero(mask[1:] != mask[:-1])
    starts, ends = edges[0::2], edges[1::2]
    if unspaced is not None and len(unspaced.starts):
        place = np.searchsorted(starts, unspaced.starts)
        starts[place], ends[place] = unspaced.starts, unspaced.ends
    return Words(data, starts, ends, begins, np.searchsorted(starts, begins))


def _set_apart(mask: NDArray[np.bool_], unspaced: Unspaced) -> None:
    """Leave of each character of scripts without spaces its second byte, so that it is a word beside others."""
    for k in (0, 2):
        mask[unspaced.starts + k] = False
    mask[unspaced.starts[unspaced.sizes > 3] + 3] = False  # noqa: PLR2004  its last byte


def word_hashes(batch: Words) -> Hashes64:
    """Hash every word of a batch: one uint64 each.

    The bytes of a word are taken eight at a time, as little-endian numbers, the last one padded with zeros: `h = (h ^
    piece) * MULTIPLIER mod 2**64; h ^= h >> 32`, starting from SEED. `word_hash` says the same for a single word.
    """
    # the eight bytes from each byte on, as one number: a view, in which the numbers overlap
    pieces = np.ndarray(len(batch.data) - PIECE + 1, "<u8", batch.data, strides=(1,))
    left = batch.ends - batch.starts
    hashes = pieces[batch.starts]
    hashes &= MASKS.take(left, mode="clip")
    hashes ^= SEED
    _mix(hashes)
    words = np.flatnonzero(left > PIECE)
    at, left = batch.starts[words], np.minimum(left[words], LONGEST)
    while len(words):
        at, left = at + PIECE, left - PIECE
        mixed = pieces[at]
        mixed &= MASKS.take(left, mode="clip")
        mixed ^= hashes[words]
        _mix(mixed)
        hashes[words] = mixed
        more = np.flatnonzero(left > PIECE)
        words, at, left = words[more], at[more], left[more]
    return hashes


def _mix(hashes: Hashes64) -> None:
    """Mix numbers in place."""
    hashes *= MULTIPLIER
    hashes ^= hashes >> np.uint64(32)


def word_hash(word: bytes) -> int:
    """Hash one folded word, as `word_hashes` does: for tests, and for those who hash elsewhere."""
    h = int(SEED)
    for k in range(0, min(len(word), LONGEST), PIECE):
        h = (h ^ int.from_bytes(word[k : min(k + PIECE, LONGEST)], "little")) * int(MULTIPLIER) % 2**64
        h ^= h >> 32
    return h
