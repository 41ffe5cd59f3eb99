"""The place of a block in its page: a row of numbers for each, from its path and its links.

What the authors of pages call their elements says a lot: the words of ids and classes are looked for in a few families.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cleaner.document import Block

TAGS = (
    "p",
    "li",
    "tr",
    "td",
    "h1",
    "h2",
    "h3",
    "h4",
    "div",
    "dt",
    "dd",
    "pre",
    "blockquote",
    "span",
    "label",
    "figcaption",
)
"""The innermost element, one of these or another one."""
ABOVE = (
    "nav",
    "footer",
    "header",
    "aside",
    "form",
    "table",
    "ul",
    "article",
    "main",
    "section",
    "figure",
    "ol",
    "dialog",
)
"""Elements somewhere on the path."""
HINTS = {
    "navigation": r"nav|menu|crumb|toolbar|tabs?\b|skip",
    "foot": r"foot|copyright|legal|bottom|colophon",
    "head": r"head|masthead|banner|\btop|logo|hero",
    "side": r"side|rail|aside|widget|\bright\b",
    "share": r"shar|social|follow|\bprint|tools?\b|button|\bbtn",
    "related": r"relat|recommend|popular|trending|teaser|latest|also|\bnext\b|prev|recirc|\bmore",
    "tiles": r"card|grid|list|item|carousel|slider|gallery|feed|row|col",
    "comments": r"comment|disqus|repl|respon|discuss|thread|message|review",
    "advertising": r"\bads?\b|advert|sponsor|promo|\bad[-_]|banner|partner",
    "body": r"article|content|post|entry|story|body|text|prose|markdown|rich|copy\b|description",
    "main": r"main|primary|page|detail|single|wiki",
    "about": r"meta|byline|author|date|time|tags?\b|categor|caption|credit|info",
    "overlay": r"cookie|consent|modal|popup|overlay|newsletter|subscri|sign|login|hidden|sr-only|visually|search|form",
    "shop": r"product|price|cart|shop|sku|rating|spec|feature|offer|cta",
    "title": r"title|headline|heading|subtitle|\blead|summary|intro|deck",
}
"""Families of words in ids and classes."""
NAMES = (
    "links", "all links", *TAGS, *(f"in {tag}" for tag in ABOVE), *HINTS, *(f"{hint} close by" for hint in HINTS),
    "depth", "path as before", "path as after", "share of the path", "share of the element above",
    "words a line on the path", "links on the path", "links of the element above", "share of paragraphs there",
)  # fmt: skip
"""What each number of a row says, in order."""

_HINTS = [re.compile(pattern) for pattern in HINTS.values()]
_TAG = re.compile(r"[^#.]*")
_CLOSE = 2
"""Elements at the end of a path that are close by."""


def place(blocks: Sequence[Block], words: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the place of the blocks of a page as numbers: blocks times `NAMES`.

    Examples:
        >>> from cleaner.document import Block
        >>> rows = place([Block(0, 4, "body/nav.top/ul/li", 1.0), Block(5, 30, "body/p")], np.float32([1, 6]))
        >>> [NAMES[i] for i in np.flatnonzero(rows[0, :20])]
        ['links', 'all links', 'li', 'in nav']

    """
    n = len(blocks)
    paths: dict[str, int] = {}
    path = np.fromiter((paths.setdefault(b.path, len(paths)) for b in blocks), np.int64, n)
    above: dict[str, int] = {}
    up = np.fromiter((above.setdefault(p.rpartition("/")[0], len(above)) for p in paths), np.int64, len(paths))
    links = np.fromiter((b.links for b in blocks), np.float32, n)
    marks = np.array([_marks(p) for p in paths], np.float32).reshape(len(paths), -1)
    total = max(float(words.sum()), 1.0)
    on_path = np.bincount(path, words, len(paths))
    under = np.bincount(up, on_path, len(above))
    linked = np.bincount(path, words * links, len(paths))
    linked_under = np.bincount(up, linked, len(above))
    long = np.bincount(up, np.bincount(path, words * (words >= _LONG) * (links < _MOSTLY), len(paths)), len(above))
    lines = np.bincount(path, minlength=len(paths))
    of_path = [
        on_path / total,
        under[up] / total,
        np.log1p(on_path / np.maximum(lines, 1)) / 4,
        linked / np.maximum(on_path, 1),
        linked_under[up] / np.maximum(under[up], 1),
        long[up] / np.maximum(under[up], 1),
    ]
    same = np.concatenate([[False], path[1:] == path[:-1], [False]])
    columns = [links, links > _ALL, *marks[path].T, same[:-1], same[1:], *(column[path] for column in of_path)]
    return np.stack(columns, 1).astype(np.float32)


_LONG = 15
_MOSTLY = 0.5
_ALL = 0.9


@lru_cache(maxsize=20_000)
def _marks(path: str) -> tuple[float, ...]:
    """Return what a path alone says."""
    steps = path.lower().split("/")
    tags = {match[0] for step in steps if (match := _TAG.match(step))}
    last = match[0] if (match := _TAG.match(steps[-1])) else ""
    named = [step[len(match[0]) :] for step in steps if (match := _TAG.match(step))]
    far, close = " ".join(named[:-_CLOSE]), " ".join(named[-_CLOSE:])
    return (
        *(float(last == tag) for tag in TAGS),
        *(float(tag in tags) for tag in ABOVE),
        *(float(pattern.search(far) is not None) for pattern in _HINTS),
        *(float(pattern.search(close) is not None) for pattern in _HINTS),
        min(len(steps), 30) / 15,
    )
