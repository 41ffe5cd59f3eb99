"""Removes what a site repeats: lines that many of its pages share, as learned from a corpus or read from a pack."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from cleaner import sites
from cleaner.document import Edit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cleaner.document import Document

_WORD = re.compile(r"[^\W\d_]{4,}|[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]{2}")
_HEADLINE = 4
"""Telling words that a headline has at least, and twice the ones that it shares with the text below."""
_LONG = 80
"""Characters of a line, an ideograph counted as two, from which it is text that a headline can stand above."""


@dataclass(frozen=True, slots=True)
class Templates:
    """Remove the lines that many pages of the document's site have; the site is that of its ``url``.

    A story's own headline stands on other pages too: as a link, or above a copy. So the document's title stays, and so
    does a line whose words come back in its long lines, unless half of the site's pages have it.

    Examples:
        >>> from cleaner.document import Document
        >>> pages = [("herald.example", f"Home | News\\n{word} is near.") for word in ("Rain", "Sun")]
        >>> stage = Templates(known=sites.learn(sites.count(pages)))
        >>> doc = Document("a", "Home | News\\nFog is near.", fields={"url": "https://www.herald.example/fog"})
        >>> [(edit.rule, edit.reason, doc.text[edit.start : edit.end]) for edit in stage(doc)]
        [('site/herald.example', 'stands on 2 of 2 pages', 'Home | News\\n')]

    """

    pack: str = ""
    """Path of a pack as `cleaner learn` writes them; empty for what the run itself has learned, if anything."""
    known: Mapping[int, sites.Site] = field(default_factory=dict, repr=False)
    """Sites as `cleaner.sites.learn` returns them; they go before those of the pack."""
    most: float = 0.5
    """Share of a site's pages from which a line is furniture even if the document takes up its words."""

    def __call__(self, doc: Document) -> Iterator[Edit]:
        """Yield an edit for each line to go; its line break goes with it."""
        name = sites.host(doc.fields.get("url", ""))
        site = sites.of(self.known, name) or (sites.of(_read(self.pack), name) if self.pack else None)
        if site is None:
            return
        text, title = doc.text, _plain(doc.fields.get("title", ""))
        said: set[str] | None = None
        for block in doc.blocks:
            line = text[block.start : block.end]
            times = site.lines.get(sites.key(line))
            if times is None or (title and _plain(line) == title):
                continue
            if times < self.most * site.pages and len(words := _WORD.findall(line.lower())) >= _HEADLINE:
                said = _said(text) if said is None else said
                if 2 * sum(word in said for word in words) >= len(words):
                    continue
            end = block.end + (text[block.end : block.end + 1] == "\n")
            yield Edit(
                block.start, end, "", f"site/{name}", times / site.pages, f"stands on {times} of {site.pages} pages"
            )


def _plain(line: str) -> str:
    return " ".join(line.casefold().split())


def _said(text: str) -> set[str]:
    """Return the telling words of a text's long lines."""
    return {word for line in text.lower().split("\n") if len(line) >= _LONG for word in _WORD.findall(line)}


@cache
def _read(pack: str) -> Mapping[int, sites.Site]:
    return sites.read(Path(pack))
