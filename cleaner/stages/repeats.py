"""Removes what a page says twice in a row: captions that stand under a picture and in it, headlines, sentences.

A text may repeat itself on purpose. So short lines ("No." "No."), quotations, items of lists, rows of tables and
numbers stay, and so does a refrain: a line of verse has others around it, while a caption stands among paragraphs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from operator import eq
from typing import TYPE_CHECKING

from cleaner.document import Edit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from cleaner.document import Block, Document

_WIDE = re.compile(r"[\u1100-\u11ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_SPECIAL = re.compile(r"\s*(?:[-–—•*·>\"'“„«‘‚「『‹#|]|\d{1,3}[.)]\s)|.*(?:\t|\||\s{3})")
_SENTENCE = re.compile(r"[.!?…。！？](?:(?<=[。！？])\s*|\s+)")
_RULES = {1: "repeats/line", 2: "repeats/pair", 3: "repeats/triple"}
"""By how many lines come twice."""
_JOINS = ("", "|", "-", "–", "—", "/", "·", "•")
_REMEMBERED = 1 << 11
"""Lines that are remembered, those of a few documents."""
VERSE = 80
"""Weight up to which a line may be one of a song or a poem."""


_Copy = tuple[int, int, str]
"""Where in a line stands what it says again, and the rule."""


@dataclass(frozen=True, slots=True)
class Repeats:
    """Remove the second of two equal lines, pairs or triples of lines, halves of a line, or sentences.

    Examples:
        >>> from cleaner.document import Document
        >>> text = "Workers clear the road near Lindenau on Monday.\\n" * 2 + "“No.”\\n“No.”"
        >>> doc = Document("a", text)
        >>> doc.edit(Repeats()(doc)).text
        'Workers clear the road near Lindenau on Monday.\\n“No.”\\n“No.”'

    """

    least: int = 24
    """Weight of the shortest line that counts: its characters, a wide one (Chinese, Japanese, Korean) as two."""
    words: int = 4
    """Words that it has at least, if it has spaces."""
    sentence: int = 60
    """Weight of the shortest sentence that counts within a line."""

    def __call__(self, doc: Document) -> Iterator[Edit]:
        """Yield an edit for each second copy."""
        raw = doc.lines
        lines = [*map(_squeezed, raw)]
        again = {i for n in _RULES for i, same in enumerate(map(eq, lines, lines[n:])) if same}
        least = 2 * self.least
        long = {i for i, line in enumerate(raw) if len(line) >= least or _weighs(line, least)}
        within = _within(self)
        past = 0
        for i in sorted(again | long):
            if i < past:
                continue
            for n, rule in _RULES.items() if i in again else ():
                if lines[i + n : i + n + 1] == lines[i : i + 1] and self._doubled(doc, lines, i, n):
                    yield from (_without(doc.text, block, rule) for block in doc.blocks[i + n : i + 2 * n])
                    past = i + 2 * n
                    break
            else:
                if i in long and (found := within(raw[i].rstrip())):
                    at = doc.blocks[i].start
                    yield from (Edit(at + a, at + b, "", rule) for a, b, rule in found)

    def _doubled(self, doc: Document, lines: list[str], i: int, n: int) -> bool:
        """Tell whether the ``n`` lines from ``i`` come twice, no more than twice, and not on purpose."""
        first, second = lines[i : i + n], lines[i + n : i + 2 * n]
        if first != second or not any(map(self._counts, first)) or any(map(_SPECIAL.match, doc.lines[i : i + n])):
            return False
        if first in (lines[i + 2 * n : i + 3 * n], lines[max(0, i - n) : i]):
            return False
        above, between, below = (_joined(doc.text, doc.blocks, k) for k in (i, i + n, i + 2 * n))
        if between and not above and not below:
            return True  # blank lines around the two and none between: a caption
        around = lines[max(0, i - 2) : i] + lines[i + 2 * n : i + 2 * n + 2]
        return len(around) < 2 or not all(map(_is_verse, [*first, *around]))  # noqa: PLR2004  # two lines make a stanza

    def _counts(self, line: str) -> bool:
        letters = sum(map(str.isalpha, line))
        spaced = line.count(" ") + 1 >= self.words or len(_WIDE.findall(line)) * 2 >= self.least
        return _weighs(line, self.least) and spaced and letters * 2 > len(line)

    def within(self, line: str) -> Sequence[_Copy]:
        """Return what a line says again that it has just said."""
        found = self.halves(line) or self.sentences(line) if _weighs(line, 2 * self.least) else ()
        return () if found and _SPECIAL.match(line) else found

    def halves(self, line: str) -> Sequence[_Copy]:
        """Return the second half of a line that says the same as the first."""
        for gap in range(len(line) % 2, 4, 2):
            half = (len(line) - gap) // 2
            if (
                line.startswith(line[half + gap :])
                and line[half : half + gap].strip() in _JOINS
                and self._counts(line[:half])
            ):
                return ((half, len(line), "repeats/half"),)
        return ()

    def sentences(self, line: str) -> Sequence[_Copy]:
        """Return the sentences of a line that say the same as the one before."""
        if not _weighs(line, 2 * self.sentence):
            return ()
        sentences = _SENTENCE.split(line)
        sentences[-1] = sentences[-1][:-1]  # as if its mark were gone, too
        if not any(map(eq, sentences, sentences[1:])):
            return ()
        found = []
        said, at, gap = "", 0, 0
        gaps = ((mark.start() + 1, mark.end()) for mark in _SENTENCE.finditer(line))
        for start, end in [*gaps, (len(line), len(line))]:
            again, said = said, line[at:start]
            if said == again and _weighs(said, self.sentence) and self._counts(said):
                found.append((gap, start, "repeats/sentence"))
            gap, at = start, end
        return found


@cache
def _within(stage: Repeats) -> Callable[[str], Sequence[_Copy]]:
    """Return what tells what a line says again, and remembers it for the next round."""
    return lru_cache(maxsize=_REMEMBERED)(stage.within)


def _squeezed(line: str) -> str:
    """Return a line with single spaces between its words; most have no others."""
    if line.isprintable() and "  " not in line and line[:1] != " " != line[-1:]:
        return line
    return " ".join(line.split())


def _joined(text: str, blocks: Sequence[Block], i: int) -> bool:
    """Tell whether a block stands right under the one before it."""
    return 0 < i < len(blocks) and text.count("\n", blocks[i - 1].end, blocks[i].start) == 1


def _is_verse(line: str) -> bool:
    return not _weighs(line, VERSE + 1) and not line.endswith(".") and not any(map(str.isdigit, line))


def _weighs(line: str, least: int) -> bool:
    """Tell whether a line has a weight at least; most lines tell by their length."""
    size = len(line)
    return size >= least or (2 * size >= least and not line.isascii() and size + len(_WIDE.findall(line)) >= least)


def _without(text: str, block: Block, rule: str) -> Edit:
    """Return the edit that removes a block, which is not the first one, and the line break before it."""
    start = block.start - 1 if text[block.start - 1] == "\n" else block.start
    return Edit(start, block.end, "", rule)
