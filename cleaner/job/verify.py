"""Holds what a run has left against the laws, from its files alone: nothing that the run has counted is believed."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cleaner import ledger, places
from cleaner.errors import CleanerError, InputError
from cleaner.job import folder
from cleaner.job.clean import key_of
from cleaner.job.finished import Finished
from cleaner.job.restore import raw
from cleaner.record import dump, encode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from cleaner.job.finished import Told
    from cleaner.ledger import Row
    from cleaner.parts.inputs import Part
    from cleaner.record import Record

_OUTCOMES = ("kept", "dropped", "duplicates", "quarantined")
_COUNTED = {places.KEPT: "kept", places.DROPPED: "dropped", places.DUPLICATE: "duplicates"}
_VERDICTS: dict[str, list[str]] = {places.KEPT: [], places.DROPPED: ["drop"], places.DUPLICATE: ["duplicate"]}
_MALFORMED = (CleanerError, ValueError, KeyError, TypeError, AttributeError, OSError)
"""What reading files raises that are whole by their sums but make no sense."""


@dataclass
class Findings:
    """What was held against the laws, and what does not hold."""

    checked: Counter[str] = field(default_factory=Counter)
    """How much of each kind was looked at."""
    damaged: list[str] = field(default_factory=list)
    """Files that are not as the run has left them, a sentence each."""
    broken: list[str] = field(default_factory=list)
    """Laws that do not hold, a sentence each."""


def verify(out: Path) -> Findings:
    """Return what is found in the folder of a run; the laws are looked at where all files are as they were left.

    Raises:
        InputError: the folder holds no finished run.

    """
    run = Finished(out)
    found = Findings()
    _files(run, found)
    if found.damaged:
        return found
    try:
        _Audit(run, found).run()
    except _MALFORMED as error:
        found.broken.append(f"the files cannot be read: {error!r}")
    return found


def _files(run: Finished, found: Findings) -> None:
    """Hold every file against its size and SHA-256, and the files that are there against those that should be."""
    told: dict[str, dict[str, Any]] = run.manifest["files"]
    there = {p.relative_to(run.out).as_posix() for p in run.out.rglob("*") if not p.is_dir()}
    there -= {folder.MANIFEST, *(name for name in there if name.startswith(f"{folder.STATE}/"))}
    for name in sorted(told.keys() | there):
        path = run.out / name
        if name not in there:
            found.damaged.append(f"{name}: it is missing")
        elif name not in told:
            found.damaged.append(f"{name}: the run has left no such file")
        else:
            size = path.stat().st_size
            if size != told[name]["bytes"]:
                found.damaged.append(f"{name}: it has {size:,} bytes, not {told[name]['bytes']:,}")
            elif folder.sha256(path) != told[name]["sha256"]:
                found.damaged.append(f"{name}: its SHA-256 is not that of the manifest")
            found.checked["files"] += 1
            found.checked["bytes"] += size


class _Audit:
    """The laws, one by one, over all documents once."""

    def __init__(self, run: Finished, found: Findings) -> None:
        self.out, self.finished, self.found = run.out, run, found
        self.report: dict[str, Any] = json.loads((run.out / "report.json").read_bytes())
        self.duplicates = [json.loads(line) for line in (run.out / "duplicates.jsonl").read_bytes().splitlines()]
        self.clusters = {row["kept"]: False for row in self.duplicates if row["level"] != "story"}
        """Whether the one that should be kept of each cluster was found among the kept documents."""
        self.verdicts = 0
        """The sum of the verdicts that the ledger tells of, and duplicates.jsonl should."""

    def run(self) -> None:
        """Look at everything."""
        whole: Counter[str] = Counter()
        if {part.name for part in self.finished.parts} != self.report["parts"].keys():
            self.broken("the report tells of other parts than the manifest")
        for part in self.finished.parts:
            counts = self.part(part)
            self.conserved(part.name, counts, self.report["parts"].get(part.name, {}))
            whole.update(counts)
        whole["departures"] %= 2**64
        self.conserved("the whole run", whole, self.report["total"])
        outcomes = {name: whole[name] for name in _OUTCOMES}
        there = {"read": sum(outcomes.values()), **outcomes}
        if self.finished.manifest["counts"] != there:
            self.broken(f"the manifest counts {self.finished.manifest['counts']}, but there are {there}")
        self.found.checked.update(there)
        self.clustered()

    def broken(self, sentence: str) -> None:
        """Say that a law is broken."""
        self.found.broken.append(sentence)

    def part(self, part: Part) -> Counter[str]:
        """Look at all documents of a part and all of its quarantine; returns how many there are of each outcome."""
        counts: Counter[str] = Counter()
        self.found.checked["parts"] += 1
        try:
            for told in self.finished.told(part):
                counts[_COUNTED[told.place.outcome]] += 1
                counts["departures"] += places.mark(part.source(told.place.id), told.place.at)
                for complaint in self.document(part, told):
                    self.broken(f"{part.name}: document {told.place.id!r} at {told.place.at}: {complaint}")
            for row in self.finished.quarantine(part):
                counts["quarantined"] += 1
                counts["departures"] += places.mark(row["source"], row["offset"])
                raw(self.out, row)
        except InputError as error:
            self.broken(str(error))
        except _MALFORMED as error:
            self.broken(f"{part.name}: its files cannot be read: {error!r}")
        counts["departures"] %= 2**64
        return counts

    def conserved(self, name: str, counts: Counter[str], said: dict[str, Any]) -> None:
        """Hold what was counted against what was read, and against what the run has counted."""
        outcomes = {each: counts[each] for each in _OUTCOMES}
        values = {each: said.get(each) for each in ("read", *_OUTCOMES)}
        sums = {each: sum(value.values()) if isinstance(value, dict) else value for each, value in values.items()}
        if sums["read"] != sum(outcomes.values()):
            told = " + ".join(f"{n} {each}" for each, n in outcomes.items())
            self.broken(f"{name}: {sums['read']} records were read, but there are {told}")
        elif any(sums[each] != n for each, n in outcomes.items()):
            self.broken(f"{name}: the report counts {sums}, but there are {outcomes}")
        if said.get("arrivals") != f"{counts['departures']:016x}":
            self.broken(f"{name}: the records that are there are not those that were read")

    def document(self, part: Part, told: Told) -> Iterator[str]:
        """Yield what is wrong with a document: its record, its rows, or the text that they give back."""
        place, record = told.place, told.record
        own = f"{part.name}:{place.at}"
        if record is not None and place.id != own and not self.bears(record, part, place.id):
            yield "its record has another id"
        if place.id in self.clusters and place.outcome == places.KEPT:
            self.clusters[place.id] = True
        original = told.original()
        if record is not None:
            self.found.checked["texts"] += 1
            if places.digest(places.utf8(original)) != place.text:
                yield "the ledger does not give back the text that came in"
            elif ledger.original(told.text, [row for row in told.rows if row.edits]) != original:
                yield "its edits do not give back the text that came in"
            yield from _misplaced(told.rows, original)
        self.found.checked["rows"] += len(told.rows)
        verdicts = [row.action for row in told.rows if row.drops]
        if verdicts != _VERDICTS[place.outcome]:
            yield f"it is said to be {place.outcome}, but its verdicts are {verdicts}"
        for row in told.rows:
            if (row.doc, row.source, row.at) != (place.id, part.source(place.id), place.at):
                yield f"a row of its ledger is of another document: {row.doc!r}"
            if row.action in {"duplicate", "story"}:
                self.verdicts += _number(row.doc, row.ref, row.rule.removeprefix("dedup/"))

    def bears(self, record: Record, part: Part, key: str | int) -> bool:
        """Tell whether a record bears an id, as far as the format can say it that it has gone out in."""
        said = key_of(record, self.finished.names_of(part))
        if part.to in {"", part.format}:
            return said == key
        # there a number may be text, and odd characters are replaced
        return said in {key, str(key)} or not str(key).isprintable()

    def clustered(self) -> None:
        """Hold duplicates.jsonl against the ledger and against the documents that were kept."""
        self.found.checked["clusters"] = len(self.clusters)
        for kept, found in self.clusters.items():
            if not found:
                self.broken(f"duplicates.jsonl: {kept!r} should be kept of its cluster, but is no kept document")
        told = sum(_number(row["id"], row["kept"], row["level"]) for row in self.duplicates)
        if told % 2**64 != self.verdicts % 2**64:
            self.broken("duplicates.jsonl tells of other duplicates than the ledger")


def _misplaced(rows: Iterable[Row], original: str) -> Iterator[str]:
    """Yield what is wrong with the places of rows, and with what they say stood there."""
    for row in rows:
        if not 0 <= row.start <= row.end <= len(original):
            yield f"{row.rule} lies outside of its text, at {row.start}:{row.end}"
        elif row.before != original[row.start : row.end] and (row.edits or row.drops):
            yield f"{row.rule} speaks of another text than stands at {row.start}:{row.end}"


def _number(key: object, ref: object, level: object) -> int:
    """Return a number for a verdict, to be added up: sums do not depend on the order."""
    return int.from_bytes(hashlib.blake2b(encode(dump([key, ref, level])), digest_size=8).digest())
