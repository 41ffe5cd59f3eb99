"""The ledger: every row comes back as it was, is found by its document, and undoes what it tells of."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner import ledger
from cleaner.document import Document, Edit
from cleaner.ledger import Row
from cleaner.record import encode

KEYS = ["a", "", "7", 7, -7, 10**30, "a/b.txt", 'q"\\', "\ud800", "\u2028\n\x00", "é", "  "]


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(KEYS),
    st.text(max_size=5),
    st.text(max_size=5),
    st.none() | st.floats(allow_nan=False) | st.just(0.0),
    st.none() | st.sampled_from([k for k in KEYS if k != ""]),
)
def test_a_row_is_read_as_it_was_written(key, before, after, score, ref):
    row = Row(key, "s", "s/r", "replace", 0, len(before), before, after, ref, score, "", "x.jsonl")
    line = encode(row.line())
    assert b"\n" not in line
    assert ledger.read(line) == row


def test_a_row_begins_with_its_document_and_leaves_out_what_says_nothing():
    line = Row("a", "", "drop/empty", "drop", 0, 0, "", "").line()
    assert (
        line == '{"doc": "a", "rule": "drop/empty", "action": "drop", "start": 0, "end": 0, "before": "", "after": ""}'
    )


@pytest.fixture
def folder(tmp_path):
    """Write a ledger of many documents over two files."""
    for name in ("a.jsonl", "sub/b.jsonl"):
        path = tmp_path / "ledger" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        rows = [Row(k, "s", "s/r", "remove", i, i + 1, name, "") for i in range(2) for k in KEYS]
        path.write_bytes(b"".join(encode(row.line()) + b"\n" for row in rows))
    return tmp_path / "ledger"


@pytest.mark.parametrize("key", KEYS, ids=ascii)
def test_the_rows_of_a_document_are_found_in_order(folder, key):
    found = ledger.of_document(folder, str(key))
    same = [k for k in KEYS if str(k) == str(key)]
    assert sorted((str(r.doc), r.before, r.start) for r in found) == sorted(
        (str(k), name, i) for name in ("a.jsonl", "sub/b.jsonl") for i in range(2) for k in same
    )
    assert [r.before for r in found] == sorted(r.before for r in found)


@pytest.mark.parametrize("key", ["nobody", '{"doc": "a", ', 'a", "stage": "s', "²", "-", "007", "*"])
def test_rows_of_others_are_not_found(folder, key):
    assert ledger.of_document(folder, key) == []


def test_a_row_that_quotes_another_is_not_taken_for_it(tmp_path):
    row = Row("a", "s", "s/r", "remove", 0, 1, '\n{"doc": "b", "stage": "s"', "")
    (tmp_path / "a.jsonl").write_bytes(encode(row.line()) + b"\n")
    assert ledger.of_document(tmp_path, "b") == []
    assert ledger.of_document(tmp_path, "a") == [row]


@pytest.mark.parametrize("action", ["drop", "duplicate", "story", "part-of"])
def test_every_verdict_leaves_the_text_to_be_found(action):
    doc = Document("a", "One\n\n\ntwo").edit([Edit(3, 5, "", "r/x")], "r").edit([Edit(0, 1, "o", "r/y")], "r")
    rows = [*ledger.edits(doc, "a", "x"), ledger.verdict(action, "dedup/near", "a", doc.original, "x", ref="b")]
    text = "" if action in ledger.DROPS else doc.text
    assert ledger.original(text, rows) == doc.original
    assert ledger.original(text, [ledger.read(row.line()) for row in rows]) == doc.original


def test_of_a_document_all_is_told():
    doc = Document("a", "abc").edit([Edit(0, 1, "x", "r/x", 0.5, "why"), Edit(1, 3, "", "r/y")], "r")
    rows = list(
        ledger.edits(Document("a", doc.text, history=doc.history, original="abc", refused=(("s", "too much"),)), 5, "f")
    )
    assert [
        (r.doc, r.rule, r.action, r.start, r.end, r.before, r.after, r.score, r.reason, r.source) for r in rows
    ] == [
        (5, "r/x", "replace", 0, 1, "a", "x", 0.5, "why", "f"),
        (5, "r/y", "remove", 1, 3, "bc", "", None, "", "f"),
        (5, "guard/s", "refused", 0, 3, "", "", None, "too much", "f"),
    ]
    assert ledger.original("x", rows) == "abc"


def test_rows_of_a_run_are_objects_on_lines_of_their_own(corpus, do, tmp_path):
    do(corpus)
    for path in (tmp_path / "out/ledger").rglob("*.jsonl"):
        for row in path.read_bytes().split(b"\n")[:-1]:
            assert next(iter(json.loads(row))) == "doc"
