"""What a job reads: files, folders and patterns become parts, in an order that depends on their names alone."""

from __future__ import annotations

import glob
import hashlib
import os
import stat
from functools import cache
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, cast

from cleaner import plugins, remote, storage
from cleaner.errors import InputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import IO, Protocol

    from cleaner.record import Damage, Record, Skipped
    from cleaner.remote import Url
    from cleaner.storage import Source

    class Format(Protocol):
        """What a module of the room ``formats`` has to have; `Form` says what it may have besides."""

        suffixes: tuple[str, ...]
        whole_files: bool

        def read(
            self, data: bytes, source: str, offset: int = 0, declared: str | None = None
        ) -> Iterator[Record | Damage | Skipped]:
            """Yield the records of some bytes, and the damage among them."""
            ...

        def write(self, record: Record, text: str) -> bytes:
            """Return a record as bytes."""
            ...

        def output_name(self, name: str) -> str:
            """Return the name of the output for an input of that name."""
            ...


ALLOWED = {
    "archives": "archives that unpack to more than 1 GB a member, or 1,000 times their size",
    "formulas": "cells of CSV that a spreadsheet would take for formulas, as they are",
}
"""What is refused or defused unless the user allows it."""


_LONGEST = 255
"""Bytes of the longest name that the usual file systems take."""


class File(NamedTuple):
    """A file to read."""

    name: str
    """Its path from the root that all inputs share, with ``/``."""
    path: Path | Url
    size: int
    """Bytes on disk, 0 if it is missing or nobody tells."""
    missing: str = ""
    """Why it cannot be read, if that is known already."""

    @property
    def ranges(self) -> bool:
        """Whether it can be read from any place on."""
        return isinstance(self.path, Path) or self.path.ranges

    def identity(self) -> list[str | int]:
        """Return what is another one when the file is: name, size, time of change; of a URL no time, but its mark."""
        if isinstance(self.path, remote.Url):
            return [self.name, self.size, 0, self.path.mark]
        return [self.name, self.size, 0 if self.missing else self.path.stat().st_mtime_ns]


class Part(NamedTuple):
    """One unit of input, which becomes one unit of output: a file of many records, or a run of one-record files."""

    name: str
    format: str
    files: tuple[File, ...]
    ledger: str = ""
    """Name of its ledger, and of what else stands by part beside it."""
    to: str = ""
    """The format of its output; empty for its own."""
    renamed: tuple[tuple[str, str], ...] = ()
    """Names of outputs that are other than one would expect, because a name is taken or too long."""
    allow: tuple[str, ...] = ()
    """What of `ALLOWED` it may hold."""

    @property
    def by_file(self) -> bool:
        """Whether each of its documents goes out as a file of its own."""
        return form(self.to or self.format).whole_files

    def source(self, key: str | int) -> str:
        """Return the name of the file that a record of this part came in, from the record's id."""
        return str(key) if form(self.format).whole_files else self.name

    def output(self, key: str | int = "") -> str:
        """Return the name of its output below the folder of documents, or of the output of one of its documents."""
        name = str(key) if self.by_file else self.name
        return next((new for old, new in self.renamed if old == name), "") or _expected(self, name)


class Form(NamedTuple):
    """A format: what its module has to have, and what it may have if it is more than lines or single files."""

    suffixes: tuple[str, ...]
    whole_files: bool
    """Whether a file is one record."""
    read: Callable[..., Iterator[Record | Damage | Skipped]]
    write: Callable[[Record, str], bytes]
    output_name: Callable[[str], str]
    lines: bool
    """Whether a record is a line, so that a file can be cut without reading it."""
    whole: Callable[[bytes, str | None], int]
    """Tells where the last record ends that some bytes hold as a whole, 0 if none is whole; more than there are bytes
    if it is known that the first one ends there."""
    head: Callable[[bytes, str, tuple[str, ...]], tuple[str, int]] | None
    """Tells from the first bytes of a file, its name and what is allowed what ``read`` should be told (``declared``),
    and how many of the bytes are no records. Raises RecordError if the file can be none of the format."""
    rows: Callable[[Source], Iterator[tuple[int, int, int]]] | None
    """Yields the groups of rows of a table, each with its first row, its number of rows and its bytes."""
    read_rows: Callable[[Source, str, int, int], Iterator[Record | Damage]] | None
    """Yields the records of a group of rows."""
    pack: Callable[[IO[bytes], Callable[[], Iterator[tuple[int, bytes]]], Source | None, str | None], None] | None
    """Writes a whole file of records, given as (offset in the input, line of JSON), which can be gone through again and
    again. If the input was of the same format, it is told the input file and what ``head`` has told of that."""
    bare: Callable[[bytes, int], bytes] | None
    """Returns the JSON of a record from its line and where that begins, if the line is all there is of a record: it can
    be read again from the input as long as nobody changes it."""
    ready: Callable[[], None]
    """Raises UsageError if the format needs an extra that is not installed."""
    members: bool
    """Whether each record is a member of its own in a compressed file."""


