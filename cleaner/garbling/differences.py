"""Where two versions of a line differ: the small edits that lead from one to the other."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cleaner.document import Edit

if TYPE_CHECKING:
    from collections.abc import Iterator

_OUTSIDE_ASCII = re.compile(r"([^\x00-\x7f]++(?:[\x00-\x7f]{1,2}+[^\x00-\x7f]++)*+)")
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
    old, new = _OUTSIDE_ASCII.split(before), _OUTSIDE_ASCII.split(after)
    if old[::2] != new[::2]:
        old, new = ["", before], ["", after]
    at = start
    for i in range(1, len(old), 2):
        was, now = old[i], new[i]
        at += len(old[i - 1])
        if was != now:
            left = right = 0
            if was and now and (was[0] == now[0] or was[-1] == now[-1]):
                left, right = _shared(was, now)
            yield Edit(at + left, at + len(was) - right, now[left : len(now) - right], rule, score, reason)
        at += len(was)


def _shared(old: str, new: str) -> tuple[int, int]:
    """Return how many characters two strings share at their beginning, and then at their end."""
    most = min(len(old), len(new))
    left = next((i for i in range(most) if old[i] != new[i]), most)
    most -= left
    right = next((i for i in range(most) if old[-1 - i] != new[-1 - i]), most)
    return left, right
