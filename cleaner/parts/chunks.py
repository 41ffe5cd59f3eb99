"""Parts cut into chunks: so much input as a worker takes at a time.

Where the cuts fall decides who does what and when, never what comes out: the results are put together in the order of
the chunks.
"""

from __future__ import annotations

import os
import zlib
from functools import partial
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from cleaner import storage
from cleaner.errors import InputError, RecordError
from cleaner.parts.inputs import form
from cleaner.parts.window import Window
from cleaner.record import BEGINNING, LARGEST, Damage, Record, Skipped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from typing import IO

    from cleaner.parts.inputs import File, Form, Part
    from cleaner.storage import Source
    from cleaner.watch import Loss

NOTHING: Mapping[int, Loss] = MappingProxyType({})
SIZE = 4 << 20
"""Bytes of input in a chunk, about; enough to make the overhead small and few enough to spread over the workers."""
GIANT = LARGEST + (1 << 20)
"""Bytes of a record that is no longer held as a whole, but passed over; long before, it is damage."""
HEAD = 1 << 16
"""Bytes from which a format tells what it has to know of a file."""
_BLOCK = 1 << 20
_NO_RANGES = "the server sends files as a whole only, and a table is read in parts; copy it to a local folder first"
_TOO_LARGE = f"the record is longer than {LARGEST:,} bytes"


class Stretch(NamedTuple):
    """Some lines of a file of the input."""

    offset: int
    length: int
    crc: int
    """CRC-32 of its bytes."""


class Chunk(NamedTuple):
    """Some of a part's records, not yet read or already read as bytes."""

    part: int
    number: int
    format: str
    size: int
    """Bytes of the files on disk that it stands for."""
    source: str = ""
    offset: int = 0
    path: Source | None = None
    """A file to read ``length`` bytes (of a table: rows) of, from ``offset``; None where ``data`` holds them."""
    length: int = 0
    data: bytes = b""
    files: tuple[File, ...] = ()
    """Files of one record each."""
    damage: tuple[Damage | Skipped, ...] = ()
    """What the cutting found: sources that are missing or end too early, and records that are too long to be held."""
    declared: str | None = None
    """What the format has to know of the file to read the chunk."""
    limit: int | None = None
    """How many records to read, if not all."""
    allow: tuple[str, ...] = ()
    """What its files may hold; see `inputs.ALLOWED`."""

    def held(self) -> tuple[Chunk, Stretch | None]:
        """Return the chunk, with its bytes if they are lines of a local file, and where these can be read again."""
        if not isinstance(self.path, Path) or form(self.format).bare is None:
            return self, None
        data, ended = self.stretch(self.path)
        held = self._replace(path=None, data=data, damage=(*ended, *self.damage))
        return held, None if ended else Stretch(self.offset, len(data), zlib.crc32(data))

    def read(self, lost: Mapping[int, Loss] = NOTHING) -> Iterator[Record | Damage | Skipped]:
        """Yield the chunk's records and the damage among them, in order.

        Args:
            lost: by their numbers, counted from 0, the records that no parser must touch; they come as damage.

        """
        items = self._items(lost)
        return items if self.limit is None else _first(self.limit, items)

    def _items(self, lost: Mapping[int, Loss]) -> Iterator[Record | Damage | Skipped]:
        kind = form(self.format)
        for number, file in enumerate(self.files):
            yield from _read_file(file, self.format, self.allow, lost.get(number))
        if self.path is not None and kind.read_rows:
            yield from _without(lost, kind.read_rows(self.path, self.source, self.offset, self.length))
        elif not self.files:
            data, ended = (self.data, ()) if self.path is None else self.stretch(self.path)
            if lost and kind.lines:
                yield from _read_lines(kind.read, data, self.source, self.offset, lost)
            elif data:
                items = kind.read(data, self.source, self.offset, self.declared)
                yield from _without(lost, items) if lost else items
            yield from ended
        yield from self.damage

    def stretch(self, path: Source) -> tuple[bytes, tuple[Damage, ...]]:
        """Return the bytes of the file that the chunk stands for, and what has become of it since it was cut."""
        try:
            with path.open("rb", HEAD) as stream:
                stream.seek(self.offset)
                data = stream.read(self.length)
                size = stream.seek(0, os.SEEK_END)
        except OSError as error:
            return b"", (Damage(self.source, self.offset, b"", "unreadable", error.strerror or str(error), whole=True),)
        if size >= self.offset + self.length or size < self.offset:
            return data, ()
        sentence = "it has become shorter while it was read"
        return data, (Damage(self.source, size, b"", "truncated", sentence, whole=True),)


