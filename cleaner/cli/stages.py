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

    from cleaner import plugins
    from cleaner.pipeline import stage_class

    if not name:
        for each in plugins.names("stages"):
            about = inspect.getdoc(inspect.getmodule(stage_class(each))) or ""
            typer.echo(f"{each:12}  {about.splitlines()[0] if about else ''}")
        return
    stage = stage_class(name)
    about = inspect.getdoc(inspect.getmodule(stage)) or ""
    typer.echo(f"{name}\n\n{about}\n\nOptions, for a recipe's table [{name}] or --set {name}.OPTION=VALUE:\n")
    for option, default, said in _options(stage):
        typer.echo(f"  {option} = {default}\n      {said}")


def _options(stage: type) -> list[tuple[str, str, str]]:
    """Return name, default and description of each option; the description is the string below the field."""
    import ast
    import inspect
    import textwrap

    (body,) = (n.body for n in ast.parse(textwrap.dedent(inspect.getsource(stage))).body if isinstance(n, ast.ClassDef))
    found = []
    for node, below in zip(body, [*body[1:], None], strict=True):
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            said = ""
            if isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant):
                said = inspect.cleandoc(str(below.value.value))
            found.append((node.target.id, ast.unparse(node.value) if node.value else "", said))
    return found
