"""Verifying: a sound run holds, each kind of damage is named, and each law that is broken is said."""

import hashlib
import json

import pytest

from cleaner.errors import LawError
from cleaner.job.verify import verify
from cleaner.report.tally import Tally


@pytest.fixture
def out(corpus, do, tmp_path):
    do(corpus)
    return tmp_path / "out"


def resealed(out):
    """Write the sums of the files as they are now into the manifest: as if the run itself had left them so."""
    path = out / "MANIFEST.json"
    manifest = json.loads(path.read_bytes())
    files = {p.relative_to(out).as_posix(): p.read_bytes() for p in out.rglob("*") if p.is_file() and p != path}
    manifest["files"] = {n: {"bytes": len(d), "sha256": hashlib.sha256(d).hexdigest()} for n, d in files.items()}
    path.write_text(json.dumps(manifest))


def test_a_sound_run_holds(out):
    found = verify(out)
    assert (found.damaged, found.broken) == ([], [])
    checked = {
        name: found.checked[name] for name in ("read", "kept", "dropped", "duplicates", "quarantined", "clusters")
    }
    assert checked == {"read": 26, "kept": 18, "dropped": 1, "duplicates": 3, "quarantined": 4, "clusters": 3}
    assert found.checked["texts"] == 22
    assert found.checked["rows"] > 4
    assert found.checked["files"] == sum(p.is_file() for p in out.rglob("*")) - 1


@pytest.mark.parametrize("options", [{"dry": True}, {"annotate": "all"}, {"limit": 7}, {"chunk_size": 300}])
def test_every_kind_of_run_holds(corpus, do, tmp_path, options):
    do(corpus, **options)
    found = verify(tmp_path / "out")
    assert (found.damaged, found.broken) == ([], [])


def test_ids_that_are_not_there_or_not_alone_hold(put, do, line, tmp_path):
    rows = [line(text="a"), line(id="x", text="b"), line(id="x", text="b"), line(id="x", text=""), line(body="c")]
    do(put("a.jsonl", b"".join(rows)), names={"id": "name"})
    assert verify(tmp_path / "out").broken == []


FILES = ["documents/a.jsonl", "documents/texts/0.txt", "ledger/a.jsonl", "removed/a.jsonl", "places/a.jsonl"]


@pytest.mark.parametrize("name", [*FILES, "quarantine/a.jsonl", "duplicates.jsonl", "report.json", "report.html"])
@pytest.mark.parametrize("damage", ["gone", "cut", "flip"])
def test_a_damaged_file_is_named(out, name, damage):
    path = out / name
    data = path.read_bytes()
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(data[:-1] if damage == "cut" else bytes([data[0] ^ 1]) + data[1:])
    found = verify(out)
    assert [sentence.partition(": ")[0] for sentence in found.damaged] == [name]


@pytest.mark.parametrize("name", ["documents/more.jsonl", "ledger/x/y.jsonl", "note.txt"])
def test_a_file_too_many_is_named(out, name):
    (out / name).parent.mkdir(exist_ok=True)
    (out / name).write_text("")
    assert verify(out).damaged == [f"{name}: the run has left no such file"]


def lines(path, change):
    rows = path.read_bytes().split(b"\n")[:-1]
    path.write_bytes(b"".join(row + b"\n" for row in change(rows)))


def with_field(match, **values):
    def change(rows):
        for row in map(json.loads, rows):
            if match(row):
                row.update({name: value(row) if callable(value) else value for name, value in values.items()})
            yield json.dumps(row).encode()

    return change


def is_edit(row):
    return row["action"] == "replace"


def is_verdict(action):
    return lambda row: row["action"] == action


