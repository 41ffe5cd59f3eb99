"""The options that several verbs share, each said once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cleaner import remote
from cleaner.errors import UsageError


def on_disk(given: str) -> str:
    """Return the path of what a verb looks into, here and there, or writes at once.

    Raises:
        UsageError: it is behind a URL.

    """
    if remote.is_url(given):
        raise UsageError(f"{given}: a folder on disk is needed here; copy from or to there yourself")
    return remote.local(given)


def folder(given: str) -> Path:
    """Return the path of a folder; see `on_disk`."""
    return Path(on_disk(given))


Inputs = Annotated[
    list[str], typer.Argument(metavar="IN…", help="Files, folders, patterns or their URLs; - for standard input.")
]
Finished = Annotated[Path, typer.Argument(metavar="OUT", help="The folder of a finished run.", parser=folder)]
Output = Annotated[str, typer.Option("--output", "-o", metavar="OUT", help="Folder for the results, or its URL.")]
Work = Annotated[
    Path | None,
    typer.Option("--work", metavar="DIR", help="Folder to work in if OUT is a URL; the results stay there, too."),
]
RecipeName = Annotated[
    str, typer.Option("--recipe", "-c", metavar="RECIPE", help="A preset's name, or a .toml file of your own.")
]
Changes = Annotated[
    list[str] | None, typer.Option("--set", metavar="STAGE.OPTION=VALUE", help="Change one option of the recipe.")
]
Select = Annotated[
    str, typer.Option("--select", metavar="CODES", help="Let only these rules act (en/share, repair, …; by comma).")
]
Ignore = Annotated[str, typer.Option("--ignore", metavar="CODES", help="Let these rules not act.")]
Format = Annotated[
    str, typer.Option("--format", help="What the input holds: auto, or csv, html, jsonl, parquet, text, warc.")
]
To = Annotated[str, typer.Option("--to", metavar="FORMAT", help="What the output should be; else what the input is.")]
Allow = Annotated[
    str,
    typer.Option("--allow", metavar="WHAT", help="Past the usual caps: archives, formulas (by comma; see the README)."),
]
IdField = Annotated[str, typer.Option("--id", metavar="FIELD", help="The field that holds a record's id.")]
TextField = Annotated[str, typer.Option("--text", metavar="FIELD", help="The field that holds its text.")]
UrlField = Annotated[str, typer.Option("--url", metavar="FIELD", help="The field that holds its URL.")]
DateField = Annotated[str, typer.Option("--date", metavar="FIELD", help="The field that holds its date.")]
Keep = Annotated[
    str, typer.Option("--keep", help="Which of a cluster stays: first, longest, newest or oldest; of equals the first.")
]
Jobs = Annotated[int, typer.Option("--jobs", "-j", min=0, help="Worker processes; 0 for one a processor.")]
Engine = Annotated[str, typer.Option("--engine", help="pool, or serial: all in this process, without its protection.")]
Memory = Annotated[
    str, typer.Option("--memory", metavar="SIZE", help="All that may be used, e.g. 8G; by itself 2G and 1G a worker.")
]
Limit = Annotated[int | None, typer.Option("--limit", min=0, metavar="N", help="Read only the first N records.")]
DryRun = Annotated[bool, typer.Option("--dry-run", "-n", help="Write ledger and report, but no documents.")]
Fresh = Annotated[bool, typer.Option("--fresh", help="Throw away what is in OUT and start over.")]
Annotate = Annotated[
    str, typer.Option("--annotate", help="on: records that were changed say so; all: all say their language; off.")
]
FailOn = Annotated[
    list[str] | None, typer.Option("--fail-on", metavar="RULE", help="End with 1 if so, e.g. 'drop_rate>0.5'.")
]
MaxBad = Annotated[
    int | None, typer.Option("--max-bad", min=0, metavar="N", help="End with 1 if more are quarantined.")
]
Metrics = Annotated[
    Path | None, typer.Option("--metrics", metavar="FILE.prom", help="Write the counts as a Prometheus text file.")
]
Pairs = Annotated[bool, typer.Option("--pairs", help="Write all verified pairs of duplicates to pairs.jsonl.")]
Progress = Annotated[str, typer.Option("--progress", help="auto, bar, json or off.")]
LogFormat = Annotated[str, typer.Option("--log-format", help="text or json.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Say more.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the summary as JSON on standard output.")]
Debug = Annotated[bool, typer.Option("--debug", help="Show where in the code an error arose.")]


def codes(given: str) -> tuple[str, ...]:
    """Return the rule codes of an option.

    Examples:
        >>> codes("en/share, repair")
        ('en/share', 'repair')

    """
    return tuple(code.strip() for code in given.split(",") if code.strip())


def names(**given: str) -> dict[str, str]:
    """Return the field names that were given, by known name."""
    return {name: field for name, field in given.items() if field}
