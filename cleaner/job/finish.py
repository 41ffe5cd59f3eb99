"""What is done when all chunks are clean: verdicts on duplicates become rows, and the kept records become files."""

from __future__ import annotations

import json
from bisect import bisect_right
from contextlib import ExitStack
from itertools import accumulate, count, islice
from typing import TYPE_CHECKING, NamedTuple

from cleaner import ledger, places, storage
from cleaner.document import undo
from cleaner.parts import chunks, documents
from cleaner.parts.inputs import form
from cleaner.places import Place
from cleaner.record import ANNOTATION, Record, encode
from cleaner.report.tally import Tally, site_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from collections.abc import Set as AbstractSet
    from pathlib import Path
    from typing import IO

    from cleaner.job.clean import Plan
    from cleaner.job.folder import Entry, Outcome, State
    from cleaner.parts.inputs import Part
    from cleaner.watch import Watch


class Verdict(NamedTuple):
    """What the comparison of all documents says of one, in the user's ids."""

    action: str
    """``duplicate``, ``story`` or ``part-of``."""
    level: str
    ref: str | int
    similarity: float
    reason: str = ""


class Numbering:
    """The numbers of the kept records, which run through all chunks in order."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.chunks = state.chunks()
        self.starts = [0, *accumulate(state.compared(*chunk) for chunk in self.chunks)]

    def place(self, row: int) -> tuple[int, int, int]:
        """Return part, chunk and place in the chunk of a record."""
        i = bisect_right(self.starts, row) - 1
        return *self.chunks[i], row - self.starts[i]

    def ids(self, rows: AbstractSet[int]) -> dict[int, str | int]:
        """Return the ids of some records."""
        found: dict[int, str | int] = {}
        read: tuple[int, int] | None = None
        for row in sorted(rows):
            part, number, place = self.place(row)
            if read != (part, number):
                read, keys = (part, number), self.state.keys(part, number)
            found[row] = keys[place]
        return found


class Task(NamedTuple):
    """A part to be finished, with the verdicts on its records by (chunk, place in the chunk)."""

    number: int
    part: Part
    verdicts: Mapping[tuple[int, int], tuple[Verdict, ...]]


class _Lines:
    """A file of lines that is made when the first ones come."""

    def __init__(self, stack: ExitStack, path: Path) -> None:
        self._stack, self._path, self._end = stack, path, 0
        self._file: IO[bytes] | None = None

    def open(self) -> IO[bytes]:
        """Make the file, even if no line should come."""
        if self._file is None:
            self._file = self._stack.enter_context(storage.atomic(self._path))
        return self._file

    def put(self, *lines: bytes) -> int:
        """Add some lines; returns where the first of them begins."""
        at = self._end
        if lines:
            self._end += self.open().write(b"\n".join((*lines, b"")))
        return at


class _Files:
    """The files of a part as they grow."""

    def __init__(self, stack: ExitStack, out: Path, part: Part, names: Mapping[str, str], *, dry: bool) -> None:
        self.ledger, self.places, self.removed, self.quarantine = (
            _Lines(stack, out / room / part.ledger) for room in ("ledger", "places", "removed", "quarantine")
        )
        self.ledger.open()
        self.places.open()
        self.document: Callable[[bytes, int], int] = lambda _line, _at: 0
        if not dry and not part.files[0].missing:
            self.document = stack.enter_context(documents.opened(out / "documents", part, names))


def _documents(outcome: Outcome, part: Part) -> Iterator[bytes]:
    """Yield the lines of a chunk's documents; those that its outcome leaves out come from the input once more.

    Raises:
        InputError: they are not there any more.

    """
    stretch, bare = outcome.input, form(part.format).bare
    if stretch is None or bare is None:
        yield from outcome.documents
        return
    data = chunks.again(part.files[0], stretch)
    for entry, line in zip(outcome.entries, outcome.documents, strict=True):
        if line:
            yield line
        else:
            at = entry.at - stretch.offset
            end = data.find(b"\n", at)
            yield bare(data[at : end if end >= 0 else None], entry.at)


class PartFinisher:
    """The function that an engine runs over the parts: writes all that is said of one part, and its documents."""

    def __init__(self, plan: Plan, state: State, out: Path, *, dry: bool) -> None:
        self.plan, self.state, self.out, self.dry = plan, state, out, dry

    def __call__(self, task: Task, _watch: Watch) -> Tally:
        """Return what the verdicts, and the writing itself, add to the part's tally."""
        tally = Tally()
        with ExitStack() as stack:
            files = _Files(stack, self.out, task.part, self.plan.names_of(task.part.format), dry=self.dry)
            for _, number in self.state.chunks(task.number):
                self._chunk(task, number, files, tally)
        return tally

    def _chunk(self, task: Task, number: int, files: _Files, tally: Tally) -> None:
        """Write the records and rows of one chunk."""
        outcome = self.state.read(task.number, number)
        rows = iter(outcome.rows)
        compared = count()
        found: list[str] = []
        for entry, document in zip(outcome.entries, _documents(outcome, task.part), strict=True):
            mine, line = list(islice(rows, entry.rows)), document
            source = task.part.source(entry.key)
            what = places.DROPPED if entry.dropped else places.KEPT
            if not entry.dropped and (verdicts := task.verdicts.get((number, next(compared)))):
                what, line = self._judged(task.part, source, entry, line, mine, verdicts, tally)
            record = files.document(line, entry.at) if what == places.KEPT else files.removed.put(line)
            first = files.ledger.put(*mine)
            found.append(Place(entry.key, entry.at, what, record, first, len(mine), entry.text).line())
            tally.depart(source, entry.at)
        files.places.put(*map(encode, found))
        files.quarantine.put(*outcome.quarantine)
        for row in outcome.quarantine:
            damage = json.loads(row)
            tally.depart(damage["source"], damage["offset"])

    def _judged(
        self,
        part: Part,
        source: str,
        entry: Entry,
        line: bytes,
        mine: list[bytes],
        verdicts: tuple[Verdict, ...],
        tally: Tally,
    ) -> tuple[str, bytes]:
        """Return what becomes of a record by the verdicts, and the record then; add their rows to its own."""
        came = record = Record(line.decode(), "", 0)
        names = self.plan.names_of(part.format)
        text: str = record.get("text", names)
        original = undo(text, [row.edit() for row in map(ledger.read, mine) if row.edits])
        site = site_of(record.get("url", names) or record.annotation.get("url"), record.get("source", names))
        what = places.KEPT
        for v in verdicts:
            row = ledger.verdict(
                v.action,
                f"dedup/{v.level}",
                entry.key,
                original,
                source,
                at=entry.at,
                ref=v.ref,
                score=v.similarity,
                reason=v.reason,
            )
            mine.append(encode(row.line()))
            dropped = v.action in ledger.DROPS
            if dropped:
                what = places.DUPLICATE
            if v.action != "part-of":
                tally.duplicate(v.level, text, site, dropped=dropped)
            if self.plan.annotate != "off" and v.action == "story" and "story" not in record.annotation:
                record = Record(record.replaced({ANNOTATION: {**record.annotation, "story": v.ref}}), "", 0)
        return what, encode(record.raw) if record is not came else line
