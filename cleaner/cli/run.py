"""``cleaner run``: the whole job."""

from __future__ import annotations

from cleaner.cli import options


def command(
    inputs: options.Inputs,
    output: options.Output,
    recipe: options.RecipeName = "news",
    changes: options.Changes = None,
    select: options.Select = "",
    ignore: options.Ignore = "",
    keep: options.Keep = "",
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
    """Do the whole job: read, repair, strip, deduplicate, write.

    OUT then holds the kept documents, a ledger of every edit and verdict, duplicates.jsonl, quarantine, a report
    and a manifest. The same command goes on where a stopped one was.

    \b
    Examples:
      cleaner run crawl/ -o clean/
      cleaner run 'crawl/*.jsonl.zst' -o clean/ -j 8 --keep longest
      cat pages.jsonl | cleaner run - -o clean/ --ignore repair/quote-pair
    """
    from cleaner import recipe as recipes
    from cleaner.cli import batch
    from cleaner.job.run import Job

    chosen = recipes.load(recipe, [*(changes or []), *([f"dedup.keep={keep}"] if keep else [])])
    names = options.names(id=id_, text=text, url=url, date=date)
    plan = batch.plan(chosen, select, ignore, names=names, annotate=annotate)
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
