"""What the documents say is tried: their Python runs, their commands exist, their links lead somewhere."""

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cleaner import cli
from cleaner.cli import app

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
FENCE = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
FIXTURES = ROOT / "fixtures"
SET_UP = ("make ", "pip ", "docker ", "git ")
"""What a reader does once, and a test does not."""
LINK = re.compile(r"\]\(([^)#:]+)\)")


def name_of(page):
    return str(page.relative_to(ROOT))


def blocks(kind):
    return [
        pytest.param(body, id=f"{page.relative_to(ROOT)} {n}")
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


@pytest.fixture(scope="session")
def workspace(tmp_path_factory):
    """Return a folder with what the pages speak of: a crawl, an article, a page, records."""
    folder = tmp_path_factory.mktemp("docs")
    rows = (FIXTURES / "corpus" / "news.jsonl").read_bytes().splitlines(keepends=True)[:6]
    shutil.copytree(FIXTURES / "corpus" / "pages", folder / "crawl" / "pages")
    (folder / "crawl" / "news.jsonl").write_bytes(b"".join(rows))
    (folder / "crawl" / "more.jsonl.zst").write_bytes(zstd.compress(b"".join(rows)))
    (folder / "records.jsonl").write_bytes(b"".join(rows))
    shutil.copy(folder / "records.jsonl", folder / "corpus.jsonl")
    shutil.copy(FIXTURES / "articles" / "en-harbour-fire.in.txt", folder / "article.txt")
    shutil.copy(next((folder / "crawl" / "pages").rglob("*.html")), folder / "page.html")
    for block in FENCE.finditer((ROOT / "docs" / "howto" / "rules.md").read_text("utf-8")):
        if block[2].startswith("# ours.toml"):
            (folder / "ours.toml").write_text(block[2])
    return folder


@pytest.fixture
def run(workspace, monkeypatch):
    """Run a line in the workspace, in this process unless it needs a shell; return its exit code."""
    monkeypatch.chdir(workspace)
    on_terminate = signal.getsignal(signal.SIGTERM)

    def run(line):
        if not line.startswith("cleaner ") or set(line) & set("|<>"):
            path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
            return subprocess.run(["bash", "-c", line], env={**os.environ, "PATH": path}, check=False).returncode
        monkeypatch.setattr(sys, "argv", shlex.split(line, comments=True))
        try:
            cli.main()
        except SystemExit as left:
            return left.code or 0
        return 0

    yield run
    signal.signal(signal.SIGTERM, on_terminate)


@pytest.mark.parametrize("page", [page for page in PAGES if "```console" in page.read_text("utf-8")], ids=name_of)
def test_the_commands_of_a_page_do_what_they_should_one_after_the_other(page, run, capfd):
    for kind, block in FENCE.findall(page.read_text("utf-8")):
        for line in block.splitlines() if kind == "console" else ():
            if not line.startswith(SET_UP):
                assert (line, run(line)) == (line, 0), capfd.readouterr().err


def test_the_site_is_built_without_a_network(tmp_path):
    build = pytest.importorskip("mkdocs.commands.build")
    from mkdocs.config import load_config

    build.build(load_config(str(ROOT / "mkdocs.yml"), site_dir=str(tmp_path)))
    for name in ("index", "tutorial/index", "reference/rules/index", "reference/commands/index"):
        text = (tmp_path / f"{name}.html").read_text("utf-8")
        assert not re.findall(r"<(?:link|script|img)[^>]+(?:href|src)=\"https?:", text)
    assert "en/share/on" in text or "cleaner restore" in text


@pytest.mark.parametrize("page", sorted(ROOT.glob("*.md")), ids=name_of)
def test_links_lead_somewhere(page):
    for target in LINK.findall(page.read_text("utf-8")):
        assert (page.parent / target).exists()


def test_the_make_targets_of_the_readme_exist():
    made = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    said = set(re.findall(r"\bmake (\w+)$", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE))
    assert said
    assert said <= made
