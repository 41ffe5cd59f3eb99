"""``cleaner explain``: what happened to one document of a run, and why."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cleaner.cli import options, terminal
from cleaner.errors import UsageError

if TYPE_CHECKING:
    from cleaner.ledger import Row

_LONGEST = 500
_VERDICTS = {
    "drop": "dropped",
    "duplicate": "dropped as a duplicate",
    "story": "kept; the same story in other words",
    "part-of": "kept; it stands inside another document",
    "refused": "a stage was kept from taking too much",
}


def command(
    folder: Annotated[Path, typer.Argument(metavar="OUT", help="The folder of a finished run.")],
    doc: Annotated[str, typer.Option("--doc", metavar="ID", help="The document's id.")],
    rule: Annotated[str, typer.Option("--rule", metavar="CODE", help="Show the edits of this rule alone.")] = "",
    as_json: options.AsJson = False,
    debug: options.Debug = False,  # noqa: ARG001
) -> None:
    """Tell what happened to one document, and why: each cut with its rule, place and text, and each verdict.

    \b
    Examples:
      cleaner explain clean/ --doc 4711
      cleaner explain clean/ --doc harbour/fire.txt --rule en/share
    """
    from cleaner import ledger
    from cleaner.job.finished import Finished

    found = [told for _, told in Finished(folder).find(doc)]
    rows = [row for told in found for row in told.rows]
    rows = [r for r in rows if not rule or r.rule == rule or r.rule.startswith(f"{rule.rstrip('/')}/")]
    if as_json:
        for row in rows:
            typer.echo(row.line().encode("utf-8", "backslashreplace"))
        return
    if not rows:
        if not found:
            raise UsageError(f"{folder}: no document of this run has the id {doc!r}")
        typer.echo(
            f"{terminal.visible(doc)}: kept as it came; {'no edit by ' + rule if rule else 'no edit, no verdict'}"
        )
        return
    kept = not any(r.action in ledger.DROPS for r in rows)
    typer.echo(
        terminal.styled(f"{terminal.visible(doc)}: {'kept' if kept else 'not kept'}, {_counted(rows)}", terminal.BOLD)
    )
    for row in rows:
        _show(row, detailed=row.action in ledger.EDITS)


def _counted(rows: list[Row]) -> str:
    edits = sum(r.action in ("remove", "replace") for r in rows)
    return f"{edits} edit{'' if edits == 1 else 's'}"


def _show(row: Row, *, detailed: bool) -> None:
    score = "" if row.score is None else f", score {row.score:.3g}"
    reason = f" ({terminal.visible(row.reason)}{score})" if row.reason else f" ({score[2:]})" if score else ""
    if not detailed:
        ref = "" if row.ref is None else f": see {terminal.visible(str(row.ref))}"
        typer.echo(
            f"\n{terminal.styled(row.rule, terminal.BOLD)}  {_VERDICTS.get(row.action, row.action)}{ref}{reason}"
        )
        return
    place = terminal.styled(f"characters {row.start}–{row.end}", terminal.DIM)
    typer.echo(f"\n{terminal.styled(row.rule, terminal.BOLD)}  {place}{reason}")
    typer.echo(terminal.styled(f"  - {_quoted(row.before)}", terminal.RED))
    if row.after:
        typer.echo(terminal.styled(f"  + {_quoted(row.after)}", terminal.GREEN))


def _quoted(text: str) -> str:
    shown = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}… ({len(text)} characters)"
    return terminal.visible(shown).replace("\n", "⏎")
