"""Nothing is lost: every record that is read is kept, dropped, a duplicate or in quarantine, and can be had back."""

import base64
import hashlib
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

BAD = {
    "no JSON": b"broken",
    "cut off": b'{"id": "bad", "text": "cut of',
    "no UTF-8": b'{"id": "bad", "text": "\xff\xfe"}',
    "a surrogate in bytes": b'{"id": "bad", "text": "\xed\xa0\x80"}',
    "no object": b'["id", "text"]',
    "no text": b'{"id": "bad"}',
    "null": b'{"id": "bad", "text": null}',
    "a text that is none": b'{"id": "bad", "text": 7}',
    "a page that is none": b'{"id": "bad", "html": {"a": 1}}',
    "too deep": b'{"id": "bad", "text": "a", "x": ' + b"[" * 500 + b"]" * 500 + b"}",
    "a hole": b"\x00" * 64,
    "two on a line": b'{"id": 1, "text": "a"}{"id": 2, "text": "b"}',
    "a bare carriage return": b'{"id": 1, "text": "a"}\r{"id": 2, "text": "b"}',
    "half a surrogate pair at the end": b'{"id": "bad", "text": "\\ud8',
    "UTF-16": '{"id": "bad", "text": "a"}'.encode("utf-16-le"),
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD.keys())
def test_a_bad_record_costs_no_other_one_and_is_kept_whole(
    put, do, audit, kept, quarantined, line, bare, bad, tmp_path
):
    files = {}
    for name, place in (("first", 0), ("middle", 3), ("last", 6)):
        lines = [line(id=f"{name}{i}", text="a text " * 9) for i in range(6)]
        lines.insert(place, bad + b"\n")
        files[f"{name}.jsonl"] = b"".join(lines)
        put(f"in/{name}.jsonl", files[f"{name}.jsonl"])
    do(tmp_path / "in", recipe=bare, chunk_size=300)
    out = tmp_path / "out"
    assert audit(out) == {"read": 21, "kept": 18, "dropped": 0, "duplicates": 0, "quarantined": 3}
    assert [record["id"] for record in kept(out)] == [
        f"{name}{i}" for name in ("first", "last", "middle") for i in range(6)
    ]
    assert sorted(row["source"] for row in quarantined(out)) == sorted(files)
    for row in quarantined(out):
        assert base64.b64decode(row["raw"]) == bad
        assert (row["length"], row["sha256"]) == (len(bad), hashlib.sha256(bad).hexdigest())
        assert files[row["source"]][row["offset"] :][: row["length"]] == bad
        assert row["reason"]
        assert row["error"]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kinds=st.lists(st.sampled_from(["good", "copy", "blank", "empty", *BAD]), max_size=14),
    size=st.sampled_from([40, 700, 3000]),
    ending=st.sampled_from([b"\n", b"\r\n"]),
    final=st.booleans(),
    suffix=st.sampled_from(["", ".gz", ".zst"]),
)
def test_any_mixture_at_any_chunk_border_adds_up(
    put, do, audit, article, line, tmp_path, kinds, size, ending, final, suffix
):
    made = {
        "blank": b"  ",
        "copy": line(id="copy", text=article(0)).strip(),
        "empty": line(id="e", text="").strip(),
        **BAD,
    }
    lines = [line(id=f"good{i}", text=article(i)).strip() if k == "good" else made[k] for i, k in enumerate(kinds, 1)]
    path = put(f"a.jsonl{suffix}", ending.join(lines) + (ending if final else b""))
    do(path, fresh=True, chunk_size=size)
    copies = kinds.count("copy")
    assert audit(tmp_path / "out") == {
        "read": len(kinds) - kinds.count("blank"),
        "kept": kinds.count("good") + min(copies, 1),
        "dropped": kinds.count("empty"),
        "duplicates": max(copies - 1, 0),
        "quarantined": sum(k in BAD for k in kinds),
    }


def test_all_outcomes_in_all_formats_add_up(corpus, do, audit, tmp_path):
    do(corpus, chunk_size=2000)
    assert audit(tmp_path / "out") == {"read": 26, "kept": 18, "dropped": 1, "duplicates": 3, "quarantined": 4}


@pytest.mark.parametrize("chunk_size", [500, 1 << 20])
def test_every_text_that_came_in_can_be_restored(corpus, do, restored, kept, tmp_path, article, chunk_size):
    do(corpus, chunk_size=chunk_size)
    out = tmp_path / "out"
    texts = {}
    for row in (corpus / "a.jsonl").read_bytes().split(b"\n"):
        try:
            record = json.loads(row)
            texts[record["id"]] = record["text"]
        except (ValueError, KeyError):
            continue
    texts |= {f"z{i}": article(100 + i) for i in range(5)}
    texts |= {"near": article(2) + "\n\nA last word.", "texts/0.txt": article(300), "texts/x é.txt": article(301)}
    for key, text in texts.items():
        assert restored(out, key) == text, key
    gone = set(texts) - {record.get("id") for record in kept(out)}
    assert {"copy", "empty", "near", "texts/x é.txt"} <= gone


