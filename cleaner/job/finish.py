"""What is done when all chunks are clean: verdicts on duplicates become rows, and the kept records become files."""

from __future__ import annotations

from bisect import bisect_right
from contextlib import contextmanager
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from cleaner import ledger, storage
from cleaner.document import undo
from cleaner.job.inputs import form
from cleaner.record import ANNOTATION, Record, encode
from cleaner.report.tally import Tally, site_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path
    from typing import IO

    from cleaner.job.clean import Plan
    from cleaner.job.folder import State
    from cleaner.job.inputs import Part


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
        self.starts = [0, *accumulate(len(state.keys(*chunk)) for chunk in self.chunks)]

    def place(self, row: int) -> tuple[int, int, int]:
        """Return part, chunk and place in the chunk of a record."""
        i = bisect_right(self.starts, row) - 1
        return *self.chunks[i], row - self.starts[i]

    def ids(self, rows: Iterable[int]) -> dict[int, str | int]:
        """Return the ids of some records."""
        found: dict[int, str | int] = {}
        read: tuple[int, int] | None = None
        for row in sorted(set(rows)):
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


class PartFinisher:
    """The function that an engine runs over the parts: writes one part's documents, ledger and quarantine."""

    def __init__(self, plan: Plan, state: State, out: Path, *, dry: bool) -> None:
        self.plan, self.state, self.out, self.dry = plan, state, out, dry

    def __call__(self, task: Task) -> Tally:
        """Return what the verdicts add to the part's tally."""
        tally = Tally()
        quarantine = self.out / "quarantine" / task.part.ledger
        with storage.atomic(self.out / "ledger" / task.part.ledger) as rows, self._documents(task.part) as put:
            damaged = [self._chunk(task, number, rows, put, tally) for _, number in self.state.chunks(task.number)]
        if any(damaged):
            storage.write(quarantine, b"".join(damaged))
        return tally

    def _chunk(self, task: Task, number: int, rows: IO[bytes], put: Callable[[bytes], None], tally: Tally) -> bytes:
        """Write the records and rows of one chunk; returns its quarantine."""
        outcome = self.state.read(task.number, number)
        at = 0
        for place, line in enumerate(outcome.documents):
            start, end = outcome.spans[place]
            rows.writelines(row + b"\n" for row in outcome.rows[at:start])
            mine, at = outcome.rows[start:end], end
            record: bytes | None = line
            if verdicts := task.verdicts.get((number, place)):
                record, more = self._judged(task.part, outcome.keys[place], line, mine, verdicts, tally)
                mine += more
            rows.writelines(row + b"\n" for row in mine)
            if record is not None:
                put(record)
        rows.writelines(row + b"\n" for row in outcome.rows[at:])
        return outcome.quarantine

    def _judged(
        self, part: Part, key: str | int, line: bytes, mine: list[bytes], verdicts: tuple[Verdict, ...], tally: Tally
    ) -> tuple[bytes | None, list[bytes]]:
        """Return a record as the verdicts leave it, None if they drop it, and the ledger's rows of them."""
        record = Record(line.decode(), "", 0)
        names = self.plan.names_of(part.format)
        text: str = record.get("text", names)
        original = undo(text, [row.edit() for row in map(ledger.read, mine) if row.action in ledger.EDITS])
        url = record.get("url", names) or record.annotation.get("url")
        site = site_of(url, record.get("source", names))
        source = str(key) if form(part.format).whole_files else part.name
        rows = []
        dropped = False
        for v in verdicts:
            row = ledger.verdict(
                v.action, f"dedup/{v.level}", key, original, source, ref=v.ref, score=v.similarity, reason=v.reason
            )
            rows.append(encode(row.line()))
            dropped = dropped or v.action in ledger.DROPS
            if v.action != "part-of":
                tally.duplicate(v.level, len(text), site, dropped=v.action in ledger.DROPS)
            if self.plan.annotate and v.action == "story" and record.annotation.get("story") != v.ref:
                record = Record(record.replaced({ANNOTATION: {**record.annotation, "story": v.ref}}), "", 0)
        return None if dropped else encode(record.raw), rows

    @contextmanager
    def _documents(self, part: Part) -> Iterator[Callable[[bytes], None]]:
        """Open a part's output: yields the function that takes the kept records, one line of JSON each."""
        files = form(part.format)
        folder = self.out / "documents"

        def put_file(line: bytes) -> None:
            record = Record(line.decode(), "", 0)
            storage.write(folder / files.output_name(record.get("id")), files.write(record, record.get("text")))

        if self.dry or part.files[0].missing:
            yield lambda _: None
        elif files.whole_files:
            yield put_file
        else:
            with storage.atomic(folder / files.output_name(part.name)) as out:
                yield lambda line: out.writelines((line, b"\n"))
