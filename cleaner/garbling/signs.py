"""What a text could need at all: one look at its characters rules most kinds of repair out.

Each code point has a set of signs, as the bits of an integer; the signs of a text are those of its characters, taken
together by one vectorised pass. A kind whose sign is missing has nothing to do.
"""

from __future__ import annotations

import re
import unicodedata
from enum import IntFlag, auto
from functools import cache, reduce
from operator import or_

import numpy as np
from numpy.typing import NDArray

CodePoints = NDArray[np.uint32] | NDArray[np.uint8]

END = 0x20000
"""Code points from here on (ideographs, tags, private planes) bear no sign."""


class Sign(IntFlag):
    """What one character may be a sign of."""

    AMPERSAND = auto()
    BACKSLASH = auto()
    PERCENT = auto()
    EQUALS = auto()
    BREAK = auto()
    CONTROL = auto()
    C1 = auto()
    SURROGATE = auto()
    ZERO_WIDTH = auto()
    DIRECTION = auto()
    SOFT_HYPHEN = auto()
    PRIVATE = auto()
    ODD_SPACE = auto()
    NO_BREAK_SPACE = auto()
    LIGATURE = auto()
    COMBINING = auto()
    CURLY_END = auto()
    FULL_WIDTH = auto()
    PRESENTATION = auto()
    SECOND_HAND = auto()
    CURLY = auto()
    UNCOMPOSED = auto()


CHARACTERS = {
    Sign.AMPERSAND: "&",
    Sign.BACKSLASH: "\\",
    Sign.PERCENT: "%",
    Sign.EQUALS: "=",
    Sign.BREAK: "\r\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}",
    Sign.ZERO_WIDTH: "\N{ZERO WIDTH SPACE}\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}\N{WORD JOINER}",
    Sign.SOFT_HYPHEN: "\N{SOFT HYPHEN}",
    Sign.NO_BREAK_SPACE: "\N{NO-BREAK SPACE}",
    Sign.CURLY_END: "\N{RIGHT DOUBLE QUOTATION MARK}",
    Sign.SECOND_HAND: "锟嚙˝½Ѕ",  # the rarest of each form
}
"""The characters that bear a sign, where they can be told one by one."""

RANGES = {
    Sign.CONTROL: (
        (0x00, 0x08),
        (0x0B, 0x0B),
        (0x0E, 0x1F),
        (0x7F, 0x7F),
        (0x206A, 0x206F),
        (0xFEFF, 0xFEFF),
        (0xFFF9, 0xFFFC),
    ),
    Sign.C1: ((0x80, 0x9F),),
    Sign.SURROGATE: ((0xD800, 0xDFFF),),
    Sign.DIRECTION: ((0x061C, 0x061C), (0x200E, 0x200F), (0x202A, 0x202E), (0x2066, 0x2069)),
    Sign.PRIVATE: ((0xE000, 0xF8FE),),
    Sign.ODD_SPACE: ((0x2000, 0x200A), (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000)),
    Sign.LIGATURE: ((0xFB00, 0xFB06),),
    Sign.CURLY: ((0x2018, 0x201F),),
    Sign.FULL_WIDTH: ((0xFF01, 0xFF5E),),
    Sign.PRESENTATION: ((0xFB50, 0xFDFF), (0xFE70, 0xFEFC)),
}
"""The same, first to last, where they stand in rows."""


def members(sign: Sign) -> str:
    """Return the characters of a sign as the inside of a class of a pattern."""
    singles = "".join(map(re.escape, CHARACTERS.get(sign, "")))
    return singles + "".join(f"{re.escape(chr(a))}-{re.escape(chr(b))}" for a, b in RANGES.get(sign, ()))


@cache
def table() -> NDArray[np.uint32]:
    """Return the signs of each code point below `END`."""
    signs = np.zeros(END, np.uint32)
    for sign, characters in CHARACTERS.items():
        signs[[ord(c) for c in characters]] |= np.uint32(sign)
    for sign, ranges in RANGES.items():
        for first, last in ranges:
            signs[first : last + 1] |= np.uint32(sign)
    marks = [c for c in range(0x300, END) if unicodedata.combining(chr(c))]
    signs[marks] |= np.uint32(Sign.COMBINING)
    signs[[*marks, *_may_be_composed()]] |= np.uint32(Sign.UNCOMPOSED)
    signs[-1] |= np.uint32(Sign.UNCOMPOSED)  # stands for all that have no place in the table
    signs.setflags(write=False)
    return signs


def _may_be_composed() -> set[int]:
    """Return what normal form C may change, or compose with what stands before it (NFC_Quick_Check of UAX #15)."""
    found = {*range(0x1161, 0x1176), *range(0x11A8, 0x11C3)}  # the vowels and finals of Korean
    for point in range(0xC0, END):
        decomposed = unicodedata.decomposition(chr(point))
        if decomposed and decomposed[0] != "<":
            found.update(int(second, 16) for second in decomposed.split()[1:])
            if not unicodedata.is_normalized("NFC", chr(point)):
                found.add(point)
    return found


def code_points(text: str) -> CodePoints:
    """Return the characters of a text as numbers; lone surrogates are numbers like others.

    Examples:
        >>> code_points("aé").tolist()
        [97, 233]

    """
    if text.isascii():
        return np.frombuffer(text.encode("ascii"), np.uint8)
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def signs(text: str) -> int:
    """Return every sign that some character of a text bears, as a plain number, which is quicker to ask.

    Examples:
        >>> Sign(signs("Q&A"))
        <Sign.AMPERSAND: 1>

    """
    if text.isascii():
        telling = text.encode("ascii").translate(None, _silent())
        return reduce(or_, map(_of_ascii().__getitem__, set(telling)), 0) if telling else 0
    return int(np.bitwise_or.reduce(table().take(code_points(text), mode="clip")))


@cache
def _of_ascii() -> list[int]:
    """Return the signs of each ASCII character."""
    signs: list[int] = table()[:128].tolist()
    return signs


@cache
def _silent() -> bytes:
    """Return the ASCII characters that bear no sign."""
    return bytes(c for c, signs in enumerate(_of_ascii()) if not signs)
