"""Characters that are no text: controls, halves of characters, and the ways in which a lost one is written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cleaner.garbling.each import each
from cleaner.garbling.signs import Sign, members

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cleaner.document import Edit

_SURROGATES = re.compile("([\ud800-\udbff])([\udc00-\udfff])|[\ud800-\udfff]")
_C1 = re.compile("[\x80-\x9f]+")
_TERMINAL = re.compile(r"\x1b\[[0-9;]*+[a-zA-Z]")
_CONTROL = re.compile(f"[{members(Sign.CONTROL)}]+")
_BREAK = re.compile("\r\n?|[\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}]")
_SECOND_HAND = {
    "锟斤拷": "��",  # U+FFFD twice, as UTF-8, read as GBK
    "嚙踝蕭": "��",  # the same, read as Big5
    "ďż˝": "�",  # U+FFFD as UTF-8, read as windows-1250
    "ï¿½": "�",  # the same, read as windows-1252
    "пїЅ": "�",  # the same, read as windows-1251
}
_SECOND_HANDS = re.compile("|".join(_SECOND_HAND))


def surrogates(text: str) -> Iterator[Edit]:
    r"""Join the two halves of a character beyond U+FFFF; a half that stands alone says that something is lost.

    Examples:
        >>> [e.after for e in surrogates("\ud83d\ude00 \ud83d")]
        ['😀', '�']

    """

    def joined(match: re.Match[str]) -> str:
        if not match[1]:
            return "\N{REPLACEMENT CHARACTER}"
        return match.group().encode("utf-16-le", "surrogatepass").decode("utf-16-le")

    return each(text, _SURROGATES, "surrogate", joined)


def c1(text: str) -> Iterator[Edit]:
    r"""Read C1 controls, which nobody writes, as the windows-1252 characters of the same bytes, as browsers do.

    Examples:
        >>> [e.after for e in c1("wait\x85")]
        ['…']

    """

    def read(match: re.Match[str]) -> str:
        return "".join(c.encode("latin-1").decode("cp1252", "ignore") or c for c in match.group())

    return each(text, _C1, "c1", read, "windows-1252 read as ISO 8859-1")


def terminal_escapes(text: str) -> Iterator[Edit]:
    r"""Remove the sequences that colour a terminal.

    Examples:
        >>> len(list(terminal_escapes("\x1b[31mred\x1b[0m")))
        2

    """
    return each(text, _TERMINAL, "terminal", lambda _: "")


def controls(text: str) -> Iterator[Edit]:
    """Remove control characters other than tab, line feed and form feed, byte order marks, and their deprecated kin."""
    return each(text, _CONTROL, "control", lambda _: "")


def line_breaks(text: str) -> Iterator[Edit]:
    r"""Write every line break as a line feed: CR LF, CR alone, and the two separators of Unicode.

    Examples:
        >>> [e.after for e in line_breaks("a\r\nb\u2028c")]
        ['\n', '\n']

    """
    return each(text, _BREAK, "line-break", lambda _: "\n")


def replacements(text: str) -> Iterator[Edit]:
    """Map the second-hand forms of U+FFFD back to it: something is lost here, and it should say so in one way."""
    return each(text, _SECOND_HANDS, "replacement", lambda m: _SECOND_HAND[m.group()])
