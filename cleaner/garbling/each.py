"""Each match of a pattern, replaced: what most kinds of repair come down to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleaner.document import Edit

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterator


def each(
    text: str, pattern: re.Pattern[str], rule: str, after: Callable[[re.Match[str]], str], reason: str = ""
) -> Iterator[Edit]:
    """Yield an edit for each match that its replacement changes."""
    for match in pattern.finditer(text):
        new = after(match)
        if new != match.group():
            yield Edit(match.start(), match.end(), new, f"repair/{rule}", None, reason)
