"""What belongs to a body though it does not look like one: headline, byline and dateline, and short lines of speech."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

REACH = 14
"""Lines above the body among which its headline is looked for."""
_LONG = 12
"""Words of a line that is running text."""
_SHARED = 0.25
"""Share of a headline's words that the long lines of the body use as well."""
_WORDS = (3, 25)
_NAME = (2, 7)
"""Words of a byline, from and to."""
_SUMMARY = 8
"""Words from which a line between headline and body is what stands there to sum it up."""
_AFTER = 2
"""Lines below the body that may still be speech."""
_opens = re.compile(r"\s*[\"'“”„«»‚‘「『–—―]\s?\w").match
"""Tells whether a line begins as something that somebody says."""
_ENDS = re.compile(r"[.!?…。！？][\"'”“«»’」』]?\s*$")
_DATE = re.compile(r"(?<!\d)(?:1[89]|20)\d\d(?!\d)|(?<!\d)\d{1,2}[.:]\d\d(?!\d)")
_LONGEST_DATE = 60
_SIGNS = re.compile(r"[|<>©@#»›•·/]")


def belongings(
    lines: Sequence[str], kept: NDArray[np.bool_], words: NDArray[np.float32], shared: NDArray[np.float32], title: str
) -> Iterator[int]:
    """Yield the lines to keep besides those that look like body text.

    Args:
        lines: the lines of a document.
        kept: those that look like body text.
        words: words of each line.
        shared: share of each line's words that the body uses as well.
        title: what the document is called, if that is known.

    Examples:
        >>> body = "The ferry had drifted off before anybody on the quay saw that it was gone."
        >>> lines = ["News", "Ferry drifts off", "By Ann Lee", "3 May 2024", "Share", body, "“No.”", body]
        >>> kept = np.array([line == body for line in lines])
        >>> words = np.float32([line.count(" ") + 1 for line in lines])
        >>> shared = np.float32([0, 1, 0, 0, 0, 1, 0, 1])
        >>> [lines[i] for i in sorted(belongings(lines, kept, words, shared, ""))]
        ['Ferry drifts off', 'By Ann Lee', '3 May 2024', '“No.”']

    """
    body = np.flatnonzero(kept & (words >= _LONG))
    if not len(body):
        return
    first, last = int(body[0]), int(body[-1])
    others = first + np.flatnonzero(~kept[first : last + 1 + _AFTER])
    yield from [i for i in others.tolist() if _opens(lines[i]) and _ENDS.search(lines[i])]
    top = headline(lines, words, shared, first, title)
    if top is None:
        return
    yield top
    dates = [i for i in range(top + 1, first) if len(lines[i]) <= _LONGEST_DATE and _DATE.search(lines[i])]
    for i in range(top + 1, first):
        named = (i - 1 in dates or i + 1 in dates or i == top + 1) and _is_name(lines[i])
        if named or i in dates or (words[i] >= _SUMMARY and _ENDS.search(lines[i])):
            yield i


def headline(
    lines: Sequence[str], words: NDArray[np.float32], shared: NDArray[np.float32], first: int, title: str
) -> int | None:
    """Return which of the lines above the first long line of the body is its headline, if any is."""
    above = range(max(0, first - REACH), first)
    title = _plain(title)
    for i in reversed(above) if title else ():
        line = _plain(lines[i])
        if line and (line == title or (words[i] >= _WORDS[0] and line in title)):
            return i
    fit = [i for i in above if _WORDS[0] <= words[i] <= _WORDS[1] and not _SIGNS.search(lines[i])]
    best = max(fit, key=lambda i: shared[i], default=None)
    return best if best is not None and shared[best] >= _SHARED else None


def _plain(line: str) -> str:
    return " ".join(line.casefold().split())


def _is_name(line: str) -> bool:
    """Tell whether a line may be a byline: a few words, at least half of them with a capital or of a script without."""
    own = line.split()
    fit = _NAME[0] <= len(own) <= _NAME[1] and not _SIGNS.search(line) and not _ENDS.search(line)
    return fit and 2 * sum(word[0] != word[0].lower() or word[0] == word[0].upper() for word in own) >= len(own)
