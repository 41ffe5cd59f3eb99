"""The folder is the registry: a stage, format, engine, pack or recipe is found by the name of its file.

Other distributions add theirs as entry points of the group ``cleaner.stages``, ``cleaner.formats`` and so on.
"""

from __future__ import annotations

import difflib
import importlib
from functools import cache
from importlib.metadata import entry_points
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from cleaner.errors import UsageError

if TYPE_CHECKING:
    from importlib.metadata import EntryPoints


@cache
def names(room: str) -> tuple[str, ...]:
    """Return the names in a room (``stages``, ``formats``, ``executors``, ``packs``, ``recipes``), sorted."""
    own = {
        entry.name.rpartition(".")[0]
        for entry in files("cleaner").joinpath(room).iterdir()
        if entry.name.endswith((".py", ".toml")) and not entry.name.startswith("_")
    }
    return tuple(sorted(own | {point.name for point in _points(room)}))


@cache
def module(room: str, name: str) -> object:
    """Return the module (or what an entry point names) called ``name`` in a room.

    Raises:
        UsageError: nothing in the room has that name.

    """
    if name not in names(room):
        raise UsageError(unknown(room.rstrip("s"), name, names(room)))
    for point in _points(room):
        if point.name == name:
            return point.load()
    return importlib.import_module(f"cleaner.{room}.{name}")


@cache
def _points(room: str) -> EntryPoints:
    """Return what other distributions add to a room; all of them are looked through for that, which takes its time."""
    return entry_points(group=f"cleaner.{room}")


def file(room: str, name: str) -> Path:
    """Return the TOML file called ``name`` in a room; an entry point names a `Path`.

    Raises:
        UsageError: nothing in the room has that name.

    """
    own = Path(str(files("cleaner").joinpath(room, f"{name}.toml")))
    return own if own.exists() else Path(str(module(room, name)))


def unknown(what: str, name: str, known: tuple[str, ...]) -> str:
    """Return the sentence that says a name is unknown, and which one was probably meant.

    Examples:
        >>> unknown("stage", "repiar", ("repair", "spacing"))
        "unknown stage 'repiar': did you mean 'repair'? Known: repair, spacing"

    """
    close = difflib.get_close_matches(name, known, n=1)
    hint = f" did you mean {close[0]!r}?" if close else ""
    return f"unknown {what} {name!r}:{hint} Known: {', '.join(known)}"