def again(file: File, stretch: Stretch) -> bytes:
    """Return the bytes of a stretch of a file that have been read before.

    Raises:
        InputError: the file does not hold them any more.

    """
    try:
        with file.path.open("rb", HEAD) as stream:
            stream.seek(stretch.offset)
            data = stream.read(stretch.length)
    except OSError as error:
        raise InputError(f"{file.name}: it cannot be read any more: {error.strerror}") from error
    if zlib.crc32(data) != stretch.crc:
        raise InputError(f"{file.name}: it has changed since this run began to read it; start over with --fresh")
    return data


def cut(parts: list[Part], size: int = SIZE, limit: int | None = None) -> Iterator[Chunk]:
    """Yield the chunks of some parts, in order.

    Args:
        parts: what to cut.
        size: bytes in a chunk, about.
        limit: how many records to stop after.

    """
    left = limit
    for number, part in enumerate(parts):
        for k, piece in enumerate(_of_part(part, size)):
            chunk = piece._replace(part=number, number=k, format=part.format, allow=part.allow)
            if left is not None:
                if left <= 0:
                    return
                chunk = chunk._replace(limit=left)
                left -= sum(not isinstance(item, Skipped) for item in chunk.read())
            yield chunk


def _of_part(part: Part, size: int) -> Iterator[Chunk]:
    """Cut a part in the way that its format asks for."""
    kind, file = form(part.format), part.files[0]
    if kind.whole_files:
        yield from _of_files(part, size)
    elif file.missing:
        lost = Damage(file.name, 0, b"", "unreadable", file.missing, whole=True)
        yield Chunk(0, 0, "", 0, file.name, damage=(lost,))
    elif kind.rows and not file.ranges:
        lost = Damage(file.name, 0, b"", "unreadable", _NO_RANGES, whole=True)
        yield Chunk(0, 0, "", file.size, file.name, damage=(lost,))
    elif kind.rows:
        yield from _of_rows(file, kind)
    elif kind.lines and file.ranges and not storage.compression(file.name):
        yield from _of_plain(file, size)
    else:
        yield from _of_stream(file, kind, size, part.allow)


def _of_files(part: Part, size: int) -> Iterator[Chunk]:
    some: list[File] = []
    total = 0
    for file in part.files:
        some.append(file)
        total += file.size
        if total >= size or len(some) >= size >> 12:
            yield Chunk(0, 0, "", total, files=tuple(some))
            some, total = [], 0
    if some:
        yield Chunk(0, 0, "", total, files=tuple(some))


def _of_rows(file: File, kind: Form) -> Iterator[Chunk]:
    """Cut a table where it is cut already: a group of its rows is a chunk."""
    assert kind.rows is not None  # noqa: S101  for the type checker
    try:
        for start, length, size in kind.rows(file.path):
            yield Chunk(0, 0, "", size, file.name, start, file.path, length)
    except RecordError as error:
        lost = Damage(file.name, 0, b"", error.reason, str(error), whole=True)
        yield Chunk(0, 0, "", file.size, file.name, damage=(lost,))


def _of_plain(file: File, size: int) -> Iterator[Chunk]:
    """Cut a file of lines by looking for line ends near the places where a cut is due."""
    start = 0
    try:
        with file.path.open("rb", HEAD) as stream:
            while start < file.size:
                due = min(start + size, file.size)
                end = _line_end(stream, due - 1)
                if end - due <= GIANT:
                    end = max(end, due)  # the file may have become shorter in the meantime
                    yield Chunk(0, 0, "", end - start, file.name, start, file.path, end - start)
                else:
                    stream.seek(start)
                    line = start + stream.read(due - start).rfind(b"\n") + 1
                    if line > start:
                        yield Chunk(0, 0, "", line - start, file.name, start, file.path, line - start)
                    stream.seek(line)
                    damage = Window(iter(partial(stream.read, _BLOCK), b""), line).pass_over(file.name, _TOO_LARGE)
                    yield Chunk(0, 0, "", end - line, file.name, damage=(damage,))
                start = end
    except OSError as error:
        lost = Damage(file.name, start, b"", "unreadable", error.strerror or str(error), whole=True)
        yield Chunk(0, 0, "", file.size - start, file.name, damage=(lost,))


