"""Files read through their compression, and files that appear whole or not at all."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import lzma
import os
import sys
import zlib
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from cleaner.errors import OutputError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_QUICK = 2
"""How hard gzip and xz try: their usual levels take longer than the cleaning."""
_READERS: dict[str, Callable[[IO[bytes]], object]] = {
    ".gz": lambda file: gzip.GzipFile(fileobj=file, mode="rb"),
    ".zst": lambda file: zstd.ZstdFile(file, "rb"),
    ".bz2": lambda file: bz2.BZ2File(file, "rb"),
    ".xz": lambda file: lzma.LZMAFile(file, "rb"),
}
_WRITERS: dict[str, Callable[[IO[bytes]], object]] = {
    ".gz": lambda file: gzip.GzipFile("", "wb", _QUICK, file, mtime=0),
    ".zst": lambda file: zstd.ZstdFile(file, "wb", options={zstd.CompressionParameter.checksum_flag: 1}),
    ".bz2": lambda file: bz2.BZ2File(file, "wb"),
    ".xz": lambda file: lzma.LZMAFile(file, "wb", preset=_QUICK),
}

DAMAGED = (EOFError, zlib.error, zstd.ZstdError, lzma.LZMAError, OSError)
"""What reading a truncated, corrupt or unreadable file raises."""

_PIECE = 1 << 16


def compression(name: str) -> str:
    """Return the suffix of a file's compression, empty if it has none.

    Examples:
        >>> compression("news.jsonl.zst"), compression("news.jsonl")
        ('.zst', '')

    """
    suffix = Path(name).suffix.lower()
    return suffix if suffix in _READERS else ""


def pieces(path: Path) -> Iterator[bytes]:
    """Yield the decompressed content of a file piece by piece; all that is sound comes before the error.

    Raises:
        OSError, EOFError, zlib.error, zstd.ZstdError, lzma.LZMAError: see `DAMAGED`.

    """
    suffix = compression(path.name)
    with path.open("rb") as file:
        stream = cast("IO[bytes]", _READERS[suffix](file)) if suffix else file
        # read1 asks the layer below once: read would throw away what it had when the layer below fails
        read1 = stream.read1  # type: ignore[attr-defined]
        while piece := read1(_PIECE):
            yield piece


@contextmanager
def atomic(path: Path) -> Iterator[IO[bytes]]:
    """Open a file for writing that appears under its name when all of it is on disk, and only then.

    It is compressed as its name says.

    Raises:
        OutputError: it cannot be written.

    """
    suffix = compression(path.name)
    # made from the name, so that what a killed run left is overwritten, but not longer than names may be
    temp = path.with_name(f".{hashlib.sha256(os.fsencode(path.name)).hexdigest()[:16]}.tmp")
    try:
        _make(path.parent)
        with temp.open("wb") as file:
            if suffix:
                with cast("IO[bytes]", _WRITERS[suffix](file)) as packed:
                    yield packed
            else:
                yield file
            file.flush()
            os.fsync(file.fileno())
        temp.replace(path)
        settle(path.parent)
    except BaseException as error:
        with suppress(OSError):
            temp.unlink()
        if isinstance(error, OSError):
            raise OutputError(f"{path}: it cannot be written: {error.strerror or error}") from error
        raise


def _make(folder: Path) -> None:
    """Make a folder and those above it, each durable in the one that it stands in."""
    if not folder.is_dir():
        _make(folder.parent)
        folder.mkdir(exist_ok=True)
        settle(folder.parent)


def settle(folder: Path) -> None:
    """Make a folder's list of names durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write(path: Path, data: bytes) -> None:
    """Write a whole file; see `atomic`."""
    with atomic(path) as file:
        file.write(data)
