"""Parts cut into chunks: so much input as a worker takes at a time.

Where the cuts fall decides who does what and when, never what comes out: the results are put together in the order of
the chunks.
"""

from __future__ import annotations

import os
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from cleaner import storage
from cleaner.job.inputs import form
from cleaner.record import LARGEST, Damage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from cleaner.job.inputs import File, Part
    from cleaner.record import Record
    from cleaner.watch import Loss

NOTHING: Mapping[int, Loss] = MappingProxyType({})
SIZE = 4 << 20
"""Bytes of input in a chunk, about; enough to make the overhead small and few enough to spread over the workers."""


class Chunk(NamedTuple):
    """Some of a part's records, not yet read or already read as bytes."""

    part: int
    number: int
    format: str
    size: int
    """Bytes of the files on disk that it stands for."""
    source: str = ""
    offset: int = 0
    path: Path | None = None
    """A file to read ``length`` bytes of, from ``offset``; None where ``data`` holds them."""
    length: int = 0
    data: bytes = b""
    files: tuple[File, ...] = ()
    """Files of one record each."""
    damage: tuple[Damage, ...] = ()
    """What the cutting found: sources that are missing, or end too early."""

    def read(self, lost: Mapping[int, Loss] = NOTHING) -> Iterator[Record | Damage]:
        """Yield the chunk's records and the damage among them, in order.

        Args:
            lost: by their numbers, counted from 0, the records that no parser must touch; they come as damage.

        """
        reader = form(self.format).read
        for number, file in enumerate(self.files):
            yield from _read_file(file, self.format, lost.get(number))
        data, ended = (self.data, ()) if self.path is None else self.stretch(self.path)
        if lost and not self.files:
            yield from _read_lines(reader, data, self.source, self.offset, lost)
        elif data:
            yield from reader(data, self.source, self.offset)
        yield from (*ended, *self.damage)

    def stretch(self, path: Path) -> tuple[bytes, tuple[Damage, ...]]:
        """Return the bytes of the file that the chunk stands for, and what has become of it since it was cut."""
        try:
            with path.open("rb") as stream:
                stream.seek(self.offset)
                data, size = stream.read(self.length), os.fstat(stream.fileno()).st_size
        except OSError as error:
            return b"", (Damage(self.source, self.offset, b"", "unreadable", error.strerror or str(error), whole=True),)
        if size >= self.offset + self.length or size < self.offset:
            return data, ()
        sentence = "it has become shorter while it was read"
        return data, (Damage(self.source, size, b"", "truncated", sentence, whole=True),)


def cut(parts: list[Part], size: int = SIZE, limit: int | None = None) -> Iterator[Chunk]:
    """Yield the chunks of some parts, in order.

    Args:
        parts: what to cut.
        size: bytes in a chunk, about.
        limit: how many records to stop after.

    """
    left = limit
    for number, part in enumerate(parts):
        pieces = _of_files(part, size) if form(part.format).whole_files else _of_lines(part.files[0], size)
        for k, chunk in enumerate(pieces):
            if left is None:
                yield chunk._replace(part=number, number=k, format=part.format)
                continue
            if left <= 0:
                return
            short, left = _shortened(chunk._replace(format=part.format), left)
            yield short._replace(part=number, number=k)


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


def _of_lines(file: File, size: int) -> Iterator[Chunk]:
    if file.missing:
        lost = Damage(file.name, 0, b"", "unreadable", file.missing, whole=True)
        yield Chunk(0, 0, "", 0, file.name, damage=(lost,))
    elif storage.compression(file.name):
        yield from _of_stream(file, size)
    else:
        yield from _of_plain(file, size)