def _line_end(stream: IO[bytes], at: int) -> int:
    """Return where the line ends that holds the byte at a place: behind its line feed, or at the end of the file."""
    stream.seek(at)
    while piece := stream.read(HEAD):
        if (end := piece.find(b"\n") + 1) > 0:
            return at + end
        at += len(piece)
    return at


def _first(number: int, items: Iterator[Record | Damage | Skipped]) -> Iterator[Record | Damage | Skipped]:
    """Yield so many items that count, and what is passed over among them."""
    for item in items:
        if number <= 0:
            return
        number -= not isinstance(item, Skipped)
        yield item


def _read_lines(
    reader: Callable[..., Iterator[Record | Damage | Skipped]],
    data: bytes,
    source: str,
    offset: int,
    lost: Mapping[int, Loss],
) -> Iterator[Record | Damage | Skipped]:
    """Yield the records of some lines, one line at a time, so that no parser touches those that are lost."""
    number = 0
    for line in data.split(b"\n"):
        if number in lost and line.strip():
            items: Iterable[Record | Damage | Skipped] = [Damage(source, offset, line, *lost[number])]
        else:
            items = reader(line, source, offset)
        for item in items:
            yield item
            number += 1
        offset += len(line) + 1


def _without(
    lost: Mapping[int, Loss], items: Iterable[Record | Damage | Skipped]
) -> Iterator[Record | Damage | Skipped]:
    """Yield what was read, and damage in the place of the records that are lost."""
    for number, item in enumerate(items):
        if number in lost and isinstance(item, Record):
            yield Damage(item.source, item.offset, item.data, *lost[number])
        else:
            yield item


def _of_stream(file: File, kind: Form, size: int, allow: tuple[str, ...]) -> Iterator[Chunk]:
    """Cut what is read from its start to its end; if it breaks off, its whole records before that count, no others."""
    window = Window(storage.pieces(file.path, trusted="archives" in allow))
    declared: str | None = None
    if kind.head:
        window.hold(HEAD)
        try:
            declared, taken = kind.head(window.data, file.name, allow)
        except RecordError as error:
            why = error.reason if window.error is None else storage.reason(window.error, begun=True)
            lost = Damage(file.name, 0, window.data, why, str(window.error or error), whole=True)
            yield Chunk(0, 0, "", file.size, file.name, damage=(lost,))
            return
        window.take(taken)
    plain = file.path if file.ranges and not storage.compression(file.name) else None
    due = size
    while window.hold(due):
        at, end = window.offset, kind.whole(window.data, declared)
        if end > GIANT or (not end and due >= GIANT):
            (item,) = islice(kind.read(window.data[:BEGINNING], file.name, at, declared), 1)
            damage = window.pass_over(file.name, _TOO_LARGE, end or None)
            found = Skipped(file.name, at, item.reason) if isinstance(item, Skipped) else damage
            yield Chunk(0, 0, "", 0, file.name, damage=(found,))
        elif 0 < end <= len(window.data):
            chunk = Chunk(0, 0, "", end if plain else 0, file.name, at, declared=declared)
            data = window.take(end)
            yield chunk._replace(path=plain, length=end) if plain else chunk._replace(data=data)
        else:
            due = min(max(end, 2 * due), GIANT)
            continue
        due = size
    at, end = window.offset, len(window.data)
    broken: tuple[Damage, ...] = ()
    if window.error:
        end = whole if (whole := kind.whole(window.data, declared)) <= end else 0
        told = f"the file is damaged after {at + len(window.data)} bytes of content: {window.error}"
        why = storage.reason(window.error, begun=at + len(window.data) > 0)
        broken = (Damage(file.name, at + end, window.data[end:], why, told, whole=True),)
    share = 0 if plain else file.size
    yield Chunk(0, 0, "", share, file.name, at, data=window.data[:end], damage=broken, declared=declared)


def _read_file(file: File, kind: str, allow: tuple[str, ...], lost: Loss | None) -> Iterator[Record | Damage | Skipped]:
    if file.missing:
        yield Damage(file.name, 0, b"", "unreadable", file.missing, whole=True)
        return
    window = Window(storage.pieces(file.path, trusted="archives" in allow))
    if window.hold(LARGEST + 1):
        yield window.pass_over(file.name, f"the file is longer than {LARGEST:,} bytes", 1 << 62)
    elif window.error:
        why = storage.reason(window.error, begun=bool(window.data))
        yield Damage(file.name, 0, window.data, why, str(window.error) or "it ends too early", whole=True)
    elif lost:
        yield Damage(file.name, 0, window.data, *lost)
    else:
        yield from form(kind).read(window.data, file.name)
