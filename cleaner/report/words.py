"""Two texts word by word: what they share, and what only one of them has."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

WORDS = 600
"""How many words of a text are compared; matching takes more than linear time on hostile texts."""
_AROUND = 12
"""Words that are shown on each side of a difference."""
_LONGEST = 80
"""Characters of a word that are shown."""
_TOKEN = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]|[^\s\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]+|\s+")


class Piece(NamedTuple):
    """A stretch of one of the two texts."""

    text: str
    own: bool = False
    """Whether the other text does not have it."""
    left_out: int = 0
    """How many words, all of them shared, are not shown here; the text is empty then."""


def side_by_side(left: str, right: str) -> tuple[list[Piece], list[Piece]]:
    """Return two texts as pieces, long stretches that they share cut short.

    Examples:
        >>> left, right = side_by_side("It rained all night.", "It snowed all night.")
        >>> [piece.text for piece in left if piece.own], [piece.text for piece in right if piece.own]
        (['rained'], ['snowed'])

    """
    a, b = list(_words(left)), list(_words(right))
    steps = SequenceMatcher(None, a, b).get_opcodes()
    ours: list[Piece] = []
    theirs: list[Piece] = []
    for n, (step, i, j, k, m) in enumerate(steps):
        if step == "equal":
            first, last = n == 0, n == len(steps) - 1
            ours += _shared(a[i:j], first=first, last=last)
            theirs += _shared(b[k:m], first=first, last=last)
            continue
        ours += _own(a[i:j])
        theirs += _own(b[k:m])
    return ours, theirs


def _words(text: str) -> Iterator[str]:
    """Yield the first words of a text, and the white space between them as one space or one line break."""
    for match in islice(_TOKEN.finditer(text.strip()), 2 * WORDS):
        word = match[0]
        if word.isspace():
            yield "\n" if "\n" in word else " "
        else:
            yield word if len(word) <= _LONGEST else f"{word[: _LONGEST - 1]}…"


def _own(words: list[str]) -> Iterator[Piece]:
    if text := "".join(words):
        yield Piece(text, own=True)


def _shared(words: list[str], *, first: bool, last: bool) -> Iterator[Piece]:
    """Yield words that both texts have; of many only those beside a difference."""
    head, tail = (0 if first else 2 * _AROUND), (0 if last else 2 * _AROUND)
    if first and last:  # no difference anywhere
        head = 8 * _AROUND
    if len(words) <= head + tail + 2 * _AROUND:
        yield Piece("".join(words))
        return
    if head:
        yield Piece("".join(words[:head]))
    yield Piece("", left_out=sum(not word.isspace() for word in words[head : len(words) - tail]))
    if tail:
        yield Piece("".join(words[len(words) - tail :]))
