"""What kind of thing each element of a page is: does it break lines, and does a reader see what it holds?"""

from __future__ import annotations

INLINE = 0
"""Part of a line."""
LINK = 1
PADDED = 2
"""Part of a line, but never of a word."""
FACT = 3
"""Part of a line that may say something of the page."""
BLOCK = 4
"""Stands apart: a blank line before it and after it."""
ITEM = 5
"""Part of a whole, a list's or a table's: they follow each other line by line, without blank lines."""
PART = 6
"""Takes a line of its own without standing off from the next one."""
SPARE = 7
"""For readers without scripts; with a picture in it, it is the twin of one that a script loads."""
CONTROL = 8
"""Stands in for a thing that is not text: the choices of a control, what old browsers see."""
UNSEEN = 9
"""No text of the page. Parsers read most of them up to their end tag, unclosed or not."""

_TAGS = {
    LINK: "a",
    PADDED: "img input picture",
    FACT: "link meta time",
    BLOCK: "address article aside blockquote body center details dialog dir div dl fieldset figcaption figure footer "
    "form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html main menu nav ol p pre search section table ul",
    ITEM: "li tr dt dd td th option",
    PART: "br button legend label summary caption thead tbody tfoot colgroup optgroup",
    SPARE: "noscript",
    CONTROL: "select datalist canvas audio video object rp",
    UNSEEN: "script style template iframe noembed noframes title textarea head svg",
}


class _Kinds(dict[str, int]):
    """The kind of each tag: elements that an author has made up (``x-card``) are blocks, all others are inline."""

    def __missing__(self, tag: str) -> int:
        return BLOCK if "-" in tag else INLINE


KINDS = _Kinds({tag: kind for kind, tags in _TAGS.items() for tag in tags.split()})
