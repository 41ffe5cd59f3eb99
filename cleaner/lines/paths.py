"""What the path of a block says by itself: its elements, and families of words in their ids and classes."""

from __future__ import annotations

import re
from functools import cache, lru_cache, reduce
from operator import or_
from typing import TYPE_CHECKING, NamedTuple

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


class Word(NamedTuple):
    """A word of `HINTS`. It begins with two letters from a to z, by which it is looked up."""

    text: str
    opens: bool
    """Whether no letter may stand before it."""
    closes: bool
    """Whether none may follow it."""
    family: int


WORDS = tuple(
    Word(entry.removeprefix(r"\b").removesuffix(r"\b"), entry.startswith(r"\b"), entry.endswith(r"\b"), i)
    for i, family in enumerate(HINTS.values())
    for entry in family.split("|")
)

_HEAD = 2
"""Letters by which a word is looked up."""
_MARK = re.compile(r"[#.]")
_LAST, _ABOVE = ({tag: 1 << i for i, tag in enumerate(tags)} for tags in (TAGS, ABOVE))


class Marks(NamedTuple):
    """What paths say."""

    sets: NDArray[np.uint64]
    """A bit for each of `TAGS` that is the innermost element, of `ABOVE` that is any, of `HINTS` that stands farther
    up, and of `HINTS` in that element or the one above it."""
    depths: NDArray[np.intp]
    """Elements of each."""


def marks(paths: Sequence[str]) -> Marks:
    """Return what paths say by themselves.

    Examples:
        >>> marks(["body/p", "body/nav.top/ul/li"]).depths.tolist()
        [2, 4]

    """
    found = [*map(mark, paths)]
    return Marks(np.array([sets for sets, _ in found], np.uint64), np.array([depth for _, depth in found], np.intp))


@lru_cache(maxsize=20_000)
def mark(path: str) -> tuple[int, int]:
    """Return what one path says, and its depth: see `Marks`."""
    steps = [*map(_step, path.removeprefix("/").split("/"))]
    within = far = near = 0
    for _, above, _ in steps:
        within |= above
    for _, _, own in steps[:-2]:
        far |= own
    for _, _, own in steps[-2:]:
        near |= own
    found = ((near << len(HINTS) | far) << len(ABOVE) | within) << len(TAGS) | steps[-1].last
    return found, len(steps)


class _Step(NamedTuple):
    """What an element of a path says: sets of `TAGS`, `ABOVE` and `HINTS`, each as bits of a number."""

    last: int
    above: int
    hints: int


@lru_cache(maxsize=20_000)
def _step(step: str) -> _Step:
    """Return what a step of a path says, by the name of its element, its id and its classes."""
    tag, *names = _MARK.split(step.lower())
    return _Step(_LAST.get(tag, 0), _ABOVE.get(tag, 0), reduce(or_, map(_hints, names), 0))


@lru_cache(maxsize=20_000)
def _hints(named: str) -> int:
    """Return the families of words in an id or a class, as bits."""
    found, known = 0, _by_head()
    for i in range(len(named)):
        for word in known.get(named[i : i + _HEAD], ()):
            end = i + len(word.text)
            if (
                named.startswith(word.text, i)
                and not (word.opens and i and _is_letter(named[i - 1]))
                and not (word.closes and end < len(named) and _is_letter(named[end]))
            ):
                found |= 1 << word.family
    return found


@cache
def _by_head() -> Mapping[str, Sequence[Word]]:
    """Return the words of `HINTS` by how they begin."""
    found: dict[str, list[Word]] = {}
    for word in WORDS:
        found.setdefault(word.text[:_HEAD], []).append(word)
    return found


def _is_letter(char: str) -> bool:
    return char.isalnum() or char == "_"
