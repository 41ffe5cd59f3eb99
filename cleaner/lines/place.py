"""The place of a block in its page: a row of numbers for each, from its path and its links.

What the authors of pages call their elements says a lot: the words of ids and classes are looked for in a few families.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache, reduce
from operator import or_
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

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
    "navigation": r"nav|menu|crumb|toolbar|tab\b|tabs\b|skip",
    "foot": r"foot|copyright|legal|bottom|colophon",
    "head": r"head|masthead|banner|\btop|logo|hero",
    "side": r"side|rail|aside|widget|\bright\b",
    "share": r"shar|social|follow|\bprint|tool\b|tools\b|button|\bbtn",
    "related": r"relat|recommend|popular|trending|teaser|latest|also|\bnext\b|prev|recirc|\bmore",
    "tiles": r"card|grid|list|item|carousel|slider|gallery|feed|row|col",
    "comments": r"comment|disqus|repl|respon|discuss|thread|message|review",
    "advertising": r"\bad\b|\bads\b|\bad-|\bad_|advert|sponsor|promo|banner|partner",
    "body": r"article|content|post|entry|story|body|text|prose|markdown|rich|copy\b|description",
    "main": r"main|primary|page|detail|single|wiki",
    "about": r"meta|byline|author|date|time|tag\b|tags\b|categor|caption|credit|info",
    "overlay": r"cookie|consent|modal|popup|overlay|newsletter|subscri|sign|login|hidden|sr-only|visually|search|form",
    "shop": r"product|price|cart|shop|sku|rating|spec|feature|offer|cta",
    "title": r"title|headline|heading|subtitle|\blead|summary|intro|deck",
}
"""Families of words in ids and classes: any of them, between word boundaries if it says so."""
NAMES = (
    "links", "all links", *TAGS, *(f"in {tag}" for tag in ABOVE), *HINTS, *(f"{hint} close by" for hint in HINTS),
    "depth", "path as before", "path as after", "share of the path", "share of the element above",
    "words a line on the path", "links on the path", "links of the element above", "share of paragraphs there",
)  # fmt: skip
"""What each number of a row says, in order."""

_HEAD = 2
"""Letters with which a word is looked up; none is shorter."""
_MARK = re.compile(r"[#.]")
_LAST, _ABOVE = ({tag: 1 << i for i, tag in enumerate(tags)} for tags in (TAGS, ABOVE))


@cache
def _words() -> Mapping[str, Sequence[tuple[str, bool, bool, int]]]:
    """Return the words of `HINTS` by how they begin, each with what must stand at its ends and its family as a bit."""
    found: dict[str, list[tuple[str, bool, bool, int]]] = {}
    for i, family in enumerate(HINTS.values()):
        for entry in family.split("|"):
            word = entry.removeprefix(r"\b").removesuffix(r"\b")
            found.setdefault(word[:_HEAD], []).append((word, entry.startswith(r"\b"), entry.endswith(r"\b"), 1 << i))
    return found


class Placed(Protocol):
    """What is known of the place of a line, be it a block or something else."""

    @property
    def path(self) -> str:
        """The elements in which it stands."""

    @property
    def links(self) -> float:
        """The share of it that is links."""


def place(blocks: Sequence[Placed], words: NDArray[np.float32]) -> NDArray[np.float32]:
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
    marks = _spread(np.array([*map(_marks, paths)], np.int64).reshape(len(paths), -1))
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
    parts = [
        np.stack([links, links > _ALL], 1),
        marks[path],
        np.stack([same[:-1], same[1:]], 1),
        np.stack(of_path, 1)[path],
    ]
    return np.concatenate(parts, 1, dtype=np.float32, casting="same_kind")


_LONG = 15
_MOSTLY = 0.5
_ALL = 0.9


_BITS = np.array([1 << i for i in range(max(len(TAGS), len(ABOVE), len(HINTS)))])
_DEEP, _SCALE = 30, 15


class _Marks(NamedTuple):
    """What a path alone says: sets of `TAGS`, `ABOVE` and `HINTS`, each as bits of a number, and its length."""

    last: int
    above: int
    far: int
    """The hints of all elements but the last two."""
    up: int
    """Those of the last but one."""
    own: int
    depth: int


@lru_cache(maxsize=20_000)
def _marks(path: str) -> _Marks:
    """Return what a path alone says."""
    above, _, step = path.rpartition("/")
    tag, own = _step(step)
    last, within = _LAST.get(tag, 0), _ABOVE.get(tag, 0)
    if not above:
        return _Marks(last, within, 0, 0, own, 1)
    before = _marks(above)
    return _Marks(last, before.above | within, before.far | before.up, before.own, own, before.depth + 1)


@lru_cache(maxsize=20_000)
def _step(step: str) -> tuple[str, int]:
    """Return the element of a step of a path, and the families of words in its id and classes, as bits."""
    tag, *names = _MARK.split(step.lower())
    return tag, reduce(or_, map(_hints, names), 0)


@lru_cache(maxsize=20_000)
def _hints(named: str) -> int:
    """Return the families of words in an id or a class, as bits."""
    found, known = 0, _words()
    for i in range(len(named)):
        for word, opens, closes, bit in known.get(named[i : i + _HEAD], ()):
            end = i + len(word)
            if (
                named.startswith(word, i)
                and not (opens and i and _is_letter(named[i - 1]))
                and not (closes and end < len(named) and _is_letter(named[end]))
            ):
                found |= bit
    return found


def _is_letter(char: str) -> bool:
    return char.isalnum() or char == "_"


def _spread(marks: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return marks, one a row, with a column for each bit."""
    last, above, far, up, own, depth = marks.T
    sets = ((last, TAGS), (above, ABOVE), (far, HINTS), (up | own, HINTS))
    bits = [(found[:, None] & _BITS[: len(names)]) > 0 for found, names in sets]
    deep = np.minimum(depth, _DEEP)[:, None] / _SCALE
    return np.concatenate([*bits, deep], 1, dtype=np.float32, casting="same_kind")
