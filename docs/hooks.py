"""Writes the pages of the reference that the package knows itself: commands, recipes, stages, rules."""

from __future__ import annotations

import html
import inspect
from dataclasses import fields
from importlib.resources import files
from itertools import groupby
from typing import TYPE_CHECKING

import typer
from mkdocs.structure.files import File, Files
from typer.testing import CliRunner

from cleaner import pipeline, plugins
from cleaner.cli import app
from cleaner.rules import pack

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mkdocs.config.defaults import MkDocsConfig


def on_files(found: Files, config: MkDocsConfig) -> Files:
    """Add the pages."""
    pages = {"commands": commands(), "recipes": recipes(), "stages": stages(), "rules": rules()}
    for name, lines in pages.items():
        found.append(File.generated(config, f"reference/{name}.md", content="\n".join(lines)))
    return found


def commands() -> Iterator[str]:
    """Yield what each command says of itself."""
    yield "# Commands\n\nExit codes, common options and examples are those of `cleaner COMMAND --help`.\n"
    group = typer.main.get_command(app)
    for name in group.commands:  # type: ignore[attr-defined]
        told = CliRunner().invoke(app, [name, "--help"], env={"COLUMNS": "100", "TERM": "dumb"}).output
        yield f"## cleaner {name}\n\n```text\n{told.strip()}\n```\n"


def recipes() -> Iterator[str]:
    """Yield the shipped recipes as they are."""
    yield "# Recipes\n\nA recipe is a file like these; `cleaner run -c NAME` takes one of them, or the path of yours.\n"
    for name in plugins.names("recipes"):
        text = files("cleaner").joinpath("recipes", f"{name}.toml").read_text("utf-8")
        yield f"## {name}\n\n```toml\n{text.strip()}\n```\n"


def stages() -> Iterator[str]:
    """Yield each stage with its options."""
    yield "# Stages\n"
    for name in plugins.names("stages"):
        kind = pipeline.stage_class(name)
        yield f"## {name}\n\n{inspect.getdoc(inspect.getmodule(kind))}\n"
        yield "| option | default |\n| --- | --- |"
        yield from (f"| `{f.name}` | `{f.default!r}` |" for f in fields(kind) if f.init and f.repr)  # type: ignore[arg-type]
        yield ""


def rules() -> Iterator[str]:
    """Yield the rules of all packs, kind by kind, each with an example."""
    yield "# Rules\n"
    found = sorted((rule for name in pack.sorted_names() for rule in pack.read(name)), key=lambda rule: rule.kind)
    for kind, some in groupby(found, key=lambda rule: rule.kind):
        yield f"## {kind}\n\n{pack.kinds()[kind]}\n\n| rule | for example |\n| --- | --- |"
        for rule in some:
            example = html.escape(" ⏎ ".join(rule.removes[:1])).replace("|", "&#124;").replace("\n", " ⏎ ")
            yield f"| `{rule.code}` | {example} |"
        yield ""
