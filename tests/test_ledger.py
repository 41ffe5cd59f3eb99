"""The ledger: every row comes back as it was, and undoes what it tells of."""

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


SHARE = Row("a", "boilerplate", "en/share/on", "remove", 0, 6, "Share\n", "")
QUOTE = Row("a", "repair", "repair/quote", "replace", 6, 7, "'", "’")
WIDER = Row("a", "spacing", "spacing/x", "replace", 4, 8, "e\n'Y", "_’Y")
WORD = Row("a", "boilerplate", "en/share/on", "remove", 0, 5, "Share", "")
BLANK = Row("a", "spacing", "spacing/x", "remove", 5, 6, "\n", "")
WHOLE = Row("a", "density", "density/line", "remove", 0, 9, "Share\n'Ye", "")


@pytest.mark.parametrize(
    ("rows", "rule", "text", "left"),
    [
        pytest.param([SHARE, QUOTE], "en/share/on", "Share\n’Yes", 1, id="one goes, the other stays"),
        pytest.param([SHARE, QUOTE], "repair/quote", "'Yes", 1, id="the other way"),
        pytest.param([SHARE, QUOTE], "none", "’Yes", 2, id="a rule that did nothing"),
        pytest.param([QUOTE, WIDER], "spacing/x", "Share\n’Yes", 1, id="what lay under it comes to light"),
        pytest.param([QUOTE, WIDER], "repair/quote", "Share\n'Yes", 0, id="what was made of its result goes with it"),
        pytest.param([QUOTE, WHOLE], "repair/quote", "s", 1, id="what was taken out whole would be gone anyway"),
        pytest.param([SHARE, WHOLE], "density/line", "'Yes", 1, id="what was taken out before stays so"),
        pytest.param([WORD, BLANK], "en/share/on", "Share\n'Yes", 0, id="white space that went beside it comes back"),
        pytest.param([BLANK, WORD], "en/share/on", "Share'Yes", 1, id="white space that had gone before does not"),
        pytest.param([], "x", "Share\n'Yes", 0, id="nothing"),
    ],
)
def test_one_rule_is_undone_alone(rows, rule, text, left):
    verdict = Row("a", "dedup", "dedup/near", "duplicate", 0, 10, "Share\n'Yes", "")
    undone, rest = ledger.without("Share\n'Yes", [*rows, verdict], lambda code: code == rule)
    assert (undone, len(rest)) == (text, left)
