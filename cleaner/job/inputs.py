"""What a job reads: files, folders and patterns become parts, in an order that depends on their names alone."""

from __future__ import annotations

import glob
import os
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, cast

from cleaner import plugins, storage
from cleaner.errors import InputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Protocol

    from cleaner.record import Damage, Record

    class Format(Protocol):
        """A module of the room ``formats``."""

        suffixes: tuple[str, ...]
        whole_files: bool

        def read(
            self, data: bytes, source: str, offset: int = 0, declared: str | None = None
        ) -> Iterator[Record | Damage]:
            """Yield the records of some bytes, and the damage among them."""
            ...

        def write(self, record: Record, text: str) -> bytes:
            """Return a record as bytes."""
            ...

        def output_name(self, name: str) -> str:
            """Return the name of the output for an input of that name."""
            ...


class File(NamedTuple):
    """A file to read."""

    name: str
    """Its path from the root that all inputs share, with ``/``."""
    path: Path
    size: int
    """Bytes on disk, 0 if it is missing."""
    missing: str = ""
    """Why it cannot be read, if that is known already."""


class Part(NamedTuple):
    """One unit of input, which becomes one unit of output: a file of many records, or a run of one-record files."""

    name: str
    format: str
    files: tuple[File, ...]
    ledger: str = ""
    """Name of its ledger, and of what else stands by part beside it."""

    def source(self, key: str | int) -> str:
        """Return the name of the file that a record of this part came in, from the record's id."""
        return str(key) if form(self.format).whole_files else self.name


def form(name: str) -> Format:
    """Return the format of that name."""
    return cast("Format", plugins.module("formats", name))


def format_of(name: str) -> str:
    """Return the format that a file's name speaks of, empty if none does.

    Examples:
        >>> format_of("a/news.jsonl.gz"), format_of("a/picture.png")
        ('jsonl', '')

    """
    plain = name.removesuffix(storage.compression(name)).lower()
    return next((f for f in plugins.names("formats") if plain.endswith(form(f).suffixes)), "")


def find(inputs: Sequence[str], chosen: str = "auto", out: Path | None = None) -> list[Part]:
    """Return the parts of a job.

    Args:
        inputs: files, folders (all files in them that have a known format) and glob patterns.
        chosen: the format of all files, or ``auto``: each file's name says.
        out: the folder of the results; what lies in it is no input.

    Raises:
        UsageError: the format is unknown, a file's name does not tell it, or an input is the output.
        InputError: no input exists, or none of them holds a file of a known format.

    """
    if chosen not in ("auto", *plugins.names("formats")):
        raise UsageError(plugins.unknown("format", chosen, ("auto", *plugins.names("formats"))))
    own = None if out is None else out.resolve()
    found: dict[Path, str] = {}
    missing: dict[Path, str] = {}
    roots = []
    for given in inputs:
        for path in _meant(given):
            if own is not None and path.is_relative_to(own):
                if path.name == Path(given).name:
                    raise UsageError(f"{given}: it lies in the output folder; a run cannot read what it writes")
                continue
            roots.append(path if path.is_dir() else path.parent)
            if path.is_dir():
                found.update((p, f) for p in _walk(path, own, missing) if (f := _format(p, chosen, strict=False)))
            elif path.is_file():
                found[path] = _format(path, chosen, strict=True)
            else:
                missing[path] = "it is no plain file" if os.path.lexists(path) else "no such file or folder"
    if not found:
        why = "; ".join(f"{p.name}: {reason}" for p, reason in missing.items()) or "no file of a known format is there"
        known = ", ".join(s for f in plugins.names("formats") for s in form(f).suffixes)
        raise InputError(f"nothing to read: {why} (known: {known}; --format says what other names hold)")
    root = Path(os.path.commonpath([str(r) for r in roots]))
    files = [File(_name(p, root), p, _size(p)) for p in found]
    files += [File(_name(p, root), p, 0, reason) for p, reason in missing.items()]
    formats = {_name(p, root): f for p, f in found.items()}
    return list(_with_ledgers(_parts(sorted(files), formats)))


def _meant(given: str) -> list[Path]:
    """Return what a user may mean: the file of that very name, else all that the pattern matches."""
    paths = [Path(given)]
    if glob.has_magic(given) and not os.path.lexists(given):
        paths = [Path(p) for p in sorted(glob.glob(given, recursive=True))] or paths  # noqa: PTH207  whole paths
    # with the dots of ../ gone, for a name must not lead out of the folder of results; a link keeps its own name
    return [p.resolve() if p.name in ("", "..") else p.parent.resolve() / p.name for p in paths]


def _with_ledgers(parts: Iterable[Part]) -> Iterator[Part]:
    """Give each part a ledger of its own, even if a folder and a file are called alike."""
    taken: set[str] = set()
    for part in parts:
        stem = part.name.removesuffix(".jsonl")
        name = next(n for i in count(1) if (n := f"{stem}.jsonl" if i == 1 else f"{stem}-{i}.jsonl") not in taken)
        taken.add(name)
        yield part._replace(ledger=name)


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


def _walk(root: Path, own: Path | None, missing: dict[Path, str]) -> Iterator[Path]:
    """Yield the files below a folder, hidden ones left out; no link is followed, nothing but plain files is opened."""

    def lost(error: OSError) -> None:
        missing[Path(error.filename)] = f"the folder cannot be read: {error.strerror}"

    for folder, folders, names in os.walk(root, onerror=lost):
        folders[:] = sorted(f for f in folders if not f.startswith(".") and Path(folder, f) != own)
        for name in sorted(names):
            path = Path(folder, name)
            if not name.startswith(".") and path.is_file() and not path.is_symlink():
                yield path


def _format(path: Path, chosen: str, *, strict: bool) -> str:
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
