"""Characters without width, and such as no font but one shows, with an eye on the script they stand in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cleaner.garbling.each import each
from cleaner.garbling.signs import Sign, members

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cleaner.document import Edit

RIGHT_TO_LEFT = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff"
"""Hebrew, Arabic, Syriac, Thaana, N'Ko and their neighbours: text in which a direction mark may be needed."""
EUROPEAN = "0-9A-Za-z\u00aa\u00b5\u00ba\u00c0-\u02af\u0370-\u03ff\u0400-\u052f\u0531-\u058f\u10a0-\u10ff\u1e00-\u1fff"
"""Latin, Greek, Cyrillic, Armenian and Georgian, and digits: letters that stand apart, and that nothing joins."""
_ZERO_WIDTH = re.compile(f"[{members(Sign.ZERO_WIDTH)}]+")
_EUROPEAN = re.compile(f"[{EUROPEAN}]")
_MARKS = re.compile("[\N{LEFT-TO-RIGHT MARK}\N{RIGHT-TO-LEFT MARK}\N{ARABIC LETTER MARK}]+")
_EMBEDDINGS = re.compile("[\u202a-\u202e\u2066-\u2069]+")
_RIGHT_TO_LEFT = re.compile(f"[{RIGHT_TO_LEFT}]")
_ICONS = re.compile("[\ue000-\uf8fe]++(?:[ \t]|(?!\\S))")


def zero_width(text: str) -> Iterator[Edit]:
    r"""Remove what has no width from inside words of scripts that join nothing.

    Beside Arabic, Indic and emoji a joiner is spelling; between Thai, Khmer, Lao, Burmese or Chinese letters a
    zero-width space is the space.

    Examples:
        >>> len(list(zero_width("in\u200bvisible")))
        1
        >>> list(zero_width("می\u200cخواهم"))
        []

    """

    def without(match: re.Match[str]) -> str:
        start, end = match.span()
        joins_nothing = start and _EUROPEAN.match(text, start - 1) and _EUROPEAN.match(text, end)
        return "" if joins_nothing else match.group().replace("\N{WORD JOINER}", "")

    return each(text, _ZERO_WIDTH, "zero-width", without)


def direction_marks(text: str) -> Iterator[Edit]:
    """Remove left-to-right and right-to-left marks from a text without any letter that runs from right to left."""
    if _RIGHT_TO_LEFT.search(text.replace("\N{ARABIC LETTER MARK}", "")):
        return iter(())
    return each(text, _MARKS, "direction", lambda _: "")


def direction_controls(text: str) -> Iterator[Edit]:
    """Remove embeddings, overrides and isolates from a text without any letter that runs from right to left."""
    return iter(()) if _RIGHT_TO_LEFT.search(text) else each(text, _EMBEDDINGS, "direction-control", lambda _: "")


def icons(text: str) -> Iterator[Edit]:
    """Remove words of private-use characters alone: the glyphs of an icon font, which say nothing in any other."""

    def without(match: re.Match[str]) -> str:
        at = match.start()
        return "" if at == 0 or text[at - 1].isspace() else match.group()

    return each(text, _ICONS, "private-use", without)
