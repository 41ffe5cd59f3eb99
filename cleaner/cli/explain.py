"""``cleaner explain``: what happened to one document of a run, and why; or what two of them share."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from cleaner.cli import annotated, options, terminal
from cleaner.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cleaner.job.finished import Finished, Told
    from cleaner.ledger import Row

_VERDICTS = {
    "drop": "dropped",
    "duplicate": "dropped as a duplicate",
    "story": "kept; the same story in other words",
    "part-of": "kept; it stands inside another document",
    "refused": "a stage was kept from taking too much",
}


def command(
    folder: options.Finished,
    doc: Annotated[str, typer.Option("--doc", metavar="ID", help="The document's id.")] = "",
    line: Annotated[
        int | None, typer.Option("--line", min=1, metavar="N", help="Show this line of what came in alone.")
    ] = None,
    rule: Annotated[str, typer.Option("--rule", metavar="CODE", help="Show the lines that this rule changed.")] = "",
    pair: Annotated[
        tuple[str, str] | None, typer.Option("--pair", metavar="A B", help="Show what two documents share, by id.")
    ] = None,
    as_json: options.AsJson = False,
    debug: options.Debug = False,  # noqa: ARG001
) -> None:
    """Tell what happened to one document, and why: each cut in its place with rule, score and reason, each verdict.

    A line that begins with - is gone, one with ~ has changed: [-this-] was taken out and {+that+} put in.

    \b
    Examples:
      cleaner explain clean/ --doc 4711
      cleaner explain clean/ --doc harbour/fire.txt --rule en/share
      cleaner explain clean/ --doc 4711 --line 12
      cleaner explain clean/ --pair 4711 4712
    """
    from cleaner.job.finished import Finished

    run = Finished(folder)
    if pair is not None:
        _pair(run, *pair, as_json=as_json)
        return
    if not doc:
        raise UsageError("explain: say which document, with --doc ID, or which two, with --pair A B")
    for told in _found(run, doc):
        rows = _chosen(told, line, rule)
        if as_json:
            for row in rows:
                typer.echo(row.line().encode("utf-8", "backslashreplace"))
        else:
            _tell(run, told, rows, line, rule)


def _found(run: Finished, doc: str) -> list[Told]:
    found = [told for _, told in run.find(doc)]
    if not found:
        raise UsageError(f"{run.out}: no document of this run has the id {doc!r}")
    return found


def _chosen(told: Told, line: int | None, rule: str) -> list[Row]:
    """Return the rows that are asked for."""
    from cleaner.pipeline import covers

    rows = [row for row in told.rows if not rule or covers([rule], row.rule)]
    if line is None or told.record is None:
        return rows
    original = told.original()
    begins = [0, *(i + 1 for i, c in enumerate(original) if c == "\n"), len(original) + 1]
    if line >= len(begins):
        raise UsageError(f"--line {line}: the text that came in has {len(begins) - 1} lines")
    start, end = begins[line - 1 : line + 1]
    return [row for row in rows if row.edits and row.start < end and row.end > start]


def _tell(run: Finished, told: Told, rows: Sequence[Row], line: int | None, rule: str) -> None:
    """Show one document."""
    name, edits = terminal.visible(str(told.place.id)), sum(row.edits for row in told.rows)
    if not told.rows:
        typer.echo(f"{name}: kept as it came; no edit, no verdict")
        if line is None:
            return
    outcome = {"kept": "kept", "dropped": "dropped", "duplicate": "a duplicate"}[told.place.outcome]
    head = f"{name}: {outcome}, {edits} edit{'' if edits == 1 else 's'}"
    typer.echo(f"{terminal.styled(head, terminal.BOLD)}  (byte {told.place.at} of its source)")
    for row in rows if line is None else ():
        if not row.edits:
            typer.echo(_verdict(run, row))
    for text in _text(told, rows, line, every=not rule):
        typer.echo(text)


def _text(told: Told, rows: Sequence[Row], line: int | None, *, every: bool) -> Iterator[str]:
    """Yield the lines of the text that came in: every one, that of a number, or those that some rows have changed."""
    if told.record is None:  # a dry run has left no text to show the edits in
        yield from (f"  {annotated.told(row)}" for row in rows)
        return
    yield ""
    wanted = {id(row) for row in rows}
    for each in annotated.lines(told.original(), told.rows):
        if each.number == line or (line is None and (every or any(id(row) in wanted for row in each.rows))):
            yield from annotated.shown(each)


def _verdict(run: Finished, row: Row) -> str:
    score = [] if row.score is None else [f"similarity {row.score:.3g}"]
    about = ", ".join([*([row.reason] if row.reason else []), *score])
    ref = "" if row.ref is None else f" of {row.ref}"
    text = f"{row.rule}: {_VERDICTS.get(row.action, row.action)}{ref}" + (f" ({about})" if about else "")
    if row.ref is not None:
        text += f"\n  side by side: cleaner explain {run.out} --pair {row.doc} {row.ref}"
    return terminal.visible(text)


def _pair(run: Finished, one: str, other: str, *, as_json: bool) -> None:
    """Show what two documents share."""
    from cleaner.cli import pair
    from cleaner.dedup.evidence import evidence

    (a, *_), (b, *_) = _found(run, one), _found(run, other)
    if a.record is None or b.record is None:
        raise UsageError(f"{run.out}: it was a dry run, which leaves no text of documents that were kept")
    said = [row for told, ref in ((a, b), (b, a)) for row in told.rows if row.ref == ref.place.id]
    found = evidence(a.text, b.text)
    if as_json:
        facts = {"a": a.place.id, "b": b.place.id, **found._asdict(), "verdicts": [json.loads(r.line()) for r in said]}
        typer.echo(json.dumps(facts, ensure_ascii=False).encode("utf-8", "backslashreplace"))
        return
    for row in said:
        typer.echo(_verdict(run, row).partition("\n")[0])
    for text in pair.shown(a, b, found):
        typer.echo(text)
