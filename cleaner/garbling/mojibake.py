"""UTF-8 that was read in another encoding, once or more often: found by the document and undone by the line.

Lines that decode whole are weighed over the document (`weighing`); in what is left, bytes may have been lost
(`losses`), and the last word is ftfy's, line by line (`by_ftfy`).
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING

from cleaner.garbling import by_ftfy, losses
from cleaner.garbling.badness import is_bad
from cleaner.garbling.differences import differences
from cleaner.garbling.readers import BAD, OUTSIDE_ASCII, SUSPICIOUS, Reader, lines_with
from cleaner.garbling.weighing import decoded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cleaner.document import Edit
    from cleaner.garbling.ways import Way


def mojibake(text: str) -> Iterator[Edit]:
    r"""Decode again what was decoded wrongly.

    Examples:
        >>> [(e.after, e.reason) for e in mojibake("schÃ¶n, MÃ¤dchen")]
        [('ö', 'UTF-8 read as windows-1252'), ('ä', 'UTF-8 read as windows-1252')]

    """
    facts, lines = lines_with(text, SUSPICIOUS)
    found = {start: (way, version) for start, way, version in decoded(lines, facts)}
    for start, (way, version) in found.items():
        gain = round(version.gain, 1)
        yield from differences(start, lines[start], version.text, "repair/mojibake", gain, told(way))
    rest = {start: line for start, line in lines.items() if start not in found and facts[start] & BAD}
    if rest and (encodings := losses.encodings(rest.values())):
        rest = {start: line for start, line in rest.items() if is_bad(line)}
        shown = Counter[Reader]()
        for way, version in found.values():
            if len(way) == 1:
                shown[way[0]] += version.outside
        _, others = lines_with(text, OUTSIDE_ASCII)
        others = {start: line for start, line in others.items() if start not in lines}
        patched = dict(losses.edits(rest, others, encodings, shown))
        yield from chain.from_iterable(patched.values())
        yield from chain.from_iterable(by_ftfy.edits(s, line) for s, line in rest.items() if s not in patched)


@cache
def told(way: Way) -> str:
    """Return a way in words."""
    return by_ftfy.in_words([reader.name for reader in way])