@cache
def form(name: str) -> Form:
    """Return the format of that name."""
    module = cast("Format", plugins.module("formats", name))
    whole = getattr(module, "whole", None)
    return Form(
        module.suffixes,
        module.whole_files,
        module.read,
        module.write,
        module.output_name,
        whole is None and not hasattr(module, "rows"),
        whole or (lambda data, _: data.rfind(b"\n") + 1),
        getattr(module, "head", None),
        getattr(module, "rows", None),
        getattr(module, "read_rows", None),
        getattr(module, "pack", None),
        getattr(module, "bare", None),
        getattr(module, "ready", lambda: None),
        getattr(module, "members", False),
    )


def format_of(name: str) -> str:
    """Return the format that a file's name speaks of, empty if none does.

    Examples:
        >>> format_of("a/news.jsonl.gz"), format_of("a/picture.png")
        ('jsonl', '')

    """
    plain = name.removesuffix(storage.compression(name)).lower()
    return next((f for f in plugins.names("formats") if plain.endswith(form(f).suffixes)), "")


def find(
    inputs: Sequence[str],
    chosen: str = "auto",
    out: Path | None = None,
    to: str = "",
    allow: Sequence[str] = (),
    url: str = "",
) -> list[Part]:
    """Return the parts of a job.

    Args:
        inputs: files, folders (all files in them that have a known format), glob patterns, and URLs of all these.
        chosen: the format of all files, or ``auto``: each file's name says.
        out: the folder of the results; what lies in it is no input.
        to: the format of all output; empty for that of the input.
        allow: names of `ALLOWED`.
        url: where the results go at the end, if not only to the folder; what lies there is no input, either.

    Raises:
        UsageError: the format is unknown or needs an extra, a file's name does not tell it, or an input is the output.
        InputError: no input exists, or none of them holds a file of a known format.

    """
    formats = plugins.names("formats")
    _known("format", chosen, "auto", *formats)
    _known("format", to or "auto", *formats, "auto")
    for given in allow:
        _known("--allow", given, *ALLOWED)
    own = None if out is None else out.resolve()
    found: dict[Path, str] = {}
    missing: dict[Path, str] = {}
    far: dict[Path, Url] = {}
    roots = []
    results = remote.place(*remote.opened(url)) if url else None
    for given in map(remote.local, inputs):
        if remote.is_url(given):
            roots += _behind(given, results, chosen, found, missing, far)
            continue
        for path, named in _meant(given):
            if own is not None and path.is_relative_to(own):
                if path.name == Path(given).name:
                    raise UsageError(f"{given}: it lies in the output folder; a run cannot read what it writes")
                continue
            roots.append(path if path.is_dir() else path.parent)
            found.update(_files(path, own, missing, chosen, named=named))
    if not found:
        why = "; ".join(f"{p.name}: {reason}" for p, reason in missing.items()) or "no file of a known format is there"
        known = ", ".join(s for f in formats for s in form(f).suffixes)
        raise InputError(f"nothing to read: {why} (known: {known}; --format says what other names hold)")
    root = Path(os.path.commonpath([str(r) for r in roots]))
    files = [File(_name(p, root), far.get(p, p), far[p].size if p in far else _size(p)) for p in found]
    files += [File(_name(p, root), p, 0, reason) for p, reason in missing.items()]
    by_name = {_name(p, root): f for p, f in found.items()}
    files.sort(key=lambda file: file.name)
    parts = [p._replace(to=to or p.format, allow=tuple(sorted(allow))) for p in _parts(files, by_name)]
    _check(parts)
    return list(_with_names(parts))


