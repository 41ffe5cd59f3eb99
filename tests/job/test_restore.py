"""Restoring: every text comes back, a rule is undone alone, quarantined bytes are those that came."""

import hashlib
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cleaner.errors import BusyError, InputError, UsageError
from cleaner.job.restore import quarantine, restore

STRIP = 'stages = ["repair", "boilerplate", "spacing"]\n[dedup]\nlevel = "exact"\n'


def records(path):
    return [json.loads(line) for line in path.read_bytes().split(b"\n")[:-1]]


def texts_of(corpus):
    """Return the texts of the good records of a.jsonl, in order."""
    found = []
    for line in (corpus / "a.jsonl").read_bytes().split(b"\n"):
        try:
            found.append(json.loads(line)["text"])
        except (ValueError, KeyError):
            continue
    return found


@pytest.mark.parametrize("annotate", ["on", "off", "all"])
def test_all_comes_back_with_its_other_fields_where_it_was(corpus, do, tree, tmp_path, annotate):
    do(corpus, annotate=annotate)
    done = restore(tmp_path / "out", tmp_path / "back")
    came = [
        json.loads(r)
        for r in (corpus / "a.jsonl").read_bytes().split(b"\n")
        if r.startswith(b'{"id"') and b"\xff" not in r
    ]
    assert records(tmp_path / "back/a.jsonl") == [record for record in came if "text" in record]
    came, back = tree(corpus), tree(tmp_path / "back")
    assert back.keys() == {f"{name}.txt" if name.startswith("pages") else name for name in came} - {
        "texts/bad.txt",
        "zz.ndjson",
    }
    assert all(back[name] == came[name] for name in back if name.startswith("texts/"))
    assert done == (22, 11 if annotate == "all" else 5)


def test_two_records_with_one_id_come_back_each_as_it_was(put, do, line, tmp_path):
    texts = ["one  \n\n\n\n", "one  \n\n\n\n\n", "two", "", " ", "two\n\n\n\n\n"]
    do(put("a.jsonl", b"".join(line(id="same", n=n, text=text) for n, text in enumerate(texts))))
    assert restore(tmp_path / "out", tmp_path / "all").written == len(texts)
    assert restore(tmp_path / "out", tmp_path / "some", ["same"]).written == len(texts)
    for folder in ("all", "some"):
        assert records(tmp_path / folder / "a.jsonl") == [
            {"id": "same", "n": n, "text": t} for n, t in enumerate(texts)
        ]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(
        st.text(max_size=30) | st.sampled_from(["â€™ ", "\ud800", "\x00", "a\n\n\n\nb", "Share on Facebook\na"]),
        max_size=6,
    )
)
def test_any_text_comes_back(put, do, tmp_path, texts):
    do(put("a.jsonl", b"".join(json.dumps({"text": t}).encode() + b"\n" for t in texts)), fresh=True, recipe=STRIP)
    done = restore(tmp_path / "out", tmp_path / "back", fresh=True)
    assert done.written == len(texts)
    if texts:
        assert records(tmp_path / "back/a.jsonl") == [{"text": text} for text in texts]


MIXED = "Share on Facebook\n\nIt was â€œfineâ€\x9d.\n\nSkip to content"


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("en/share", "Share on Facebook\n\nIt was “fine”."),
        ("en/skip", "It was “fine”.\n\nSkip to content"),
        ("repair", "It was â€œfineâ€\x9d."),
        ("en", "Share on Facebook\n\nIt was “fine”.\n\nSkip to content"),
        ("en/sha", "It was “fine”."),
        ("dedup", "It was “fine”."),
    ],
)
def test_without_a_rule_comes_out_what_would_have_come_out(put, do, line, tmp_path, rule, text):
    do(put("a.jsonl", line(id=1, text=MIXED, n=1)), recipe=STRIP)
    restore(tmp_path / "out", tmp_path / "back", rule=rule)
    (record,) = records(tmp_path / "back/a.jsonl")
    told = record.pop("_cleaner")
    assert record == {"id": 1, "text": text, "n": 1}
    assert told["removed"] == len(MIXED) - len(text)
    (out,) = records(tmp_path / "out/documents/a.jsonl")
    assert (text == out["text"]) == (told == out["_cleaner"])


