"""UTF-8 bytes of a whole batch, folded in place: letters to lower case, all that separates words to spaces.

Letters whose lower case is as many bytes long change, the few others (as the Turkish İ) stay. Text garbled by reading
UTF-8 as Latin-1 or cp1252 keeps its words whole: what stands there as a sign is the second half of a letter.
"""

import unicodedata
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Offsets = NDArray[np.int64]

SPACE, LINE_FEED = 0x20, 0x0A
BETWEEN = b"\xff"
"""What stands between two texts before they are folded: no byte of UTF-8. Afterwards it is a line feed."""
FOLD_ASCII = bytes(
    ord(chr(c).lower()) if chr(c).isalnum() and c < 0x80 else c if c >= 0x80 else SPACE  # noqa: PLR2004  ASCII ends here
    for c in range(0xFF)
) + bytes([LINE_FEED])
"""What becomes of each byte: A-Z to lower case, ASCII that is no letter or digit to a space, the rest stays."""

TWO, THREE, FOUR = 0xC0, 0xE0, 0xF0
"""The first byte of a character of so many bytes is at least this."""
LENGTH = np.array([1 + (c >= TWO) + (c >= THREE) + (c >= FOUR) for c in range(256)])
"""How many bytes a character has, by its first one."""
BITS = np.array([0, 0, 0x1F, 0x0F, 0x07], dtype=np.uint8)[LENGTH]
"""Which bits of the first byte belong to the code point."""

APART, SPACED = 0, 1
"""Classes of a character; above 1 it is the number of characters in a "word" of a script without spaces."""
UNSPACED = [  # first, last code point, characters a word
    (0x0E00, 0x0EFF, 4),  # Thai, Lao
    (0x1000, 0x109F, 4),  # Burmese
    (0x1780, 0x17FF, 4),  # Khmer
    (0x3040, 0x30FF, 2),  # Hiragana, Katakana
    (0x31F0, 0x31FF, 2),  # Katakana extensions
    (0x3400, 0x4DBF, 2),  # Han, extension A
    (0x4E00, 0x9FFF, 2),  # Han
    (0xF900, 0xFAFF, 2),  # Han, compatibility
    (0x20000, 0x3FFFF, 2),  # Han, the supplementary planes
]
ASSIGNED = 0x20000
"""From here on there is nothing but Han, tags and private use."""
JOINERS = {0x200C, 0x200D}  # they stand inside Persian and Indic words
LEADS = (0xC2, 0xDF)  # first halves of a two-byte letter, read as Latin-1 or cp1252
HALVES = np.zeros(1 << 14, dtype=np.bool_)
HALVES[[ord(c) for name in ("latin-1", "cp1252") for c in bytes(range(0x80, TWO)).decode(name, "ignore")]] = True
"""Which characters a second half may have become."""


class Unspaced(NamedTuple):
    """The "words" of scripts without spaces: one from each of their characters on."""

    starts: Offsets
    sizes: NDArray[np.int64]
    """Bytes of the first character: three or four."""
    ends: Offsets


def fold_beyond_ascii(data: Bytes) -> Unspaced:
    """Fold the characters of two to four bytes, in place; find the words of scripts without spaces."""
    at = np.flatnonzero(data >= TWO)
    first = data[at]
    code = (first & BITS[first]).astype(np.int32) << 6 | (data[at + 1] & 0x3F)
    longer = np.flatnonzero(first >= THREE)
    code[longer] = code[longer] << 6 | (data[at[longer] + 2] & 0x3F)
    longest = longer[first[longer] >= FOUR]
    code[longest] = code[longest] << 6 | (data[at[longest] + 3] & 0x3F)
    kinds, lower = CHARACTERS(code)
    small = lower[code]
    changed = np.flatnonzero(small != code)
    changed = changed[(small[changed] != SPACE) | ~_garbled(code, at, changed)]
    _write(data, at[changed], small[changed], LENGTH[first[changed]])
    dense = np.flatnonzero(kinds[code] > SPACED)
    return _unspaced(at[dense], LENGTH[first[dense]], kinds[code[dense]])


