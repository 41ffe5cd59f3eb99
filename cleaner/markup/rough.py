"""A page read without a parser: what is left when its tags are taken away.

It is the yardstick for the parser (how much text should there be?) and the way out where one swallows text: a script,
style, comment or quote that nobody closed, a nesting deeper than `DEEPEST`, a page too large. One pass, linear
whatever the page holds.
"""

from __future__ import annotations

import html
import re

from cleaner.markup.elements import BLOCK, ITEM, KINDS, LINK, PART
from cleaner.markup.flow import Flow, Line
from cleaner.markup.source import text_weight, visible, weight

_TEXT = re.compile(rb">\s*+([^<\s][^<]*)")
_TAG = re.compile(rb"<(/?)([a-zA-Z][a-zA-Z0-9:-]*)[^<>]*>?|<[!?][^<>]*>?")


def is_lost(shown: bytes, seen: str, share: float) -> bool:
    """Tell whether less than a share of the text that stands between the tags of a page has been seen.

    Args:
        shown: the page without what a parser swallows.
        seen: its text.
        share: from 0 to 1.

    Examples:
        >>> is_lost(b"<p>It rained &amp; rained.", seen="It", share=0.5)
        True

    """
    size = weight(seen.encode())
    if size >= share * text_weight(shown):  # references are longer than what they stand for
        return False
    text = b"".join(_TEXT.findall(b">" + shown))
    return size < share * weight(html.unescape(text.decode()).encode())


def read(page: bytes) -> list[Line]:
    """Return the lines of a page by its tags alone, nesting left out of account.

    Examples:
        >>> [line.text for line in read(b"<p>One<!-- never <b>clo</b>sed<p>Two")]
        ['One never closed', 'Two']

    """
    flow, at, source = Flow(), 0, visible(page)
    in_link = False
    for m in _TAG.finditer(source):
        if m.start() > at:
            flow.data(html.unescape(source[at : m.start()].decode()))
        at = m.end()
        kind = KINDS[m[2].lower().decode()] if m[2] else 0
        if kind == LINK and in_link == bool(m[1]):
            if in_link:
                flow.end("a")
            else:
                flow.start("a", {})
            in_link = not in_link
        elif kind in {BLOCK, ITEM, PART}:
            tag = "p" if kind == BLOCK else "br"
            flow.start(tag, {})
            flow.end(tag)
    flow.data(html.unescape(source[at:].decode()))
    return flow.close()
