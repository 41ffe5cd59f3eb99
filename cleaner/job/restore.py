"""Undo from the ledger: the texts that came in, what would have come out without a rule, or what is in quarantine."""

from __future__ import annotations

import base64
import hashlib
import shutil
from contextlib import contextmanager
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from cleaner import ledger, places, storage
from cleaner.errors import BusyError, InputError, OutputError, UsageError
from cleaner.job import folder
from cleaner.job.clean import counted
from cleaner.job.finished import Finished
from cleaner.parts import documents
from cleaner.pipeline import covers
from cleaner.record import ANNOTATION, Record, dump, encode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from cleaner.job.finished import Told
    from cleaner.parts.inputs import Part


class Restored(NamedTuple):
    """What was written."""

    written: int
    """Documents, or pieces of the quarantine."""
    changed: int
    """Those that are not as the run has left them: cleaned otherwise, or not there at all."""


def restore(out: Path, to: Path, docs: Sequence[str] = (), rule: str = "", *, fresh: bool = False) -> Restored:
    """Write the documents of a run as they came in, or as they would have come out without a rule.

    Args:
        out: the folder of the run.
        to: where to; it appears whole.
        docs: ids of the documents to write; all if none is named.
        rule: what is undone, a rule's code or the beginning of several; everything if empty.
        fresh: whether to write over what is in ``to``.

    Raises:
        UsageError: no document has an id that is named, or the run was a dry one.
        BusyError: there are files in ``to``.

    """
    run = Finished(out)
    if run.dry:
        raise UsageError(f"{out}: it was a dry run, which leaves no documents to restore")
    written = changed = 0
    with _appearing(to, out, fresh=fresh) as work:
        for part, told in _asked(run, docs):
            lines = _lines(told, run.names_of(part), rule, every=run.manifest["job"]["annotate"] == "all")
            for first in lines:  # a part of which nothing comes out has no file
                with documents.opened(work, part, run.names_of(part)) as put:
                    for line, differs in chain([first], lines):
                        put(encode(line), 0)
                        written += 1
                        changed += differs
    return Restored(written, changed)


def _asked(run: Finished, docs: Sequence[str]) -> Iterator[tuple[Part, Iterable[Told]]]:
    """Yield the documents that are asked for, by part."""
    if not docs:
        yield from ((part, run.told(part)) for part in run.parts)
        return
    by_part: dict[Part, list[Told]] = {part: [] for part in run.parts}
    for key in dict.fromkeys(docs):
        found = list(run.find(key))
        if not found:
            raise UsageError(f"{run.out}: no document of this run has the id {key!r}")
        for part, told in found:
            by_part[part].append(told)
    yield from by_part.items()


def _lines(told: Iterable[Told], names: Mapping[str, str], rule: str, *, every: bool) -> Iterator[tuple[str, bool]]:
    """Yield the records that come out, and whether each differs from what the run has left of it.

    ``every`` tells whether the run has added something to every record, and not just to those that it changed.
    """
    for each in told:
        line = _without(each, names, rule) if rule else _as_it_came(each, names, added=every or bool(each.rows))
        if line is not None:
            yield line, each.place.outcome != places.KEPT or each.record is None or line != each.record.raw


def _as_it_came(told: Told, names: Mapping[str, str], *, added: bool) -> str:
    """Return the record with the text that came in, and without what the run has added."""
    assert told.record is not None  # noqa: S101  for the type checker: only a dry run leaves none
    if not added:
        return told.record.raw
    return _with_text(told.record, names, told.original()).without(ANNOTATION)


def _without(told: Told, names: Mapping[str, str], rule: str) -> str | None:
    """Return the record as it would have come out without a rule; None if it would not have come out."""
    assert told.record is not None  # noqa: S101  for the type checker: only a dry run leaves none

    def undone(code: str) -> bool:
        return covers([rule], code)

    before = told.original()
    text, left = ledger.without(before, told.rows, undone)
    if len(left) == sum(row.edits for row in told.rows):
        text = told.text
    empty = told.place.outcome == places.DROPPED and not text.strip()
    twin = told.place.outcome == places.DUPLICATE
    if (empty or twin) and not any(row.drops and undone(row.rule) for row in told.rows):
        return None
    if text == told.text:
        return told.record.raw
    record = _with_text(told.record, names, text)
    if not left or not record.annotation:
        return record.without(ANNOTATION)
    return record.replaced({ANNOTATION: counted(record.annotation, len(left), before, text)})


def _with_text(record: Record, names: Mapping[str, str], text: str) -> Record:
    return Record(record.replaced({record.key("text", names): text}), record.source, record.offset)


def quarantine(out: Path, to: Path, *, fresh: bool = False) -> Restored:
    """Write the raw bytes of all that is in quarantine, each piece as a file; ``index.jsonl`` says what is what.

    Raises:
        InputError: the bytes of a piece are not those that its hash speaks of.
        BusyError: there are files in ``to``.

    """
    run = Finished(out)
    rows: list[dict[str, object]] = []
    with _appearing(to, out, fresh=fresh) as work:
        for row in run.quarantine():
            data = raw(out, row)
            name = f"{len(rows) + 1:06}.bin"  # never a name from the input
            storage.write(work / name, data)
            rows.append({"file": name, **{key: value for key, value in row.items() if key != "raw"}})
        storage.write(work / "index.jsonl", encode("".join(f"{dump(row)}\n" for row in rows)))
    return Restored(len(rows), len(rows))


def raw(out: Path, row: Mapping[str, object]) -> bytes:
    """Return the bytes of a quarantined piece, which are the row's own or, of a long one, stand in a file.

    Of one that was too long to be held there is but the beginning.

    Raises:
        InputError: they are not those that the row's hash speaks of.

    """
    digest = row["sha256"]
    data = base64.b64decode(str(row["raw"]))
    path = out / folder.RAWS / f"{digest}.bin"
    if row["length"] != len(data) and path.is_file():
        data = path.read_bytes()
    elif row["length"] != len(data) and row["reason"] == "too-large":
        return data
    if hashlib.sha256(data).hexdigest() != digest:
        raise InputError(f"{out}: the quarantined piece of {row['source']} at {row['offset']} is not as it came")
    return data


@contextmanager
def _appearing(to: Path, out: Path, *, fresh: bool) -> Iterator[Path]:
    """Lend a folder whose files appear in ``to`` when all of them are written, and only then."""
    place, own = to.resolve(), out.resolve()
    if place.is_relative_to(own) or own.is_relative_to(place):
        raise UsageError(f"{to}: it lies in the folder of the run, or around it; choose another one")
    if not fresh and place.is_dir() and any(place.iterdir()):
        raise BusyError(f"{to}: there are files in it; choose another folder, or write over them with --fresh")
    work = place.with_name(f".{hashlib.sha256(str(place).encode()).hexdigest()[:16]}.tmp")
    try:
        shutil.rmtree(work, ignore_errors=True)  # what a killed one left
        work.mkdir(parents=True)
        yield work
        if not place.exists() or not any(place.iterdir()):
            work.replace(place)
        else:
            for path in storage.files(work):
                target = place / path.relative_to(work)
                target.parent.mkdir(parents=True, exist_ok=True)
                path.replace(target)
        storage.settle(place.parent)
    except OSError as error:
        raise OutputError(f"{to}: it cannot be written: {error.strerror or error}") from error
    finally:
        shutil.rmtree(work, ignore_errors=True)
