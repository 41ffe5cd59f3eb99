"""The place of a block in its page: a row of numbers for each, from its path and its links.

What the authors of pages call their elements says a lot: the words of ids and classes are looked for in a few families.
"""

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


def place(paths: Sequence[str], links: Sequence[float], words: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the place of the lines of a page as numbers: lines times `NAMES`.

    Args:
        paths: the elements in which each line stands.
        links: the share of each that is links.
        words: words of each.

    Examples:
        >>> rows = place(["body/nav.top/ul/li", "body/p"], [1.0, 0.0], np.float32([1, 6]))
        >>> [NAMES[i] for i in np.flatnonzero(rows[0, :20])]
        ['links', 'all links', 'li', 'in nav']

    """
    n = len(paths)
    known = {path: i for i, path in enumerate(dict.fromkeys(paths))}
    path = np.fromiter(map(known.__getitem__, paths), np.intp, n)
    same = np.zeros(n + 1, np.bool_)
    np.equal(path[1:], path[:-1], out=same[1:-1])
    rows = np.empty((n, len(NAMES)), np.float32)
    linked = np.array(links, np.float32)
    rows[:, 0], rows[:, 1] = linked, linked > _ALL
    rows[:, _OF_PATH] = _marked([*known])[path]
    rows[:, _SAME[0]], rows[:, _SAME[1]] = same[:-1], same[1:]
    rows[:, _COUNTED] = _counted([*known], path, linked, words)[path]
    return rows


def _counted(
    paths: Sequence[str], path: NDArray[np.intp], links: NDArray[np.float32], words: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return what is counted of each path and of the element above it.

    Args:
        paths: the paths, each once.
        path: which of them each line has.
        links: the share of each line that is links.
        words: words of each line.

    """
    elements: dict[str, int] = {}
    up = np.array([elements.setdefault(of.rpartition("/")[0], len(elements)) for of in paths], np.intp)
    size, above = len(paths), len(elements)
    total = max(float(words.sum()), 1.0)
    on_path = np.bincount(path, words, size)
    under = np.bincount(up, on_path, above)
    linked = np.bincount(path, words * links, size)
    linked_under = np.bincount(up, linked, above)
    long = np.bincount(up, np.bincount(path, words * (words >= _LONG) * (links < _MOSTLY), size), above)
    lines = np.bincount(path, minlength=size)
    some, some_under = np.maximum(on_path, 1), np.maximum(under, 1)
    rows = np.empty((6, size), np.float32)
    rows[0] = on_path / total
    rows[1] = (under / total)[up]
    rows[2] = np.log1p(on_path / np.maximum(lines, 1)) / 4
    rows[3] = linked / some
    rows[4] = (linked_under / some_under)[up]
    rows[5] = (long / some_under)[up]
    return rows.T


_LONG = 15
_MOSTLY = 0.5
_ALL = 0.9
_OF_PATH, _SAME, _COUNTED = slice(2, -8), (-8, -7), slice(-6, None)
"""Where in a row stands what the path alone says, whether it is the path before and after, what is counted of it."""


_DEEP, _SCALE = 30, 15


def _marked(paths: Sequence[str]) -> NDArray[np.float32]:
    """Return what paths alone say: a row for each."""
    marks, depths = zip(*map(_marks, paths), strict=True) if paths else ((), ())
    sets = np.array(marks, "<u8")[:, None].view(np.uint8)  # its bits in order, whatever the machine's
    rows = np.empty((len(paths), _MARKS + 1), np.float32)
    rows[:, :-1] = np.unpackbits(sets, 1, _MARKS, "little")
    rows[:, -1] = np.minimum(depths, _DEEP)
    rows[:, -1] /= _SCALE
    return rows


_MARKS = len(TAGS) + len(ABOVE) + 2 * len(HINTS)


@lru_cache(maxsize=20_000)
def _marks(path: str) -> tuple[int, int]:
    """Return what a path alone says, a bit for each of `TAGS`, `ABOVE`, `HINTS`, `HINTS` close by; and its length."""
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
