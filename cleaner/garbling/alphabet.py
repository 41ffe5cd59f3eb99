"""Letters as the character model counts them: without case, every digit alike, every space alike."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SPACES = re.compile(r"[ \t\n\xa0\u2009\u202f]+")

END = 0x10000
"""The model knows no character beyond the Basic Multilingual Plane."""


@cache
def folded() -> NDArray[np.uint16]:
    """Return, for each code point below `END`, the one that it is counted as."""
    table = np.arange(END, dtype=np.uint16)
    for point in range(END):
        character = chr(point)
        lower = character.lower()
        if character.isdecimal():
            table[point] = ord("0")
        elif len(lower) == 1 and lower != character and ord(lower) < END:
            table[point] = ord(lower)
    table[[ord(c) for c in "\t\n\xa0\u2009\u202f"]] = ord(" ")
    table.setflags(write=False)
    return table


def fold(text: str) -> str:
    """Return a text as the model counts it, with a space before and after.

    Examples:
        >>> fold("Été 2024")
        ' été 0000 '

    """
    return f" {_SPACES.sub(' ', text.translate(_table()))} "


@cache
def _table() -> dict[int, int]:
    changed = np.flatnonzero(folded() != np.arange(END))
    return {int(c): int(folded()[c]) for c in changed}
