"""``cleaner dedup``: duplicates alone, on text as it is."""

from __future__ import annotations

import typer

from cleaner.cli import options


def command(
    inputs: options.Inputs,
    output: options.Output,
    level: str = typer.Option("near", "--level", help="exact, near or story; each includes the lower ones."),
    threshold: float | None = typer.Option(
        None, "--threshold", help="Similarity from which two texts are near-duplicates."
    ),
    keep: options.Keep = "first",
    changes: options.Changes = None,
    format_: options.Format = "auto",
    to: options.To = "",
    allow: options.Allow = "",
    id_: options.IdField = "",
    text: options.TextField = "",
    url: options.UrlField = "",
    date: options.DateField = "",
    jobs: options.Jobs = 0,
    memory: options.Memory = "",
    engine: options.Engine = "pool",
    limit: options.Limit = None,
    annotate: options.Annotate = "on",
    fail_on: options.FailOn = None,
    max_bad: options.MaxBad = None,
    progress: options.Progress = "auto",
    log_format: options.LogFormat = "text",
    dry_run: options.DryRun = False,
    fresh: options.Fresh = False,
    pairs: options.Pairs = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
    as_json: options.AsJson = False,
    debug: options.Debug = False,  # noqa: ARG001
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
    from cleaner.job.run import Job

    wanted = [f"dedup.level={level}", f"dedup.keep={keep}", *(changes or [])]
    if threshold is not None:
        wanted.append(f"dedup.threshold={threshold}")
    chosen = recipes.parse("dedup", "stages = []", wanted)
    names = options.names(id=id_, text=text, url=url, date=date)
    plan = batch.plan(chosen, names=names, annotate=annotate)
    jobs = jobs or batch.processors()
    limits = batch.limits(memory, jobs)
    job = Job(
        inputs,
        output,
        plan,
        format_,
        jobs,
        engine,
        limit,
        dry=dry_run,
        fresh=fresh,
        pairs=pairs,
        limits=limits,
        to=to,
        allow=options.codes(allow),
    )
    batch.do(job, batch.Manners(progress, log_format, quiet, verbose, as_json), fail_on or [], max_bad)
