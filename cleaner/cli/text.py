"""``cleaner text``: one document, or a stream of records, from standard input to standard output."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated

import typer

from cleaner.cli import options, terminal
from cleaner.errors import InputError, RecordError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cleaner.document import Document
    from cleaner.pipeline import Pipeline

_BLOCK = 1 << 20


def command(
    file: Annotated[str, typer.Argument(metavar="[FILE|-]", help="What to clean; - is standard input.")] = "-",
    recipe: Annotated[
        str, typer.Option("--recipe", "-c", metavar="RECIPE", help="A preset's name, or a .toml file.")
    ] = "news",
    changes: options.Changes = None,
    select: options.Select = "",
    ignore: options.Ignore = "",
    html: Annotated[bool, typer.Option("--html", help="It is a page, or records of pages.")] = False,
    url: Annotated[str, typer.Option("--url", help="Where the document is from.")] = "",
    diff: Annotated[bool, typer.Option("--diff", help="Show what changes, in colour.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print text and edits as JSON.")] = False,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="Records in, records out, one a line.")] = False,
    annotate: options.Annotate = "on",
    debug: options.Debug = False,  # noqa: ARG001
) -> None:
    """Clean one document, or with --jsonl a stream of records.

    \b
    Examples:
      cleaner text article.txt
      curl -s URL | cleaner text --html --diff
      cleaner text --jsonl < records.jsonl > clean.jsonl
    """
    from cleaner import pipeline
    from cleaner import recipe as recipes

    stages = pipeline.build(recipes.load(recipe, changes or []), options.codes(select), options.codes(ignore))
    with _opened(file) as stream:
        if jsonl:
            _stream(stream, stages, annotate=annotate, pages=html)
            return
        doc = stages(_document(stream.read(), file, url, html=html))
    if as_json:
        edits = [
            {"start": e.start, "end": e.end, "rule": e.rule, "before": e.before, "after": e.after} for e in doc.history
        ]
        typer.echo(
            json.dumps({"text": doc.text, "edits": edits}, ensure_ascii=False).encode("utf-8", "backslashreplace")
        )
    elif diff:
        for line in _diff(doc.original, doc.text):
            typer.echo(line)
    else:
        sys.stdout.buffer.write(doc.text.encode("utf-8", "replace"))


def _opened(file: str) -> IO[bytes]:
    if file == "-":
        return sys.stdin.buffer
    try:
        return Path(file).open("rb")
    except OSError as error:
        raise InputError(f"{file}: it cannot be read: {error.strerror}") from None


def _document(data: bytes, name: str, url: str, *, html: bool) -> Document:
    from cleaner import pipeline
    from cleaner.formats import html as pages
    from cleaner.formats import text as plain
    from cleaner.record import Damage

    (record,) = (pages if html else plain).read(data, name)
    if isinstance(record, Damage):
        raise InputError(f"{name}: {record.reason}: {record.error}")
    try:
        return pipeline.open_document(name, record.get("text"), record.get("html"), {"url": url} if url else {})
    except RecordError as error:
        raise InputError(f"{name}: {error}") from None


def _stream(stream: IO[bytes], stages: Pipeline, *, annotate: str, pages: bool) -> None:
    """Clean records as they come; what cannot be processed is named on standard error, and the others go on."""
    from cleaner.formats import jsonl
    from cleaner.job.clean import clean
    from cleaner.record import Damage, encode

    out = sys.stdout.buffer
    for data, offset in _lines(stream):
        for item in jsonl.read(data, "stdin", offset):
            try:
                if isinstance(item, Damage):
                    raise RecordError(item.reason, item.error)  # noqa: TRY301  one place says it
                out.write(encode(clean(item, stages, {}, annotate=annotate, pages=pages).line) + b"\n")
            except RecordError as error:
                typer.echo(f"cleaner: record at byte {item.offset}: {error.reason}: {error}", err=True)
        out.flush()


def _lines(stream: IO[bytes]) -> Iterator[tuple[bytes, int]]:
    """Yield whole lines, as many as there are, and where they begin."""
    offset, held = 0, b""
    read = getattr(stream, "read1", stream.read)
    while piece := read(_BLOCK):
        held += piece
        end = held.rfind(b"\n") + 1
        if end:
            yield held[:end], offset
            offset, held = offset + end, held[end:]
    if held:
        yield held, offset


def _diff(before: str, after: str) -> Iterator[str]:
    import difflib

    colours = {"+": terminal.GREEN, "-": terminal.RED, "@": terminal.DIM}
    for line in difflib.unified_diff(before.split("\n"), after.split("\n"), "before", "after", lineterm="", n=1):
        shown = terminal.visible(line)
        yield terminal.styled(shown, colours[line[0]]) if line[0] in colours else shown