BREAKS = {
    "a document is lost": ("documents/a.jsonl", lambda rows: rows[1:], "less was written|another id"),
    "a document is there twice": ("documents/a.jsonl", lambda rows: [*rows, rows[0]], "more documents"),
    "two documents change places": ("documents/a.jsonl", lambda rows: rows[::-1], "another id"),
    "a text is changed": (
        "documents/a.jsonl",
        with_field(lambda row: row["id"] == "n7", text="x"),
        "does not give back",
    ),
    "a removed one is lost": ("removed/a.jsonl", lambda rows: rows[1:], "less was written"),
    "a row is lost": ("ledger/a.jsonl", lambda rows: rows[1:], "less was written"),
    "a row is there twice": ("ledger/a.jsonl", lambda rows: [*rows, rows[0]], "more rows"),
    "a span is moved": ("ledger/a.jsonl", with_field(is_edit, start=lambda r: r["start"] + 1), "does not give back"),
    "a span leaves the text": ("ledger/a.jsonl", with_field(is_edit, end=10**6), "lies outside"),
    "a row tells of another text": ("ledger/a.jsonl", with_field(is_edit, before="?"), "does not give back"),
    "a row is of another document": ("ledger/a.jsonl", with_field(is_edit, doc="x"), "of another document"),
    "a row is of another place": ("ledger/a.jsonl", with_field(is_edit, at=77777), "of another document"),
    "a verdict is lost": ("ledger/a.jsonl", with_field(is_verdict("duplicate"), action="part-of"), "verdicts are"),
    "a verdict names another": ("ledger/a.jsonl", with_field(is_verdict("duplicate"), ref="n0"), "other duplicates"),
    "a dropped text is changed": ("ledger/a.jsonl", with_field(is_verdict("duplicate"), before="x"), "give back"),
    "a cluster keeps none": ("duplicates.jsonl", with_field(lambda _: True, kept="copy"), "no kept document"),
    "a duplicate is not told of": ("duplicates.jsonl", lambda rows: rows[1:], "other duplicates"),
    "a duplicate is told of twice": ("duplicates.jsonl", lambda rows: [*rows, rows[0]], "other duplicates"),
    "a place is lost": ("places/a.jsonl", lambda rows: rows[:-1], "more documents"),
    "a place moves": ("places/a.jsonl", with_field(lambda row: row["id"] == "n0", at=5), "not those that were read"),
    "an outcome is another": ("places/a.jsonl", with_field(lambda row: row["id"] == "n0", outcome="dropped"), ""),
    "a hash is another": ("places/a.jsonl", with_field(lambda row: row["id"] == "n0", text="0"), "give back"),
    "a bad record is lost": ("quarantine/a.jsonl", lambda rows: rows[1:], "records were read, but there are"),
    "a bad record is another": ("quarantine/a.jsonl", with_field(lambda _: True, offset=3), "not those that were read"),
    "bad bytes are others": ("quarantine/a.jsonl", with_field(lambda _: True, raw="eA=="), "not as it came"),
    "rows are no JSON": ("ledger/a.jsonl", lambda rows: [b"{" for _ in rows], "cannot be read"),
    "places lack a field": ("places/a.jsonl", lambda rows: [b'{"id": 1}' for _ in rows], "cannot be read"),
}


@pytest.mark.parametrize(("name", "change", "told"), BREAKS.values(), ids=BREAKS.keys())
def test_a_broken_law_is_said_even_if_all_sums_are_right(out, name, change, told):
    lines(out / name, change)
    resealed(out)
    found = verify(out)
    assert found.damaged == []
    assert any(word in sentence for sentence in found.broken for word in told.split("|")), found.broken


@pytest.mark.parametrize("where", ["total", "part"])
@pytest.mark.parametrize("name", ["read", "kept", "duplicates", "arrivals"])
def test_what_the_run_has_counted_is_not_believed(out, where, name):
    path = out / "report.json"
    report = json.loads(path.read_bytes())
    tally = report["total"] if where == "total" else report["parts"]["a.jsonl"]
    tally[name] = "0" * 16 if name == "arrivals" else tally[name] + 1
    path.write_text(json.dumps(report))
    resealed(out)
    assert any(
        sentence.startswith("the whole run" if where == "total" else "a.jsonl") for sentence in verify(out).broken
    )


def test_a_manifest_that_counts_otherwise_is_said(out):
    path = out / "MANIFEST.json"
    manifest = json.loads(path.read_bytes())
    manifest["counts"]["kept"] += 1
    path.write_text(json.dumps(manifest))
    assert [sentence.partition(" counts")[0] for sentence in verify(out).broken] == ["the manifest"]


def test_two_errors_do_not_cancel():
    tally = Tally(read=2, kept=2)
    for at in (0, 10):
        tally.arrive("a.jsonl", at)
        tally.depart("a.jsonl", 0)  # one record is lost and the other written twice
    with pytest.raises(LawError, match="other records"):
        tally.check()


def test_a_tally_comes_back_from_its_json():
    tally = Tally(read=1, kept=1)
    tally.arrive("a", 2**40)
    assert Tally.of_json(json.loads(json.dumps(tally.as_json()))) == tally
