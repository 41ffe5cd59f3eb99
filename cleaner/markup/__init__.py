"""A page flattened: its whole visible text, one block a line, each knowing where in the page it stood."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cleaner.document import Block
from cleaner.markup import rough
from cleaner.markup.facts import Facts, facts
from cleaner.markup.flow import BLANK_LINE, CONTROLS, UNSEEN, Flow, Line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.etree import _Element

LARGEST_PAGE = 8_000_000
"""Characters of a page that are read."""
_LOST = 0.5
"""Share of the letters that a tree may lack before the page is read again without one."""
_VEILED = 0.9
"""Share of the letters that may be hidden before the page is taken for one that shows itself by script."""


class Page(NamedTuple):
    """A page as text, and what it says of itself."""

    text: str
    blocks: tuple[Block, ...]
    title: str = ""
    lang: str = ""
    date: str = ""
    url: str = ""
    """The canonical address."""
    lost: bool = False
    """Whether text of the page is missing here, since it is larger than `LARGEST_PAGE`."""


def flatten(html: str) -> Page:
    r"""Return the text of a page with its blocks.

    Left out is what no reader sees: scripts, styles, comments, hidden elements, the choices of a form. Where a parser
    loses more than half of the letters that stand between the tags, the page is read by its tags alone.

    Examples:
        >>> page = flatten("<title>T</title><h1>One</h1><ul class=menu><li><a href=/>two</a><li>three</ul>")
        >>> page.text
        'One\n\ntwo\nthree'
        >>> page.blocks[1]
        Block(start=5, end=8, path='html/body/ul.menu/li', links=1.0)
        >>> page.title
        'T'

    """
    source, lost = html[:LARGEST_PAGE].replace("\0", ""), len(html) > LARGEST_PAGE
    root = _tree(source)
    known = Facts() if root is None else facts(root)
    lines, seen = _lines(root)
    if seen < rough.expected_letters(source) * _LOST:
        lines = rough.read(source)
    text, blocks = _set(lines)
    return Page(text, blocks, *known, lost)


def _tree(source: str) -> _Element | None:
    """Parse a page; None if nothing comes of it."""
    from lxml import etree

    try:
        raw = source.encode()
    except UnicodeEncodeError:  # halves of surrogate pairs: joined where they meet, else replaced
        raw = source.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        return etree.fromstring(raw, parser)
    except etree.LxmlError:
        return None


def _lines(root: _Element | None) -> tuple[list[Line], int]:
    """Return the lines of a tree, and how many letters the tree has, hidden ones among them.

    Hidden elements are left out, unless they hold nearly all letters: such a page shows itself by script.
    """
    if root is None:
        return [], 0
    lines, hidden = _walk(root, show=False)
    seen = sum(rough.letters(line.text) for line in lines)
    if hidden > (seen + hidden) * _VEILED:
        lines, _ = _walk(root, show=True)
    return lines, seen + hidden


def _walk(root: _Element, *, show: bool) -> tuple[list[Line], int]:
    """Return the lines of a tree, and how many letters are hidden in it."""
    from lxml.etree import iterwalk

    flow, hidden = Flow(), 0
    walk = iterwalk(root, events=("start", "end"))
    skipped = None
    for event, el in walk:
        tag = el.tag
        if not isinstance(tag, str):  # an entity that nobody declared
            if event == "end" and el.tail:
                flow.data(el.tail)
            continue
        if event == "end":
            if el is skipped:
                skipped = None
            else:
                flow.end(tag)
            if el.tail:
                flow.data(el.tail)
        elif tag in UNSEEN:
            skipped = el
            walk.skip_subtree()
        elif not show and (tag in CONTROLS or _hidden(el, tag)):
            hidden += rough.letters(" ".join(el.itertext()))
            skipped = el
            walk.skip_subtree()
        else:
            flow.start(tag, el.get("id", ""), el.get("class", ""))
            if el.text:
                flow.data(el.text)
    return flow.finish(), hidden


def _hidden(el: _Element, tag: str) -> bool:
    if el.get("hidden") is not None:
        return True
    if tag == "noscript":  # a tracking pixel, or the twin of a picture that a script loads
        return next(el.iter("img", "iframe"), None) is not None
    style = el.get("style")
    return style is not None and "display:none" in style.replace(" ", "").lower()


def _set(lines: Sequence[Line]) -> tuple[str, tuple[Block, ...]]:
    """Set lines as one text with the gaps they ask for."""
    parts: list[str] = []
    blocks = []
    at = 0
    for line in lines:
        gap = ("\n\n" if line.gap >= BLANK_LINE else "\n") if parts else ""
        at += len(gap)
        parts += [gap, line.text]
        blocks.append(Block(at, at + len(line.text), line.path, line.links))
        at += len(line.text)
    return "".join(parts), tuple(blocks)
