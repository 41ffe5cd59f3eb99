"""A quotation that opens with a straight quote and closes with a curly one: ``"Who knows? ”``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cleaner.document import Edit

if TYPE_CHECKING:
    from collections.abc import Iterator

_ANY_DOUBLE = '"“”„‟«»〝〞＂'
_MIXED_PAIR = re.compile(
    rf"""
    (?<![^\s(\[—–-])"         # opens where a quotation opens: after nothing, a space, a bracket or a dash
    (?=\S) [^{_ANY_DOUBLE}\n]{{1,1000}}?   # no other double quote in between
    (\s?”)                    # closes curly, mostly after a stray space
    (?![^\s.,;:!?)\]—–-])     # where a quotation closes
    """,
    re.VERBOSE,
)


def quote_pairs(text: str) -> Iterator[Edit]:
    """Close straight what was opened straight, and drop the stray space before it.

    Examples:
        >>> [(e.start, e.end, e.after) for e in quote_pairs('He asked: "Who knows? ”')]
        [(21, 23, '"')]
        >>> list(quote_pairs('A 5" pipe, “the best ”, they say.'))
        []

    """
    for match in _MIXED_PAIR.finditer(text):
        reason = "opened with a straight quote and closed with a curly one"
        yield Edit(match.start(1), match.end(1), '"', "repair/quote-pair", None, reason)
