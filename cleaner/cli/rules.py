"""``cleaner rules``: the list of rules, and a page for each."""

from __future__ import annotations

from typing import Annotated

import typer

from cleaner.cli import options
from cleaner.errors import UsageError


def command(
    code: Annotated[str, typer.Argument(metavar="[CODE]", help="A rule, or the beginning of its name: en/share.")] = "",
    pack: Annotated[
        list[str] | None, typer.Option("--pack", help="Packs to list: names, or files of your own.")
    ] = None,
    as_json: options.AsJson = False,
    debug: options.Debug = False,  # noqa: ARG001
) -> None:
    """List the rules of boilerplate, or show one: what it removes and why, examples, how to switch it off.

    \b
    Examples:
      cleaner rules
      cleaner rules en/share
      cleaner rules any/text-size/toggle
    """
    import json
    from dataclasses import asdict

    from cleaner import plugins, rules

    every = rules.load(pack or ()).rules
    found = [r for r in every if not code or r.code == code or r.code.startswith(f"{code.rstrip('/')}/")]
    stage = {"site": "templates"}.get(code.partition("/")[0], code.partition("/")[0])
    if not found and stage in plugins.names("stages"):
        typer.echo(f"{code} is no rule of a pack: it is how the stage {stage} calls what it does.\n")
        typer.echo(f"  What it does   cleaner stages {stage}\n  Off with       --ignore {code}")
    elif not found:
        hint = plugins.unknown("rule", code, tuple(r.code for r in every)).partition(" Known:")[0]
        raise UsageError(f"{hint} `cleaner rules` lists them all")
    elif as_json:
        for r in found:
            typer.echo(json.dumps({"code": r.code, **asdict(r)}, ensure_ascii=False))
    elif len(found) == 1:
        typer.echo(_page(found[0]))
    else:
        width = max(len(r.code) for r in found)
        for r in found:
            typer.echo(f"{r.code:{width}}  {(r.removes or r.lines or r.inside or r.tails)[0]!r}")


def _page(rule: object) -> str:
    from cleaner.rules import Rule

    assert isinstance(rule, Rule)  # noqa: S101  for the type checker
    place = {"top": "above the first paragraph", "end": "below the last paragraph", "edge": "outside the paragraphs"}
    parts = [
        rule.code,
        "",
        f"  {rule.why}",
        "",
        f"  Stands in   {rule.file}, line {rule.row}",
        f"  Acts        {place.get(rule.where, 'anywhere')}"
        + (f", or in a run of {rule.run} lines or more that all match some rule" if rule.run > 1 else ""),
    ]
    parts += [f"  Whole line  {line}" for line in rule.lines]
    parts += [f"  Pattern     {rule.line}"] if rule.line else []
    parts += [f"  Words       {', '.join(rule.only)}"] if rule.only else []
    parts += [f"  At the end  {tail}" for tail in rule.tails]
    parts += [f"  Inside      {', '.join(rule.inside)}"] if rule.inside else []
    parts += ["  Heads       a list: the short lines right under it go with it"] if rule.below else []
    for title, texts in (("Removes", rule.removes), ("Keeps", rule.keeps), ("Misses yet", rule.misses)):
        parts += [f"  {title:10}  {text!r}" for text in texts]
    return "\n".join([*parts, "", f"  Off with    --ignore {rule.code}"])
