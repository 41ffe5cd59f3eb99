"""The folder is the registry."""

from importlib.metadata import EntryPoint

import pytest

from cleaner import plugins
from cleaner.errors import UsageError

ROOMS = ["stages", "formats", "executors", "recipes", "packs"]


@pytest.mark.parametrize("room", ROOMS)
def test_what_lies_in_a_room_is_found_in_order(room):
    names = plugins.names(room)
    assert list(names) == sorted(set(names))
    assert names
    assert not any(name.startswith("_") for name in names)


@pytest.mark.parametrize("room", ["stages", "formats", "executors"])
def test_every_name_has_a_module_that_says_what_it_is(room):
    for name in plugins.names(room):
        assert plugins.module(room, name).__doc__


def test_an_unknown_name_is_said_with_a_likely_one():
    with pytest.raises(UsageError, match="unknown format 'jsnl': did you mean 'jsonl'"):
        plugins.module("formats", "jsnl")


@pytest.mark.parametrize("name", ["", "os", "../record", "jsonl.read", "__init__", "JSONL"])
def test_only_names_of_the_room_are_loaded(name):
    with pytest.raises(UsageError):
        plugins.module("formats", name)


def test_others_add_theirs_by_entry_points(monkeypatch):
    point = EntryPoint("morse", "cleaner.formats.text", "cleaner.formats")
    monkeypatch.setattr(plugins, "_points", lambda room: [point] if room == "formats" else [])
    plugins.names.cache_clear()
    try:
        assert "morse" in plugins.names("formats")
        assert "morse" not in plugins.names("stages")
        assert plugins.module("formats", "morse") is plugins.module("formats", "text")
    finally:
        plugins.names.cache_clear()


@pytest.mark.parametrize(
    ("name", "known", "sentence"),
    [
        ("jsnl", ("jsonl", "text"), "unknown format 'jsnl': did you mean 'jsonl'? Known: jsonl, text"),
        ("zzzz", ("jsonl", "text"), "unknown format 'zzzz': Known: jsonl, text"),
        ("a", (), "unknown format 'a': Known: "),
    ],
)
def test_the_sentence_reads_well(name, known, sentence):
    assert plugins.unknown("format", name, known) == sentence
