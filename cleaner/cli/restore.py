"""``cleaner restore``: undo what a run has done, from the ledger, without the input files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from cleaner.cli import options, terminal
from cleaner.errors import UsageError


def command(
    folder: options.Finished,
    output: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="DIR", help="Folder for what is restored.", parser=options.folder),
    ],
    docs: Annotated[
        list[str] | None, typer.Option("--doc", metavar="ID", help="Only the documents with this id; may be repeated.")
    ] = None,
    rule: Annotated[
        str, typer.Option("--rule", metavar="CODE", help="Undo only this rule, or all whose names begin so.")
    ] = "",
    quarantine: Annotated[
        bool, typer.Option("--quarantine", help="Write the raw bytes of what is in quarantine instead.")
    ] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="Write over files that are in DIR.")] = False,
    as_json: options.AsJson = False,
    debug: options.Debug = False,  # noqa: ARG001
) -> None:
    """Give back the texts that came in: of all documents, kept or not, or of some; undo every rule, or one.

    With --rule all stays as it was cleaned, but for what that rule did: DIR then holds what would have come out without
    it. The other fields of a record are as they came in; of a page, its whole text is restored, not its tags.

    \b
    Examples:
      cleaner restore clean/ -o back/
      cleaner restore clean/ -o back/ --doc 4711 --doc harbour/fire.txt
      cleaner restore clean/ -o with-captions/ --rule repeats/caption
      cleaner restore clean/ -o twins/ --rule dedup/near
      cleaner restore clean/ -o bad/ --quarantine
    """
    from cleaner.job import restore

    if quarantine and (docs or rule):
        raise UsageError("--quarantine stands alone: what is in quarantine has no rule, and often no id")
    done = (
        restore.quarantine(folder, output, fresh=fresh)
        if quarantine
        else restore.restore(folder, output, docs or (), rule, fresh=fresh)
    )
    if as_json:
        typer.echo(json.dumps(done._asdict()))
        return
    what = "pieces of the quarantine" if quarantine else f"documents, {done.changed:,} of them other than in the run,"
    typer.echo(terminal.visible(f"{done.written:,} {what} are in {output}"), err=True)
