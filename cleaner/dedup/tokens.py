"""Texts → words: where each word stands in the UTF-8 bytes of a whole batch, and a 64-bit hash of it.

A word is a run of letters, marks and digits, in lower case; all else separates, so punctuation, quotes and white space never
tell two texts apart, and numbers stay as they are. In scripts written without spaces between words every character starts a
"word" of its own: itself and the next one (the bigrams of Chinese and Japanese retrieval), or the next three in Thai, Lao, Burmese
and Khmer, where a syllable takes about four signs.

Nothing here makes a Python object for a word: a batch is one array of bytes, and every step runs over all of it.
"""

import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Hashes64 = NDArray[np.uint64]
Offsets = NDArray[np.int64]

SPACE, LINE_FEED = 0x20, 0x0A
APART, SPACED = 0, 1
"""Classes of a character; a class above 1 is the number of characters in a "word" of a script without spaces."""

UNSPACED = [                                                # first, last code point, characters a word
    (0x0E00, 0x0EFF, 4),                                    # Thai, Lao
    (0x1000, 0x109F, 4),                                    # Burmese
    (0x1780, 0x17FF, 4),                                    # Khmer
    (0x3040, 0x30FF, 2),                                    # Hiragana, Katakana
    (0x31F0, 0x31FF, 2),                                    # Katakana extensions
    (0x3400, 0x4DBF, 2),                                    # Han, extension A
    (0x4E00, 0x9FFF, 2),                                    # Han
    (0xF900, 0xFAFF, 2),                                    # Han, compatibility
    (0x20000, 0x3FFFF, 2),                                  # Han, the supplementary planes
]
JOINERS = {0x200C, 0x200D}                                  # the (non-)joiners stand inside Persian and Indic words

HALVES = sorted({ord(c) for name in ("latin-1", "cp1252") for c in bytes(range(0x80, 0xC0)).decode(name, "ignore")})

FOLD_ASCII = bytes(c + 32 if 65 <= c <= 90 else c if 97 <= c <= 122 or 48 <= c <= 57 or c >= 128 else SPACE for c in range(256))
"""What becomes of each byte: A-Z to lower case, ASCII that is no letter or digit to a space, the rest stays."""

SEED, MULTIPLIER = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD6E8FEB86659FD93)
LENGTHS = np.array([(1 << 8 * k) - 1 for k in range(9)], dtype=np.uint64)


class Words(NamedTuple):
    """The words of a batch of texts."""

    data: Bytes
    """All texts, folded, one after the other with a line feed between them: no folded text holds one."""
    starts: Offsets
    """Where each word begins in `data`."""
    ends: Offsets
    """Where it ends."""
    texts: Offsets
    """Where each text begins in `data`, and one more for the end: n + 1 numbers."""
    offsets: Offsets
    """Words `offsets[i]:offsets[i + 1]` are those of text i: n + 1 numbers."""


def words(texts: Sequence[str]) -> Words:
    """Find the words of `texts`.

    Lone surrogates are let through and separate words, so no string is refused.

    >>> w = words(["Don't PANIC: 42!", "", "東京都"])
    >>> [bytes(w.data[a:b]).decode() for a, b in zip(w.starts, w.ends, strict=True)]
    ['don', 't', 'panic', '42', '東京', '京都', '都']
    >>> w.offsets.tolist()
    [0, 4, 4, 7]
    """
    encoded = [text.encode("utf-8", "surrogatepass").translate(FOLD_ASCII) for text in texts]
    data = np.frombuffer(bytearray(b"\n".join(encoded)), dtype=np.uint8)
    begins = np.zeros(len(encoded) + 1, dtype=np.int64)
    np.cumsum([len(text) + 1 for text in encoded], out=begins[1:])
    spaced = None if all(map(str.isascii, texts)) else _fold_beyond_ascii(data)
    mask = np.zeros(len(data) + 2, dtype=np.bool_)
    np.greater(data, SPACE, out=mask[1:-1])
    if spaced is not None:
        mask[1:-1] &= spaced.mask
    edges = np.flatnonzero(mask[1:] != mask[:-1])
    starts, ends = edges[0::2], edges[1::2]
    if spaced is not None and len(spaced.starts):
        starts, ends = np.concatenate([starts, spaced.starts]), np.concatenate([ends, spaced.ends])
        order = np.argsort(starts, kind="stable")
        starts, ends = starts[order], ends[order]
    return Words(data, starts, ends, begins, np.searchsorted(starts, begins))