def _write(data: Bytes, at: Offsets, code: NDArray[np.int32], size: NDArray[np.int64]) -> None:
    """Write characters over others that are `size` bytes long: either as long themselves, or a space for each byte."""
    apart = code == SPACE
    for length, mark in ((2, TWO), (3, THREE), (4, FOUR)):
        these = np.flatnonzero(size == length)
        place, new, spaces = at[these], code[these], apart[these]
        for k in range(length):
            byte = new >> 6 * (length - 1 - k) & 0x3F | 0x80 if k else new >> 6 * (length - 1) | mark
            byte[spaces] = SPACE
            data[place + k] = byte


def _garbled(code: NDArray[np.int32], at: Offsets, these: Offsets) -> NDArray[np.bool_]:
    """Tell which of some characters are the second half of a letter that was read as Latin-1 or cp1252."""
    before = np.maximum(these, 1) - 1
    lead = (code[before] >= LEADS[0]) & (code[before] <= LEADS[1]) & (at[these] == at[before] + 2)
    return np.asarray(lead & HALVES.take(code[these], mode="clip"))


def _unspaced(starts: Offsets, sizes: NDArray[np.int64], reach: Bytes) -> Unspaced:
    """Let a word begin at each character and reach over the next ones, as far as they follow without a gap."""
    ends = starts + sizes
    follows = np.zeros(len(starts), dtype=np.bool_)
    follows[:-1] = starts[1:] == ends[:-1]
    last = np.arange(len(starts))
    for k in range(1, int(reach.max(initial=1))):
        last = last + ((reach > k) & follows[last])
    return Unspaced(starts, sizes, ends[last])


PAGE = 256
"""Code points that are looked up together."""


class _Characters:
    """For every code point its class, and what is written for it; filled page by page, as texts ask for them."""

    def __init__(self) -> None:
        self.kinds = np.zeros(0x110000, dtype=np.uint8)
        self.lower = np.arange(0x110000, dtype=np.int32)
        """Its lower case, if that is as many bytes long; a space for what separates words."""
        self.filled = np.zeros(0x110000 // PAGE, dtype=np.bool_)
        """By page, whether the two say so yet."""
        self.filled[ASSIGNED // PAGE :] = True
        for first, last, reach in UNSPACED:
            if first >= ASSIGNED:
                self.kinds[first : last + 1] = reach
        self.lower[ASSIGNED:][self.kinds[ASSIGNED:] == APART] = SPACE

    def __call__(self, code: NDArray[np.int32]) -> tuple[Bytes, NDArray[np.int32]]:
        """Return the tables, filled as far as these code points need it."""
        pages = np.bincount(code >> 8, minlength=len(self.filled)) > 0
        for page in np.flatnonzero(pages & ~self.filled).tolist():
            self.fill(page)
        return self.kinds, self.lower

    def fill(self, page: int) -> None:
        """Look up the characters of a page."""
        self.filled[page] = True
        codes = range(max(0x80, page * PAGE), (page + 1) * PAGE)
        chars = "".join(map(chr, codes))
        if chars.isalpha() and chars == chars.lower():  # thousands of Chinese and Korean ones
            self.kinds[codes.start : codes.stop] = SPACED
        else:
            for code, char in zip(codes, chars, strict=True):
                if unicodedata.category(char)[0] in "LMN" or code in JOINERS:
                    self.kinds[code] = SPACED
                    small = char.lower()
                    if len(small) == 1 and len(small.encode()) == len(char.encode()):
                        self.lower[code] = ord(small)
        apart = self.kinds[codes.start : codes.stop] == APART
        self.lower[codes.start : codes.stop][apart] = SPACE
        for first, last, reach in UNSPACED:
            block = self.kinds[max(first, codes.start) : min(last + 1, codes.stop)]
            block[block == SPACED] = reach


CHARACTERS = _Characters()