def _of_plain(file: File, size: int) -> Iterator[Chunk]:
    """Cut a file of lines by looking for line ends near the places where a cut is due."""
    start = 0
    try:
        with file.path.open("rb") as stream:
            while start < file.size:
                stream.seek(min(start + size, file.size) - 1)
                stream.readline()
                end = max(stream.tell(), min(start + size, file.size))  # it may have become shorter in the meantime
                yield Chunk(0, 0, "", end - start, file.name, start, file.path, end - start)
                start = end
    except OSError as error:
        lost = Damage(file.name, start, b"", "unreadable", error.strerror or str(error), whole=True)
        yield Chunk(0, 0, "", file.size - start, file.name, damage=(lost,))


def _of_stream(file: File, size: int) -> Iterator[Chunk]:
    """Cut a compressed file of lines; if it is damaged, its whole lines before the damage count, and no others."""
    offset, held, pending = 0, [], 0
    share = file.size
    damage: tuple[Damage, ...] = ()
    try:
        for piece in storage.pieces(file.path):
            held.append(piece)
            pending += len(piece)
            if pending >= size and b"\n" in piece:  # a line that is longer than a chunk is put together once
                data = b"".join(held)
                end = data.rfind(b"\n") + 1
                yield Chunk(0, 0, "", 0, file.name, offset, data=data[:end])
                offset += end
                held, pending = [data[end:]], len(data) - end
        data = b"".join(held)
    except storage.DAMAGED as error:
        data = b"".join(held)
        end = data.rfind(b"\n") + 1
        reason = "truncated" if isinstance(error, EOFError) else "corrupt"
        sentence = f"the file is damaged after {offset + len(data)} bytes of content: {error or 'it ends too early'}"
        damage = (Damage(file.name, offset + end, data[end:], reason, sentence, whole=True),)
        data = data[:end]
    yield Chunk(0, 0, "", share, file.name, offset, data=data, damage=damage)


def _read_lines(
    reader: Callable[[bytes, str, int], Iterator[Record | Damage]],
    data: bytes,
    source: str,
    offset: int,
    lost: Mapping[int, Loss],
) -> Iterator[Record | Damage]:
    """Yield the records of some lines, one line at a time, so that no parser touches those that are lost."""
    number = 0
    for line in data.split(b"\n"):
        if number in lost and line.strip():
            items: Iterable[Record | Damage] = [Damage(source, offset, line, *lost[number])]
        else:
            items = reader(line, source, offset)
        for item in items:
            yield item
            number += 1
        offset += len(line) + 1


def _read_file(file: File, kind: str, lost: Loss | None) -> Iterator[Record | Damage]:
    if file.missing:
        yield Damage(file.name, 0, b"", "unreadable", file.missing, whole=True)
        return
    held: list[bytes] = []
    size = 0
    try:
        for piece in storage.pieces(file.path):
            held.append(piece)
            size += len(piece)
            if size > LARGEST:
                yield Damage(file.name, 0, b"".join(held), "too-large", f"the file is longer than {LARGEST:,} bytes")
                return
    except storage.DAMAGED as error:
        reason = "truncated" if isinstance(error, EOFError) else "corrupt" if held else "unreadable"
        yield Damage(file.name, 0, b"".join(held), reason, str(error) or "it ends too early", whole=True)
    else:
        data = b"".join(held)
        yield from [Damage(file.name, 0, data, *lost)] if lost else form(kind).read(data, file.name)


def _shortened(chunk: Chunk, limit: int) -> tuple[Chunk, int]:
    """Return a chunk of no more than so many records, and how many may still follow."""
    if chunk.files:
        return chunk._replace(files=chunk.files[:limit]), limit - len(chunk.files)
    data, damage = chunk.data, chunk.damage
    if chunk.path is not None:
        data, damage = chunk.stretch(chunk.path)
    lines = data.split(b"\n")
    kept: list[bytes] = []
    for line in lines:
        if limit <= 0:
            break
        kept.append(line)
        limit -= bool(line.strip())
    whole = len(kept) == len(lines)
    data = b"\n".join(kept) + (b"" if whole else b"\n")
    return chunk._replace(path=None, data=data, damage=damage if whole else ()), limit
