"""Places: a document is found by its id alone, and sums of marks tell one set of records from another."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner import places
from cleaner.places import Place
from cleaner.record import encode

KEYS = ["a", "", "7", 7, -7, 10**30, "a/b.txt", 'q"\\', "\ud800", "\u2028\n\x00", "é", "  "]


@pytest.fixture
def path(tmp_path):
    """Write the places of two documents for each id."""
    path = tmp_path / "places.jsonl"
    made = [Place(key, at, "kept", 0, 0, 0, "") for at in range(2) for key in KEYS]
    path.write_bytes(b"".join(encode(place.line()) + b"\n" for place in made))
    return path


@pytest.mark.parametrize("key", KEYS, ids=ascii)
def test_a_place_is_read_as_it_was_written(key):
    place = Place(key, 5, "dropped", 6, 7, 8, places.digest(b"x"))
    line = encode(place.line())
    assert b"\n" not in line
    assert places.read(line) == place
    assert next(iter(json.loads(line))) == "id"


@pytest.mark.parametrize("key", KEYS, ids=ascii)
def test_the_documents_of_an_id_are_found_in_order(path, key):
    found = [(place.id, place.at) for place in places.find(path, str(key))]
    same = [k for k in KEYS if str(k) == str(key)]
    assert found == [(k, at) for at in range(2) for k in KEYS if k in same]


@pytest.mark.parametrize("key", ["nobody", '{"id": "a", ', 'a", "at": 0', "²", "-", "007", "*"])
def test_other_documents_are_not_found(path, key):
    assert list(places.find(path, key)) == []


def test_an_id_that_quotes_a_place_is_not_taken_for_it(tmp_path):
    path = tmp_path / "places.jsonl"
    path.write_bytes(encode(Place('\n{"id": "b", "at": 1', 0, "kept", 0, 0, 0, "").line()) + b"\n")
    assert list(places.find(path, "b")) == []
    path.write_bytes(b"")
    assert list(places.find(path, "b")) == []


SOURCES = st.lists(st.tuples(st.text(max_size=3), st.integers(0, 2**63)), max_size=6)


def total(records):
    value = 0
    for source, at in records:
        value = places.added(value, source, at)
    return value


@settings(deadline=None)
@given(SOURCES, st.randoms())
def test_the_sum_of_marks_does_not_depend_on_the_order(records, draw):
    shuffled = records[:]
    draw.shuffle(shuffled)
    assert total(records) == total(shuffled) < 2**64


@settings(deadline=None)
@given(SOURCES, SOURCES)
def test_other_records_have_another_sum(one, two):
    assert (sorted(one) == sorted(two)) == (total(one) == total(two))
