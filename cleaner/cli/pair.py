"""Two documents side by side, as the search for duplicates saw them: after the cleaning."""

from __future__ import annotations

import shutil
import textwrap
from itertools import zip_longest
from typing import TYPE_CHECKING

from cleaner.cli import terminal
from cleaner.report.words import side_by_side

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cleaner.dedup.evidence import Evidence
    from cleaner.job.finished import Told
    from cleaner.report.words import Piece

_MOST = 12
"""Shared shingles that are shown."""
_NARROW = 20


def shown(a: Told, b: Told, found: Evidence) -> Iterator[str]:
    """Yield the lines of the comparison."""
    yield f"resemblance  {found.resemblance:.3f}  of the shingles of both"
    yield f"containment  {found.containment:.3f}  of the shingles of the smaller one"
    yield f"shared       {len(found.shared)} of {found.sizes[0]} and {found.sizes[1]} shingles"
    for shingle in found.shared[:_MOST]:
        yield f"             {terminal.visible(shingle)}"
    if len(found.shared) > _MOST:
        yield f"             and {len(found.shared) - _MOST} more (--json lists them)"
    yield ""
    width = max(_NARROW, (shutil.get_terminal_size((120, 24)).columns - 3) // 2)
    heads = [f"{told.place.id} ({told.place.outcome})" for told in (a, b)]
    columns = [
        [*_wrapped(head, width), "", *_wrapped(_marked(pieces, sign), width)]
        for head, pieces, sign in zip(heads, side_by_side(a.text, b.text), "-+", strict=True)
    ]
    for left, right in zip_longest(*columns, fillvalue=""):
        yield f"{left:{width}} │ {right}".rstrip()


def _marked(pieces: Sequence[Piece], sign: str) -> str:
    """Return a text with what the other one lacks in brackets."""
    left, right = ("[-", "-]") if sign == "-" else ("{+", "+}")
    parts = []
    for piece in pieces:
        if piece.left_out:
            parts.append(f" […{piece.left_out} words that both have…] ")
        elif piece.own and not piece.text.isspace():
            parts.append(f"{left}{piece.text}{right}")
        else:
            parts.append(piece.text)
    return "".join(parts)


def _wrapped(text: str, width: int) -> list[str]:
    lines = terminal.visible(text).split("\n")
    return [part for line in lines for part in textwrap.wrap(line, width, drop_whitespace=True) or [""]]
