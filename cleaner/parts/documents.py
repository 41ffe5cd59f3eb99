"""Documents on disk: the kept ones of a part, as a run writes them and as they are read again."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from typing import TYPE_CHECKING

from cleaner import storage
from cleaner.errors import RecordError
from cleaner.parts import chunks
from cleaner.parts.inputs import File, Part, form
from cleaner.parts.window import Window
from cleaner.record import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from collections.abc import Set as AbstractSet
    from pathlib import Path

    from cleaner.storage import Source

    Put = Callable[[bytes, int], int]

USUAL: Mapping[str, str] = {}


@contextmanager
def opened(folder: Path, part: Part, names: Mapping[str, str] = USUAL) -> Iterator[Put]:
    """Open a part's output.

    Yields the function that takes the records in order, each as a line of JSON with its offset in the input. It returns
    where the record begins, in bytes of the unpacked file, or the record's number where a file is more than lines.

    Args:
        folder: what the names of outputs are in.
        part: what is written.
        names: the field names that the user has chosen, by known name.

    """
    kind = form(part.to or part.format)

    def data(line: bytes) -> bytes:
        record = Record(line.decode(), "", 0)
        return kind.write(record, record.get("text", names))

    if kind.whole_files:

        def put_file(line: bytes, _: int) -> int:
            name = part.output(Record(line.decode(), "", 0).get("id"))
            storage.write(folder / name, data(line))
            return 0

        yield put_file
        return
    path = folder / part.output()
    if kind.pack:
        with _packed(path, part) as put:
            yield put
        return
    members = storage.compression(path.name) if kind.members else ""
    as_is = kind is form("jsonl")
    with storage.atomic(path, packed=not members) as out:
        count = end = 0

        def put_record(line: bytes, _: int) -> int:
            nonlocal count, end
            count, at = count + 1, end
            one = line + b"\n" if as_is else data(line)
            out.write(storage.pack(one, members) if members else one)
            end += len(one)
            return at if kind.lines else count - 1

        yield put_record


@contextmanager
def _packed(path: Path, part: Part) -> Iterator[Put]:
    """Gather a part's records on disk, and write its output when all are there."""
    kind = form(part.to or part.format)
    storage.make(path.parent)
    with tempfile.TemporaryFile(dir=path.parent) as spool:
        count = 0

        def put(line: bytes, offset: int) -> int:
            nonlocal count
            spool.write(b"%d %b\n" % (offset, line))
            count += 1
            return count - 1

        def lines() -> Iterator[tuple[int, bytes]]:
            spool.seek(0)
            for row in spool:
                offset, _, line = row.partition(b" ")
                yield int(offset), line[:-1]

        yield put
        with storage.atomic(path) as out:
            assert kind.pack is not None  # noqa: S101  for the type checker
            kind.pack(out, lines, *_origin(part))


def _origin(part: Part) -> tuple[Source | None, str | None]:
    """Return the file that a part comes from, and what its format tells of it, if the output is of that format, too."""
    if not part.files or part.to not in ("", part.format):
        return None, None
    file, head = part.files[0], form(part.format).head
    if head is None:
        return file.path, None
    window = Window(storage.pieces(file.path, trusted="archives" in part.allow))
    window.hold(chunks.HEAD)
    try:
        return file.path, head(window.data, file.name, part.allow)[0]
    except RecordError:  # there are no records, then
        return file.path, None


def path_of(folder: Path, part: Part, key: str | int = "") -> Path:
    """Return the file that holds a part's documents, or one document of a part whose documents are files."""
    return folder / part.output(key)


def read(folder: Path, part: Part) -> Iterator[Record]:
    """Yield the records of a part whose documents stand in one file, in order; none if there is no such file."""
    path = path_of(folder, part)
    if not path.exists():
        return
    file = File(path.name, path, path.stat().st_size)
    for chunk in chunks.cut([Part(part.name, part.to or part.format, (file,), allow=("archives", *part.allow))]):
        for item in chunk.read():
            if isinstance(item, Record):
                yield item


def read_one(folder: Path, part: Part, at: int) -> Record:
    """Return the record of such a file that `opened` told the place of."""
    return next(record for _, record in read_some(folder, part, {at}))


def read_some(folder: Path, part: Part, ats: AbstractSet[int]) -> Iterator[tuple[int, Record]]:
    """Yield the records of such a file that `opened` told some places of, each with its place; it is read once."""
    path, lines = path_of(folder, part), form(part.to or part.format).lines
    if not ats:
        return
    if lines and not storage.compression(path.name):
        with path.open("rb") as file:
            for at in sorted(ats):
                file.seek(at)
                yield at, Record(file.readline().decode().removesuffix("\n"), path.name, at)
    else:
        placed = ((record.offset if lines else n, record) for n, record in enumerate(read(folder, part)))
        yield from (each for each in placed if each[0] in ats)


def read_file(folder: Path, part: Part, key: str | int) -> Record:
    """Return the record of a document that is a file: what a run writes there is text in UTF-8, whatever came in."""
    path = path_of(folder, part, key)
    return Record.of({"id": key, "text": b"".join(storage.pieces(path, trusted=True)).decode("utf-8")}, path.name)
