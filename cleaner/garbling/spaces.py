"""Spaces of odd widths and such as do not break, where neither the script nor a number nor French needs them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cleaner.document import Edit

if TYPE_CHECKING:
    from collections.abc import Iterator

WIDE = (
    "\u1100-\u11ff\u2e80-\u2fff\u3001-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef"
    "\U00020000-\U0003ffff"
)
"""Chinese, Japanese and Korean: text in which the ideographic space is the space."""
_ODD_SPACE_BUT_WIDE = re.compile("[\u2000-\u200a\u202f\u205f]+")
_ODD_SPACE = re.compile(f"{_ODD_SPACE_BUT_WIDE.pattern}|\N{IDEOGRAPHIC SPACE}+")
_WIDE = re.compile(f"[{WIDE}]")
_NUMBER_OR_FRENCH = re.compile(r"(?<=[0-9«])\s|\s(?=[0-9;:!?»%€$£°])")
_NO_BREAK = re.compile("\N{NO-BREAK SPACE}+")


def odd_spaces(text: str) -> Iterator[Edit]:
    r"""Write spaces of odd widths as spaces, but not in numbers and French.

    The ideographic space stays in every text that holds Chinese, Japanese or Korean: it is the space there, and the
    indent of a paragraph, whatever stands beside it.

    Examples:
        >>> [e.after for e in odd_spaces("a\u2003b, 10\u2009000 et «\u202foui\u202f»")]
        [' ']

    """
    return _spaces(text, _ODD_SPACE_BUT_WIDE if _WIDE.search(text) else _ODD_SPACE, "space")


def no_break_spaces(text: str) -> Iterator[Edit]:
    """Write no-break spaces as spaces, but not in numbers and French."""
    return _spaces(text, _NO_BREAK, "no-break-space")


def _spaces(text: str, pattern: re.Pattern[str], rule: str) -> Iterator[Edit]:
    for match in pattern.finditer(text):
        start, end = match.span()
        if not _NUMBER_OR_FRENCH.search(text, max(0, start - 1), end + 1):
            yield Edit(start, end, " " * (end - start), f"repair/{rule}")
