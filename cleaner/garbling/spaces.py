"""Spaces of odd widths and such as do not break, where neither the script nor a number nor French needs them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cleaner.garbling.each import each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cleaner.document import Edit

WIDE = (
    "\u1100-\u11ff\u2e80-\u2fff\u3001-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef"
    "\U00020000-\U0003ffff"
)
"""Chinese, Japanese and Korean: text in which the ideographic space is the space."""


def _spaces_of(kind: str) -> str:
    """Return the pattern of a run of spaces of a kind that stand neither in a number nor as French sets them."""
    first = f"[{kind}]"  # what stands before it is asked afterwards: so it is found sooner
    return rf"{first}(?<![0-9«{kind}]{first})(?<![0-9«]\s{first}){first}*+(?![0-9;:!?»%€$£°])"


_ODD_SPACE_BUT_WIDE = re.compile(_spaces_of("\u2000-\u200a\u202f\u205f"))
_ODD_SPACE = re.compile(_ODD_SPACE_BUT_WIDE.pattern + "|" + _spaces_of("\N{IDEOGRAPHIC SPACE}"))
_WIDE = re.compile(f"[{WIDE}]")
_NO_BREAK = re.compile(_spaces_of("\N{NO-BREAK SPACE}"))


def odd_spaces(text: str) -> Iterator[Edit]:
    r"""Write spaces of odd widths as spaces, but not in numbers and French.

    The ideographic space stays in every text that holds Chinese, Japanese or Korean: it is the space there, and the
    indent of a paragraph, whatever stands beside it.

    Examples:
        >>> [e.after for e in odd_spaces("a\u2003b, 10\u2009000 et «\u202foui\u202f»")]
        [' ']

    """
    return each(text, _ODD_SPACE_BUT_WIDE if _WIDE.search(text) else _ODD_SPACE, "space", _as_many)


def no_break_spaces(text: str) -> Iterator[Edit]:
    """Write no-break spaces as spaces, but not in numbers and French."""
    return each(text, _NO_BREAK, "no-break-space", _as_many)


def _as_many(match: re.Match[str]) -> str:
    return " " * len(match.group())
