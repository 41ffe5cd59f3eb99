"""A page read without a tree: what is left when its tags are taken away.

It is the yardstick for the tree (how many letters should there be?) and the way out where a parser swallows the text:
a script, style, comment or quote that nobody closed, a nesting deeper than a parser goes. One pass, linear whatever
the page holds.
"""

from __future__ import annotations

import html
import re

from cleaner.markup.flow import BLOCKS, ITEMS, PARTS, UNSEEN, Flow, Line

_OPENS = re.compile(rf"<(?:(?P<tag>{'|'.join(sorted(UNSEEN - {'head'}))})\b[^<>]*>?|!--)", re.IGNORECASE)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]*)[^<>]*>?|<[!?][^<>]*>?")
_LETTER = re.compile(r"[^\W\d_]+")


def letters(text: str) -> int:
    """Return how many letters a text has.

    Examples:
        >>> letters("Né en 1900")
        4

    """
    return sum(map(len, _LETTER.findall(text)))


def visible(page: str) -> str:
    """Return a page's source without comments, scripts and the like; one that is never closed keeps its content.

    Examples:
        >>> visible("<p>a<script>b</script>c<!-- d --><p>e<!-- f")
        '<p>ac<p>e f'

    """
    parts, at = [], 0
    endless = set()
    while m := _OPENS.search(page, at):
        parts.append(page[at : m.start()])
        at = m.end()
        end = "-->" if m["tag"] is None else rf"</{m['tag'].lower()}\b[^<>]*>?"
        if end in endless:
            continue
        close = re.compile(end, re.IGNORECASE).search(page, at)
        if close is None:
            endless.add(end)
        else:
            at = close.end()
    return "".join([*parts, page[at:]])


def expected_letters(page: str) -> int:
    """Return how many letters a reader of the page's source would expect to see."""
    return letters(html.unescape(_TAG.sub(" ", visible(page))))


def read(page: str) -> list[Line]:
    """Return the lines of a page by its tags alone, nesting left out of account.

    Examples:
        >>> [line.text for line in read("<p>One<!-- never <b>clo</b>sed<p>Two")]
        ['One never closed', 'Two']

    """
    flow, at, source = Flow(), 0, visible(page)
    in_link = False
    for m in _TAG.finditer(source):
        if m.start() > at:
            flow.data(html.unescape(source[at : m.start()]))
        at = m.end()
        tag = (m[2] or "").lower()
        if tag == "a" and in_link == bool(m[1]):
            (flow.end if in_link else lambda tag: flow.start(tag, "", ""))("a")
            in_link = not in_link
        elif tag in BLOCKS or tag in PARTS or tag in ITEMS:
            flow.start("br" if tag in PARTS or tag in ITEMS else "p", "", "")
            flow.end("br" if tag in PARTS or tag in ITEMS else "p")
    flow.data(html.unescape(source[at:]))
    return flow.finish()
