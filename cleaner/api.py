"""What Python programs call: a text or a page clean, records in a stream, a whole job."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cleaner import charset, dedup, pipeline, plugins, recipe, remote, tables
from cleaner.errors import RecordError, UsageError
from cleaner.job import run as jobs
from cleaner.job.clean import Plan, clean
from cleaner.record import ANNOTATION, KNOWN, Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

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

    def stream(
        self,
        records: Iterable[Mapping[str, Any]],
        *,
        on_error: Callable[[Mapping[str, Any], RecordError], None] | None = None,
    ) -> Iterator[dict[str, Any]]:
        """Yield records clean, one after the other, as dicts with a ``text``.

        Args:
            records: dicts with a ``text`` or an ``html``, read one at a time.
            on_error: what to call with a record that cannot be cleaned, and the reason; the stream goes on without
                the record. Without it, the error is raised, and the stream is at its end.

        Raises:
            RecordError: a record has neither a text nor a page, or a stage failed on it.

        """
        for number, values in enumerate(records):
            try:
                done = clean(_record(values, number), self.stages, {})
            except RecordError as error:
                if on_error is None:
                    raise
                on_error(values, error)
                continue
            out = dict(values)
            record = Record(done.line, "stream", number)
            if done.doc.text != values.get(record.key("text")):
                out[record.key("text")] = done.doc.text
                out[ANNOTATION] = record.annotation
            yield out

    def __call__(self, table: Any) -> Any:  # noqa: ANN401  what comes in goes out
        """Return a table clean: of the same kind, with the same rows in the same order.

        The text column is written anew, ``_cleaner`` says what was done to each row, and everything else stays as it
        was. A row that cannot be cleaned stays as it is, too, and says why under ``error``.

        Args:
            table: a data frame of pandas or polars, a table or record batch of Arrow, or a list of dicts.

        Raises:
            UsageError: it is no table, it has no column of texts, or narwhals is missing.

        Examples:
            >>> Pipeline(["spacing"])([{"text": "a\\n\\n\\n\\nb", "n": 1}])
            [{'text': 'a\\n\\nb', 'n': 1, '_cleaner': {'edits': 1, 'removed': 2, 'error': ''}}]

        """
        column = tables.text_column(table)
        cleaned = [self._row(values, column) for values in tables.rows(table)]
        return tables.put(table, column, [text for text, _ in cleaned], [told for _, told in cleaned])

    def _row(self, values: Mapping[str, Any], column: str) -> tuple[str | None, tables.Told]:
        """Return a row's text clean, and what is told of it."""
        try:
            done = clean(_record(values, 0), self.stages, {"text": column}).doc
        except RecordError as error:
            return values.get(column), tables.Told(0, 0, str(error))
        return done.text, tables.Told(len(done.history), len(done.original) - len(done.text), "")

    def run(self, inputs: Sequence[str | Path], out: str | Path, *, processes: int = 0, fresh: bool = False) -> Run:
        """Do a whole job, as ``cleaner run`` does.

        Args:
            inputs: files, folders, patterns, and URLs of these.
            out: folder for the results, on disk.
            processes: how many workers; 0 for one a processor.
            fresh: whether to throw away what is in ``out``.

        Raises:
            CleanerError: it cannot be done; the class says of which kind the reason is.

        """
        if remote.is_url(str(out)):
            raise UsageError(f"{out}: a folder on disk is needed here; the command cleaner run copies results to URLs")
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


def _record(values: Mapping[str, Any], number: int) -> Record:
    """Return the record of a dict: the fields that mean something here, for a dict may hold what JSON cannot.

    Raises:
        RecordError: a text or page in bytes cannot be decoded.

    """
    names = [name for field, known in KNOWN.items() if field != "metadata" for name in known]
    known = {name: values[name] for name in names if values.get(name) is not None}
    plain = {name: charset.decode(v)[0] if isinstance(v, bytes) else v for name, v in known.items()}
    return Record(json.dumps(plain, ensure_ascii=False, default=str), "stream", number)


def _name(stage: Stage) -> str:
    """Return the name under which the rooms know a stage, or that of its class."""
    known = {pipeline.stage_class(name): name for name in plugins.names("stages")}
    return known.get(type(stage), type(stage).__name__.lower())
