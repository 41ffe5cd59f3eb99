"""A recipe from a sample: it says what was seen, and it works."""

import json

import pytest
from typer.testing import CliRunner

from cleaner import dedup, pipeline, recipe
from cleaner.cli import app
from cleaner.job import sample

ENGLISH = "It rained all night and in the morning the river stood at the third step of the town hall, the mayor said. "
GERMAN = "Es regnete die ganze Nacht, und am Morgen stand der Fluss an der dritten Stufe des Rathauses, sagte sie. "


def works(source):
    chosen = recipe.parse("r.toml", source)
    return pipeline.build(chosen), chosen.options("dedup", dedup.Options)


def test_what_was_seen_is_said(put, line):
    rows = [line(url=f"https://a.example/{i}", text=ENGLISH * 3) for i in range(3)]
    put("in/a.jsonl", b"".join([*rows, line(url="https://b.example", text=GERMAN * 3), b"broken\n"]))
    seen = sample.draw([str(put("in/t/x.txt", ENGLISH * 3).parents[1])])
    assert (seen.records, seen.bad, seen.pages, seen.text_field) == (6, 1, 0, "")
    assert (seen.languages, seen.sites) == ({"en": 4, "de": 1}, {"a.example": 3, "b.example": 1})
    text = sample.write(seen, ["in/"], "mine.toml")
    for said in ("1 cannot be read", "jsonl 1, text 1 files", "en 4, de 1", "a.example 3", "preset news", "mine.toml"):
        assert said in text
    assert "b.example" not in text
    works(text)
    packs = next(row for row in text.splitlines() if row.startswith("# packs"))
    works(text.replace(packs, packs.removeprefix("# ")))


@pytest.mark.parametrize(("html", "preset"), [(3, "web"), (1, "news")])
def test_pages_have_a_preset_of_their_own(put, line, html, preset):
    rows = [line(html=f"<p>{ENGLISH}</p>") if i < html else line(text=ENGLISH) for i in range(4)]
    text = sample.write(sample.draw([str(put("a.jsonl", b"".join(rows)))]))
    assert f"preset {preset}" in text
    works(text)


def test_a_text_under_another_name_is_found(put, line):
    row = line(kind="story", story=ENGLISH, url="https://a.example/" + "x" * 500)
    path = put("a.jsonl", row * 3)
    assert "-c recipe.toml --text story" in sample.write(sample.draw([str(path)]))


def test_names_of_others_cannot_leave_their_remark(put):
    path = put("a.jsonl", json.dumps({"text": "a", "x\n[evil]\u202e\u2028": 1}).encode())
    text = sample.write(sample.draw([str(path)]))
    assert works(text)
    assert "\n[evil]" not in text
    assert "\u202e" not in text


def test_init_writes_a_file_that_a_run_takes(corpus, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    call = CliRunner().invoke
    assert call(app, ["init", str(corpus), "-o", "mine.toml"]).exit_code == 0
    assert call(app, ["run", str(corpus), "-o", "out", "-c", "mine.toml", "--engine", "serial", "-q"]).exit_code == 0
    again = call(app, ["init", str(corpus), "-o", "mine.toml"])
    assert "--fresh" in str(again.exception)
    assert works(call(app, ["init"]).stdout)
