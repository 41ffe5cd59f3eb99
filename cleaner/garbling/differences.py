"""Where two versions of a line differ: the small edits that lead from one to the other."""

from __future__ import annotations

import re
from itertools import zip_longest
from typing import TYPE_CHECKING

from cleaner.document import Edit

if TYPE_CHECKING:
    from collections.abc import Iterator

_OUTSIDE_ASCII = re.compile(r"[^\x00-\x7f]+(?:[\x00-\x7f]{1,2}[^\x00-\x7f]+)*")
"""Stretches of characters outside ASCII, with no more than a comma and a space in between."""


def differences(
    start: int, before: str, after: str, rule: str, score: float | None = None, reason: str = ""
) -> Iterator[Edit]:
    """Yield the edits that turn ``before``, which stands at ``start``, into ``after``, in time linear in both.

    Decoding leaves ASCII as it is, so two versions mostly share their ASCII skeleton, and each stretch between two
    of its bones is an edit of its own; bones of one or two characters, such as the spaces of a text that is not in
    Latin, do not count. Where skeletons differ, the one edit runs from the first difference to the last.

    Examples:
        >>> [(e.start, e.end, e.after) for e in differences(0, "cafÃ© prÃ¨s", "café près", "x")]
        [(3, 5, 'é'), (8, 10, 'è')]

    """
    if before == after:
        return
    spans = _flesh(before, after) or [(0, before, after)]
    for at, old, new in spans:
        if old != new and not (old and new):
            yield Edit(start + at, start + at + len(old), new, rule, score, reason)
        elif old != new:
            left, right = _shared(old, new)
            yield Edit(
                start + at + left, start + at + len(old) - right, new[left : len(new) - right], rule, score, reason
            )


def _flesh(before: str, after: str) -> list[tuple[int, str, str]] | None:
    """Return the stretches between the bones, where they stand, before and after; None where skeletons differ."""
    old_end = new_end = 0
    spans = []
    pairs = zip_longest(_OUTSIDE_ASCII.finditer(before), _OUTSIDE_ASCII.finditer(after))
    for old, new in pairs:
        if old is None or new is None or before[old_end : old.start()] != after[new_end : new.start()]:
            return None
        spans.append((old.start(), old.group(), new.group()))
        old_end, new_end = old.end(), new.end()
    return spans if before[old_end:] == after[new_end:] else None


def _shared(old: str, new: str) -> tuple[int, int]:
    """Return how many characters two strings share at their beginning, and then at their end."""
    if old[0] != new[0] and old[-1] != new[-1]:
        return 0, 0
    most = min(len(old), len(new))
    left = next((i for i in range(most) if old[i] != new[i]), most)
    most -= left
    right = next((i for i in range(most) if old[-1 - i] != new[-1 - i]), most)
    return left, right
