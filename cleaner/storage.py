"""Files read through their compression, and files that appear whole or not at all."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import io
import lzma
import os
import sys
import zlib
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal, NoReturn, Protocol, cast

from cleaner.errors import OutputError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Source(Protocol):
    """What can be read: a path, or a file behind a URL."""

    @property
    def name(self) -> str:
        """The last part of its name."""
        ...

    def open(self, mode: Literal["rb"], buffering: int = -1) -> IO[bytes]:
        """Open it, with so many bytes read at a time; -1 for as many as are good for reading it to its end."""
        ...


class _Unpacker(Protocol):
    """What takes one member of a compressed file apart."""

    eof: bool
    needs_input: bool
    unused_data: bytes

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        """Take some packed bytes, and return no more than so many unpacked ones."""
        ...


class _Gunzip:
    """zlib, in the manners of the others."""

    def __init__(self) -> None:
        self._zlib = zlib.decompressobj(31)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  eof and unused_data
        return getattr(self._zlib, name)

    @property
    def needs_input(self) -> bool:
        return not self._zlib.unconsumed_tail

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        return self._zlib.decompress(self._zlib.unconsumed_tail + data, max_length)


_UNPACKERS: dict[str, Callable[[], object]] = {
    ".gz": _Gunzip,
    ".zst": zstd.ZstdDecompressor,
    ".bz2": bz2.BZ2Decompressor,
    ".xz": lzma.LZMADecompressor,
}
_QUICK = 2
"""How hard gzip and xz try: their usual levels take longer than the cleaning."""
_WRITERS: dict[str, Callable[[IO[bytes]], object]] = {
    ".gz": lambda file: gzip.GzipFile("", "wb", _QUICK, file, mtime=0),
    ".zst": lambda file: zstd.ZstdFile(file, "wb", options={zstd.CompressionParameter.checksum_flag: 1}),
    ".bz2": lambda file: bz2.BZ2File(file, "wb"),
    ".xz": lambda file: lzma.LZMAFile(file, "wb", preset=_QUICK),  # noqa: SIM115  closed where it is used
}

class TooMuch(Exception):  # noqa: N818  it says what there is
    """An archive holds more than it may; ``reason`` is ``too-large`` or ``bomb``."""

    def __init__(self, reason: str, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason


class Unreachable(OSError):  # noqa: N818  it says what there is
    """What stands behind a URL could not be had, or no longer; ``str(error)`` is the sentence to show."""

    def __str__(self) -> str:
        """Return the sentence, without a number that says nothing of a network."""
        return str(self.strerror)


DAMAGED = (EOFError, zlib.error, zstd.ZstdError, lzma.LZMAError, OSError, TooMuch)
"""What reading a truncated, corrupt, unreadable or overfull file raises."""

MOST = 1 << 30
"""Bytes that one member of an archive may unpack to, unless the user allows more."""
MOST_TIMES = 1000
"""How many times larger than its packed bytes a member may be; text is rarely more than 20 times, bombs are 1,030 times
(gzip) and more."""
_UNJUDGED = 1 << 24
"""Bytes that a member may unpack to before it is judged: so few cost nobody anything, however well they are packed."""

_PIECE = 1 << 16
_BUFFER = 1 << 18
"""Bytes that are written at a time."""
_ALLOW = "--allow archives reads it all the same"


def compression(name: str) -> str:
    """Return the suffix of a file's compression, empty if it has none.

    Examples:
        >>> compression("news.jsonl.zst"), compression("news.jsonl")
        ('.zst', '')

    """
    suffix = Path(name).suffix.lower()
    return suffix if suffix in _UNPACKERS else ""


def reason(error: Exception, *, begun: bool) -> str:
    """Return the word for what is the matter with a file, of which something has been read already, or nothing.

    Args:
        error: one of `DAMAGED`.
        begun: whether some of its content came before the error.

    """
    if isinstance(error, TooMuch):
        return error.reason
    if isinstance(error, EOFError):
        return "truncated"
    if isinstance(error, Unreachable):
        return "unreadable"
    return "unreadable" if isinstance(error, OSError) and error.errno and not begun else "corrupt"


def pieces(path: Source, *, trusted: bool = False) -> Iterator[bytes]:
    """Yield the decompressed content of a file piece by piece; all that is sound comes before the error.

    Args:
        path: the file; its name tells its compression.
        trusted: whether its members may be as large as they are.

    Raises:
        OSError, EOFError, zlib.error, zstd.ZstdError, lzma.LZMAError, TooMuch: see `DAMAGED`.

    """
    suffix = compression(path.name)
    with path.open("rb") as file:
        if suffix:
            yield from _unpacked(file, cast("Callable[[], _Unpacker]", _UNPACKERS[suffix]), trusted=trusted)
        else:
            while piece := file.read(_PIECE):
                yield piece


def _unpacked(file: IO[bytes], unpacker: Callable[[], _Unpacker], *, trusted: bool) -> Iterator[bytes]:
    """Yield the content of all members; unlike the file objects of the libraries, never take damage for the end."""
    member = unpacker()
    came_in = came_out = 0
    while True:
        packed = b""
        if member.eof:
            packed = member.unused_data.lstrip(b"\0")  # tapes are filled up with zeros
            while not packed:
                if not (packed := file.read(_PIECE)):
                    return
                packed = packed.lstrip(b"\0")
            member = unpacker()
            came_in = came_out = 0
        elif member.needs_input and not (packed := file.read(_PIECE)):
            raise EOFError("it ends too early")
        piece = member.decompress(packed, _PIECE)
        came_in, came_out = came_in + len(packed), came_out + len(piece)
        if came_out > _UNJUDGED and not trusted:
            if came_out > MOST_TIMES * came_in:
                raise TooMuch("bomb", f"it unpacks to more than {MOST_TIMES:,} times its size; {_ALLOW}")
            if came_out > MOST:
                yield piece[: MOST - came_out]
                raise TooMuch("too-large", f"a member of it unpacks to more than {MOST:,} bytes; {_ALLOW}")
        if piece:
            yield piece


@contextmanager
def atomic(path: Path, *, packed: bool = True, lasting: bool = True) -> Iterator[IO[bytes]]:
    """Open a file for writing that appears under its name when all of it is on disk, and only then.

    Args:
        path: its name.
        packed: whether to compress it as its name says; what is written may be compressed already.
        lasting: whether it is there after a power failure, too; else it may be gone then, or hold anything.

    Raises:
        OutputError: it cannot be written.

    """
    suffix = compression(path.name) if packed else ""
    # made from the name, so that what a killed run left is found again, but not longer than names may be
    temp = path.with_name(f".{hashlib.sha256(os.fsencode(path.name)).hexdigest()[:16]}.tmp")
    try:
        make(path.parent)
        temp.unlink(missing_ok=True)
        with temp.open("xb", _BUFFER) as file:  # never through a link that somebody has put there
            if suffix:
                with cast("IO[bytes]", _WRITERS[suffix](file)) as packer:
                    packer.write(b"")  # zstd would make an archive of nothing a file of nothing, which is damage
                    yield packer
            else:
                yield file
            if lasting:
                file.flush()
                os.fsync(file.fileno())
        temp.replace(path)
        if lasting:
            settle(path.parent)
    except BaseException as error:
        with suppress(OSError):
            temp.unlink()
        if isinstance(error, OSError):
            raise OutputError(f"{path}: it cannot be written: {error.strerror or error}") from error
        raise


def pack(data: bytes, suffix: str) -> bytes:
    """Return some bytes as one member of an archive.

    Examples:
        >>> pack(b"a", ".gz")[:2]
        b'\\x1f\\x8b'

    """
    out = io.BytesIO()
    with cast("IO[bytes]", _WRITERS[suffix](out)) as packer:
        packer.write(data)
    return out.getvalue()


def make(folder: Path) -> None:
    """Make a folder and those above it, each durable in the one that it stands in."""
    if not folder.is_dir():
        make(folder.parent)
        folder.mkdir(exist_ok=True)
        settle(folder.parent)


def settle(folder: Path) -> None:
    """Make a folder's list of names durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def files(folder: Path) -> list[Path]:
    """Return the files below a folder, sorted, none if it is not there; unlike a glob, skip none that is locked.

    Raises:
        OSError: a folder cannot be listed.

    """

    def stop(error: OSError) -> NoReturn:
        raise error

    walked = os.walk(folder, onerror=stop) if folder.is_dir() else ()
    return sorted(Path(where, name) for where, _, names in walked for name in names)


def write(path: Path, *data: bytes | memoryview, lasting: bool = True) -> None:
    """Write a whole file, piece after piece; see `atomic`."""
    with atomic(path, lasting=lasting) as file:
        file.writelines(data)
