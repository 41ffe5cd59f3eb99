"""The job itself: find the input, clean it chunk by chunk, compare the documents, write the output."""

from __future__ import annotations

import functools
import json
from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, cast

import cleaner
from cleaner import dedup, plugins, storage
from cleaner.document import Document
from cleaner.errors import BusyError
from cleaner.job import folder, learn
from cleaner.job import report as reports
from cleaner.job.clean import ChunkCleaner, Plan
from cleaner.job.finish import Numbering, PartFinisher, Task, Verdict
from cleaner.job.finished import Finished
from cleaner.job.upload import Target
from cleaner.parts import chunks, inputs
from cleaner.record import dump, encode
from cleaner.report.tally import Tally
from cleaner.watch import Limits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from cleaner.watch import Watch

    Ids = Mapping[int, str | int]
    """The user's ids of some rows."""

    class Engine(Protocol):
        """A module of the room ``executors``."""

        def run(
            self, function: Callable[[Any, Watch], Any], items: Iterable[Any], jobs: int, limits: Limits | None = None
        ) -> Iterator[Any]:
            """Yield the results of a function for some items, in order."""
            ...


class Watcher(Protocol):
    """Who is told how far the job is; numbers are bytes of input on disk."""

    def started(self, total: int) -> None:
        """Say how much there is to read."""

    def advanced(self, size: int, tally: Tally) -> None:
        """Say that a chunk is done, and how things stand."""

    def entered(self, phase: str) -> None:
        """Say what comes next, in a word or two."""


@dataclass(frozen=True)
class Job:
    """What to read, what to do with it, and where to."""

    inputs: Sequence[str]
    out: Path
    plan: Plan
    format: str = "auto"
    jobs: int = 1
    engine: str = "pool"
    """Name of an engine."""
    limit: int | None = None
    """How many records to read at the most."""
    dry: bool = False
    """Whether to leave out the documents, and write only what is said about them."""
    fresh: bool = False
    pairs: bool = False
    """Whether to write the verified pairs of duplicates."""
    chunk_size: int = chunks.SIZE
    limits: Limits = field(default_factory=Limits)
    """What one record may cost."""
    to: str = ""
    """The format of the output; empty for that of the input."""
    allow: Sequence[str] = ()
    """What is read and written although it may do harm; see `inputs.ALLOWED`."""
    url: str = ""
    """Where the results are copied at the end; empty if the folder is all there is."""


class Result(NamedTuple):
    """What came of a job."""

    tally: Tally
    parts: dict[str, Tally]
    guard: str
    """The sentence of the guard if it found the duplicates past belief, else empty."""
    already: bool
    """Whether an earlier run of the same command had done it all."""


class _Silent:
    """A watcher that says nothing."""

    def started(self, total: int) -> None: ...
    def advanced(self, size: int, tally: Tally) -> None: ...
    def entered(self, phase: str) -> None: ...


def run(job: Job, watcher: Watcher | None = None) -> Result:
    """Do a job.

    Raises:
        CleanerError: it cannot be done; the class says of which kind the reason is.

    """
    watcher = watcher or _Silent()
    job.plan.stages(Document("", "trial"))  # a recipe or pack that does not hold says so before anything is written
    plugins.module("executors", job.engine)  # the same goes for the engine
    target = Target(job.url) if job.url else None
    parts = inputs.find(job.inputs, job.format, job.out, job.to, job.allow, job.url)
    identity = _identity(job, parts)
    if target and target.claim(folder.lasting(identity), fresh=job.fresh):
        return _reported(target.report(), already=True)
    with folder.claimed(job.out, identity, fresh=job.fresh) as already:
        if already:
            result = finished(job.out, already=target is None)
        else:
            result = _run(job, parts, watcher)
            _conclude(job.out, identity, parts, result)
        if target:
            watcher.entered("copying")
            target.send(job.out)
        return result


def finished(out: Path, *, already: bool = False) -> Result:
    """Return the result of a run that is done, from its report.

    Raises:
        InputError: the folder holds no finished run.

    """
    folder.read_manifest(out)
    return _reported((out / "report.json").read_bytes(), already=already)


