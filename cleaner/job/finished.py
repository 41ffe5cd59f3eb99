"""A finished run, read from its folder alone: every document with its record, its place and its rows."""

from __future__ import annotations

import json
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from cleaner import ledger, places
from cleaner.errors import InputError, LawError
from cleaner.job import folder
from cleaner.parts import documents
from cleaner.parts.inputs import Part, form
from cleaner.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from collections.abc import Set as AbstractSet
    from pathlib import Path

    from cleaner.ledger import Row
    from cleaner.places import Place


class Told(NamedTuple):
    """All that a run tells of one document."""

    place: Place
    rows: list[Row]
    record: Record | None
    """As it went out, or would have gone if it had been kept; None if it was kept in a dry run, which leaves none."""
    text: str
    """The text of the record, empty where there is none."""

    def original(self) -> str:
        """Return the text that came in."""
        whole = next((row.before for row in self.rows if row.drops), None)
        return ledger.original(self.text, self.rows) if whole is None else whole


class Finished:
    """The results of a run."""

    def __init__(self, out: Path, manifest: dict[str, Any] | None = None) -> None:
        """Read what the run says of itself, or take what it is about to say.

        Raises:
            InputError: the folder holds no finished run.

        """
        self.out = out
        self.manifest = folder.read_manifest(out) if manifest is None else manifest
        try:
            job = self.manifest["job"]
            self.dry: bool = job["dry"]
            self.names: Mapping[str, str] = job["fields"]
            self.parts = [_part(name, entry, job["allow"]) for name, entry in self.manifest["parts"].items()]
        except (KeyError, TypeError):
            raise InputError(f"{out / folder.MANIFEST}: it is damaged, or of another version of cleaner") from None

    def told(self, part: Part) -> Iterator[Told]:
        """Yield all documents of a part, in the order of the input.

        Raises:
            LawError: its files do not agree.

        """
        by_file = self.dry or part.by_file
        kept = iter(()) if by_file else documents.read(self.out / "documents", part)
        removed, rows = (_lines(self.out / room / part.ledger) for room in ("removed", "ledger"))
        line: bytes | Record | None
        for place in map(places.read, _lines(self.out / "places" / part.ledger)):
            mine = [ledger.read(row) for row in islice(rows, place.rows)]
            if place.outcome != places.KEPT:
                line = next(removed, None)
            elif by_file:
                line = self._record(part, place)
            else:
                line = next(kept, None)
            if len(mine) < place.rows or (line is None and not self.dry):
                raise LawError(f"{part.name}: of document {place.id!r} less was written down than its place says")
            yield self._of(part, place, mine, Record(line.decode(), "", 0) if isinstance(line, bytes) else line)
        for what, left in (("rows", rows), ("removed records", removed), ("documents", kept)):
            if next(left, None) is not None:
                raise LawError(f"{part.name}: there are more {what} than places tell of")

    def find(self, key: str) -> Iterator[tuple[Part, Told]]:
        """Yield the documents that have an id, each with its part; nothing is read but what stands of them."""
        for part in self.parts:
            for place in places.find(self.out / "places" / part.ledger, key):
                yield part, self._told_of(part, place, self._record(part, place))

    def find_all(self, keys: AbstractSet[str | int]) -> Iterator[tuple[Part, Told]]:
        """Yield the documents that have one of some ids, each with its part; no file is read more than once."""
        for part in self.parts:
            found = list(places.find_all(self.out / "places" / part.ledger, keys))
            in_one = not self.dry and not part.by_file
            ats = {place.record for place in found if in_one and place.outcome == places.KEPT}
            kept = dict(documents.read_some(self.out / "documents", part, ats))
            for place in found:
                here = in_one and place.outcome == places.KEPT
                record = kept[place.record] if here else self._record(part, place)
                yield part, self._told_of(part, place, record)

    def _told_of(self, part: Part, place: Place, record: Record | None) -> Told:
        """Return all that is told of the document at a place."""
        with (self.out / "ledger" / part.ledger).open("rb") as file:
            file.seek(place.ledger)
            rows = [ledger.read(file.readline()) for _ in range(place.rows)]
        return self._of(part, place, rows, record)

    def _record(self, part: Part, place: Place) -> Record | None:
        """Return the record of a place, from where it stands."""
        if place.outcome != places.KEPT:
            return Record(_line_at(self.out / "removed" / part.ledger, place.record), "", 0)
        if self.dry:
            return None
        folder = self.out / "documents"
        if part.by_file:
            return documents.read_file(folder, part, place.id)
        return documents.read_one(folder, part, place.record)

    def _of(self, part: Part, place: Place, rows: list[Row], record: Record | None) -> Told:
        return Told(place, rows, record, "" if record is None else record.get("text", self.names_of(part)) or "")

    def names_of(self, part: Part) -> Mapping[str, str]:
        """Return the field names that were chosen for the records of a part."""
        return {} if form(part.format).whole_files else self.names

    def quarantine(self, part: Part | None = None) -> Iterator[dict[str, Any]]:
        """Yield the rows of the quarantine, or those of a part."""
        for each in self.parts if part is None else [part]:
            yield from map(json.loads, _lines(self.out / "quarantine" / each.ledger))


def _part(name: str, entry: dict[str, Any], allow: list[str]) -> Part:
    renamed = tuple(tuple(pair) for pair in entry["renamed"])
    return Part(name, entry["format"], (), entry["ledger"], entry["to"], renamed, tuple(allow))


def _lines(path: Path) -> Iterator[bytes]:
    """Yield the lines of a file without their ends, none if it is not there."""
    if path.exists():
        with path.open("rb") as file:
            yield from (line.removesuffix(b"\n") for line in file)


def _line_at(path: Path, at: int) -> str:
    with path.open("rb") as file:
        file.seek(at)
        return file.readline().decode().removesuffix("\n")