def word_hashes(batch: Words) -> Hashes64:
    """Hash every word of a batch: one uint64 each.

    The bytes of a word are taken eight at a time, as little-endian numbers, the last one padded with zeros:
    `h = (h ^ piece) * MULTIPLIER mod 2**64; h ^= h >> 32`, starting from SEED. `word_hash` says the same for a single word.
    """
    padded = np.zeros((len(batch.data) + 7) // 8 * 8 + 16, dtype=np.uint8)
    padded[: len(batch.data)] = batch.data
    pieces = padded.view("<u8")
    hashes = np.full(len(batch.starts), SEED)
    at, left = batch.starts, batch.ends - batch.starts
    todo: NDArray[np.int64] | slice = slice(None)
    while len(at):
        slot, shift = at >> 3, ((at & 7) << 3).astype(np.uint64)
        # a shift by 64 bits has no meaning, hence two steps for the upper part
        piece = (pieces[slot] >> shift) | ((pieces[slot + 1] << np.uint64(1)) << (np.uint64(63) - shift))
        piece &= LENGTHS[np.minimum(left, 8)]
        mixed = (hashes[todo] ^ piece) * MULTIPLIER
        hashes[todo] = mixed ^ (mixed >> np.uint64(32))
        more = np.flatnonzero(left > 8)
        at, left = at[more] + 8, left[more] - 8
        todo = more if isinstance(todo, slice) else todo[more]
    return hashes


def word_hash(word: bytes) -> int:
    """Hash one folded word, as `word_hashes` does: for tests, and for those who hash elsewhere."""
    h = int(SEED)
    for k in range(0, len(word), 8):
        h = (h ^ int.from_bytes(word[k : k + 8], "little")) * int(MULTIPLIER) % 2**64
        h ^= h >> 32
    return h


class _Beyond(NamedTuple):
    """What the characters beyond ASCII say about a batch: bytes of spaced words, and the words of scripts without spaces."""

    mask: NDArray[np.bool_]
    starts: Offsets
    ends: Offsets


def _fold_beyond_ascii(data: Bytes) -> _Beyond:
    """Put letters in lower case and separators to spaces, in place; find the words of scripts without spaces."""
    at = np.flatnonzero(data >= 0xC0)
    first = data[at].astype(np.int32)
    size = 2 + (first >= 0xE0) + (first >= 0xF0)
    code = first & np.array([0, 0, 0x1F, 0x0F, 0x07], dtype=np.int32)[size]
    for k in (1, 2, 3):
        longer = size > k
        code[longer] = code[longer] << 6 | (data[at[longer] + k] & 0x3F)
    kinds, lower = _characters()
    kind, small = kinds[code], lower[code]
    # UTF-8 read as Latin-1 or cp1252: the second half of a letter is no separator, or words fall to pieces
    half = (code[:-1] >= 0xC2) & (code[:-1] <= 0xDF) & (at[1:] == at[:-1] + size[:-1]) & np.isin(code[1:], HALVES)
    kind[1:][half & (kind[1:] == APART)] = SPACED
    changed = np.flatnonzero(small != code)
    for long, mark in ((2, 0xC0), (3, 0xE0), (4, 0xF0)):
        these = changed[size[changed] == long]
        data[at[these]] = mark | small[these] >> 6 * (long - 1)
        for k in range(1, long):
            data[at[these] + k] = 0x80 | (small[these] >> 6 * (long - 1 - k) & 0x3F)
    apart = kind == APART
    for k in range(4):
        data[at[apart & (size > k)] + k] = SPACE
    mask = np.ones(len(data), dtype=np.bool_)
    dense = np.flatnonzero(kind > SPACED)
    starts, size, reach = at[dense], size[dense], kind[dense]
    for k in range(4):
        mask[starts[size > k] + k] = False
    ends = starts + size
    follows = np.append(starts[1:] == ends[:-1], False) if len(starts) else np.zeros(0, dtype=np.bool_)
    own, last = ends, np.arange(len(starts))
    for k in range(1, 4):
        longer = (reach > k) & follows[last]
        last = last + longer
        ends = own[last]
    return _Beyond(mask, starts, ends)


@cache
def _characters() -> tuple[Bytes, NDArray[np.int32]]:
    """For every code point: its class, and its lower case where that is as many bytes long (else itself)."""
    kinds = np.zeros(0x110000, dtype=np.uint8)
    lower = np.arange(0x110000, dtype=np.int32)
    for code in range(0x80, 0x20000):
        char = chr(code)
        if unicodedata.category(char)[0] in "LMN" or code in JOINERS:
            kinds[code] = SPACED
            small = char.lower()
            if small != char and len(small) == 1 and len(small.encode()) == len(char.encode()):
                lower[code] = ord(small)
    for low, high, reach in UNSPACED:
        block = kinds[low : high + 1]
        block[block > 0 if high < 0x20000 else slice(None)] = reach
    return kinds, lower
