"""``cleaner learn``: what the sites of a corpus repeat, as a pack for tomorrow's crawl."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cleaner.cli import options


def command(
    inputs: options.Inputs,
    output: Annotated[
        str,
        typer.Option("--output", "-o", metavar="FILE", help="The pack; - is standard output.", parser=options.on_disk),
    ] = "-",
    format_: options.Format = "auto",
    id_: options.IdField = "",
    text: options.TextField = "",
    url: options.UrlField = "",
    jobs: options.Jobs = 0,
    debug: options.Debug = False,  # noqa: ARG001
) -> None:
    """Learn the lines that the pages of a site repeat; a page's site is the host of its URL.

    The pack names each line and on how many pages it was seen. Read it, edit it, and use it on the next crawl, which
    then needs no pages of its own to learn from.

    \b
    Examples:
      cleaner learn crawl/ -o site.toml
      cleaner run tomorrow/ -o clean/ --set templates.pack=site.toml
    """
    import functools
    import tempfile

    from cleaner import recipe, storage
    from cleaner.cli import batch
    from cleaner.executors import pool
    from cleaner.job import learn
    from cleaner.parts import inputs as found

    plan = batch.plan(recipe.parse("learn", "stages = []"), names=options.names(id=id_, text=text, url=url))
    work = functools.partial(pool.run, jobs=jobs or batch.processors())
    with tempfile.TemporaryDirectory(prefix="cleaner-") as scratch:
        pack = learn.pack(plan, found.find(inputs, format_), work, Path(scratch))
    if output == "-":
        typer.echo(pack, nl=False)
    else:
        storage.write(Path(output), pack.encode())
