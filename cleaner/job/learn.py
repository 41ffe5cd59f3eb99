"""The pass before the cleaning: which lines the sites of a corpus repeat."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from cleaner import pipeline, sites
from cleaner.errors import RecordError
from cleaner.job.clean import open_record
from cleaner.job.folder import State
from cleaner.parts import chunks
from cleaner.record import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path
    from typing import Any

    from cleaner.job.clean import Plan
    from cleaner.parts.chunks import Chunk
    from cleaner.parts.inputs import Part
    from cleaner.pipeline import Pipeline
    from cleaner.watch import Watch

STAGE = "templates"
_MEMORY = 1 << 28
"""Bytes of counts that are put together at a time; of more, one share of the sites after the other."""


class ChunkCounter:
    """The function that an engine runs over the chunks: counts the lines of one and leaves them in the job's state."""

    def __init__(self, plan: Plan, state: State) -> None:
        self.plan, self.state = plan, state

    def __call__(self, chunk: Chunk, watch: Watch) -> tuple[int, int, int]:
        """Return part, number and bytes of counts of a chunk; one counted by an earlier run is not counted again."""
        counts = self.state.lines(chunk.part, chunk.number)
        if counts is None:
            out = io.BytesIO()
            np.save(out, sites.count(texts(chunk, self.plan, watch)), allow_pickle=False)
            counts = out.getvalue()
            self.state.put_lines(chunk.part, chunk.number, counts)
        return chunk.part, chunk.number, len(counts)


def texts(chunk: Chunk, plan: Plan, watch: Watch) -> Iterator[tuple[str, str]]:
    """Yield site and text of the documents in a chunk that have a site; what is damaged is the cleaning's business."""
    names = plan.names_of(chunk.format)
    for item in watch.over(chunk.read(watch.lost), size=lambda item: len(item.raw)):
        if not isinstance(item, Record):
            continue
        try:
            doc = open_record(item, names)
        except RecordError:
            continue
        if site := sites.host(doc.fields.get("url", "")):
            yield site, doc.text


def learned(state: State, counted: Iterable[tuple[int, int, int]]) -> dict[int, sites.Site]:
    """Return what the sites repeat, from the counts of chunks as `ChunkCounter` tells of them."""
    chunks_of = list(counted)
    shares = 1 + sum(size for _, _, size in chunks_of) // _MEMORY
    found: dict[int, sites.Site] = {}
    for share in range(shares):
        counts = (np.load(io.BytesIO(state.lines(*at) or b""), allow_pickle=False) for *at, _ in chunks_of)
        found.update(sites.learn(sites.merge(sites.part(c, share, shares) for c in counts)))
    return found


class ChunkSpeller:
    """The function that an engine runs over the chunks: finds out how the lines are written that sites repeat."""

    def __init__(self, plan: Plan, known: Mapping[int, sites.Site]) -> None:
        self.plan, self.known = plan, known

    def __call__(self, chunk: Chunk, watch: Watch) -> dict[str, dict[int, str]]:
        """Return the lines by site and number."""
        return sites.spell(self.known, texts(chunk, self.plan, watch))


def pack(plan: Plan, parts: list[Part], work: Callable[..., Iterator[Any]], scratch: Path) -> str:
    """Return what the sites of some input repeat, as a pack that people can read and edit.

    Args:
        plan: how to read the records.
        parts: the input.
        work: runs a function over chunks.
        scratch: an empty folder for the counts.

    """
    state = State(scratch)
    known = learned(state, work(ChunkCounter(plan, state), chunks.cut(parts)))
    spelled: dict[str, dict[int, str]] = {}
    for found in work(ChunkSpeller(plan, known), chunks.cut(parts)):
        for site, lines in found.items():
            ours = spelled.setdefault(site, {})
            for number, line in lines.items():
                ours[number] = min(ours.get(number, line), line)
    return sites.write(known, spelled)


def wanted(stages: Pipeline) -> bool:
    """Tell whether the pipeline uses what is learned here."""
    return any(name == STAGE and not getattr(stage, "pack", "") for name, stage in stages.stages)


def taught(stages: Pipeline, known: dict[int, sites.Site]) -> Pipeline:
    """Return the pipeline with what was learned given to the stage that uses it."""
    made = [(name, replace(stage, known=known) if name == STAGE else stage) for name, stage in stages.stages]  # type: ignore[type-var]
    return pipeline.Pipeline(made, stages.guard, stages.select, stages.ignore)
