"""One letter in several forms: composed and in pieces, ligatures, full width, shapes in a word."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

import numpy as np

from cleaner.document import Edit
from cleaner.garbling.each import each
from cleaner.garbling.signs import Sign, code_points, table

if TYPE_CHECKING:
    from collections.abc import Iterator

_PIECE = re.compile(r"[^ \n]+")
"""What can be composed apart: two spaces, U+2000 and U+2001, have a normal form of their own, so they belong to it."""
_LIGATURE = re.compile("[\ufb00-\ufb06]")
_FULL_WIDTH = re.compile("[\uff01-\uff5e]+")
_PRESENTATION = re.compile("[\ufb50-\ufdff\ufe70-\ufefc]+")
LONGEST_RUN_OF_MARKS = 30
"""UAX #15 calls text stream-safe in which no more marks follow each other; no script needs more."""


def ligatures(text: str) -> Iterator[Edit]:
    """Take the seven typesetter's ligatures of Latin apart; letters such as æ or ĳ are no ligatures.

    Examples:
        >>> [e.after for e in ligatures("ﬁne œuvre")]
        ['fi']

    """
    return each(text, _LIGATURE, "ligature", lambda m: unicodedata.normalize("NFKC", m.group()))


def long_runs_of_marks(text: str) -> Iterator[Edit]:
    r"""Cut runs of combining marks to 30.

    Examples:
        >>> [(e.start, e.end) for e in long_runs_of_marks("a" + "\u0316" * 40)]
        [(31, 41)]

    """
    are_marks = table().take(code_points(text), mode="clip") & np.uint32(Sign.COMBINING) != 0
    if b"\1" * (LONGEST_RUN_OF_MARKS + 1) not in are_marks.tobytes():
        return
    others = np.flatnonzero(np.pad(are_marks, 1) == 0)
    for i in np.flatnonzero(np.diff(others) > LONGEST_RUN_OF_MARKS + 1).tolist():
        start, end = int(others[i]) + LONGEST_RUN_OF_MARKS, int(others[i + 1]) - 1
        yield Edit(start, end, "", "repair/marks", None, "more than 30 combining marks in a row")


def composition(text: str) -> Iterator[Edit]:
    r"""Compose characters as Unicode's normal form C says: e and an accent are one é.

    Examples:
        >>> [e.after for e in composition("cafe\u0301")]
        ['é']

    """
    if unicodedata.is_normalized("NFC", text):
        return
    for match in _PIECE.finditer(text):
        word = match.group()
        if not unicodedata.is_normalized("NFC", word):
            new = unicodedata.normalize("NFC", word)
            same = next(
                (i for i, (a, b) in enumerate(zip(word, new, strict=False)) if a != b), min(len(word), len(new))
            )
            yield Edit(match.start() + same, match.end(), new[same:], "repair/nfc")


def full_width(text: str) -> Iterator[Edit]:
    """Write full-width Latin letters, digits and signs in the usual width."""
    return each(text, _FULL_WIDTH, "full-width", lambda m: unicodedata.normalize("NFKC", m.group()))


def presentation_forms(text: str) -> Iterator[Edit]:
    """Write Arabic letters as letters, not as the shapes that they take in a word."""
    return each(text, _PRESENTATION, "presentation", lambda m: unicodedata.normalize("NFKC", m.group()))
