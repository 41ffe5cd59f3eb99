"""What a worker does with a chunk: every record through the pipeline, and what became of it."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from cleaner import dedup, ledger, pipeline, places, sites
from cleaner.errors import CleanerError, RecordError
from cleaner.job.folder import Entry
from cleaner.parts.inputs import form
from cleaner.record import ANNOTATION, BEGINNING, Damage, Record, Skipped, dump
from cleaner.report.tally import Tally, lost

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cleaner.document import Document
    from cleaner.job.folder import State
    from cleaner.parts.chunks import Chunk
    from cleaner.pipeline import Pipeline
    from cleaner.watch import Watch

EMPTY = "drop/empty"
"""The one rule that drops a document: nothing is left of its text."""

ANNOTATE = ("on", "all", "off")
"""Whether a record says what was done to it if it was changed, says its language in any case, or says nothing."""

_CONTEXT = ("url", "title", "date", "lang", "source")
"""What the stages are told of a record besides its text."""


@dataclass(frozen=True)
class Plan:
    """What is to be done with each record; it is the same for every worker."""

    stages: Pipeline
    names: Mapping[str, str] = field(default_factory=dict)
    """The field names that the user has chosen, by known name."""
    annotate: str = "on"
    """Which records say what was done to them, see `ANNOTATE`."""
    comparing: dedup.Options = field(default_factory=dedup.Options)

    def names_of(self, kind: str) -> Mapping[str, str]:
        """Return the field names for a format; records that are made of whole files have the usual ones."""
        return {} if form(kind).whole_files else self.names


class Cleaned(NamedTuple):
    """A record after the pipeline."""

    key: str | int
    doc: Document
    line: str
    """The record's JSON as it goes out."""

    def field(self, name: str) -> str:
        """Return what is known of the document under a name, empty if nothing is."""
        return self.doc.fields.get(name, "")


def clean(
    record: Record, stages: Pipeline, names: Mapping[str, str], *, annotate: str = "on", pages: bool = False
) -> Cleaned:
    """Return a record clean.

    Args:
        record: it needs a text or a page.
        stages: what to do with it.
        names: the field names that the user has chosen, by known name.
        annotate: which records say what was done to them, see `ANNOTATE`.
        pages: whether to take the record's page even if it has a text, too.

    Raises:
        RecordError: it has no text, or a stage fails on it.

    """
    key = key_of(record, names)
    doc = stages(open_record(record, names, key, pages=pages, language=bool(stages.stages) or annotate == "all"))
    values: dict[str, object] = {}
    told: dict[str, object] = {}  # nothing of what goes out as it came in, or of what an earlier run has said
    if doc.text != record.get("text", names):
        values[record.key("text", names)] = doc.text
        counts = counted(record.annotation, len(doc.history), doc.original, doc.text)
        told = {**counts, **_found(doc, record, names)}
    elif annotate == "all" and not record.annotation:
        told = _found(doc, record, names)
        if n := lost(doc.text):
            told["lost"] = n
    if annotate != "off" and told:
        values[ANNOTATION] = told
    return Cleaned(key, doc, record.replaced(values) if values else record.raw)


def _found(doc: Document, record: Record, names: Mapping[str, str]) -> dict[str, object]:
    """Return what is known of a document that its record does not say."""
    return {name: value for name, value in doc.fields.items() if record.get(name, names) is None}


def counted(told: Mapping[str, object], edits: int, before: str, after: str) -> dict[str, object]:
    """Return what is told of a record, with the counts of what was done to its text.

    Examples:
        >>> counted({"edits": 9, "lang": "en"}, 1, "a\ufffd  b", "a\ufffd b")
        {'edits': 1, 'lang': 'en', 'removed': 1, 'lost': 1}

    """
    counts = {**told, "edits": edits, "removed": len(before) - len(after), "lost": lost(after)}
    return counts if counts["lost"] else {name: value for name, value in counts.items() if name != "lost"}


def open_record(
    record: Record,
    names: Mapping[str, str],
    key: str | int | None = None,
    *,
    pages: bool = False,
    language: bool = True,
) -> Document:
    """Return the document that a record holds.

    Args:
        record: it needs a text or a page.
        names: the field names that the user has chosen, by known name.
        key: its `key_of`, if that is known.
        pages: whether to take the record's page even if it has a text, too.
        language: whether anybody asks in which language a text is that does not say so.

    Raises:
        RecordError: it has neither a text nor a page, or what it has is none.

    """
    text, html = record.get("text", names), record.get("html", names)
    for name, value in (("text", text), ("html", html)):
        if value is not None and not isinstance(value, str):
            raise RecordError(f"bad-{name}", f"its {name} is no string but {type(value).__name__}")
    own = {name: value for name in _CONTEXT if (value := record.get(name, names)) is not None}
    if told := record.annotation:  # by an earlier run
        own = {**{name: told[name] for name in _CONTEXT if name in told}, **own}
    known = {name: str(value) for name, value in own.items()}
    source = None if pages and html is not None else text
    key = key_of(record, names) if key is None else key
    return pipeline.open_document(str(key), source, html, known, language=language)


