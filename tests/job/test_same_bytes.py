"""The same input makes the same bytes, however, where and when the work is done."""

import os
import socket
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest


@pytest.fixture
def expected(corpus, do, tree, tmp_path):
    do(corpus, out="expected")
    return tree(tmp_path / "expected")


def differing(one, two):
    return sorted(name for name in one.keys() | two.keys() if one.get(name) != two.get(name))


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"engine": "pool", "jobs": 1}, id="one worker"),
        pytest.param({"engine": "pool", "jobs": 3, "chunk_size": 700}, id="three workers, small chunks"),
        pytest.param({"engine": "pool", "jobs": 2}, id="two workers"),
        pytest.param({"engine": "pool", "jobs": 4, "chunk_size": 2000}, id="four workers"),
        pytest.param({"engine": "pool", "jobs": 7, "chunk_size": 700}, id="seven workers"),
        pytest.param({"chunk_size": 1}, id="a record a chunk"),
        pytest.param({"chunk_size": 333}, id="odd chunks"),
        pytest.param({"fresh": True}, id="started over"),
    ],
)
def test_engines_workers_and_chunks_do_not_show(corpus, do, tree, expected, tmp_path, options):
    do(corpus, **options)
    assert differing(tree(tmp_path / "out"), expected) == []


def test_the_order_in_which_a_folder_is_listed_does_not_show(corpus, do, tree, expected, tmp_path, monkeypatch):
    listed = os.scandir

    class Reversed(list):
        def __enter__(self):
            return iter(self)

        def __exit__(self, *_):
            pass

        def __next__(self):
            if not self:
                raise StopIteration
            return self.pop(0)

    monkeypatch.setattr(
        os, "scandir", lambda *path: Reversed(sorted(listed(*path), key=lambda e: e.name, reverse=True))
    )
    do(corpus)
    monkeypatch.undo()
    assert differing(tree(tmp_path / "out"), expected) == []


def test_the_order_and_way_in_which_inputs_are_named_does_not_show(corpus, do, tree, expected, tmp_path, monkeypatch):
    names = [p for p in corpus.iterdir() if p.name != "a.jsonl"]
    do(*reversed(names), f"{corpus}/a.js*", out="one")
    assert differing(tree(tmp_path / "one"), expected) == []
    monkeypatch.chdir(corpus / "texts")
    do("../../in/", "..", "../a.jsonl", out="two")
    assert differing(tree(tmp_path / "two"), expected) == []


def test_no_time_place_or_person_shows(corpus, do, tree, tmp_path):
    do(corpus)
    told = {
        "host": socket.gethostname(),
        "folder": str(tmp_path),
        "home": str(Path.home()),
        "year": f"{datetime.now(tz=UTC):%Y-}",
        "interpreter": sys.prefix,
    }
    shown = [
        (name, what)
        for name, data in tree(tmp_path / "out").items()
        for what, word in told.items()
        if len(word) > 3 and word.encode() in data
    ]
    assert shown == []


COMMAND = [sys.executable, "-c", "from cleaner.cli import main; main()"]


@pytest.mark.parametrize(
    ("surroundings", "jobs"),
    [
        pytest.param({"PYTHONHASHSEED": "1", "TZ": "Asia/Kathmandu", "LC_ALL": "C"}, "1", id="one"),
        pytest.param({"PYTHONHASHSEED": "77", "TZ": "America/Lima", "LC_ALL": "C.UTF-8"}, "2", id="two"),
    ],
)
def test_hash_seed_time_zone_locale_and_mask_do_not_show(corpus, do, tree, tmp_path, surroundings, jobs):
    recipe = tmp_path / "r.toml"
    recipe.write_text('stages = ["repair", "spacing"]\n[dedup]\nlevel = "near"\n')
    do(corpus, out="expected")
    subprocess.run(
        [*COMMAND, "run", "in", "-o", "out", "-c", recipe, "-j", jobs, "-q"],
        cwd=tmp_path,
        env={**os.environ, **surroundings},
        umask=0o077,
        check=False,
        timeout=60,
    )
    assert differing(tree(tmp_path / "out"), tree(tmp_path / "expected")) == []
