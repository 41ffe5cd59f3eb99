"""Files and folders behind a URL, by fsspec: listed, and read as if they were on disk.

A file system is made anew in each process that reads, because connections cannot be shared: fsspec does so when one
is sent to a worker, and forgets those that a copied process has from its parent.
"""

from __future__ import annotations

import errno
import hashlib
import io
import re
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal, NamedTuple, cast
from urllib.parse import urlsplit

from cleaner.errors import CleanerError, UsageError
from cleaner.storage import Unreachable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Self

    from _typeshed import WriteableBuffer

_URL = re.compile(r"(?:[A-Za-z][\w+.-]*::)*[A-Za-z][\w+.-]*://")
_FILE = "file://"
_WEB = ("http", "https")
_IN_EXTRA = ("s3", "s3a", *_WEB)
_AHEAD = 1 << 22
"""Bytes that are fetched at a time where nothing else is asked for: a request takes about as long as 1 MB more."""
_MARKS = ("ETag", "etag", "md5Hash", "md5", "LastModified", "last_modified", "Last-Modified", "updated", "mtime")
"""What file systems call that by which an object is known to be the same, the best first."""
_LONG = 200
"""Characters of what a library says that are shown."""
_LONGEST = 255
"""Bytes of the longest name that the usual file systems take."""


class Url(NamedTuple):
    """A file behind a URL, with as much of the manners of `pathlib.Path` as reading needs."""

    fs: Any
    """Its file system, of fsspec."""
    path: str
    """What the file system calls it."""
    size: int = 0
    mark: str = ""
    """What is another one when the content is: a checksum, or a time; empty if the file system tells none."""
    ranges: bool = True
    """Whether it can be read from any place on, or from its beginning only."""

    @property
    def place(self) -> Path:
        """Where it would stand if the file systems were folders: protocol, host or bucket, path."""
        return place(self.fs, self.path)

    @property
    def name(self) -> str:
        """The last part of its name."""
        return self.place.name

    def open(self, mode: Literal["rb"] = "rb", buffering: int = -1) -> IO[bytes]:  # noqa: ARG002  as pathlib has it
        """Open it for reading, with so many bytes fetched at a time.

        Raises:
            Unreachable: it cannot be had. Reading raises this, too.

        """
        with reached():
            stream = self.fs.open(self.path, "rb", **({"cache_type": "none"} if self.ranges else {"block_size": 0}))
            return io.BufferedReader(_Raw(stream, ranges=self.ranges), _AHEAD if buffering < 0 else buffering)


class _Raw(io.RawIOBase):
    """What fsspec opens, in the manners of `io`; whatever its libraries raise is `Unreachable`."""

    def __init__(self, stream: Any, *, ranges: bool) -> None:  # noqa: ANN401  fsspec has no types
        self._stream, self._ranges = stream, ranges

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return self._ranges

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        with reached():
            data = self._stream.read(len(view))
        view[: len(data)] = data
        return len(data)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        with reached():
            return int(self._stream.seek(offset, whence))

    def tell(self) -> int:
        return int(self._stream.tell())

    def close(self) -> None:
        if not self.closed:
            with reached():
                self._stream.close()
        super().close()

    def __enter__(self) -> Self:
        return self


class Found(NamedTuple):
    """What one URL, or one match of its pattern, stands for."""

    root: Path
    """The `Url.place` of its folder."""
    files: list[Url]
    named: bool
    """Whether it is a file, and not what a folder holds."""


def local(given: str) -> str:
    """Return the path that a URL of a local file stands for, anything else as it is.

    Examples:
        >>> local("file:///data/a.jsonl"), local("s3://data/a.jsonl")
        ('/data/a.jsonl', 's3://data/a.jsonl')

    """
    return given.removeprefix(_FILE) if given.startswith(f"{_FILE}/") else given


def is_url(given: str) -> bool:
    """Tell whether something is no local path.

    Examples:
        >>> is_url("s3://data/a.jsonl"), is_url("zip://*.jsonl::s3://data/a.zip"), is_url("data/a.jsonl")
        (True, True, False)

    """
    return bool(_URL.match(given)) and not local(given).startswith("/")


def opened(url: str) -> tuple[Any, str]:
    """Return the file system of a URL, and what that calls it.

    Raises:
        UsageError: there is no such file system, or it needs an extra.
        Unreachable: the URL cannot be understood, or leads to nothing.

    """
    scheme = url.partition("://")[0].rpartition("::")[2]
    try:
        import fsspec

        fs, path = fsspec.url_to_fs(url)
    except ImportError as error:
        if scheme in _IN_EXTRA or (error.name or "").startswith("fsspec"):
            raise UsageError(f"{url}: URLs need an extra: pip install 'cleaner[cloud]'") from None
        raise UsageError(f"{url}: {error}") from None
    except ValueError as error:
        raise UsageError(f"{url}: {error}") from None
    except Exception as error:
        raise Unreachable(errno.EIO, told(error)) from error
    return fs, cast("str", path)


