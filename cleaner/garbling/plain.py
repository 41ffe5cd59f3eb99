"""Texts of which one pattern proves that nobody decoded them wrongly, and which signs they bear.

`readers.look` tells everything about every line of any text, in a dozen steps over arrays; for a title these cost more
than all the rest. Most texts are plain, and for those it takes one match, which proves three things:

- In each line with characters outside ASCII stand, after ASCII or at its beginning, two of which no encoding has the
  one as the first byte of a sequence of UTF-8 and the other as a later one. A run outside ASCII begins with a first
  byte, whichever encoding garbled it: so none did.
- No two neighbours are among those that ftfy's pattern of bad text asks for. Most characters get on with each other;
  the odd ones are looked at with their neighbours.
- No character bears a sign but those of `ASKED` and `UNASKED`.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from cleaner.garbling.readers import BAD, SIGNS, bytes_of_utf8, line_gate
from cleaner.garbling.signs import CHARACTERS, Sign

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]

END = 0x2E80
"""From here on East Asia begins, whose encodings have rules of their own: text with such characters is not plain."""
ASKED = {c: int(sign) for sign, c in CHARACTERS.items() if len(c) == 1}
"""Characters that bear a sign of their own: whether a text holds them is asked one by one."""
UNASKED = int(Sign.CURLY)
"""What a plain text may bear besides; only a kind that few ask for looks for it."""
SETS = 4
"""Characters that go on with a sequence do so by one set of encodings or another; this many sets have most letters."""
WORDS = 8
"""So many words may leave it open whether a line is plain before it is given up."""


def plain_signs(text: str) -> int | None:
    """Return the signs that a text outside ASCII may bear, or None where it takes a closer look.

    Examples:
        >>> plain_signs("OÃ¹ est passÃ© l’Ã©tÃ© ?")
        >>> bool(plain_signs("Où est passé l’été ? 100 %") & Sign.PERCENT)
        True

    """
    if not _pattern().match(text):
        return None
    found = UNASKED
    for character, sign in ASKED.items():
        if character in text:
            found |= sign
    return found


@cache
def _pattern() -> re.Pattern[str]:
    """Derive the pattern from the table of `line_gate`, which puts characters that are alike into one class."""
    gate = line_gate()
    kinds, first, classes, sizes = np.unique(
        gate.classes[:END], return_index=True, return_inverse=True, return_counts=True
    )
    facts = gate.facts.reshape(gate.kinds, gate.kinds)[np.ix_(kinds, kinds)]
    bad = facts & BAD != 0
    silent = facts[0] >> SIGNS & ~(sum(ASKED.values()) | UNASKED) == 0

    def members(chosen: Mask, *, breaks: bool = True) -> str:
        points = np.flatnonzero(chosen[classes])
        return _class(points if breaks else points[points != ord("\n")])

    is_ascii = first <= ord("\x7f")
    easy, *groups = _peaceful(first, bad, silent)
    rest = f"{members(easy, breaks=False)}++"
    for odd in groups:
        rest += f"|(?<!{members(bad[:, odd].any(1))}){members(odd)}(?!{members(bad[odd].any(0))})"
    word = f"{members(easy & ~is_ascii)}++{members(easy & is_ascii, breaks=False)}++"
    settled = "|".join(f"{members(a)}(?:{members(b)}|\\Z)" for a, b in _settling(first, sizes, silent))
    line = f"(?=(?:{word}){{0,{WORDS}}}?(?:{settled}))(?:{rest})*+(?:\\n|\\Z)"
    text = f"{members(easy & is_ascii)}*+"
    return re.compile(f"{text}(?:{line}{text})*+\\Z")


def _peaceful(first: NDArray[np.intp], bad: Mask, silent: Mask) -> tuple[Mask, Mask, Mask]:
    """Return the classes of which no two are ever bad neighbours, then the odd letters and signs that join in mostly.

    ASCII comes first, then small letters, and of the rest what gets on with most.
    """
    strife = bad | bad.T
    characters = [chr(point) for point in first]

    def rank(k: int) -> tuple[bool, bool, int]:
        return not characters[k].isascii(), not characters[k].islower(), int(strife[k].sum())

    easy = np.zeros(len(first), np.bool_)
    for k in sorted(np.flatnonzero(silent).tolist(), key=rank):
        easy[k] = not strife[k, k] and not strife[k, easy].any()
    odd = silent & ~easy & ~strife[:, [c.isascii() for c in characters]].any(1)
    letters = np.array([c.isalpha() for c in characters])
    return easy, odd & letters, odd & ~letters & (strife[:, easy].sum(1) < easy.sum() / 2)


def _settling(first: NDArray[np.intp], sizes: NDArray[np.intp], known: Mask) -> Iterator[tuple[Mask, Mask]]:
    """Yield classes outside ASCII, and those one of which right after them settles that they begin no sequence."""
    lead, more = (bits[first] for bits in bytes_of_utf8())
    letters = np.array([chr(point).isalpha() for point in first])
    sets, places = np.unique(more[known], return_inverse=True)
    counts = np.bincount(places, (sizes * letters)[known])
    for encodings in sets[np.argsort(-counts, kind="stable")][:SETS]:
        yield known & (first > ord("\x7f")) & (lead & encodings == 0), known & (more == encodings)


def _class(points: NDArray[np.intp]) -> str:
    """Return the class of a pattern that matches some code points, or one that matches nothing."""
    if not len(points):
        return r"[^\s\S]"
    rows = np.split(points, np.flatnonzero(np.diff(points) != 1) + 1)
    return "[" + "".join(f"\\u{row[0]:04x}-\\u{row[-1]:04x}" for row in rows) + "]"
