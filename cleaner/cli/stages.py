"""``cleaner stages``: the list of stages, and a page for each."""

from __future__ import annotations

from typing import Annotated

import typer

from cleaner.cli import options


def command(
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="A stage.")] = "",
    debug: options.Debug = False,  # noqa: ARG001
) -> None:
    """List the stages that a recipe can name, or show one with its options.

    \b
    Examples:
      cleaner stages
      cleaner stages repair
    """
    import inspect
    import textwrap

    from cleaner import plugins, recipe
    from cleaner.pipeline import stage_class

    if not name:
        for each in plugins.names("stages"):
            about = inspect.getdoc(inspect.getmodule(stage_class(each))) or ""
            typer.echo(f"{each:12}  {about.splitlines()[0] if about else ''}")
        return
    stage = stage_class(name)
    about = inspect.getdoc(inspect.getmodule(stage)) or ""
    typer.echo(f"{name}\n\n{about}\n\nOptions, for a recipe's table [{name}] or --set {name}.OPTION=VALUE:\n")
    for option in recipe.listed(stage):
        typer.echo(f"  {option.name} = {option.default!r}\n{textwrap.indent(option.about, ' ' * 6)}")