def test_without_its_verdict_a_document_comes_out_clean(put, do, line, tmp_path):
    rows = [("a", "It rained."), ("b", "It rained.\n\nSkip to content"), ("c", "Skip to content"), ("d", " ")]
    do(put("a.jsonl", b"".join(line(id=key, text=text) for key, text in rows)), recipe=STRIP)

    def ids(rule):
        restore(tmp_path / "out", tmp_path / "back", rule=rule, fresh=True)
        return [(record["id"], record["text"]) for record in records(tmp_path / "back/a.jsonl")]

    assert ids("dedup/exact") == [("a", "It rained."), ("b", "It rained.")]
    assert ids("drop/empty") == [("a", "It rained."), ("c", ""), ("d", "")]
    assert ids("en/skip") == [("a", "It rained."), ("c", "Skip to content")]
    assert ids("none") == [("a", "It rained.")]


def test_only_what_is_asked_for_is_written(corpus, do, tree, tmp_path):
    do(corpus)
    assert restore(tmp_path / "out", tmp_path / "back", ["texts/0.txt", "z1", "5"]).written == 3
    assert tree(tmp_path / "back").keys() == {"texts/0.txt", "b.jsonl.gz", "a.jsonl"}
    with pytest.raises(UsageError, match="'nobody'"):
        restore(tmp_path / "out", tmp_path / "other", ["z1", "nobody"])
    assert not (tmp_path / "other").exists()


@pytest.mark.parametrize("size", [6, 1 << 16, (1 << 16) + 1, 300_000])
def test_quarantined_bytes_come_back_exactly(put, do, tmp_path, bare, size):
    bad = bytes(range(11, 256)) * (size // 245) + b"x" * (size % 245)
    put("in/a.jsonl", b'{"text": "a"}\n' + bad + b"\n\xff\n")
    do(put("in/../b.txt", b"\x80\xff").parent, recipe=bare)
    done = quarantine(tmp_path / "out", tmp_path / "bad")
    rows = records(tmp_path / "bad/index.jsonl")
    assert done.written == len(rows) == 3
    data = {(tmp_path / "bad" / row["file"]).read_bytes(): row for row in rows}
    assert data.keys() == {bad, b"\xff", b"\x80\xff"}
    assert all(row["sha256"] == hashlib.sha256(raw).hexdigest() for raw, row in data.items())
    assert all(
        (row["source"], row["offset"]) in {("in/a.jsonl", 14), ("in/a.jsonl", 15 + size), ("b.txt", 0)} for row in rows
    )


def test_quarantined_bytes_that_are_not_as_they_came_are_said(put, do, tmp_path, bare):
    do(put("a.jsonl", b"x" * 100_000), recipe=bare)
    (path,) = (tmp_path / "out/quarantine/raw").iterdir()
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(InputError, match="not as it came"):
        quarantine(tmp_path / "out", tmp_path / "bad")
    assert not (tmp_path / "bad").exists()


def test_nothing_foreign_is_written_over(put, do, line, tree, tmp_path):
    do(put("a.jsonl", line(text="a  b")))
    put("back/a.jsonl", "mine")
    put("back/b.jsonl", "mine, too")
    with pytest.raises(BusyError, match="--fresh"):
        restore(tmp_path / "out", tmp_path / "back")
    assert tree(tmp_path / "back") == {"a.jsonl": b"mine", "b.jsonl": b"mine, too"}
    restore(tmp_path / "out", tmp_path / "back", fresh=True)
    assert tree(tmp_path / "back") == {"a.jsonl": line(text="a  b"), "b.jsonl": b"mine, too"}
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.jsonl", "back", "out"]


@pytest.mark.parametrize("to", ["out", "out/back", "."])
def test_the_run_itself_is_no_place_to_restore_to(put, do, line, tmp_path, to):
    do(put("a.jsonl", line(text="a")))
    with pytest.raises(UsageError, match="folder of the run"):
        restore(tmp_path / "out", tmp_path / to, fresh=True)


def test_a_dry_run_has_nothing_to_restore(put, do, line, tmp_path):
    do(put("a.jsonl", line(text="a")), dry=True)
    with pytest.raises(UsageError, match="dry run"):
        restore(tmp_path / "out", tmp_path / "back")


def test_where_a_disk_is_full_nothing_is_half_written(put, do, line, tmp_path, monkeypatch):
    do(put("a.jsonl", line(text="a")))

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(Exception, match="No space left") as caught:
        restore(tmp_path / "out", tmp_path / "back")
    assert caught.value.exit_code == 4
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.jsonl", "out"]
