"""``cleaner run``: the whole job."""

from __future__ import annotations

from cleaner.cli import options
from cleaner.cli.common import Common, takes_common


@takes_common
def command(
    common: Common,
    recipe: options.RecipeName = "news",
    select: options.Select = "",
    ignore: options.Ignore = "",
) -> None:
    """Do the whole job: read, repair, strip, deduplicate, write.

    OUT then holds the kept documents, a ledger of every edit and verdict, duplicates.jsonl, quarantine, a report
    and a manifest. The same command goes on where a stopped one was.

    \b
    Examples:
      cleaner run crawl/ -o clean/
      cleaner run 'crawl/*.jsonl.zst' -o clean/ -j 8 --keep longest
      cleaner run crawl/ -o clean/ --fail-on 'source_drop_rate>0.9' --max-bad 10 --metrics clean.prom
      cat pages.jsonl | cleaner run - -o clean/ --ignore repair/quote-pair
    """
    from cleaner import recipe as recipes
    from cleaner.cli import batch

    batch.do(common, recipes.load(recipe, common.changed()), select, ignore)
