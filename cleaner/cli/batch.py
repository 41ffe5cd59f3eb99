"""What ``run`` and ``dedup`` have in common: a job is done, talked about on standard error, and judged by its gates."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Self, TextIO

import typer

from cleaner import dedup, pipeline, remote, storage
from cleaner.cli import options, terminal
from cleaner.errors import DONE, GATE_TRIPPED, INPUT_DAMAGED, UsageError
from cleaner.job import gates, upload
from cleaner.job.clean import ANNOTATE, Plan
from cleaner.job.run import Job, run
from cleaner.report import metrics, summary
from cleaner.watch import Limits

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cleaner.cli.common import Common
    from cleaner.job.run import Result
    from cleaner.recipe import Recipe
    from cleaner.report.tally import Tally

_OWN_SHARES = 2
_LEAST = 256 << 20
"""Bytes that a worker needs for its rules and models, and for articles of the usual length."""
_QUIET_SECONDS = 10
"""How often a job without a terminal says where it is."""


def plan(recipe: Recipe, select: str = "", ignore: str = "", *, names: Mapping[str, str], annotate: str = "on") -> Plan:
    """Return the plan that the options speak of."""
    if annotate not in ANNOTATE:
        raise UsageError(f"--annotate {annotate}: it should be one of {', '.join(ANNOTATE)}")
    comparing = recipe.options("dedup", dedup.Options)
    stages = pipeline.build(recipe, options.codes(select), options.codes(ignore))
    return Plan(stages, names, annotate, comparing)


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def limits(memory: str, jobs: int) -> Limits:
    """Return what a record may cost, by what all processes may take together: two shares this one, one each worker.

    Examples:
        >>> limits("8G", 2).memory == 2 << 30
        True

    """
    if not memory:
        return Limits()
    number, unit = memory[:-1], "MGT".find(memory[-1].upper())
    if unit < 0 or not number.isdecimal():
        raise UsageError(f"--memory {memory}: it should be a number and a unit, M, G or T: 8G")
    share = (int(number) << (20 + 10 * unit)) // (jobs + _OWN_SHARES)
    if share < _LEAST:
        least = _LEAST * (jobs + _OWN_SHARES) >> 20
        raise UsageError(f"--memory {memory}: {jobs} workers need {least}M; take fewer with -j")
    return Limits(memory=share)


def do(common: Common, recipe: Recipe, select: str = "", ignore: str = "") -> None:
    """Do the job that the options speak of, print its summary and leave with its exit code."""
    out = remote.local(common.output)
    url = out if remote.is_url(out) else ""
    out = out if url else str(Path(out))
    if common.work and not url:
        raise UsageError("--work is for an OUT behind a URL; a run works in its OUT if that is a folder")
    conditions = [gates.parse(condition) for condition in common.fail_on or ()]
    jobs = common.jobs or processors()
    job = Job(
        common.inputs,
        common.work or upload.folder_for(url) if url else Path(out),
        plan(recipe, select, ignore, names=common.names, annotate=common.annotate),
        common.format_,
        jobs,
        common.engine,
        common.limit,
        dry=common.dry_run,
        fresh=common.fresh,
        pairs=common.pairs,
        limits=limits(common.memory, jobs),
        to=common.to,
        allow=options.codes(common.allow),
        url=url,
    )
    start = time.monotonic()
    with _spooled(job) as ready, _watcher(common) as watcher:
        result = run(ready, watcher)
    if url and not common.work:
        shutil.rmtree(job.out, ignore_errors=True)
    seconds = time.monotonic() - start
    tripped = [sentence for gate in conditions if (sentence := gate.tripped(result.tally, result.parts))]
    if sentence := gates.too_many_bad(common.max_bad, result.tally, result.parts):
        tripped.append(sentence)
    if result.guard:
        tripped.append(result.guard)
    code = INPUT_DAMAGED if result.tally.damaged_sources else GATE_TRIPPED if tripped else DONE
    if common.metrics is not None:
        storage.write(common.metrics, metrics.render(result.tally, seconds, code).encode())
    if common.as_json:
        facts = {**result.tally.as_json(), "seconds": round(seconds, 3), "tripped": tripped, "exit": code}
        typer.echo(json.dumps(facts, ensure_ascii=False))
    if not common.quiet:
        took = None if result.already else seconds
        _say(common, "summary", summary.render(result.tally, out, took, verbose=common.verbose), result)
    for sentence in tripped:
        _say(common, "gate", sentence, result)
    sys.exit(code)


def _say(common: Common, event: str, text: str, result: Result) -> None:
    if common.log_format == "json":
        counts = result.tally.as_json() if event == "summary" else {"sentence": text}
        text = json.dumps({"event": event, **counts}, ensure_ascii=False)
    typer.echo(terminal.visible(text), err=True)


@contextmanager
def _spooled(job: Job) -> Iterator[Job]:
    """Put standard input, which can be read once only, into a file, where it is one of the inputs."""
    if "-" not in job.inputs:
        yield job
        return
    if len(job.inputs) > 1:
        raise UsageError("- (standard input) stands alone; the files can be given as such")
    kind = "jsonl" if job.format == "auto" else job.format
    with tempfile.TemporaryDirectory(prefix="cleaner-") as folder:
        path = Path(folder, f"stdin.{kind}")
        with path.open("wb") as file:
            while piece := sys.stdin.buffer.read(1 << 20):
                file.write(piece)
        os.utime(path, (0, 0))  # the same input is the same job, whenever it comes
        yield replace(job, inputs=[str(path)], format=kind)


@contextmanager
def _watcher(common: Common) -> Iterator[_Lines | _Bar | None]:
    if common.progress not in ("auto", "bar", "json", "off"):
        raise UsageError(f"--progress {common.progress}: it should be auto, bar, json or off")
    if common.log_format not in ("text", "json"):
        raise UsageError(f"--log-format {common.log_format}: it should be text or json")
    terminal = sys.stderr.isatty() and common.log_format == "text"
    if common.progress == "off" or common.quiet:
        yield None
    elif common.progress == "bar" or (common.progress == "auto" and terminal):
        with _Bar() as bar:
            yield bar
    else:
        yield _Lines(sys.stderr, as_json="json" in (common.progress, common.log_format))


class _Lines:
    """A plain line now and then, for logs."""

    def __init__(self, out: TextIO, *, as_json: bool) -> None:
        self.out, self.as_json = out, as_json
        self.total = self.done = 0
        self.start = self.last = time.monotonic()

    def started(self, total: int) -> None:
        self.total = total

    def entered(self, phase: str) -> None:
        if self.as_json:
            print(json.dumps({"event": "phase", "phase": phase}), file=self.out, flush=True)

    def advanced(self, size: int, tally: Tally) -> None:
        self.done += size
        now = time.monotonic()
        if now - self.last < _QUIET_SECONDS:
            return
        self.last = now
        seconds = now - self.start
        if self.as_json:
            facts = {"bytes": self.done, "of": self.total, "records": tally.read, "seconds": round(seconds, 1)}
            line = json.dumps({"event": "progress", **facts})
        else:
            left = seconds * (self.total - self.done) / max(1, self.done)
            share = self.done / max(1, self.total)
            rate = self.done / 1e6 / seconds
            line = f"{share:4.0%}  {tally.read} records  {rate:.1f} MB/s  {left:.0f} s left"
        print(line, file=self.out, flush=True)


class _Bar:
    """A bar with rate and time left, for a terminal."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn
        from rich.progress import TransferSpeedColumn as Rate

        columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), Rate(), TimeRemainingColumn())
        # refreshed here: with a thread for it, this process could not be copied, and workers would start slowly
        self.progress = Progress(*columns, console=Console(stderr=True), transient=True, auto_refresh=False)
        self.task = self.progress.add_task("reading", total=None)

    def __enter__(self) -> Self:
        self.progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.progress.stop()

    def started(self, total: int) -> None:
        self.progress.update(self.task, total=total, refresh=True)

    def entered(self, phase: str) -> None:
        self.progress.update(self.task, description=phase, refresh=True)

    def advanced(self, size: int, tally: Tally) -> None:
        told = f"cleaning, {tally.read} records"
        self.progress.update(self.task, advance=size, description=told, refresh=True)
