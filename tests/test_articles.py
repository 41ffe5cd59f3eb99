"""The articles in fixtures/: what was scraped comes out as a careful person would leave it.

``NAME.in.txt`` (or ``.in.html``) is what comes in, ``NAME.out.txt`` what must come out, and ``NAME.edits`` which rule
did what. ``make golden`` writes the last one anew; the difference is for a person to read.
"""

import os
from pathlib import Path

import pytest

from cleaner import Document, Pipeline
from cleaner.api import Clean
from cleaner.document import undo
from cleaner.formats import html, text

ARTICLES = Path(__file__).parent.parent / "fixtures" / "articles"
NAMES = sorted(path.name for path in ARTICLES.glob("*.in.*"))
NEWS = Pipeline.from_recipe("news")


def cleaned(path: Path) -> Clean:
    if path.suffix == ".html":
        (record,) = html.read(path.read_bytes(), path.name)
        return NEWS.clean_page(record.get("html"))
    (record,) = text.read(path.read_bytes(), path.name)
    return NEWS.clean(record.get("text"))


def told(result: Clean) -> str:
    rows = [f"{e.rule}\n  - {shown(e.before)}\n" + (f"  + {shown(e.after)}\n" if e.after else "") for e in result.edits]
    return "".join(rows)


def shown(part: str) -> str:
    return "".join(c if c.isprintable() else f"<{ord(c):04X}>" for c in part.replace("\n", "⏎"))


def stem(name: str) -> str:
    return name.partition(".")[0]


@pytest.mark.parametrize("name", NAMES)
def test_an_article_comes_out_as_a_careful_person_would_leave_it(name):
    want = (ARTICLES / f"{stem(name)}.out.txt").read_bytes().decode()
    assert cleaned(ARTICLES / name).text == want


@pytest.mark.parametrize("name", NAMES)
def test_the_edits_are_those_written_down(name):
    path = ARTICLES / f"{stem(name)}.edits"
    got = told(cleaned(ARTICLES / name))
    if os.environ.get("CLEANER_GOLDEN") == "write":
        path.write_bytes(got.encode())
    assert got == path.read_bytes().decode()


@pytest.mark.parametrize("name", NAMES)
def test_every_edit_can_be_undone(name):
    result = cleaned(ARTICLES / name)
    assert undo(result.text, result.edits) == result.original
    for e in result.edits:
        assert result.original[e.start : e.end] == e.before


@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith(".txt")])
def test_a_second_run_changes_nothing(name):
    once = cleaned(ARTICLES / name).text
    assert NEWS.stages(Document("", once)).history == ()


def test_there_are_enough_of_them():
    assert len(NAMES) >= 30
    assert len({name[:2] for name in NAMES}) >= 8
