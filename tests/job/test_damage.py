"""Damaged and odd input: what can be read is processed, the rest is one entry in quarantine."""

import bz2
import gzip
import lzma
import os

import pytest

from cleaner import storage
from cleaner.errors import InputError, UsageError
from cleaner.parts import chunks, inputs
from cleaner.record import Damage, Record

PACK = {".gz": gzip.compress, ".zst": storage.zstd.compress, ".bz2": bz2.compress, ".xz": lzma.compress}


@pytest.fixture
def lines(line, article):
    return [line(id=f"k{i}", text=article(i)) for i in range(40)]


@pytest.mark.parametrize("suffix", PACK)
@pytest.mark.parametrize("cut", [5, 0.5, -3], ids=["at the start", "in the middle", "at the end"])
@pytest.mark.parametrize("chunk_size", [800, 1 << 20])
def test_of_a_truncated_file_the_whole_lines_count(
    do, audit, kept, quarantined, lines, bare, tmp_path, suffix, cut, chunk_size
):
    packed = PACK[suffix](b"".join(lines))
    place = int(len(packed) * cut) if isinstance(cut, float) else cut
    path = tmp_path / f"a.jsonl{suffix}"
    path.write_bytes(packed[:place])
    result = do(path, recipe=bare, chunk_size=chunk_size)
    counts = audit(tmp_path / "out")
    assert result.tally.damaged_sources == 1
    assert counts["quarantined"] == 1
    assert [r["id"] for r in kept(tmp_path / "out")] == [f"k{i}" for i in range(counts["kept"])]
    (row,) = quarantined(tmp_path / "out")
    assert (row["source"], row["reason"]) == (path.name, "truncated")
    assert row["offset"] == sum(map(len, lines[: counts["kept"]]))
    if cut == -3 and suffix != ".zst":  # its one block is not whole
        assert counts["kept"] == 40


@pytest.mark.parametrize("suffix", PACK)
def test_members_before_a_corrupt_one_count(do, audit, quarantined, lines, bare, tmp_path, suffix):
    path = tmp_path / f"a.jsonl{suffix}"
    path.write_bytes(PACK[suffix](b"".join(lines[:7])) + b"no archive at all" * 9)
    do(path, recipe=bare)
    assert audit(tmp_path / "out") == {"read": 8, "kept": 7, "dropped": 0, "duplicates": 0, "quarantined": 1}
    (row,) = quarantined(tmp_path / "out")
    assert row["reason"] == "corrupt"


@pytest.mark.parametrize("suffix", PACK)
def test_one_damaged_file_of_many_costs_no_other(put, do, audit, kept, lines, bare, tmp_path, suffix):
    put("in/a.jsonl", lines[0])
    put("in/t/x.txt", "text")
    put("in/z.jsonl", lines[1])
    (tmp_path / f"in/m.jsonl{suffix}").write_bytes(b"none")
    (tmp_path / f"in/t/bad.txt{suffix}").write_bytes(PACK[suffix](b"some text")[:-2])
    result = do(tmp_path / "in", recipe=bare)
    assert audit(tmp_path / "out")["quarantined"] == 2
    assert {r["id"] for r in kept(tmp_path / "out")} == {"k0", "k1", "t/x.txt"}
    assert result.tally.damaged_sources == 2


@pytest.mark.parametrize("size", [1, 7, 100, 1000])
@pytest.mark.parametrize("shift", range(0, 12, 5))
def test_records_at_the_borders_of_blocks_are_whole(do, audit, kept, line, bare, tmp_path, size, shift):
    """64 KiB is the size of the pieces in which files are read."""
    first = b'{"id": 0, "text": "' + b"a" * ((1 << 16) - 30 - shift) + b'"}\n'
    rows = [first, line(id=1, text="é" * 20), b"broken \xff\n", line(id=2, text="b\u2028c")]
    for suffix in ("", ".gz"):
        path = tmp_path / f"a.jsonl{suffix}"
        storage.write(path, b"".join(rows))
        do(path, recipe=bare, chunk_size=size, fresh=True)
        assert audit(tmp_path / "out")["quarantined"] == 1
        assert [r["id"] for r in kept(tmp_path / "out")] == [0, 1, 2]


