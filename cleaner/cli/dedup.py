"""``cleaner dedup``: duplicates alone, on text as it is."""

from __future__ import annotations

from typing import Annotated

import typer

from cleaner.cli.common import Common, takes_common


@takes_common
def command(
    common: Common,
    level: Annotated[
        str, typer.Option("--level", help="exact, near or story; each includes the lower ones.")
    ] = "near",
    threshold: Annotated[
        float | None, typer.Option("--threshold", help="Similarity from which two texts are near-duplicates.")
    ] = None,
) -> None:
    """Find duplicates and drop them; the text of the others stays as it is.

    Exact and near-duplicates are dropped, one of each cluster is kept; the same story in other words is marked only.

    \b
    Examples:
      cleaner dedup corpus.jsonl -o unique/
      cleaner dedup corpus/ -o unique/ --level story --keep oldest
    """
    from cleaner import recipe as recipes
    from cleaner.cli import batch

    changes = common.changed(f"dedup.level={level}")
    if threshold is not None:
        changes.append(f"dedup.threshold={threshold}")
    batch.do(common, recipes.parse("dedup", "stages = []", changes))
