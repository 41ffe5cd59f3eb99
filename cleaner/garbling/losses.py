"""Lines of UTF-8, read in another encoding, that have lost bytes since: whether the document shows enough to mend them.

Bad lines show which encoding it was and what happened to them; once they have shown enough, others are mended, too.
`search` finds the likeliest text that can have become such a line.
"""

from __future__ import annotations

import re
from itertools import accumulate
from typing import TYPE_CHECKING

from cleaner.document import Edit
from cleaner.garbling import by_ftfy
from cleaner.garbling.choices import share_of_sequences
from cleaner.garbling.readers import BYTE_BY_BYTE, UTF8, Reader, byte_by_byte
from cleaner.garbling.search import Restored, restored

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Collection, Iterator, Mapping

LEAST_GAIN = 8.0
"""What a line has to gain."""
LONGEST = 4000
"""Lines longer than this are not searched for lost bytes: the search takes its time."""
MOST_SEARCHED = 30_000
"""In a document with more characters than this in such lines, none is searched: one or two seconds are enough."""
SAMPLE = 4000
"""So many characters of them show which encoding it was."""
LEAST_SEQUENCES_OF_UTF8 = 0.55
"""In lines of UTF-8 with losses at least so many of the characters outside ASCII stand in whole sequences (.6 to 1
were seen); in text of old encodings at most .54 do."""
LEAST_TELLING = 50
"""Fewer characters outside ASCII than this do not tell."""
LEAST_SEQUENCES_OF_A_LOSS = 30
"""Lost bytes are made up for only if the document shows at least so many decoded characters."""
LINES_IN_LOWER_CASE = 3
"""What UTF-8 is read as holds capitals (Ã, Ð, Ø): so many garbled lines without any have been lower-cased."""
MOST_LEFT = 0.15
"""For each character that comes out of a line with lost bytes, so many may stay garbled: else it is no UTF-8."""
USUAL = BYTE_BY_BYTE[:10]
"""Encodings that are looked for."""

_SENTENCE = re.compile(r"[.!?]$")


def encodings(lines: Collection[str]) -> list[Reader]:
    """Return the encodings by which lines that do not decode whole, being UTF-8 with losses, may have been read.

    There are none if they are no UTF-8: text in an old encoding of two bytes a character holds some sequences of UTF-8,
    too, by chance.
    """
    sample = "\n".join(lines)[:SAMPLE]
    best = max(USUAL, key=lambda reader: _sequences(sample, reader))
    found = list(dict.fromkeys((USUAL[0], best)))
    if len(sample) - len(sample.encode("ascii", "ignore")) < LEAST_TELLING:
        return found
    shares = [share_of_sequences(sample, reader.codec) for reader in found]
    return found if max(shares) >= LEAST_SEQUENCES_OF_UTF8 else []


def edits(
    lines: Mapping[int, str], others: Mapping[int, str], possible: Collection[Reader], shown: Counter[Reader]
) -> Iterator[tuple[int, list[Edit]]]:
    """Yield where lines with lost bytes start, with what mends them.

    Args:
        lines: the bad ones that do not decode whole, by where they start.
        others: those outside ASCII that are not suspicious.
        possible: the encodings by which they may have been read, unless other lines show it.
        shown: how many characters were decoded in those, by encoding.

    """
    lines = {start: line for start, line in lines.items() if len(line) < LONGEST}
    if not lines or _length(lines) > MOST_SEARCHED:
        return
    is_lower = len(lines) >= LINES_IN_LOWER_CASE and all(line == line.lower() for line in lines.values())
    sample = _first(lines, SAMPLE)
    candidates = [reader for reader, _ in shown.most_common(1)] or possible
    tried = ((reader, restored(sample, reader.codec, made_up=True)) for reader in candidates)
    reader, found = max(tried, key=lambda one: sum(r.gain for r in one[1].values()))
    left = {start: line for start, line in lines.items() if start not in sample}
    found |= restored(left, reader.codec, made_up=True)
    if shown[reader] + sum(one.characters for one in found.values()) < LEAST_SEQUENCES_OF_A_LOSS:
        found = _without_making_up(lines, reader)
    else:
        found |= _elsewhere(others, reader, is_lower=is_lower)
    reason = f"{by_ftfy.in_words([reader.name])}; then {'lower-cased' if is_lower else 'bytes were lost'}"
    for start, one in found.items():
        if one.gain > LEAST_GAIN and one.left <= MOST_LEFT * one.characters:
            gain = round(one.gain, 1)
            changes = _begun(lines[start], one.edits) if is_lower and start in lines else one.edits
            yield start, [Edit(start + a, start + b, new, "repair/mojibake", gain, reason) for a, b, new in changes]


def _without_making_up(lines: Mapping[int, str], reader: Reader) -> dict[int, Restored]:
    """Return what can be mended by no-break spaces alone that have become spaces, where ftfy does not do it."""
    return {
        start: one
        for start, one in restored(lines, reader.codec, made_up=False).items()
        if not one.left
        and one.characters > 1
        and ("transcode", "restore_byte_a0") not in by_ftfy.fixed(lines[start])[1]
    }


def _elsewhere(others: Mapping[int, str], reader: Reader, *, is_lower: bool) -> dict[int, Restored]:
    """Return what can be mended in lines that are not bad; what was lower-cased shows nothing else there."""
    asked = {
        start: line
        for start, line in others.items()
        if len(line) < LONGEST and (is_lower or _sequences(line, reader) > 1)
    }
    found = restored(asked, reader.codec, made_up=True) if _length(asked) <= MOST_SEARCHED else {}
    return {start: one for start, one in found.items() if not one.left and one.characters > 1}


def _length(lines: Mapping[int, str]) -> int:
    return sum(map(len, lines.values()))


def _sequences(text: str, reader: Reader) -> int:
    """Return how many sequences of UTF-8 can be seen in a text that was read by some encoding."""
    return len(UTF8.findall(byte_by_byte(text, reader.codec, "replace") or b""))


def _first(lines: Mapping[int, str], characters: int) -> dict[int, str]:
    """Return the first lines, with so many characters in all or a little more."""
    starts = accumulate((len(line) for line in lines.values()), initial=0)
    return {start: line for (start, line), before in zip(lines.items(), starts, strict=False) if before < characters}


def _begun(line: str, edits: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Return the edits of a line that was lower-cased; it begins with a capital if it ends as a sentence."""
    if not _SENTENCE.search(line) or not edits:
        return edits
    (start, end, new), *others = edits
    if start == 0:
        return [(start, end, new[0].upper() + new[1:]), *others] if len(new[0].upper()) == 1 else edits
    return [(0, 1, line[0].upper()), *edits] if line[0].isascii() and line[0].islower() else edits