def _reported(data: bytes, *, already: bool) -> Result:
    report = json.loads(data)
    parts = {name: Tally.of_json(data) for name, data in report["parts"].items()}
    return Result(Tally.of_json(report["total"]), parts, report["guard"], already)


def outcome(out: Path) -> tuple[dict[str, int], list[list[str | int]], dict[str, Any]]:
    """Return the counts, clusters (ids, the kept one first) and report of a run that is done."""
    counts = folder.read_manifest(out)["counts"]
    report = json.loads((out / "report.json").read_bytes())
    clusters: dict[str | int, list[str | int]] = {}
    for line in (out / "duplicates.jsonl").read_bytes().split(b"\n")[:-1]:
        row = json.loads(line)
        if row["level"] != "story":
            clusters.setdefault(row["kept"], [row["kept"]]).append(row["id"])
    return counts, list(clusters.values()), report


def _identity(job: Job, parts: list[inputs.Part]) -> dict[str, Any]:
    """Say what makes two jobs the same."""
    plan = job.plan
    return {
        "version": cleaner.__version__,
        "stages": [[name, repr(stage)] for name, stage in plan.stages.stages],
        "guard": plan.stages.guard,
        "select": plan.stages.select,
        "ignore": plan.stages.ignore,
        "dedup": repr(plan.comparing),
        "fields": dict(plan.names),
        "annotate": plan.annotate,
        "to": job.to,
        "allow": sorted(job.allow),
        "limit": job.limit,
        "dry": job.dry,
        "pairs": job.pairs,
        "chunk_size": job.chunk_size,
        "inputs": [f.identity() for p in parts for f in p.files],
    }


def _run(job: Job, parts: list[inputs.Part], watcher: Watcher) -> Result:
    """Do the work, all but the report and the manifest."""
    state = folder.State(job.out)
    watcher.started(sum(f.size for p in parts for f in p.files))
    engine = cast("Engine", plugins.module("executors", job.engine))
    detect, _ = dedup.detect, dedup.sketch  # they are loaded when asked for: before there are workers, copies of this
    work = functools.partial(engine.run, jobs=job.jobs, limits=job.limits)

    plan = job.plan
    if learn.wanted(plan.stages):
        watcher.entered("learning")
        counted = work(learn.ChunkCounter(plan, state), chunks.cut(parts, job.chunk_size, job.limit))
        plan = replace(plan, stages=learn.taught(plan.stages, learn.learned(state, counted)))

    watcher.entered("cleaning")
    tallies = [Tally() for _ in parts]
    running = Tally()
    cut = chunks.cut(parts, job.chunk_size, job.limit)
    done = 0
    for number, size, tally in work(ChunkCleaner(plan, state), cut):
        tallies[number].add(tally)
        running.add(tally)
        watcher.advanced(size, running)
        done += 1

    watcher.entered("comparing")
    numbering = Numbering(state)
    if len(numbering.chunks) != done:
        raise BusyError(f"{job.out}: what it holds of a half-done job is not that job's; start over with --fresh")
    with state.scratch() as bands:
        found = detect([state.sketch(*c) for c in numbering.chunks], job.plan.comparing, bands)
    ids = numbering.ids(_named(found, pairs=job.pairs))
    verdicts = _verdicts(found, numbering, ids)

    watcher.entered("writing")
    tasks = [Task(n, part, verdicts.get(n, {})) for n, part in enumerate(parts)]
    for number, tally in enumerate(work(PartFinisher(job.plan, state, job.out, dry=job.dry), tasks)):
        tallies[number].add(tally)
    storage.write(job.out / "duplicates.jsonl", _duplicates(found, ids))
    if job.pairs:
        storage.write(job.out / "pairs.jsonl", _pairs(found, ids))

    whole = Tally()
    for tally in tallies:
        tally.check()
        whole.add(tally)
    whole.check()
    by_part = {part.name: tally for part, tally in zip(parts, tallies, strict=True)}
    return Result(whole, by_part, _guard(found, ids), already=False)