def key_of(record: Record, names: Mapping[str, str]) -> str | int:
    """Return a record's id: its own, else its URL, else its source and place."""
    for name in ("id", "url"):
        value = record.get(name, names)
        if isinstance(value, str | int) and not isinstance(value, bool) and value != "":
            return value
    return f"{record.source}:{record.offset}"


class ChunkCleaner:
    """The function that an engine runs over the chunks: cleans one and leaves the outcome in the job's state."""

    def __init__(self, plan: Plan, state: State) -> None:
        self.plan = plan
        self.state = state

    def __call__(self, chunk: Chunk, watch: Watch) -> tuple[int, int, Tally]:
        """Return the part that the chunk belongs to, the chunk's size and its tally.

        A chunk that an earlier run has done is not done again.
        """
        done = self.state.tally(chunk.part, chunk.number)
        if done is not None:
            return chunk.part, chunk.size, done
        names = self.plan.names_of(chunk.format)
        chunk, where = chunk.held()
        tally = Tally()
        kept: list[Cleaned] = []
        texts: list[bytes] = []
        entries: list[Entry] = []
        lines: list[str] = []
        rows: list[str] = []
        damaged: list[str] = []
        size, largest = 0, (0, 0)
        for number, item in enumerate(watch.over(chunk.read(watch.lost), size=lambda item: len(item.raw))):
            size, largest = size + len(item.raw), max(largest, (len(item.raw), number))
            if isinstance(item, Skipped):
                tally.skipped[item.reason] += 1
                continue
            tally.arrive(item.source, item.offset)
            if isinstance(item, Damage):
                damaged.append(self._put_away(item, tally))
                continue
            try:
                out, mine = self._cleaned(item, names)
            except RecordError as error:
                damage = Damage(item.source, item.offset, item.data, error.reason, str(error))
                damaged.append(self._put_away(damage, tally))
                continue
            text, original = out.doc.text, places.utf8(out.doc.original)
            empty = not text or text.isspace()
            tally.document(out.doc, "empty" if empty else "")
            if empty:
                why = "nothing is left of it"
                verdict = ledger.verdict(
                    "drop", EMPTY, out.key, out.doc.original, item.source, at=item.offset, reason=why
                )
                mine.append(verdict.line())
            else:
                kept.append(out)
                texts.append(original if text is out.doc.original else places.utf8(text))
            entries.append(Entry(out.key, item.offset, len(mine), empty, places.digest(original)))
            rows += mine
            lines.append("" if where and out.line is item.raw else out.line)
        watch.start(largest[1], size)  # the rest is done for all at once: if it cannot be, it is for the largest one
        sketch = dedup.sketch(
            [out.doc.text for out in kept],
            encoded=texts,
            titles=[out.field("title") for out in kept],
            dates=[out.field("date") for out in kept],
            sources=[sites.host(out.field("url")) or out.field("source") for out in kept],
            options=self.plan.comparing,
        )
        self.state.keep(chunk.part, chunk.number, tally, entries, lines, rows, damaged, where, sketch)
        watch.stop()
        return chunk.part, chunk.size, tally

    def _cleaned(self, record: Record, names: Mapping[str, str]) -> tuple[Cleaned, list[str]]:
        """Return a record clean, with its rows in the ledger.

        Raises:
            RecordError: it cannot be cleaned, whatever the reason.

        """
        try:
            out = clean(record, self.plan.stages, names, annotate=self.plan.annotate)
            return out, [row.line() for row in ledger.edits(out.doc, out.key, record.source, record.offset)]
        except (CleanerError, MemoryError):
            raise
        except Exception as error:
            sentence = f"what the stages made of it makes no sense: {pipeline.told(error)}"
            raise RecordError("stage-failed", sentence) from error

    def _put_away(self, damage: Damage, tally: Tally) -> str:
        """Count a piece of input that could not be processed and return its row; a long one becomes a file, too."""
        tally.damage(damage.reason, whole=damage.whole)
        digest = damage.sha256 or hashlib.sha256(damage.raw).hexdigest()
        if len(damage.raw) > BEGINNING and damage.length is None:
            self.state.put_raw(digest, damage.raw)
        row = {
            "source": damage.source,
            "offset": damage.offset,
            "length": len(damage.raw) if damage.length is None else damage.length,
            "reason": damage.reason,
            "error": damage.error,
            "raw": base64.b64encode(damage.raw[:BEGINNING]).decode(),
            "sha256": digest,
        }
        return dump(row)