def _check(parts: Sequence[Part]) -> None:
    """Say what cannot be done before any of it is.

    Raises:
        UsageError: it cannot.

    """
    for name in sorted({name for part in parts for name in (part.format, part.to)}):
        form(name).ready()
    for part in parts:
        if part.by_file and not form(part.format).whole_files:
            raise UsageError(f"{part.name}: it holds many records, which cannot go out as {part.to}, a file each")


def _known(what: str, given: str, *known: str) -> None:
    if given not in known:
        raise UsageError(plugins.unknown(what, given, known))


def _files(path: Path, own: Path | None, missing: dict[Path, str], chosen: str, *, named: bool) -> dict[Path, str]:
    """Return the files that a path stands for, with their formats; what cannot be read is put down as missing."""
    if not named and (why := _odd(path, path.parent)):
        missing[path] = why
    elif path.is_dir():
        return {p: f for p in _walk(path, own, missing, chosen) if (f := _format(p, chosen))}
    elif path.is_file():
        return {path: _format(path, chosen, strict=True)}
    else:
        missing[path] = "it is no plain file" if os.path.lexists(path) else "no such file or folder"
    return {}


def _behind(
    url: str,
    results: Path | None,
    chosen: str,
    found: dict[Path, str],
    missing: dict[Path, str],
    far: dict[Path, Url],
) -> list[Path]:
    """Add the files that a URL stands for to those that are found, by their places; returns where they lie."""
    try:
        lists = remote.find(url)
    except storage.Unreachable as error:
        where = remote.place(*remote.opened(url))
        missing[where] = error.strerror or str(error)
        return [where.parent]
    for each in lists:
        for file in each.files:
            place = file.place
            if results is not None and place.is_relative_to(results):
                if each.named:
                    raise UsageError(f"{url}: it lies in the output folder; a run cannot read what it writes")
            elif not each.named and any(name.startswith(".") for name in place.relative_to(each.root).parts):
                continue
            elif kind := _format(place, chosen, strict=each.named):
                found[place], far[place] = kind, file
    return [each.root for each in lists]


def _meant(given: str) -> list[tuple[Path, bool]]:
    """Return what a user may mean: the file of that very name, else all that the pattern matches.

    Each comes with whether it may be a link: the user has named it.
    """
    paths, named = [Path(given)], True
    if glob.has_magic(given) and not os.path.lexists(given):
        matches = [Path(p) for p in sorted(glob.glob(given, recursive=True))]  # noqa: PTH207  whole paths
        paths, named = matches or paths, not matches
    # with the dots of ../ gone, for a name must not lead out of the folder of results; a link keeps its own name
    return [(p.resolve() if p.name in ("", "..") else p.parent.resolve() / p.name, named) for p in paths]


def _odd(path: Path, root: Path) -> str:
    """Return why a file that nobody has named should not be opened, empty if it is a plain one."""
    if path.is_symlink():
        inside = path.resolve().is_relative_to(root.resolve())
        return "" if inside else "it is a link that leads out of the folder; name it if it should be read"
    try:
        mode = path.lstat().st_mode
    except OSError:
        return ""
    return "" if stat.S_ISREG(mode) or stat.S_ISDIR(mode) else "it is no plain file"


def _with_names(parts: Sequence[Part]) -> Iterator[Part]:
    """Give each part a ledger, and its output names, that no other has."""
    wanted = [(i, name, _expected(p, name)) for i, p in enumerate(parts) for name in _outputs(p)]
    outputs = _Names()
    renamed: dict[int, list[tuple[str, str]]] = {}
    for i, name, expected in sorted(wanted, key=lambda one: one[1] != one[2]):  # who keeps its name has it first
        if (free := outputs.free(expected)) != expected:
            renamed.setdefault(i, []).append((name, free))
    ledgers = _Names()
    for i, part in enumerate(parts):
        ledger = ledgers.free(f"{part.name.removesuffix('.jsonl')}.jsonl")
        yield part._replace(ledger=ledger, renamed=tuple(renamed.get(i, ())))


def _outputs(part: Part) -> list[str]:
    return [file.name for file in part.files] if part.by_file else [part.name]


