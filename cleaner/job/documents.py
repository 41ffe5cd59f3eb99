"""Documents on disk: the kept ones of a part, as a run writes them and as they are read again."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from cleaner import storage
from cleaner.job import chunks
from cleaner.job.inputs import File, Part, form, format_of
from cleaner.record import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from collections.abc import Set as AbstractSet
    from pathlib import Path


@contextmanager
def opened(folder: Path, part: Part) -> Iterator[Callable[[bytes], int]]:
    """Open a part's documents for writing.

    Yields the function that takes their records, one line of JSON each, and returns where in its file one begins.
    """
    kind = form(part.format)

    def put_file(line: bytes) -> int:
        record = Record(line.decode(), "", 0)
        storage.write(folder / kind.output_name(record.get("id")), kind.write(record, record.get("text")))
        return 0

    if kind.whole_files:
        yield put_file
    else:
        with storage.atomic(folder / kind.output_name(part.name)) as out:
            end = 0

            def put_line(line: bytes) -> int:
                nonlocal end
                at, end = end, end + len(line) + 1
                out.writelines((line, b"\n"))
                return at

            yield put_line


def path_of(folder: Path, part: Part, key: str | int = "") -> Path:
    """Return the file that holds a part's documents, or one document of a part whose documents are files."""
    kind = form(part.format)
    return folder / kind.output_name(str(key) if kind.whole_files else part.name)


def read(folder: Path, part: Part) -> Iterator[Record]:
    """Yield the records of a part whose documents stand in one file, in order; none if there is no such file."""
    path = path_of(folder, part)
    if not path.exists():
        return
    file = File(path.name, path, path.stat().st_size)
    for chunk in chunks.cut([Part(part.name, format_of(path.name) or part.format, (file,))]):
        for item in chunk.read():
            if isinstance(item, Record):
                yield item


def read_one(folder: Path, part: Part, at: int) -> Record:
    """Return the record that begins at a place of such a file."""
    path = path_of(folder, part)
    if (format_of(path.name) or part.format) == "jsonl" and not storage.compression(path.name):
        with path.open("rb") as file:
            file.seek(at)
            return Record(file.readline().decode().removesuffix("\n"), path.name, at)
    return next(record for record in read(folder, part) if record.offset == at)


def read_some(folder: Path, part: Part, ats: AbstractSet[int]) -> Iterator[Record]:
    """Yield the records that begin at some places of such a file, which is read once."""
    path = path_of(folder, part)
    if (format_of(path.name) or part.format) == "jsonl" and not storage.compression(path.name):
        yield from (read_one(folder, part, at) for at in sorted(ats))
    elif ats:
        yield from (record for record in read(folder, part) if record.offset in ats)


def read_file(folder: Path, part: Part, key: str | int) -> Record:
    """Return the record of a document that is a file: what a run writes there is text in UTF-8, whatever came in."""
    path = path_of(folder, part, key)
    return Record.of({"id": key, "text": path.read_bytes().decode("utf-8")}, path.name)
