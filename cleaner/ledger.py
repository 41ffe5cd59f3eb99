"""The ledger: one row for every edit and every verdict, from which each can be explained and undone.

A row is a JSON object on a line of its own. Its first field is always the document's id, so that a
person who looks for it finds it by its first bytes; `cleaner.places` tells where the rows of one document stand.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from cleaner.document import Edit, redo, undo
from cleaner.record import dump

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from cleaner.document import Document

EDITS = ("remove", "replace")
"""The actions that change a text; the others are verdicts on a whole document."""
DROPS = ("drop", "duplicate")
"""The verdicts after which a document is not among the kept ones."""
ACTIONS = (*EDITS, *DROPS, "story", "part-of", "refused")
"""All that can stand in a row."""


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
    """The file that the document came in; one of several documents with the same id is told by its source and place."""
    at: int | None = None
    """Where in that file it began, in bytes (or as the file's format counts)."""

    def line(self) -> str:
        """Return the row as a line of JSON; fields that say nothing are left out."""
        always = ("doc", "before", "after")
        return dump({key: value for key, value in self._asdict().items() if key in always or value not in (None, "")})

    @property
    def edits(self) -> bool:
        """Whether it tells of an edit."""
        return self.action in EDITS

    @property
    def drops(self) -> bool:
        """Whether it tells of a verdict after which the document is not among the kept ones."""
        return self.action in DROPS

    def follows(self, start: int, end: int) -> bool:
        """Tell whether the edit, made after another one of that span, was made of what that one had left."""
        on_top = self.after != "" and self.start <= start and end <= self.end
        beside = (self.before + self.after).isspace() and (self.end == start or self.start == end)
        return on_top or beside

    def edit(self) -> Edit:
        """Return the edit that the row remembers."""
        return Edit(self.start, self.end, self.after, self.rule, self.score, self.reason, self.before, self.stage)


def edits(doc: Document, key: str | int, source: str, at: int | None = None) -> Iterator[Row]:
    """Yield a row for each thing that was done, or refused, to a document."""
    for e in doc.history:
        action = "replace" if e.after else "remove"
        yield Row(key, e.stage, e.rule, action, e.start, e.end, e.before, e.after, None, e.score, e.reason, source, at)
    for stage, reason in doc.refused:
        whole = len(doc.original)
        yield Row(key, stage, f"guard/{stage}", "refused", 0, whole, "", "", reason=reason, source=source, at=at)


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


def original(text: str, rows: Iterable[Row]) -> str:
    """Return the text that came in, from the text that went out and the ledger's rows on it.

    A document that was dropped went out as nothing.
    """
    done = [r.edit() for r in rows if r.edits or (r.drops and r.end > r.start)]
    return undo(text, done)


def without(original: str, rows: Iterable[Row], undone: Callable[[str], bool]) -> tuple[str, list[Row]]:
    """Return what would have come out without some rules, and the edits that are left.

    What was made of what one of them had left is undone, too: a later edit on top of it that put something there, and
    white space that later went beside it. An edit that took out a whole stretch around it stands: it would have done so
    all the same.

    Args:
        original: the text that came in.
        rows: the ledger's rows on it.
        undone: tells of a rule whether its edits are undone.

    Examples:
        >>> share = Row("a", "boilerplate", "en/share", "remove", 0, 6, "Share\\n", "")
        >>> rows = [share, Row("a", "repair", "repair/control", "remove", 9, 10, "\\x00", "")]
        >>> without("Share\\nYes\\x00", rows, lambda rule: rule == "en/share")[0]
        'Share\\nYes'

    """
    left: list[Row] = []
    spans: list[tuple[int, int]] = []
    for row in rows:
        if not row.edits:
            continue
        if undone(row.rule) or any(row.follows(*span) for span in spans):
            spans.append((row.start, row.end))
        else:
            left.append(row)
    return redo(original, [row.edit() for row in left]), left
