"""``cleaner doctor``: what this machine has of what the program can use."""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from typing import Any

import typer

from cleaner.cli import options, terminal

_DISTRIBUTION = re.compile(r"[A-Za-z0-9._-]+")
_EXTRA = re.compile(r"extra\s*==\s*['\"]([^'\"]+)['\"]")
_FOR_DEVELOPERS = {"bench", "dev"}
_PROGRAMS = {
    "browser": ("chromium", "chromium-browser", "google-chrome", "chrome"),
    "browser driver": ("chromedriver",),
    "compiler": ("cc", "gcc", "clang"),
}
_WHY = {
    "browser": "the tests look at reports with it",
    "browser driver": "the tests look at reports with it",
    "compiler": "what makes cleaner quicker is built with it, and other packages where no wheel fits",
}
_COMPILED = ("dedup", "garbling", "lines", "markup", "rules")
"""The rooms that have a compiled twin, if one could be built when cleaner was installed."""


def command(
    as_json: options.AsJson = False,
    debug: options.Debug = False,  # noqa: ARG001
) -> None:
    """Say which versions, extras and programs are there, how to get those that are not, and what the machine has.

    \b
    Examples:
      cleaner doctor
      cleaner doctor --json
    """
    facts = _facts()
    if as_json:
        typer.echo(json.dumps(facts, ensure_ascii=False))
        return
    typer.echo(f"cleaner {facts['cleaner']}, Python {facts['python']}, {facts['system']}\n")
    for name, extra in facts["extras"].items():
        state = ", ".join(extra["installed"]) if not extra["missing"] else f"missing: {extra['install']}"
        typer.echo(f"  {name:16}  {state}")
    typer.echo("")
    for name, program in facts["programs"].items():
        typer.echo(f"  {name:16}  {program or f'none; {_WHY[name]}'}")
    there = [room for room, found in facts["compiled"].items() if found]
    slower = "" if len(there) == len(_COMPILED) else "; the rest does the same more slowly"
    typer.echo(f"  {'compiled':16}  {', '.join(there) or 'nothing'}{slower}\n")
    for name, said in _machine(facts):
        typer.echo(terminal.visible(f"  {name:16}  {said}"))


def _facts() -> dict[str, Any]:
    import locale
    import platform
    import sys
    from importlib.util import find_spec

    from cleaner import __version__

    free = shutil.disk_usage(tempfile.gettempdir()).free
    return {
        "cleaner": __version__,
        "python": platform.python_version(),
        "system": platform.platform(),
        "extras": _extras(),
        "programs": {
            name: next((p for p in map(shutil.which, known) if p), None) for name, known in _PROGRAMS.items()
        },
        "compiled": {room: find_spec(f"cleaner.{room}._twin") is not None for room in _COMPILED},
        "processors": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "memory": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        "temporary": {"folder": tempfile.gettempdir(), "free": free},
        "locale": locale.setlocale(locale.LC_CTYPE),
        "encoding": sys.stdout.encoding,
    }


def _extras() -> dict[str, dict[str, Any]]:
    """Return for each extra which of its distributions are there, with their versions, and which are missing."""
    from importlib.metadata import PackageNotFoundError, requires, version

    found: dict[str, dict[str, Any]] = {}
    for requirement in requires("cleaner") or ():
        extra, name = _EXTRA.search(requirement), _DISTRIBUTION.match(requirement)
        if extra is None or name is None or extra[1] in _FOR_DEVELOPERS:
            continue
        entry = found.setdefault(extra[1], {"installed": [], "missing": []})
        try:
            entry["installed"].append(f"{name[0]} {version(name[0])}")
        except PackageNotFoundError:
            entry["missing"].append(name[0])
            entry["install"] = f"pip install 'cleaner[{extra[1]}]'"
    return dict(sorted(found.items()))


def _machine(facts: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        ("processors", str(facts["processors"])),
        ("memory", f"{facts['memory'] / 2**30:.1f} GiB"),
        ("temporary files", f"{facts['temporary']['free'] / 2**30:.1f} GiB free in {facts['temporary']['folder']}"),
        ("locale", f"{facts['locale']}, standard output in {facts['encoding']}"),
    ]