def place(fs: Any, path: str) -> Path:  # noqa: ANN401  fsspec has no types
    """Return where a file would stand if the file systems were folders; no two stand in one place.

    Examples:
        >>> class Web: protocol = ("http", "https")
        >>> place(Web, "https://me:secret@example.org/a/b.jsonl?token=c").as_posix()
        '/https:/example.org/a/b.jsonl'
        >>> class Memory: protocol = "memory"
        >>> place(Memory, "/a//../b.jsonl").as_posix()
        '/memory:/a/%/%2E%2E/b.jsonl'

    """
    protocol = fs.protocol if isinstance(fs.protocol, str) else fs.protocol[0]
    if protocol in _WEB:
        parts = urlsplit(path)
        return Path(f"/{parts.scheme}:", parts.netloc.rpartition("@")[2], *map(_segment, _segments(parts.path)))
    return Path(f"/{protocol}:", *map(_segment, _segments(path)))


def _segments(path: str) -> list[str]:
    return path.strip("/").split("/")


def _segment(name: str) -> str:
    """Return a part of a name as a folder can be called: keys of object servers may hold anything."""
    if set(name) <= {"."}:
        return name.replace(".", "%2E") or "%"
    name, whole = name.replace("\0", "%00"), name.encode("utf-8", "replace")
    if len(whole) <= _LONGEST:
        return name
    return f"{whole[: _LONGEST // 2].decode('utf-8', 'ignore')}~{hashlib.sha256(whole).hexdigest()[:16]}{name[-20:]}"


def find(url: str) -> list[Found]:
    """Return the files that a URL stands for: itself, what its folder holds, or what its pattern matches.

    Raises:
        UsageError: there is no such file system, or it needs an extra.
        Unreachable: nothing is there, or it cannot be listed.

    """
    fs, path = opened(url)
    web = place(fs, path).parts[1].rstrip(":") in _WEB
    with reached():
        fs.invalidate_cache()
        if set(path) & set("*[" if web else "*?[") and not fs.exists(path):
            tops = fs.glob(path, detail=True)
            if not tops:
                raise FileNotFoundError
        else:
            tops = {path: fs.info(path)}
        found = []
        for top, info in sorted(tops.items()):
            if info.get("type") == "directory":
                inside = fs.find(top, detail=True)
                names = sorted(name for name, told in inside.items() if _is_file(name, told))
                files = [_file(fs, name, inside[name], web=web) for name in names]
                found.append(Found(place(fs, top), files, named=False))
            else:
                found.append(Found(place(fs, top).parent, [_file(fs, top, info, web=web)], named=True))
    return found


def _is_file(name: str, info: Mapping[str, Any]) -> bool:
    return info.get("type") != "directory" and not name.endswith("/")


def _file(fs: Any, path: str, info: Mapping[str, Any], *, web: bool) -> Url:  # noqa: ANN401  fsspec has no types
    if web:
        info = fs.info(path)  # a list of links tells no sizes
    size = info.get("size")
    mark = next((str(info[name]) for name in _MARKS if info.get(name)), "")
    url = Url(fs, path, size or 0, mark)
    return url._replace(ranges=size is not None and _sends_parts(url)) if web else url


def _sends_parts(url: Url) -> bool:
    """Tell whether a web server sends a part of a file if it is asked for that; many send the whole."""
    if url.size < 2:  # noqa: PLR2004  the one part is the whole
        return False
    try:
        with url.open("rb", 1) as stream:
            stream.seek(url.size - 1)
            return len(stream.read(2)) == 1
    except OSError:
        return False


@contextmanager
def reached() -> Iterator[None]:
    """Say in a sentence what the libraries below raise; each has errors of its own.

    Raises:
        Unreachable: they have raised something.

    """
    try:
        yield
    except (Unreachable, CleanerError, MemoryError):
        raise
    except Exception as error:
        raise Unreachable(errno.EIO, told(error)) from error


def told(error: Exception) -> str:
    """Return an error as a sentence, without the URL, which may hold a password.

    Examples:
        >>> told(FileNotFoundError("bucket/key")), told(PermissionError("Access Denied"))
        ('no such file or folder', 'no permission: Access Denied')

    """
    if isinstance(error, FileNotFoundError):
        return "no such file or folder"
    if status := getattr(error, "status", None):
        return f"the server answers {status} {getattr(error, 'message', '')}".rstrip()
    line = (getattr(error, "strerror", None) or str(error) or type(error).__name__).partition("\n")[0][:_LONG]
    return f"no permission: {line}" if isinstance(error, PermissionError) else line