@pytest.mark.parametrize("inputs", [["nope.jsonl"], ["nope/"], ["nope/*.jsonl"], ["a.jsonl.gz.nope"]], ids=" ".join)
def test_a_missing_input_is_named_and_the_others_are_read(
    put, do, audit, kept, quarantined, lines, bare, tmp_path, monkeypatch, inputs
):
    put("a.jsonl", lines[0])
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=r"nothing to read: .*no such file or folder"):
        do(*inputs)
    result = do("a.jsonl", *inputs, recipe=bare)
    assert result.tally.damaged_sources == 1
    assert [r["id"] for r in kept(tmp_path / "out")] == ["k0"]
    assert audit(tmp_path / "out")["read"] == 2
    (row,) = quarantined(tmp_path / "out")
    assert (row["reason"], row["error"]) == ("unreadable", "no such file or folder")
    assert sorted(p.name for p in (tmp_path / "out/documents").iterdir()) == ["a.jsonl"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file_is_named(put, do, quarantined, lines, bare, tmp_path):
    put("in/a.jsonl", lines[0])
    put("in/b.jsonl", lines[1]).chmod(0)
    do(tmp_path / "in", recipe=bare)
    (row,) = quarantined(tmp_path / "out")
    assert (row["source"], row["reason"], row["error"]) == ("b.jsonl", "unreadable", "Permission denied")


def test_a_folder_that_cannot_be_listed_is_named(put, do, quarantined, kept, lines, bare, tmp_path, monkeypatch):
    put("in/a.jsonl", lines[0])
    put("in/locked/b.jsonl", lines[1])
    listed = os.scandir

    def refuses(path):
        if str(path).endswith("locked"):
            raise PermissionError(13, "Permission denied", str(path))
        return listed(path)

    with monkeypatch.context() as patch:
        patch.setattr(os, "scandir", refuses)
        do(tmp_path / "in", recipe=bare)
    (row,) = quarantined(tmp_path / "out")
    assert (row["source"], row["error"]) == ("locked", "the folder cannot be read: Permission denied")
    assert [r["id"] for r in kept(tmp_path / "out")] == ["k0"]


@pytest.mark.parametrize("kind", ["fifo", "dangling link", "device"])
def test_what_is_no_plain_file_is_refused_and_nothing_waits_for_it(put, do, quarantined, lines, bare, tmp_path, kind):
    put("a.jsonl", lines[0])
    odd = tmp_path / "odd.jsonl"
    if kind == "fifo":
        os.mkfifo(odd)
    elif kind == "device":
        odd.symlink_to("/dev/zero")
    else:
        odd.symlink_to(tmp_path / "nowhere")
    do(tmp_path / "a.jsonl", odd, recipe=bare)
    (row,) = quarantined(tmp_path / "out")
    assert (row["source"], row["error"]) == ("odd.jsonl", "it is no plain file")


def test_in_a_folder_nothing_but_plain_files_is_opened(put, do, audit, kept, quarantined, lines, bare, tmp_path):
    put("secret/s.jsonl", lines[1])
    put("in/a.jsonl", lines[0])
    put("in/.hidden.jsonl", lines[2])
    put("in/.git/x.jsonl", lines[3])
    put("in/picture.png", b"\x89PNG")
    (tmp_path / "in/link.jsonl").symlink_to(tmp_path / "secret/s.jsonl")
    (tmp_path / "in/folder").symlink_to(tmp_path / "secret")
    os.mkfifo(tmp_path / "in/fifo.jsonl")
    (tmp_path / "in/again.jsonl").symlink_to(tmp_path / "in/a.jsonl")
    os.mkfifo(tmp_path / "in/fifo")
    result = do(tmp_path / "in", recipe=bare)
    assert audit(tmp_path / "out")["read"] == 4
    assert [r["id"] for r in kept(tmp_path / "out")] == ["k0"]
    away = "it is a link that leads out of the folder; name it if it should be read"
    assert {row["source"]: row["error"] for row in quarantined(tmp_path / "out")} == {
        "fifo.jsonl": "it is no plain file",
        "folder": away,
        "link.jsonl": away,
    }
    assert result.tally.damaged_sources == 3


@pytest.mark.parametrize("content", ["nothing", "folders", "pictures", "hidden"])
def test_a_folder_without_input_is_said(put, do, tmp_path, content):
    (tmp_path / "in/sub/deep").mkdir(parents=True)
    if content == "pictures":
        put("in/sub/a.png", b"\x89PNG")
    if content == "hidden":
        put("in/.a.jsonl", b"")
    with pytest.raises(InputError, match=r"nothing to read: no file of a known format is there \(known: .*\.jsonl"):
        do(tmp_path / "in")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", ["a.jsonl", "a.txt", "a.html", "a.jsonl.gz", "a.jsonl.zst", "a.txt.xz"])
def test_an_empty_file_is_no_damage(put, do, audit, tmp_path, name):
    put(name, b"")
    result = do(tmp_path / name)
    counts = audit(tmp_path / "out")
    assert (counts["quarantined"], counts["kept"], result.tally.damaged_sources) == (0, 0, 0)
    assert counts["dropped"] == (0 if "jsonl" in name else 1)


def test_a_file_of_unknown_kind_is_asked_about(put, do, audit, kept, lines, bare, tmp_path):
    put("corpus.data", lines[0])
    with pytest.raises(UsageError, match=r"corpus\.data: its name does not tell its format; say --format"):
        do(tmp_path / "corpus.data")
    do(tmp_path / "corpus.data", recipe=bare, format="jsonl")
    assert [r["id"] for r in kept(tmp_path / "out")] == [] or audit(tmp_path / "out")["kept"] == 1


def test_a_format_that_is_none_is_said(put, do):
    with pytest.raises(UsageError, match="did you mean 'jsonl'"):
        do(put("a.jsonl", b""), format="json")


@pytest.mark.parametrize("left", [0, 3, 3.5], ids=["all", "at a line end", "within a line"])
@pytest.mark.parametrize("size", [1, 500])
def test_a_file_that_becomes_shorter_while_it_is_read_is_damage(put, lines, left, size):
    path = put("a.jsonl", b"".join(lines))
    (part,) = inputs.find([str(path)])
    cut = list(chunks.cut([part], size))
    path.write_bytes(b"".join(lines[: int(left)]) + (lines[3][:99] if left == 3.5 else b""))
    items = [item for chunk in [*cut, *chunks.cut([part], size)] for item in chunk.read()]
    assert [isinstance(item, Record) for item in items].count(True) == 2 * int(left)
    assert [(item.reason, item.whole) for item in items if isinstance(item, Damage)].count(("truncated", True)) == 2


def test_a_file_that_goes_while_it_is_read_is_damage(put, lines):
    path = put("a.jsonl", b"".join(lines))
    (chunk,) = chunks.cut(inputs.find([str(path)]))
    path.unlink()
    (damage,) = chunk.read()
    assert (damage.reason, damage.error, damage.whole) == ("unreadable", "No such file or directory", True)


@pytest.mark.parametrize("name", ["a.jsonl", "a.txt", "a.html", "a.txt.gz", "a.jsonl.zst"])
def test_a_record_too_long_costs_no_other_one(put, do, audit, quarantined, line, bare, tmp_path, monkeypatch, name):
    monkeypatch.setattr("cleaner.formats.jsonl.LARGEST", 200_000)
    monkeypatch.setattr("cleaner.parts.chunks.LARGEST", 200_000)
    long = line(id=1, text="a" * 200_000)
    put(f"in/{name}", long + line(id=2, text="b") if "jsonl" in name else long)
    put("in/b.txt", "a" * 200)
    do(tmp_path / "in", recipe=bare)
    counts = audit(tmp_path / "out")
    assert (counts["quarantined"], counts["kept"]) == (1, 2 if "jsonl" in name else 1)
    (row,) = quarantined(tmp_path / "out")
    assert (row["source"], row["reason"], row["offset"]) == (name, "too-large", 0)


def test_a_line_that_is_longer_than_many_chunks_is_read_in_its_share_of_time(put, do, audit, bare, tmp_path):
    put("a.jsonl.gz", b'{"id": 1, "text": "' + b"a " * 3_000_000 + b'"}\n{"id": 2, "text": "b"}\n')
    do(tmp_path / "a.jsonl.gz", recipe=bare, chunk_size=1000)
    assert audit(tmp_path / "out")["kept"] == 2
