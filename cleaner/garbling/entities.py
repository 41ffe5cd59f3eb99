"""Character references that nobody decoded: ``caf&eacute;``, ``&#1071;``, and those escaped twice, ``&amp;eacute;``."""

from __future__ import annotations

import html
import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from cleaner.document import Edit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_REFERENCE = re.compile(r"&((?:amp;|#38;|#x26;)*+)(#?[0-9A-Za-z]{1,24};)?")
_TAG = re.compile(r"</?[A-Za-z][A-Za-z0-9-]{0,30}(?:\s[^<>]{0,300})?/?>")
_ABOUT_MARKUP = re.compile(r"\b(?:X?HTML[45]?|XML|markup|entit(?:y|ies)|character references?)\b", re.IGNORECASE)
_MENTION = re.compile(r"""(?<![^\s("'`“‘«])&#?[0-9A-Za-z]{1,24};(?![^\s)"'`”’».,:])""")
"""A reference that stands for itself, like a word: in garbled text, most stand inside words."""


def entities(text: str) -> Iterator[Edit]:
    """Decode references that end in a semicolon, unless the text holds tags or is about markup.

    The decision is one for the whole text: where references are meant as such, all of them are.

    Examples:
        >>> [e.after for e in entities("Caf&eacute; &amp;amp; bar")]
        ['é', '&']
        >>> list(entities("In HTML, &eacute; is written for é."))
        []

    """
    found = [(match, after) for match in _REFERENCE.finditer(text) if (after := _decoded(match)) != match.group()]
    if found and not speaks_of_markup(text):
        for match, after in found:
            reason = "escaped more than once" if match[1] and match[2] else ""
            yield Edit(match.start(), match.end(), after, "repair/entity", None, reason)


def speaks_of_markup(text: str) -> bool:
    """Tell whether a text holds tags, or speaks of markup and mentions a reference."""
    if "<" in text and _TAG.search(text):
        return True
    return _ABOUT_MARKUP.search(text) is not None and _MENTION.search(text) is not None


def _decoded(match: re.Match[str]) -> str:
    """Return what a reference stands for: ``&amp;amp;eacute;`` is an é, ``&amp;amp;`` an ampersand."""
    return _character(match[2] or "")


@lru_cache(maxsize=1 << 12)
def _character(name: str) -> str:
    whole = f"&{name}"
    if whole in _names():
        return _names()[whole]
    if name.startswith("#"):
        character = html.unescape(whole)
        return whole if ";" in character else character
    return whole


@cache
def _names() -> Mapping[str, str]:
    """Return ftfy's table: the references of HTML 5 that end in a semicolon, and some in capitals."""
    from ftfy.chardata import HTML_ENTITIES

    return HTML_ENTITIES