def test_a_duplicate_after_a_dropped_document_is_not_taken_for_it(put, do, ledger_rows, restored, line, tmp_path):
    do(put("a.jsonl", line(id=1, text="a") + line(id=2, text="\n\n\n ") + line(id=3, text="a")))
    verdicts = [(row["doc"], row["action"]) for row in ledger_rows(tmp_path / "out")][-2:]
    assert verdicts == [(2, "drop"), (3, "duplicate")]
    assert [restored(tmp_path / "out", key) for key in (1, 2, 3)] == ["a", "\n\n\n ", "a"]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(
        st.text(max_size=30) | st.sampled_from(["â€™ ", "\ud800", "\x00", "a\n\n\n\nb", "a  \nb"]), max_size=6
    )
)
def test_any_text_can_be_restored(put, do, restored, audit, tmp_path, texts):
    rows = [json.dumps({"id": f"k{i}", "text": t}).encode() + b"\n" for i, t in enumerate(texts)]
    do(put("a.jsonl", b"".join(rows)), fresh=True)
    audit(tmp_path / "out")
    for i, text in enumerate(texts):
        assert restored(tmp_path / "out", f"k{i}") == text


def test_a_second_run_over_what_came_out_changes_nothing(corpus, do, tree, kept, tmp_path):
    do(corpus)
    do(tmp_path / "out/documents", out="again")
    first, second = tree(tmp_path / "out/documents"), tree(tmp_path / "again/documents")
    assert second == {name: data for name, data in first.items() if data or name.endswith((".jsonl", ".ndjson"))}
    assert [r["text"] for r in kept(tmp_path / "again")] == [r["text"] for r in kept(tmp_path / "out")]


FERRY = """Ferry runs aground off Brannholm, all are safe

The ferry Marguerite ran aground in fog off the island of Brannholm early on Tuesday with 180 people on board.
Fishing boats took the passengers to the harbour of Skelvik, the coast guard said. Two sailors had bruises.
The Marguerite was on its way from Skelvik to the mainland when it hit a sandbank. Divers will look at its hull."""
FOG = """Fog blamed as Marguerite hits a sandbank

Fishermen from Skelvik rescued nearly two hundred travellers when the Marguerite struck a sandbank near Brannholm.
Nobody was badly hurt, although two sailors had bruises, according to the coast guard. The captain blamed the fog.
Whether the ferry's hull is damaged will be known when divers have looked at it."""


@pytest.mark.parametrize(("day", "stories"), [("2024-03-02", 1), ("2024-05-30", 0)])
def test_what_a_page_tells_of_itself_is_known_in_a_second_run_too(put, do, tree, line, tmp_path, day, stories):
    def page(text, date):
        head = f'<head><meta property="article:published_time" content="{date}"></head>'
        return f"<html>{head}<body><p>{text}</p></body></html>"

    recipe = 'stages = ["spacing"]\n[dedup]\nlevel = "story"\n'
    rows = [line(html=page(FERRY, "2024-03-01") + "\n" * 9), line(html=page(FOG, day))]
    do(put("a.jsonl", b"".join(rows)), recipe=recipe)
    assert len((tmp_path / "out/duplicates.jsonl").read_bytes().splitlines()) == stories
    do(tmp_path / "out/documents", out="again", recipe=recipe)
    assert tree(tmp_path / "again/documents") == tree(tmp_path / "out/documents")


def test_of_a_very_long_bad_record_the_beginning_is_kept_and_the_hash_of_all(put, do, quarantined, tmp_path, bare):
    bad = b"x" * 200_000
    do(put("a.jsonl", bad), recipe=bare)
    (row,) = quarantined(tmp_path / "out")
    assert row["length"] == len(bad)
    assert base64.b64decode(row["raw"]) == bad[: 1 << 16]
    assert row["sha256"] == hashlib.sha256(bad).hexdigest()


def test_a_stage_that_fails_on_a_file_sends_the_very_file_to_quarantine(
    put, do, quarantined, audit, tmp_path, monkeypatch
):
    def fails(_stage, doc):
        if "trial" not in doc.text:
            message = "no"
            raise ZeroDivisionError(message)
        return []

    monkeypatch.setattr("cleaner.stages.spacing.Spacing.__call__", fails)
    put("in/a.txt", b"\xef\xbb\xbfabc \n")
    do(put("in/b.html", b"<meta charset=latin1><p>\xe9").parent, recipe='stages = ["spacing"]\n[dedup]\nlevel = "off"')
    assert audit(tmp_path / "out")["quarantined"] == 2
    raws = {row["source"]: (base64.b64decode(row["raw"]), row["reason"]) for row in quarantined(tmp_path / "out")}
    assert raws == {
        "a.txt": (b"\xef\xbb\xbfabc \n", "stage-failed"),
        "b.html": (b"<meta charset=latin1><p>\xe9", "stage-failed"),
    }
