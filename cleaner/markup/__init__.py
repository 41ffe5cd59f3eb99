"""A page flattened: its whole visible text, one block a line, each knowing where in the page it stood."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cleaner.markup import rough
from cleaner.markup.caps import LARGEST_TREE, MANY_ATTRIBUTES, TOO_DEEP, TOO_LARGE, bounded, is_crowded, uncrowded
from cleaner.markup.flow import TooDeep
from cleaner.markup.source import lean, visible
from cleaner.markup.twin import flow as new_flow
from cleaner.markup.twin import set_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cleaner.document import Block
    from cleaner.markup.flow import Flow, Line

_LOST = 0.5
"""Share of its text that may be missing before a page is read again without a parser."""
_VEILED = 0.25
"""Share of a page's text that is hidden from which it may be one that shows itself by script …"""
_BARE = 0.25
"""… if no more than this share of its running text is to be seen otherwise."""
_RUNNING = 80
"""Characters of a line that is running text."""
_LINKED = 0.5
_PIECE = 1 << 16
"""Bytes that a parser is given at a time."""
_STANDARD = (2, 14)
"""The version of libxml2 from which on it tells tags from texts as the HTML standard says."""


class Page(NamedTuple):
    """A page as text, and what it says of itself."""

    text: str
    blocks: tuple[Block, ...]
    title: str = ""
    lang: str = ""
    date: str = ""
    url: str = ""
    """The canonical address."""
    capped: tuple[str, ...] = ()
    """What of it was out of bounds, by the names of `cleaner.markup.caps`."""


def flatten(html: str) -> Page:
    r"""Return the text of a page with its blocks.

    Left out is what no reader sees: scripts, styles, comments, hidden elements, the choices of a form. Where a parser
    loses more than half of the text that stands between the tags, and where a page is too large or too deep for one,
    it is read by its tags alone.

    Examples:
        >>> page = flatten("<title>T</title><h1>One</h1><ul class=menu><li><a href=/>two</a><li>three</ul>")
        >>> page.text
        'One\n\ntwo\nthree'
        >>> page.blocks[1]
        Block(start=5, end=8, path='html/body/ul.menu/li', links=1.0)
        >>> page.title
        'T'

    """
    source, capped = bounded(html)
    shown = visible(source)
    if is_crowded(shown):
        source, capped = uncrowded(source), (*capped, MANY_ATTRIBUTES)
    flow = new_flow()
    whole = _parse(source[:LARGEST_TREE], flow)
    if len(source) > LARGEST_TREE:
        whole, capped = False, (*capped, TOO_LARGE)
    elif not whole:
        capped = (*capped, TOO_DEEP)
    lines, headline = flow.lines, next((line.text for line in flow.lines if _is_headline(line)), "")
    if not whole or rough.is_lost(shown, "".join([*flow.hidden, *[line.text for line in lines]]), _LOST):
        lines = rough.read(source)
    elif flow.hidden:
        lines = _unveiled(source, flow)
    text, blocks = set_lines(lines)
    return Page(text, blocks, *flow.notes.facts(headline), capped)


def _parse(source: bytes, flow: Flow) -> bool:
    """Let a parser tell the elements of a page, and return whether it came to the end.

    The page goes in piece by piece: one that is too deep is given up before that costs much.
    """
    from lxml.etree import LIBXML_VERSION, HTMLParser, LxmlError

    if LIBXML_VERSION >= _STANDARD:
        source = lean(source)
    parser = HTMLParser(encoding="utf-8", huge_tree=True, target=flow)  # type: ignore[arg-type]  # the stubs ask for more
    try:
        for at in range(0, len(source), _PIECE):
            parser.feed(source[at : at + _PIECE])
        parser.close()
    except TooDeep:
        return False
    except LxmlError:  # there is nothing in it
        return True
    return True


def _unveiled(source: bytes, flow: Flow) -> list[Line]:
    """Return the lines of a page, with those that are hidden if a script is to show them."""
    seen, hidden = sum(len(line.text) for line in flow.lines), len(" ".join("".join(flow.hidden).split()))
    bare = _running(flow.lines)
    if hidden <= _VEILED * (seen + hidden) or bare > _BARE * (bare + hidden):
        return flow.lines
    shown = new_flow(show=True)
    _parse(source, shown)
    return flow.lines if bare > _BARE * _running(shown.lines) else shown.lines


def _running(lines: Sequence[Line]) -> int:
    return sum(len(line.text) for line in lines if len(line.text) >= _RUNNING and line.links < _LINKED)


def _is_headline(line: Line) -> bool:
    return "/h1" in line.path and line.path.rpartition("/")[2].startswith("h1")
