"""Characters as numbers, and what kind each of them is: tables over Unicode, so that numpy can read a text at once."""

from __future__ import annotations

import sys
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

SPACE, LOWER, UPPER, UNCASED, IDEOGRAPH, DIGIT, STOP, COMMA, QUOTE, SIGN, ELLIPSIS = range(11)
KINDS = 11

_OF_CATEGORY = {"Ll": LOWER, "Lu": UPPER, "Lt": UPPER, "Lo": UNCASED, "Lm": UNCASED, "Mn": UNCASED, "Mc": UNCASED}
_OF_CLASS = {"Z": SPACE, "C": SPACE, "N": DIGIT, "P": QUOTE, "S": SIGN, "L": UNCASED, "M": UNCASED}
_OF_CHARACTER = (
    dict.fromkeys(".!?。！？؟।۔｡", STOP)
    | dict.fromkeys(",;:，、；：،؛", COMMA)
    | dict.fromkeys("|/\\<>»«›‹·•*#@©®&_=+~^°→←↑↓▲▼►◄", SIGN)
    | {"…": ELLIPSIS}
)
_IDEOGRAPHS = ((0x3040, 0x30FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF))
_PLANE = 0x10000
_PLANES_OF_IDEOGRAPHS = (0x20000, 0x3FFFF)


def codes(text: str) -> NDArray[np.uint32]:
    """Return the code points of a text.

    Examples:
        >>> codes("aé").tolist()
        [97, 233]

    """
    order = "le" if sys.byteorder == "little" else "be"
    return np.frombuffer(text.encode(f"utf-32-{order}", "surrogatepass"), np.uint32)


@cache
def tables() -> tuple[NDArray[np.uint8], NDArray[np.uint32]]:
    """Return kind and lower case of each character of the basic plane."""
    kinds = np.empty(_PLANE, np.uint8)
    lower = np.arange(_PLANE, dtype=np.uint32)
    for code in range(_PLANE):
        char = chr(code)
        category = unicodedata.category(char)
        kind = _OF_CATEGORY.get(category)
        kinds[code] = _OF_CLASS[category[0]] if kind is None else kind
        if kind == UPPER:
            lower[code] = ord(char.lower()[0])
    for start, end in _IDEOGRAPHS:
        kinds[start : end + 1] = IDEOGRAPH
    for char, kind in _OF_CHARACTER.items():
        kinds[ord(char)] = kind
    return kinds, lower


def kinds(points: NDArray[np.uint32]) -> NDArray[np.uint8]:
    """Return the kind of each code point.

    Examples:
        >>> kinds(codes("aB7 河.")).tolist() == [LOWER, UPPER, DIGIT, SPACE, IDEOGRAPH, STOP]
        True

    """
    if points.max(initial=0) < _PLANE:
        return tables()[0].take(points)
    found = tables()[0].take(np.minimum(points, _PLANE - 1))
    beyond = points >= _PLANE
    first, last = _PLANES_OF_IDEOGRAPHS
    found[beyond] = np.where((points[beyond] >= first) & (points[beyond] <= last), IDEOGRAPH, SIGN)
    return found


def lowered(points: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Return the code points in lower case, one for one."""
    if points.max(initial=0) < _PLANE:
        return tables()[1].take(points)
    return np.where(points < _PLANE, tables()[1].take(np.minimum(points, _PLANE - 1)), points)