def _named(found: dedup.Result, *, pairs: bool) -> set[int]:
    """Return the rows that are spoken of by their ids."""
    rows = {row for d in found.duplicates for row in (d.row, d.kept)}
    rows.update(p.whole for p in found.parts_of)
    if pairs:
        rows.update(row for p in found.pairs for row in (p.a, p.b))
    if found.guard is not None and found.guard.row is not None:
        rows.add(found.guard.row)
    return rows


def _verdicts(
    found: dedup.Result, numbering: Numbering, ids: Ids
) -> dict[int, dict[tuple[int, int], tuple[Verdict, ...]]]:
    """Return the verdicts on each part's records, by (chunk, place in the chunk)."""
    by_row: dict[int, list[Verdict]] = defaultdict(list)
    for d in found.duplicates:
        action = "story" if d.level == "story" else "duplicate"
        by_row[d.row].append(Verdict(action, d.level, ids[d.kept], d.similarity, _evidence(d)))
    dropped = {d.row for d in found.duplicates if d.level != "story"}
    for p in found.parts_of:
        if p.row not in dropped:
            by_row[p.row].append(Verdict("part-of", "part", ids[p.whole], p.containment))
    placed: dict[int, dict[tuple[int, int], tuple[Verdict, ...]]] = defaultdict(dict)
    for row, verdicts in by_row.items():
        part, number, place = numbering.place(row)
        placed[part][number, place] = tuple(verdicts)
    return placed


def _guard(found: dedup.Result, ids: Ids) -> str:
    """Say what the guard has found, in the user's ids; nothing, if it found nothing."""
    if found.guard is None:
        return ""
    sentence, row = found.guard
    return sentence if row is None else f"{sentence} Look at {ids[row]}."


def _evidence(d: dedup.Duplicate) -> str:
    if d.level == "exact":
        return "the same words in the same order"
    return f"resemblance {d.resemblance:.3f}, containment {d.containment:.3f}"


def _duplicates(found: dedup.Result, ids: Ids) -> bytes:
    lines = (
        {
            "id": ids[d.row],
            "kept": ids[d.kept],
            "level": d.level,
            "similarity": round(d.similarity, 4),
            "resemblance": round(d.resemblance, 4),
            "containment": round(d.containment, 4),
        }
        for d in found.duplicates
    )
    return _lines(lines)


def _pairs(found: dedup.Result, ids: Ids) -> bytes:
    lines = ({**p._asdict(), "a": ids[p.a], "b": ids[p.b]} for p in found.pairs)
    return _lines(lines)


def _lines(rows: Iterable[dict[str, Any]]) -> bytes:
    return encode("".join(f"{dump(row)}\n" for row in rows))


def _conclude(out: Path, identity: dict[str, Any], parts: list[inputs.Part], result: Result) -> None:
    """Write the report, and last of all the manifest."""
    report = {
        "total": result.tally.as_json(),
        "parts": {name: tally.as_json() for name, tally in result.parts.items()},
        "guard": result.guard,
    }
    storage.write(out / "report.json", encode(json.dumps(report, ensure_ascii=False, indent=1)))
    tally = result.tally
    manifest = {
        "cleaner": cleaner.__version__,
        "counts": {
            "read": tally.read,
            "kept": tally.kept,
            "dropped": tally.dropped.total(),
            "duplicates": tally.duplicates,
            "quarantined": tally.quarantined.total(),
        },
        "job": folder.lasting(identity),
        "parts": {
            p.name: {"format": p.format, "to": p.to, "ledger": p.ledger, "renamed": p.renamed} for p in parts
        },
    }
    storage.write(out / reports.NAME, reports.render(Finished(out, manifest)))
    folder.refuse_strangers(out, _names(parts))
    manifest["files"] = folder.sums(out)
    storage.write(out / folder.MANIFEST, encode(json.dumps(manifest, ensure_ascii=False, indent=1)))


def _names(parts: list[inputs.Part]) -> set[str]:
    """Return the names that the files of the results may have."""
    rooms = {f"{room}/{part.ledger}" for part in parts for room in folder.FOLDERS if room != "documents"}
    documents = {f"documents/{part.output(file.name)}" for part in parts for file in part.files}
    return rooms | documents | set(folder.RESULTS)
