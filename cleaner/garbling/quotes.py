"""Quotation marks: a quotation that opens straight and closes curly, ``"Who knows? ”``, and curly ones in general."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cleaner.document import Edit
from cleaner.garbling.each import each

if TYPE_CHECKING:
    from collections.abc import Iterator

_ANY_DOUBLE = re.compile('["“”„‟«»〝〞＂]')
_CURLY = re.compile("[\u2018-\u201f\u02bc]")
_LONGEST = 1000
_BEFORE = " \t\n(\N{NO-BREAK SPACE}[—–-"
_AFTER = " \t\n.,;:!?)\N{NO-BREAK SPACE}]—–-"
"""What may stand before a quotation that opens, and after one that has closed; or nothing."""


def quote_pairs(text: str) -> Iterator[Edit]:
    """Close straight what was opened straight, and drop the stray space before it.

    Examples:
        >>> [(e.start, e.end, e.after) for e in quote_pairs('He asked: "Who knows? ”')]
        [(21, 23, '"')]
        >>> list(quote_pairs('A 5" pipe, “the best ”, they say.'))
        []

    """
    if '"' not in text:
        return
    end = text.find("”")
    while end >= 0:
        if text[end + 1 : end + 2] in _AFTER and _opens_straight(text, end):
            start = end - 1 if text[end - 1] in " \t\N{NO-BREAK SPACE}" else end
            reason = "opened with a straight quote and closed with a curly one"
            yield Edit(start, end + 1, '"', "repair/quote-pair", None, reason)
        end = text.find("”", end + 1)


def _opens_straight(text: str, end: int) -> bool:
    """Tell whether the last double quote before a place, in its line, opens a quotation and is straight."""
    start = max(text.rfind("\n", max(0, end - _LONGEST), end) + 1, end - _LONGEST, 0)
    at = text.rfind('"', start, end)
    if at < 0 or at + 1 >= end or text[at + 1].isspace() or _ANY_DOUBLE.search(text, at + 1, end):
        return False
    return at == 0 or text[at - 1] in _BEFORE


def straight_quotes(text: str) -> Iterator[Edit]:
    """Write curly quotes and apostrophes straight."""
    return each(text, _CURLY, "straight-quote", lambda m: '"' if m.group() in "“”„‟" else "'")
