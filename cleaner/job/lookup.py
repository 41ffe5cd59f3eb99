"""Some documents of a run, looked up all at once: its files are read through, and only what is wanted is kept."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cleaner import ledger
from cleaner.dedup.dates import UNDATED, second_of
from cleaner.document import live
from cleaner.job import chunks
from cleaner.job.clean import key_of
from cleaner.job.inputs import File, Part, form, format_of
from cleaner.record import Record, dump, encode
from cleaner.report.facts import Seen
from cleaner.report.tally import site_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from collections.abc import Set as AbstractSet
    from pathlib import Path

    from cleaner.ledger import Row
    from cleaner.report.facts import Key

_DOC = re.compile(rb'\{"doc": ("(?:[^"\\]|\\.)*"|-?[0-9]+), ')


def fetch(out: Path, names: Mapping[str, str], wanted: AbstractSet[Key]) -> dict[Key, Seen]:
    """Return what a run tells of some documents; those that it left no text of are not among them.

    Args:
        out: the folder of the run.
        names: the field names that the user has chosen, by known name.
        wanted: the ids of the documents.

    """
    rows = _rows(out / "ledger", wanted)
    found: dict[Key, Seen] = {}
    for key, record, text in _kept(out / "documents", names, wanted):
        found.setdefault(key, _seen(record, text, ledger.original(text, rows[key]), names))
    for key, mine in rows.items():
        whole = next((row.before for row in mine if row.action in ledger.DROPS), None)
        if whole is not None:
            found.setdefault(key, Seen(whole, _cleaned(whole, mine)))
    return found


def _rows(folder: Path, wanted: AbstractSet[Key]) -> dict[Key, list[Row]]:
    found: dict[Key, list[Row]] = defaultdict(list)
    starts = {encode(dump(key)) for key in wanted}
    for path in sorted(folder.rglob("*.jsonl")):
        with path.open("rb") as file:
            for line in file:
                match = _DOC.match(line)
                if match and match[1] in starts:
                    row = ledger.read(line)
                    found[row.doc].append(row)
    return found


def _kept(folder: Path, names: Mapping[str, str], wanted: AbstractSet[Key]) -> Iterator[tuple[Key, Record | None, str]]:
    """Yield those of the wanted documents that were kept: id, record and text."""
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        name = path.relative_to(folder).as_posix()
        kind = format_of(name)
        if not kind or form(kind).whole_files:
            for own in {name, name.removesuffix(".txt")} & wanted:
                yield own, None, path.read_bytes().decode("utf-8")
            continue
        for chunk in chunks.cut([Part(name, kind, (File(name, path, path.stat().st_size),))]):
            for record in chunk.read():
                if isinstance(record, Record) and (key := key_of(record, names)) in wanted:
                    text = record.get("text", names)
                    yield key, record, text if isinstance(text, str) else ""


def _cleaned(original: str, rows: list[Row]) -> str:
    """Return a text as the edits of its rows leave it."""
    parts, at = [], 0
    for e in live(row.edit() for row in rows if row.action in ledger.EDITS):
        parts += [original[at : e.start], e.after]
        at = e.end
    return "".join([*parts, original[at:]])


def _seen(record: Record | None, text: str, original: str, names: Mapping[str, str]) -> Seen:
    if record is None:
        return Seen(original, text)
    about = {
        name: str(record.get(name, names) or record.annotation.get(name) or "") for name in ("title", "date", "url")
    }
    return Seen(original, text, about["title"], site_of(about["url"], record.get("source", names)), _day(about["date"]))


def _day(said: str) -> str:
    second = second_of(said)
    return "" if second == UNDATED else datetime.fromtimestamp(second, UTC).date().isoformat()
