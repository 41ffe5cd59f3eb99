"""The ledger: one row for every edit and every verdict, from which each can be explained and undone.

A row is a JSON object on a line of its own. Its first field is always the document's id, so that the rows of one
document are found by their first bytes, without reading the others.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from cleaner.document import Edit, undo
from cleaner.record import dump, encode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from cleaner.document import Document

EDITS = ("remove", "replace")
"""The actions that change a text; the others are verdicts on a whole document."""
DROPS = ("drop", "duplicate")
"""The verdicts after which a document is not among the kept ones."""


class Row(NamedTuple):
    """An edit or a verdict.

    ``start`` and ``end`` count code points of the original text, which reads ``before`` there; it has become ``after``.
    """

    doc: str | int
    stage: str
    rule: str
    action: str
    """``remove`` or ``replace``; ``drop``, ``duplicate``, ``story``, ``part-of`` or ``refused``."""
    start: int
    end: int
    before: str
    after: str
    ref: str | int | None = None
    """The id of the document that a verdict points to: the one that was kept."""
    score: float | None = None
    reason: str = ""
    source: str = ""

    def line(self) -> str:
        """Return the row as a line of JSON; fields that say nothing are left out."""
        always = ("doc", "before", "after")
        return dump({key: value for key, value in self._asdict().items() if key in always or value not in (None, "")})

    def edit(self) -> Edit:
        """Return the edit that the row remembers."""
        return Edit(self.start, self.end, self.after, self.rule, self.score, self.reason, self.before, self.stage)


def edits(doc: Document, key: str | int, source: str) -> Iterator[Row]:
    """Yield a row for each thing that was done, or refused, to a document."""
    for e in doc.history:
        action = "replace" if e.after else "remove"
        yield Row(key, e.stage, e.rule, action, e.start, e.end, e.before, e.after, None, e.score, e.reason, source)
    for stage, reason in doc.refused:
        yield Row(key, stage, f"guard/{stage}", "refused", 0, len(doc.original), "", "", reason=reason, source=source)


def verdict(action: str, rule: str, key: str | int, original: str, source: str, **more: Any) -> Row:  # noqa: ANN401
    """Return the row of a verdict on a whole document; one that drops it takes all of its text."""
    before = original if action in DROPS else ""
    return Row(key, rule.partition("/")[0], rule, action, 0, len(original), before, "", source=source, **more)


def read(line: str | bytes) -> Row:
    """Return the row of a line.

    Examples:
        >>> read(Row("a", "spacing", "spacing/blank", "remove", 3, 4, " ", "").line()).before
        ' '

    """
    return Row(**{"stage": "", "before": "", "after": "", **json.loads(line)})


def of_document(folder: Path, key: str) -> list[Row]:
    """Return the rows of one document from all ledger files of a folder, in the order in which they were written.

    Args:
        folder: a folder of ledger files.
        key: the document's id, as a person types it.

    """
    starts = [encode(f'{{"doc": {dump(key)}, ')]
    if key.lstrip("-").isdigit():
        starts.append(f'{{"doc": {key}, '.encode())
    rows = []
    for path in sorted(folder.rglob("*.jsonl")):
        data = path.read_bytes()
        for start in starts:
            at = data.find(start)
            while at >= 0:
                end = data.find(b"\n", at)
                if at == 0 or data[at - 1 : at] == b"\n":
                    rows.append(read(data[at:end]))
                at = data.find(start, end)
    return rows


def original(text: str, rows: Iterable[Row]) -> str:
    """Return the text that came in, from the text that went out and the ledger's rows on it.

    A document that was dropped went out as nothing.
    """
    done = [r.edit() for r in rows if r.action in EDITS or (r.action in DROPS and r.end > r.start)]
    return undo(text, done)
