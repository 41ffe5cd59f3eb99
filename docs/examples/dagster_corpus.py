"""A corpus as a Dagster asset: cleaned and deduplicated, its counts as metadata, its laws as a check.

Try it: ``CRAWL='crawl/*.jsonl.zst' CLEAN=clean dagster asset materialize -f dagster_corpus.py --select clean_corpus``
"""

import os

import dagster

from cleaner import Pipeline


@dagster.asset
def clean_corpus() -> dagster.MaterializeResult:
    """Clean the crawl; a run that was stopped goes on where it was when the asset is materialised again."""
    run = Pipeline.from_recipe("news").run([os.environ["CRAWL"]], os.environ["CLEAN"])
    return dagster.MaterializeResult(metadata={**run.counts, "clusters": len(run.clusters)})


@dagster.asset_check(asset=clean_corpus)
def few_are_dropped(context: dagster.AssetCheckExecutionContext) -> dagster.AssetCheckResult:
    """Warn if more than half of what was read is gone: that is hardly ever meant."""
    event = context.instance.get_latest_materialization_event(clean_corpus.key)
    counts = {name: entry.value for name, entry in event.asset_materialization.metadata.items()}
    return dagster.AssetCheckResult(passed=counts["kept"] >= counts["read"] / 2, metadata={"kept": counts["kept"]})
