"""What the documents say is tried: their Python runs, their commands exist, their links lead somewhere."""

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cleaner.cli import app

ROOT = Path(__file__).parent.parent
PAGES = sorted(ROOT.glob("*.md"))
FENCE = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#:]+)\)")


def blocks(kind):
    return [
        pytest.param(body, id=f"{page.name} {n}")
        for page in PAGES
        for n, (found, body) in enumerate(FENCE.findall(page.read_text("utf-8")))
        if found == kind
    ]


def commands():
    lines = [
        line for block in blocks("console") for line in block.values[0].splitlines() if line.startswith("cleaner ")
    ]
    return sorted({shlex.split(line, comments=True)[1] for line in lines})


@pytest.mark.parametrize("body", blocks("python"))
def test_python_runs_and_prints_what_its_comments_say(body, capsys):
    exec(body, {})  # noqa: S102  our own page
    printed = capsys.readouterr().out.splitlines()
    said = [line.rpartition("  # ")[2] for line in body.splitlines() if "print(" in line]
    assert printed == said


@pytest.mark.parametrize("verb", commands())
def test_a_command_exists(verb):
    result = CliRunner().invoke(app, [verb, "--help"])
    assert result.exit_code == 0
    assert "Examples:" in result.output


def test_every_command_is_in_the_readme():
    assert {c.name or c.callback.__module__.rpartition(".")[2] for c in app.registered_commands} == set(commands())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    for target in LINK.findall(page.read_text("utf-8")):
        assert (page.parent / target).exists()


def test_the_make_targets_of_the_readme_exist():
    made = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    said = set(re.findall(r"\bmake (\w+)$", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE))
    assert said
    assert said <= made
