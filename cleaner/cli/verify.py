"""``cleaner verify``: whether the results of a run are whole, and whether the laws hold."""

from __future__ import annotations

import json

import typer

from cleaner.cli import options, terminal
from cleaner.errors import DONE, INPUT_DAMAGED, LawError


def command(
    folder: options.Finished,
    as_json: options.AsJson = False,
    debug: options.Debug = False,  # noqa: ARG001
) -> None:
    """Recompute every checksum, count and law from the files of a run, independently of the run.

    It ends with 3 if a file is missing, changed or not the run's, and with 70 if all files are as they were left but a
    law does not hold: that read = kept + dropped + duplicates + quarantined in each part, for the very records that
    were read; that one of each cluster is kept; that the ledger gives back every text that came in.

    \b
    Examples:
      cleaner verify clean/
      cleaner verify clean/ --json
    """
    from cleaner.job.verify import verify

    found = verify(folder)
    code = INPUT_DAMAGED if found.damaged else LawError.exit_code if found.broken else DONE
    if as_json:
        facts = {"checked": found.checked, "damaged": found.damaged, "broken": found.broken, "exit": code}
        typer.echo(json.dumps(facts, ensure_ascii=False).encode("utf-8", "backslashreplace"))
        raise typer.Exit(code)
    n = found.checked
    typer.echo(f"files      {n['files']:,} with {n['bytes']:,} bytes, each held against its SHA-256")
    if found.damaged:
        typer.echo("laws       not looked at, for files are not as the run has left them")
    else:
        outcomes = f"{n['kept']:,} + {n['dropped']:,} + {n['duplicates']:,} + {n['quarantined']:,}"
        typer.echo(f"counts     {n['read']:,} = {outcomes}, and so in each of {n['parts']:,} parts")
        typer.echo("records    those that were read, by the sums of their places")
        typer.echo(f"clusters   {n['clusters']:,}, one of each kept")
        typer.echo(f"ledger     {n['rows']:,} rows, in place")
        typer.echo(f"texts      {n['texts']:,} given back as they came in")
    for sentence in (*found.damaged, *found.broken):
        typer.echo(terminal.visible(sentence), err=True)
    faults = len(found.damaged) + len(found.broken)
    typer.echo(f"{faults:,} faults, see standard error" if faults else "all holds")
    raise typer.Exit(code)
