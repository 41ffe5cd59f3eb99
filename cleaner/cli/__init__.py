"""The command line: one file, one verb; what a verb needs is imported when it is called."""

from __future__ import annotations

import gc
import os
import signal
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from cleaner import __version__
from cleaner.cli import (
    dedup,
    doctor,
    explain,
    init,
    learn,
    report,
    restore,
    rules,
    run,
    schema,
    stages,
    terminal,
    text,
    verify,
)
from cleaner.errors import STOPPED_BY_INTERRUPT, STOPPED_BY_TERMINATION, CleanerError, LawError

if TYPE_CHECKING:
    from types import FrameType

_SELDOM = 50_000
"""Objects that may come before Python looks for garbage that holds itself: next to nothing here is in circles, and
looking for it at every 700, as is usual, takes a tenth of a run."""

app = typer.Typer(
    name="cleaner",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # rich would cost more to load than all the rest of --help
    context_settings={"help_option_names": ["-h", "--help"]},
)
for verb in (run, text, dedup, explain, report, restore, verify, init, learn, rules, stages, schema, doctor):
    app.command(verb.__name__.rpartition(".")[2])(verb.command)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"cleaner {__version__}")
        raise typer.Exit


@app.callback()
def _top(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and leave.")
    ] = False,
) -> None:
    """Strip scraping boilerplate from text corpora, repair garbled text, find near-duplicate coverage.

    \b
    The whole job:  cleaner run crawl/*.jsonl.zst -o clean/
    One document:   cleaner text page.txt
    Why?            cleaner explain clean/ --doc ID
    """


def main() -> None:
    """Run the command line; a closed pipe ends it quietly, an error of ours ends it with one sentence."""
    one_thread()
    gc.set_threshold(_SELDOM)
    signal.signal(signal.SIGTERM, _stopped)
    signal.signal(signal.SIGINT, _stopped)
    try:
        app()
    except CleanerError as error:
        if "--debug" in sys.argv:
            raise
        typer.echo(f"cleaner: {terminal.visible(str(error))}", err=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except Exception as error:
        if "--debug" in sys.argv:
            raise
        what = terminal.visible(f"{type(error).__name__}: {error}")
        typer.echo(f"cleaner: this is a defect of cleaner, not of your data: {what} (--debug shows where)", err=True)
        sys.exit(LawError.exit_code)


def one_thread() -> None:
    """Let numpy, which asks when it is loaded, multiply in one thread: documents are many and their matrices small."""
    for library in ("OPENBLAS", "OMP", "MKL"):
        os.environ.setdefault(f"{library}_NUM_THREADS", "1")


def _stopped(number: int, _frame: FrameType | None) -> None:
    typer.echo("cleaner: stopped; the same command goes on where it was", err=True)
    sys.exit(STOPPED_BY_INTERRUPT if number == signal.SIGINT else STOPPED_BY_TERMINATION)
