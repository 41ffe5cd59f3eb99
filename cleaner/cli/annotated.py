"""A document as it came in, line by line, with all that was done to it marked where it stood."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cleaner.cli import terminal
from cleaner.document import live

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cleaner.ledger import Row

_LONGEST = 400
_STYLES = {"": (), "-": (terminal.RED,), "+": (terminal.GREEN,)}
_BRACKETS = {"": "{}", "-": "[-{}-]", "+": "{{+{}+}}"}


class Line(NamedTuple):
    """One line of the text that came in."""

    number: int
    pieces: list[tuple[str, str]]
    """Stretches of it, each with ``-`` if it was taken out, ``+`` if it was put in, else nothing."""
    rows: list[Row]
    """The edits that begin in it, in the order in which they were made."""

    @property
    def gone(self) -> bool:
        """Whether nothing is left of it."""
        return bool(self.pieces) and all(sign == "-" for sign, _ in self.pieces)


def lines(original: str, rows: Sequence[Row]) -> Iterator[Line]:
    """Yield the lines of a text with the edits of its rows.

    Examples:
        >>> from cleaner.ledger import Row
        >>> row = Row("a", "boilerplate", "en/share", "remove", 0, 6, "Share\\n", "")
        >>> [(line.number, line.pieces) for line in lines("Share\\nIt rained.", [row])]
        [(1, [('-', 'Share⏎')]), (2, [('', 'It rained.')])]

    """
    number = 1
    pieces: list[tuple[str, str]] = []
    mine: list[Row] = []
    for sign, text, made in _stretches(original, rows):
        mine += made
        for i, part in enumerate(text.split("\n") if sign != "+" else [text.replace("\n", "⏎")]):
            if i:
                if sign:
                    pieces[-1:] = [(sign, f"{pieces[-1][1] if pieces and pieces[-1][0] == sign else ''}⏎")]
                yield Line(number, pieces, mine)
                number, pieces, mine = number + 1, [], []
            if part or (sign and not i and text.startswith("\n")):
                pieces.append((sign, part))
    yield Line(number, pieces, mine)


def _stretches(original: str, rows: Sequence[Row]) -> Iterator[tuple[str, str, list[Row]]]:
    """Yield the text in stretches: each with its sign, and the rows that it comes from."""
    edits = [row for row in rows if row.edits]
    at = 0
    for e in live(row.edit() for row in edits):
        yield "", original[at : e.start], []
        yield "-", e.before, [row for row in edits if e.start <= row.start and row.end <= e.end]
        yield "+", e.after, []
        at = e.end
    yield "", original[at:], []


def shown(line: Line) -> Iterator[str]:
    """Yield a line as a terminal shows it, and under it the rules that changed it."""
    mark = "-" if line.gone else "~" if line.rows else " "
    text = "".join(_piece(sign, text, plain=line.gone) for sign, text in line.pieces)
    yield f"{line.number:>5} {mark} {text}".rstrip()
    for row in line.rows:
        yield terminal.styled(f"        ^ {told(row, bare=line.gone and not row.after)}", terminal.DIM)


def told(row: Row, *, bare: bool = False) -> str:
    """Return what a row says of an edit: rule, place, score, reason; if not ``bare``, what became of what, too."""
    score = [] if row.score is None else [f"score {row.score:.3g}"]
    reason = [row.reason] if row.reason else []
    about = ", ".join([f"characters {row.start}–{row.end}", *score, *reason])
    change = "" if bare else f"  {quoted(row.before)} → {quoted(row.after)}"
    return terminal.visible(f"{row.rule}  {about}{change}")


def quoted(text: str) -> str:
    """Return a text on one line, cut short, as a terminal can show it."""
    cut = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}… ({len(text)} characters)"
    return f"‘{terminal.visible(cut).replace(chr(10), '⏎')}’" if text else "nothing"


def _piece(sign: str, text: str, *, plain: bool) -> str:
    clean = terminal.visible(text)
    if plain or not sign:
        return terminal.styled(clean, *_STYLES[sign]) if sign else clean
    return terminal.styled(_BRACKETS[sign].format(clean), *_STYLES[sign])
