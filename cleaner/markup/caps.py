"""What a page may hold at most, so that no reader's time and memory get out of hand, and what becomes of more.

No text is taken away. What was out of bounds is said by name: `TOO_LARGE` and the others below.
"""

from __future__ import annotations

import re

from cleaner.markup.source import has_long_reference, long_stretches, pieces

LARGEST_TREE = 8_000_000
"""Bytes of a page up to which it is read as a tree; a larger one is read by its tags alone."""
MOST_ATTRIBUTES = 1_000
"""Attributes of a tag; the most crowded tags of the web have some hundred."""
LONGEST_REFERENCE = 8
"""Digits of a character reference; what has more stands for no character."""

TOO_LARGE = "html-too-large"
TOO_DEEP = "html-too-deep"
MANY_ATTRIBUTES = "html-many-attributes"
LONG_REFERENCE = "html-long-reference"
NUL = "html-nul"
LONE_SURROGATE = "html-lone-surrogate"

_REFERENCE = re.compile(
    rf"&#(?:[0-9]{{{LONGEST_REFERENCE + 1},}}|[xX][0-9a-fA-F]{{{LONGEST_REFERENCE + 1},}});?".encode()
)
_ATTRIBUTE = r"""[\s/]++[^\s=<>/]++(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s<>]*+))?+"""
_CROWDED = re.compile(rf"(<[a-zA-Z][^\s<>/]*+(?:{_ATTRIBUTE}){{{MOST_ATTRIBUTES}}}+)(?:{_ATTRIBUTE})*+".encode())


def bounded(page: str) -> tuple[bytes, tuple[str, ...]]:
    """Return a page's source as UTF-8 within bounds, and the names of what was capped.

    Examples:
        >>> bounded("<p>a\\0b &#000000000000065;")
        (b'<p>ab \\xef\\xbf\\xbd', ('html-nul', 'html-long-reference'))

    """
    capped = []
    try:
        source = page.encode()
    except UnicodeEncodeError:  # halves of surrogate pairs: joined where they meet, else replaced
        source = page.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()
        capped.append(LONE_SURROGATE)
    if b"\0" in source:
        source = source.replace(b"\0", b"")
        capped.append(NUL)
    if has_long_reference(source, LONGEST_REFERENCE):
        source = _REFERENCE.sub("\ufffd".encode(), source)
        capped.append(LONG_REFERENCE)
    return source, tuple(capped)


def uncrowded(source: bytes) -> bytes:
    """Return a page's source without the attributes of tags that have too many, scripts left as they are."""
    return b"".join([_CROWDED.sub(rb"\1", piece) if shows else piece for piece, shows in pieces(source)])


def is_crowded(source: bytes) -> bool:
    """Tell whether one of the tags of a page has too many attributes."""
    # an attribute needs two characters
    return any(_CROWDED.match(source, place) for place in long_stretches(source, 2 * MOST_ATTRIBUTES))
