"""What a job reads: files, folders and patterns become parts, in an order that depends on their names alone."""

from __future__ import annotations

import glob
import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, cast

from cleaner import plugins, storage
from cleaner.errors import InputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Protocol

    from cleaner.record import Damage, Record

    class Format(Protocol):
        """A module of the room ``formats``."""

        suffixes: tuple[str, ...]
        whole_files: bool

        def read(self, data: bytes, source: str, offset: int = 0, declared: str | None = None) -> Iterator[Record | Damage]:
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


def find(inputs: Sequence[str], chosen: str = "auto") -> list[Part]:
    """Return the parts of a job.

    Args:
        inputs: files, folders (all files in them that have a known format) and glob patterns.
        chosen: the format of all files, or ``auto``: each file's name says.

    Raises:
        UsageError: the format is unknown, or a file's name does not tell it.
        InputError: no input exists, or none of them holds a file of a known format.

    """
    if chosen not in ("auto", *plugins.names("formats")):
        raise UsageError(plugins.unknown("format", chosen, ("auto", *plugins.names("formats"))))
    found: dict[Path, str] = {}
    missing: dict[Path, str] = {}
    roots = []
    for given in inputs:
        paths = [Path(p) for p in glob.glob(given, recursive=True)] if glob.has_magic(given) else [Path(given)]  # noqa: PTH207
        for path in sorted(paths):
            root = path.absolute()
            if path.is_dir():
                roots.append(root)
                found.update((p, f) for p in _walk(root) if (f := _format(p, chosen, strict=False)))
            elif path.exists():
                roots.append(root.parent)
                found[root] = _format(root, chosen, strict=True)
            else:
                roots.append(root.parent)
                missing[root] = "no such file or folder"
        if not paths:
            missing[Path(given).absolute()] = "the pattern matches nothing"
            roots.append(Path(given).absolute().parent)
    if not found:
        why = "; ".join(f"{p.name}: {reason}" for p, reason in missing.items()) or "no file of a known format is there"
        known = ", ".join(s for f in plugins.names("formats") for s in form(f).suffixes)
        raise InputError(f"nothing to read: {why} (known: {known}; --format says what other names hold)")
    root = Path(os.path.commonpath([str(r) for r in roots]))
    files = [File(_name(p, root), p, _size(p)) for p in found]
    files += [File(_name(p, root), p, 0, reason) for p, reason in missing.items()]
    formats = {_name(p, root): f for p, f in found.items()}
    return list(_parts(sorted(files), formats))


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


def _walk(root: Path) -> Iterator[Path]:
    """Yield the files below a folder, hidden ones left out; no link is followed, nothing but plain files is opened."""
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
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
