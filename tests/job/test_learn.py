"""What sites repeat is learned before the cleaning, and by a verb of its own."""

import json

import pytest
from typer.testing import CliRunner

from cleaner.cli import app

WEATHER = ["Rain", "Sun", "Fog", "Snow"]


@pytest.fixture
def crawl(tmp_path):
    folder = tmp_path / "crawl"
    folder.mkdir()
    lines = [
        {
            "url": f"https://www.herald.example/{n}",
            "title": f"{what} is near",
            "text": f"{what} is near\n{body}\nOur mill grinds on",
        }
        for n, what in enumerate(WEATHER)
        for body in [
            f"The {what.lower()} came over the hills of the county in the night, and nobody had been warned of it."
        ]
    ]
    (folder / "news.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    return folder


def call(*args):
    return CliRunner().invoke(app, [str(a) for a in args])


def test_run_removes_what_a_site_repeats_and_keeps_its_titles(crawl, tmp_path):
    call("run", crawl, "-o", tmp_path / "out", "-q", "-j1", "--set", "dedup.level=off")
    for line in (tmp_path / "out/documents/news.jsonl").read_text("utf-8").splitlines():
        record = json.loads(line)
        assert "mill" not in record["text"]
        assert record["text"].startswith(record["title"])


def test_a_pack_that_was_learned_is_read_edited_and_used(crawl, tmp_path):
    pack = tmp_path / "site.toml"
    assert call("learn", crawl, "-o", pack, "-j1").exit_code == 0
    assert '"Our mill grinds on" = 4' in pack.read_text("utf-8")
    assert call("learn", crawl, "-j1").stdout == pack.read_text("utf-8")
    alone = crawl / "alone.jsonl"
    alone.write_text(
        json.dumps({"url": "https://herald.example/new", "text": "Hail fell.\nOur mill grinds on"}) + "\n", "utf-8"
    )
    call("run", alone, "-o", tmp_path / "out", "-q", "-j1", "--set", f"templates.pack={pack}")
    assert json.loads((tmp_path / "out/documents/alone.jsonl").read_text("utf-8"))["text"] == "Hail fell."


def test_damaged_counts_of_a_run_that_was_stopped_are_made_again(crawl, tmp_path):
    out = tmp_path / "out"
    args = ("run", crawl, "-o", out, "-q", "-j1")
    call(*args)
    whole = (out / "documents/news.jsonl").read_bytes()
    from cleaner.job import folder, run

    saved, run.dedup.detect = run.dedup.detect, None  # a run that ends in the middle
    try:
        assert call(*args, "--fresh").exit_code != 0
    finally:
        run.dedup.detect = saved
    for path in (out / folder.STATE / "chunks").glob("*.lines"):
        path.write_bytes(path.read_bytes()[:-3])
    call(*args)
    assert (out / "documents/news.jsonl").read_bytes() == whole
