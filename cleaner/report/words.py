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
_WORD = re.compile(r"([\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]|[^\s\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]+)(\s*)")
"""A word, or a letter of a script that does not divide words, and the white space behind it."""


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
    steps = SequenceMatcher(None, [word.word for word in a], [word.word for word in b]).get_opcodes()
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


class _Word(NamedTuple):
    word: str
    space: str
    """What stands behind it: nothing, one space or one line break."""


def _words(text: str) -> Iterator[_Word]:
    """Yield the first words of a text."""
    for match in islice(_WORD.finditer(text), WORDS):
        word, space = match.groups()
        shown = word if len(word) <= _LONGEST else f"{word[: _LONGEST - 1]}…"
        yield _Word(shown, "\n" if "\n" in space else " " if space else "")


def _joined(words: list[_Word]) -> str:
    return "".join(part for word in words for part in word)


def _own(words: list[_Word]) -> Iterator[Piece]:
    if words:
        *before, last = words  # the space behind the last one is nobody's difference
        yield Piece(_joined([*before, last._replace(space="")]), own=True)
        if last.space:
            yield Piece(last.space)


def _shared(words: list[_Word], *, first: bool, last: bool) -> Iterator[Piece]:
    """Yield words that both texts have; of many only those beside a difference."""
    head, tail = (0 if first else _AROUND), (0 if last else _AROUND)
    if first and last:  # no difference anywhere
        head = 4 * _AROUND
    if len(words) <= head + tail + _AROUND:
        yield Piece(_joined(words))
        return
    if head:
        yield Piece(_joined(words[:head]))
    yield Piece("", left_out=len(words) - head - tail)
    if tail:
        yield Piece(_joined(words[len(words) - tail :]))
