"""What Python programs call: a text or a page clean, records in a stream, a whole job."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cleaner import dedup, pipeline, plugins, recipe
from cleaner.job import run as jobs
from cleaner.job.clean import Plan, clean
from cleaner.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from cleaner.document import Document, Edit
    from cleaner.pipeline import Stage


@dataclass(frozen=True, slots=True)
class Clean:
    """A text after cleaning, and how it came to be.

    Examples:
        >>> result = clean_text("Skip to content\\n\\nIt rained all night.")
        >>> str(result), [edit.rule for edit in result.edits]
        ('It rained all night.', ['en/skip/links', 'spacing/white-space'])

    """

    text: str
    original: str
    edits: tuple[Edit, ...]
    """Each with ``start``, ``end``, ``rule``, ``before`` and ``after``; offsets count code points of ``original``."""

    def __str__(self) -> str:
        """Return the clean text."""
        return self.text


@dataclass(frozen=True, slots=True)
class Run:
    """What a job has come to."""

    counts: dict[str, int]
    """read, kept, dropped, duplicates, quarantined."""
    clusters: list[list[str | int]]
    """Ids of the documents that are duplicates of each other, the one that was kept first."""
    report: dict[str, Any]
    """The content of ``report.json``."""


class Pipeline:
    """Stages in order, to be called with a text, a stream of records or a whole job.

    Examples:
        >>> Pipeline(["spacing"]).clean("a\\n\\n\\n\\nb").text
        'a\\n\\nb'

    """

    def __init__(self, stages: Sequence[str | Stage], comparing: dedup.Options | None = None) -> None:
        """Make a pipeline.

        Args:
            stages: names of stages, with their defaults, or stages.
            comparing: how `run` looks for duplicates.

        Raises:
            UsageError: there is no stage of that name.

        """
        named = [(s, pipeline.stage_class(s)()) if isinstance(s, str) else (_name(s), s) for s in stages]
        self.stages = pipeline.Pipeline(named)
        self.comparing = comparing or dedup.Options()

    @classmethod
    def from_recipe(cls, name: str = "news", changes: Iterable[str] = ()) -> Pipeline:
        """Return the pipeline of a recipe: a preset's name, or the path of a ``.toml`` file.

        Args:
            name: the recipe.
            changes: ``STAGE.OPTION=VALUE``, each in place of what the recipe says.

        Raises:
            RecipeError: there is no such recipe, or it does not hold.

        """
        chosen = recipe.load(name, changes)
        made = cls((), chosen.options("dedup", dedup.Options))
        made.stages = pipeline.build(chosen)
        return made

    def clean(self, text: str, *, url: str = "") -> Clean:
        """Return a text clean."""
        return self._result(pipeline.open_document("", text, None, {"url": url} if url else {}))

    def clean_page(self, html: str, *, url: str = "") -> Clean:
        """Return the text of a page clean; `Clean.original` is the page's whole text.

        Raises:
            RecordError: the page is too large.

        """
        return self._result(pipeline.open_document("", None, html, {"url": url} if url else {}))

    def _result(self, doc: Document) -> Clean:
        done = self.stages(doc)
        return Clean(done.text, done.original, done.history)

    def stream(self, records: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
        """Yield records clean, one for each that comes in, as dicts with a ``text``.

        Raises:
            RecordError: a record has neither a text nor a page, or a stage failed on it.

        """
        for number, values in enumerate(records):
            record = Record.of(values, "stream", number)
            done = clean(record, self.stages, {})
            out = dict(values)
            if done.doc.text != values.get(record.key("text")):
                out[record.key("text")] = done.doc.text
                out["_cleaner"] = Record(done.line, "stream", number).annotation
            yield out

    def run(self, inputs: Sequence[str | Path], out: str | Path, *, processes: int = 0, fresh: bool = False) -> Run:
        """Do a whole job, as ``cleaner run`` does.

        Args:
            inputs: files, folders and patterns.
            out: folder for the results.
            processes: how many workers; 0 for one a processor.
            fresh: whether to throw away what is in ``out``.

        Raises:
            CleanerError: it cannot be done; the class says of which kind the reason is.

        """
        plan = Plan(self.stages, comparing=self.comparing)
        processes = processes or os.cpu_count() or 1
        jobs.run(jobs.Job([str(i) for i in inputs], Path(out), plan, jobs=processes, fresh=fresh))
        return Run(*jobs.outcome(Path(out)))


def clean_text(text: str, *, recipe: str = "news", url: str = "") -> Clean:
    """Return a text clean.

    Raises:
        RecipeError: there is no such recipe.

    """
    return Pipeline.from_recipe(recipe).clean(text, url=url)


def clean_html(html: str, *, recipe: str = "news", url: str = "") -> Clean:
    """Return the text of a page clean.

    Raises:
        RecipeError: there is no such recipe.
        RecordError: the page is too large.

    """
    return Pipeline.from_recipe(recipe).clean_page(html, url=url)


def _name(stage: Stage) -> str:
    """Return the name under which the rooms know a stage, or that of its class."""
    known = {pipeline.stage_class(name): name for name in plugins.names("stages")}
    return known.get(type(stage), type(stage).__name__.lower())
