"""The pass before the cleaning: which lines the sites of a corpus repeat."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from cleaner import pipeline, sites
from cleaner.errors import RecordError
from cleaner.job.clean import open_record
from cleaner.record import Damage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cleaner.job.chunks import Chunk
    from cleaner.job.clean import Plan
    from cleaner.job.folder import State
    from cleaner.pipeline import Pipeline

STAGE = "templates"
_MEMORY = 1 << 28
"""Bytes of counts that are put together at a time; of more, one share of the sites after the other."""


class ChunkCounter:
    """The function that an engine runs over the chunks: counts the lines of one and leaves them in the job's state."""

    def __init__(self, plan: Plan, state: State) -> None:
        self.plan, self.state = plan, state

    def __call__(self, chunk: Chunk) -> int:
        """Return the chunk's size; a chunk counted by an earlier run is not counted again."""
        if not self.state.lines(chunk.part, chunk.number).exists():
            out = io.BytesIO()
            np.save(out, sites.count(texts(chunk, self.plan)), allow_pickle=False)
            self.state.put_lines(chunk.part, chunk.number, out.getvalue())
        return chunk.size


def texts(chunk: Chunk, plan: Plan) -> Iterator[tuple[str, str]]:
    """Yield site and text of the documents in a chunk that have a site; what is damaged is the cleaning's business."""
    names = plan.names_of(chunk.format)
    for item in chunk.read():
        if isinstance(item, Damage):
            continue
        try:
            doc = open_record(item, names)
        except RecordError:
            continue
        if site := sites.host(doc.fields.get("url", "")):
            yield site, doc.text


def learned(state: State) -> dict[int, sites.Site]:
    """Return what the sites repeat, from the counts of all chunks."""
    paths = state.all_lines()
    shares = 1 + sum(path.stat().st_size for path in paths) // _MEMORY
    found: dict[int, sites.Site] = {}
    for share in range(shares):
        counts = (np.load(path, mmap_mode="r", allow_pickle=False) for path in paths)
        found.update(sites.learn(sites.merge(sites.part(c, share, shares) for c in counts)))
    return found


def wanted(stages: Pipeline) -> bool:
    """Tell whether the pipeline uses what is learned here."""
    return any(name == STAGE and not getattr(stage, "pack", "") for name, stage in stages.stages)


def taught(stages: Pipeline, known: dict[int, sites.Site]) -> Pipeline:
    """Return the pipeline with what was learned given to the stage that uses it."""
    made = [(name, replace(stage, known=known) if name == STAGE else stage) for name, stage in stages.stages]  # type: ignore[type-var]
    return pipeline.Pipeline(made, stages.guard, stages.select, stages.ignore)
