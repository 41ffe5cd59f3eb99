"""``cleaner schema``: JSON Schema of recipes, records and rows of the ledger."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from cleaner.cli import options
from cleaner.errors import UsageError


def command(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="recipe, record or ledger.")],
    debug: options.Debug = False,  # noqa: ARG001
) -> None:
    """Print the JSON Schema of a recipe, a record or a row of the ledger, for editors and checks of your own.

    \b
    Examples:
      cleaner schema recipe > recipe.schema.json
      cleaner schema ledger
    """
    from cleaner.job.schema import KINDS
    from cleaner.plugins import unknown

    if kind not in KINDS:
        raise UsageError(unknown("schema", kind, tuple(KINDS)))
    typer.echo(json.dumps(KINDS[kind](), ensure_ascii=False, indent=1))
