"""Words divided for the end of a line: where they may be, and where they were."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cleaner.garbling.each import each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cleaner.document import Edit

_SOFT_HYPHEN = re.compile("\N{SOFT HYPHEN}+")
_HYPHEN_END = re.compile(r"(?<=[^\W\d_])-\n(?=[^\W\d_])")


def soft_hyphens(text: str) -> Iterator[Edit]:
    """Remove the places at which a word could have been divided."""
    return each(text, _SOFT_HYPHEN, "soft-hyphen", lambda _: "")


def hyphenation(text: str) -> Iterator[Edit]:
    """Join words that were divided at the end of a line."""
    return each(text, _HYPHEN_END, "hyphenation", lambda _: "")