def _expected(part: Part, name: str) -> str:
    """Return the name that an output would like to have; ``name`` is that of its input."""
    to = form(part.to or part.format)
    if part.to in ("", part.format):
        return to.output_name(name)
    packed = "" if form(part.format).whole_files and not to.whole_files else storage.compression(name)
    folder, _, last = name.rpartition("/")
    return os.path.join(folder, f"{_parted(last)[0]}{to.suffixes[0]}{packed}")  # noqa: PTH118  a name, no path yet


class _Names:
    """Names that are given away, each once, and none that a disk would refuse."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._folders: set[str] = set()

    def free(self, name: str) -> str:
        """Return a name, or the next one like it that is still free."""
        folder, _, last = name.rpartition("/")
        stem, suffix = _parted(last)
        for i in count(1):
            tail = suffix if i == 1 else f"-{i}{suffix}"
            tried = f"{folder}/{_short(stem, tail)}" if folder else _short(stem, tail)
            above = {tried[:at] for at, letter in enumerate(tried) if letter == "/"}
            if tried not in self._taken and tried not in self._folders and not above & self._taken:
                break
        self._taken.add(tried)
        self._folders |= above
        return tried


def _parted(name: str) -> tuple[str, str]:
    """Return a file's name in two pieces, the second of them the suffixes that say what it holds."""
    packed = storage.compression(name)
    plain = name.removesuffix(packed)
    known = [s for f in plugins.names("formats") for s in form(f).suffixes if plain.lower().endswith(s)]
    suffix = name[len(plain) - max(map(len, known), default=0) :]
    return name.removesuffix(suffix), suffix


def _short(stem: str, suffix: str) -> str:
    """Return a name that is no longer than names may be: of a longer one its beginning and its hash.

    Examples:
        >>> _short("a", ".txt"), len(_short("n" * 255, ".jsonl"))
        ('a.txt', 255)

    """
    whole = os.fsencode(stem + suffix)
    if len(whole) <= _LONGEST:
        return stem + suffix
    tail = f"~{hashlib.sha256(whole).hexdigest()[:16]}{suffix}"
    room = _LONGEST - len(os.fsencode(tail))
    return os.fsencode(stem)[:room].decode("utf-8", "ignore") + tail


def _parts(files: Sequence[File], formats: dict[str, str]) -> Iterator[Part]:
    """Group neighbouring one-record files of one format; every other file is a part of its own."""
    run: list[File] = []
    taken: set[str] = set()

    def close() -> Iterator[Part]:
        if run:
            kind = formats[run[0].name]
            folder = os.path.commonpath([os.path.dirname(f.name) for f in run]) or kind  # noqa: PTH120
            name = next(n for n in (folder, *(f"{folder}-{i}" for i in range(2, len(files) + 2))) if n not in taken)
            taken.add(name)
            yield Part(name, kind, tuple(run))
            run.clear()

    for file in files:
        kind = formats.get(file.name, "")
        if run and formats[run[0].name] != kind:
            yield from close()
        if kind and form(kind).whole_files:
            run.append(file)
        else:
            taken.add(file.name)
            yield Part(file.name, kind or "jsonl", (file,))
    yield from close()


def _walk(root: Path, own: Path | None, missing: dict[Path, str], chosen: str) -> Iterator[Path]:
    """Yield the files below a folder, hidden ones left out; no link is followed, nothing but plain files is opened."""

    def lost(error: OSError) -> None:
        missing[Path(error.filename)] = f"the folder cannot be read: {error.strerror}"

    for folder, folders, names in os.walk(root, onerror=lost):
        folders[:] = sorted(f for f in folders if not f.startswith(".") and Path(folder, f) != own)
        for path in (Path(folder, name) for name in sorted([*names, *folders]) if not name.startswith(".")):
            if (why := _odd(path, root)) and (path.name in folders or _format(path, chosen)):
                missing[path] = why
            elif path.name not in folders and path.is_file() and not path.is_symlink():
                yield path


def _format(path: Path, chosen: str, *, strict: bool = False) -> str:
    found = format_of(path.name) if chosen == "auto" else chosen
    if strict and not found:
        known = ", ".join(plugins.names("formats"))
        raise UsageError(f"{path.name}: its name does not tell its format; say --format with one of: {known}")
    return found


def _name(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
