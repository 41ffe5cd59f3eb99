"""What rules know of a line: a row of numbers, in which a line of any language says the same.

That a line offers to share, heads a list of other stories or opens the readers' talk tells a lot about the lines around
it, and its words do not have to be understood for that: the packs of many languages have named it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

FAMILIES: Mapping[str, tuple[str, ...]] = {
    "menu": ("navigation", "breadcrumb", "search", "language", "login", "skip", "weather", "top", "site"),
    "tool": ("share", "print", "text-size", "follow", "app", "hashtag"),
    "date": ("date",),
    "byline": ("byline", "credit"),
    "comments": ("comments", "counter", "rating", "feedback"),
    "other stories": ("related", "latest", "more", "gallery"),
    "offer": ("newsletter", "paywall", "ad"),
    "small print": ("copyright", "legal", "footer", "cookie", "error", "browser", "javascript", "lorem"),
    "label": ("tags", "badge"),
    "shop": ("shop",),
}
"""Kinds of boilerplate that mean the same for the lines around them."""
TAKEN = "taken away"
NAMES = (*(f"known as {family}" for family in FAMILIES), TAKEN)
"""What each number of a row says, in order: 1 if it is so."""

_COLUMN = {kind: i for i, kinds in enumerate(FAMILIES.values()) for kind in kinds}


def known(kinds: Sequence[str], taken: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Return what rules know of lines: lines times `NAMES`.

    Args:
        kinds: the kind of boilerplate that rules take each line for, empty where they take it for none.
        taken: whether a rule has taken each of them away.

    Examples:
        >>> rows = known(["", "print", "made up"], np.array([False, True, True]))
        >>> [[NAMES[i] for i in np.flatnonzero(row)] for row in rows]
        [[], ['known as tool', 'taken away'], ['taken away']]

    """
    rows = np.zeros((len(kinds), len(NAMES)), np.float32)
    for i, kind in enumerate(kinds):
        if kind and kind in _COLUMN:
            rows[i, _COLUMN[kind]] = 1
    rows[:, -1] = taken
    return rows
