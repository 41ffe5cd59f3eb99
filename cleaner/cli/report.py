"""``cleaner report``: what a run did, as one page for a browser."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cleaner.cli import options


def command(
    folder: options.Finished,
    output: Annotated[
        str,
        typer.Option(
            "--output", "-o", metavar="FILE", help="The page; - is standard output.", parser=options.on_disk
        ),
    ] = "",
    debug: options.Debug = False,  # noqa: ARG001
) -> None:
    """Write what a run did as one page of HTML, which needs no server and no network; without -o, report.html in OUT.

    \b
    Examples:
      cleaner report clean/
      cleaner report clean/ -o monday.html
      cleaner report clean/ -o - | gzip > monday.html.gz
    """
    from cleaner import storage
    from cleaner.job import report

    if output == "-":
        typer.echo(report.page_of(folder), nl=False)
        return
    target = Path(output) if output else folder / report.NAME
    if output:
        storage.write(target, report.page_of(folder))
    else:
        report.renew(folder)
    typer.echo(f"The report is {target}", err=True)
