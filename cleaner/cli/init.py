"""``cleaner init``: a recipe to begin with, written from a sample of the data."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cleaner.cli import options
from cleaner.errors import BusyError


def command(
    inputs: Annotated[
        list[str] | None, typer.Argument(metavar="[IN…]", help="Files, folders or patterns to look at.")
    ] = None,
    output: Annotated[
        str,
        typer.Option(
            "--output", "-o", metavar="FILE.toml", help="The recipe; - is standard output.", parser=options.on_disk
        ),
    ] = "-",
    format_: options.Format = "auto",
    fresh: Annotated[bool, typer.Option("--fresh", help="Write over a file that is there.")] = False,
    debug: options.Debug = False,  # noqa: ARG001
) -> None:
    """Write a recipe that works, with what was seen in the first records as remarks: fields, languages, sites.

    \b
    Examples:
      cleaner init crawl/ -o mine.toml
      cleaner run crawl/ -o clean/ -c mine.toml
      cleaner init > plain.toml
    """
    from cleaner import storage
    from cleaner.job import sample

    drawn = sample.draw(inputs, format_) if inputs else None
    text = sample.write(drawn, inputs or (), "recipe.toml" if output == "-" else output)
    if output == "-":
        typer.echo(text, nl=False)
        return
    if Path(output).exists() and not fresh:
        raise BusyError(f"{output}: it is there already; choose another name, or write over it with --fresh")
    storage.write(Path(output), text.encode())
    typer.echo(f"{output}: read it, change it, then: cleaner run IN -o OUT -c {output}", err=True)
