"""What a person sees of a document: every cut in its place, and two texts side by side."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner import ledger
from cleaner.cli import annotated
from cleaner.dedup.evidence import evidence
from cleaner.document import Document, Edit
from cleaner.ledger import Row


def row(start, end, before, after="", rule="r/x", **more):
    return Row("a", "r", rule, "replace" if after else "remove", start, end, before, after, **more)


def shown(original, *rows):
    return [text for line in annotated.lines(original, rows) for text in annotated.shown(line)]


@pytest.mark.parametrize(
    ("original", "rows", "told"),
    [
        ("One\ntwo", [], ["    1   One", "    2   two"]),
        ("", [], ["    1"]),
        ("Share\nOne", [row(0, 6, "Share\n")], ["    1 - Share⏎", "        ^ r/x  characters 0–6", "    2   One"]),
        (
            "a Share b",
            [row(2, 8, "Share ", score=0.5, reason="why")],
            ["    1 ~ a [-Share -]b", "        ^ r/x  characters 2–8, score 0.5, why  ‘Share ’ → nothing"],
        ),
        ("cafÃ©", [row(3, 5, "Ã©", "é")], ["    1 ~ caf[-Ã©-]{+é+}", "        ^ r/x  characters 3–5  ‘Ã©’ → ‘é’"]),
        (
            "a\n\n\nb",
            [row(2, 4, "\n\n")],
            ["    1   a", "    2 - ⏎", "        ^ r/x  characters 2–4", "    3 - ⏎", "    4   b"],
        ),
        (
            "x1y",
            [row(1, 2, "1", "2", "r/first"), row(0, 3, "x1y", "z", "r/second")],
            [
                "    1 ~ [-x1y-]{+z+}",
                "        ^ r/first  characters 1–2  ‘1’ → ‘2’",
                "        ^ r/second  characters 0–3  ‘x1y’ → ‘z’",
            ],
        ),
    ],
)
def test_each_cut_is_shown_in_its_place(original, rows, told):
    assert shown(original, *rows) == told


PIECES = st.lists(st.sampled_from(["a", "\n", " ", "bc", "\n\n", "é"]), max_size=12).map("".join)


@settings(deadline=None)
@given(PIECES, st.lists(st.tuples(st.integers(0, 12), st.integers(1, 4), PIECES), max_size=4))
def test_what_is_shown_is_what_came_in_and_what_went_out(text, changes):
    doc = Document("a", text)
    for start, length, after in changes:
        if start + length <= len(doc.text):
            doc = doc.edit([Edit(start, start + length, after, "r/x")], "r")
    lines = list(annotated.lines(doc.original, list(ledger.edits(doc, "a", "x"))))
    assert [line.number for line in lines] == list(range(1, doc.original.count("\n") + 2))
    came = ["".join(t for sign, t in line.pieces if sign != "+").removesuffix("⏎") for line in lines]
    assert came == doc.original.split("\n")
    went = "".join(t for line in lines for sign, t in line.pieces if sign != "-")
    assert went.replace("⏎", "") == doc.text.replace("\n", "")


@pytest.mark.parametrize(
    ("a", "b", "shared", "resemblance", "containment"),
    [
        ("one two three four", "ONE, two: three. four!", ["one two three", "two three four"], 1, 1),
        ("one two three four", "zero one two three", ["one two three"], 1 / 3, 1 / 2),
        ("one two", "one two", ["one two"], 1, 1),
        ("one", "", [], 0, 0),
        ("", "", [], 0, 0),
        ("東京都", "東京都", ["東京 京都 都"], 1, 1),
    ],
)
def test_evidence_is_what_two_texts_share(a, b, shared, resemblance, containment):
    found = evidence(a, b)
    assert (found.shared, found.resemblance, found.containment) == (shared, resemblance, containment)


def test_evidence_says_what_the_run_has_said(put, do, line, article, tmp_path):
    a, b = article(1), article(1).replace(".", ", and so on.", 1)
    do(put("a.jsonl", line(id="a", text=a) + line(id="b", text=b)))
    (told,) = map(json.loads, (tmp_path / "out/duplicates.jsonl").read_text().splitlines())
    found = evidence(a, b)
    assert (round(found.resemblance, 4), round(found.containment, 4)) == (told["resemblance"], told["containment"])
