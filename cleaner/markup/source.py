"""A page's source, UTF-8, cut into what may show and what a parser swallows: comments, scripts, styles and the like.

One pass, linear whatever the page holds. Something that is never closed swallows nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from cleaner.markup.elements import KINDS, UNSEEN

if TYPE_CHECKING:
    from collections.abc import Iterator

try:
    from cleaner.markup import _source
except ImportError:  # it was installed where there is no compiler
    _source = None  # type: ignore[assignment]

_SWALLOWS = sorted(tag for tag, kind in KINDS.items() if kind == UNSEEN and tag != "head")


def _any_case(tag: str) -> str:
    return "".join(f"[{c}{c.upper()}]" for c in tag)  # far quicker than a pattern that is blind to case as a whole


_FIRST = "".join({tag[0] for tag in _SWALLOWS} | {tag[0].upper() for tag in _SWALLOWS})
"""What such a tag begins with: most tags are passed over by it."""
_OPENS = re.compile(rf"<(?=[!{_FIRST}])(?:({'|'.join(map(_any_case, _SWALLOWS))})\b[^<>]*>?|!--)".encode())
# one character known for sure is looked for at once, two are not: so the slash is asked for in a look ahead, too
_CLOSES = {tag.encode(): re.compile(rf"<(?=/)/{_any_case(tag)}(?=[\s/>])[^<>]*>?".encode()) for tag in _SWALLOWS}
_COMMENT = re.compile(b"-->")


class Piece(NamedTuple):
    """A stretch of a page's source."""

    source: bytes
    shows: bool


def pieces(page: bytes) -> Iterator[Piece]:
    """Yield a page's source piece by piece.

    Examples:
        >>> [*pieces(b"<p>a<!-- b -->c")]
        [Piece(source=b'<p>a', shows=True), Piece(source=b'<!-- b -->', shows=False), Piece(source=b'c', shows=True)]

    """
    at = 0
    endless: set[bytes] = set()
    while m := _OPENS.search(page, at):
        yield Piece(page[at : m.start()], shows=True)
        at = m.end()
        tag = m[1].lower() if m[1] else b""
        close = None if tag in endless else _CLOSES.get(tag, _COMMENT).search(page, at)
        if close:
            at = close.end()
        else:
            endless.add(tag)
        yield Piece(page[m.start() : at], shows=False)
    yield Piece(page[at:], shows=True)


def visible(page: bytes) -> bytes:
    """Return a page's source without what a parser swallows; something that is never closed keeps its content.

    Examples:
        >>> visible(b"<p>a<script>b</script>c<!-- d --><p>e<!-- f")
        b'<p>ac<p>e f'

    """
    if _source is not None:
        return _source.visible(page, " ".join(_SWALLOWS))
    return b"".join([piece.source for piece in pieces(page) if piece.shows])


def lean(page: bytes) -> bytes:
    """Return a page's source without what no `Flow` asks a parser for, if what takes it out has been compiled.

    That is what stands in comments, scripts and styles, and nearly all attributes: to a parser, most of a page.
    """
    return page if _source is None else _source.lean(page)


def text_weight(page: bytes) -> int:
    """Count the bytes of the text that stands between the tags of a page, white space left out.

    Examples:
        >>> text_weight(b"It <b class=x>rain</b >ed < so they say")
        8

    """
    if _source is not None:
        return _source.text_weight(page)
    return weight(b"".join([piece.partition(b">")[2] for piece in (b">" + page).split(b"<")]))


def has_long_reference(page: bytes, digits: int) -> bool:
    """Tell whether a numeric character reference of a page has more than so many digits.

    Examples:
        >>> has_long_reference(b"&#65; &#x00041;", 4)
        True

    """
    if _source is not None:
        return _source.has_long_reference(page, digits)
    more = digits + 1
    return re.search(rb"&#(?:[0-9]{%d}|[xX][0-9a-fA-F]{%d})" % (more, more), page) is not None


def long_stretches(page: bytes, size: int) -> list[int]:
    """Return the places of each ``<`` with so many bytes behind it, or more, up to the next one.

    Examples:
        >>> long_stretches(b"It <b>rained</b>.", 8)
        [3]

    """
    if _source is not None:
        return _source.long_stretches(page, size)
    return [m.start() for m in re.finditer(rb"<[^<]{%d}" % size, page)]


def weight(text: bytes) -> int:
    """Count the bytes of a text, white space left out."""
    return len(text.translate(None, b" \t\n\r\f\v"))
