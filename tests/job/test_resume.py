"""Whole or not at all: a run that is stopped anywhere goes on with the same command, to the same bytes."""

import errno
import json
import os

import pytest

from cleaner.errors import BusyError, OutputError

CALLS = ("fsync", "replace", "mkdir", "unlink", "rmdir")


class Fault:
    """Fails at one of the calls that change the disk."""

    def __init__(self, monkeypatch, number, strike, calls=CALLS):
        self.calls, self.struck, self.number, self.strike = 0, False, number, strike
        for name in calls:
            monkeypatch.setattr(os, name, self.wrapped(name, getattr(os, name)))

    def wrapped(self, name, call):
        def wrapper(*args, **more):
            self.calls += 1
            if self.calls == self.number:
                self.struck = True
                self.strike(name)
            return call(*args, **more)

        return wrapper


def fail_with(number):
    def strike(_name):
        raise OSError(number, os.strerror(number))

    return strike


@pytest.fixture
def small(put, article, line):
    """Write a corpus with every outcome that is as small as can be."""
    rows = [line(id=i, text=article(i) + "  \n\n\n") for i in (1, 2, 1)]
    put("in/a.jsonl", b"".join([*rows, b"broken\n", line(id="e", text="")]))
    return put("in/t/c.txt", article(4)).parents[1]


def stopped(do, small, **options):
    """Leave a half-done run in ``out``."""
    with pytest.MonkeyPatch.context() as patch:
        Fault(patch, options.pop("at", 16), fail_with(errno.ENOSPC))
        with pytest.raises(OutputError):
            do(small, **options)


def test_what_is_done_is_not_done_again(small, do, tmp_path):
    stopped(do, small, at=30)
    stamps = {p: p.stat().st_mtime_ns for p in (tmp_path / "out/.cleaner/chunks").iterdir()}
    assert stamps

    class Looker:
        seen = None

        def entered(self, phase):
            if phase == "writing":
                self.seen = {p: p.stat().st_mtime_ns for p in stamps}

        def started(self, _total):
            pass

        def advanced(self, *_):
            pass

    looker = Looker()
    do(small, watcher=looker)
    assert looker.seen == stamps


@pytest.mark.parametrize("suffix", ["chunk", "sketch"])
@pytest.mark.parametrize("damage", ["flip", "cut", "empty", "gone"])
def test_damaged_state_is_done_again(small, do, tree, tmp_path, suffix, damage):
    do(small, out="expected")
    stopped(do, small, at=30)
    paths = sorted((tmp_path / "out/.cleaner/chunks").glob(f"*.{suffix}"))
    assert paths
    for path in paths:
        data = bytearray(path.read_bytes())
        if damage == "flip":
            data[len(data) // 2] ^= 1
        path.write_bytes({"flip": data, "cut": data[:-3], "empty": b"", "gone": b""}[damage])
        if damage == "gone":
            path.unlink()
    do(small)
    assert tree(tmp_path / "out") == tree(tmp_path / "expected")


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff", b"null"])
@pytest.mark.parametrize("name", [".cleaner/job.json", "MANIFEST.json"])
def test_a_damaged_note_on_the_job_is_said(small, do, tmp_path, content, name):
    if name == "MANIFEST.json":
        do(small)
    else:
        stopped(do, small)
    (tmp_path / "out" / name).write_bytes(content)
    with pytest.raises(BusyError, match="--fresh"):
        do(small)
    do(small, fresh=True)


def other_input(small, article, line):
    (small / "a.jsonl").write_bytes(line(id=1, text=article(7)))
    return {}


def touched_input(small, *_):
    os.utime(small / "a.jsonl", (2**31, 2**31))
    return {}


def more_input(small, *_):
    (small / "z.txt").write_text("more")
    return {}


def less_input(small, *_):
    (small / "t/c.txt").unlink()
    return {}


CHANGES = [
    pytest.param(lambda *_: {"recipe": 'stages = ["repair"]'}, id="stages"),
    pytest.param(lambda *_: {"recipe": 'stages = ["repair", "spacing"]\n[dedup]\nlevel = "exact"'}, id="dedup"),
    pytest.param(lambda *_: {"names": {"text": "body"}}, id="field names"),
    pytest.param(lambda *_: {"annotate": "off"}, id="annotation"),
    pytest.param(lambda *_: {"limit": 2}, id="limit"),
    pytest.param(lambda *_: {"dry": True}, id="dry run"),
    pytest.param(other_input, id="other input"),
    pytest.param(touched_input, id="touched input"),
    pytest.param(more_input, id="more input"),
    pytest.param(less_input, id="less input"),
]


@pytest.mark.parametrize("done", [True, False], ids=["done", "half-done"])
@pytest.mark.parametrize("change", CHANGES)
def test_another_job_is_refused_and_can_start_over(small, do, tree, tmp_path, article, line, change, done):
    if done:
        do(small)
    else:
        stopped(do, small)
    options = change(small, article, line)
    before = tree(tmp_path / "out")
    with pytest.raises(BusyError, match="--fresh"):
        do(small, **options)
    assert {n: d for n, d in tree(tmp_path / "out").items() if n != ".cleaner/lock"} == {
        n: d for n, d in before.items() if n != ".cleaner/lock"
    }
    do(small, fresh=True, **options)
    do(small, out="expected", **options)
    assert tree(tmp_path / "out") == tree(tmp_path / "expected")


def test_a_half_done_run_does_not_go_on_with_other_chunks(small, do):
    stopped(do, small)
    with pytest.raises(BusyError):
        do(small, chunk_size=300)


def test_a_run_that_is_done_is_not_done_again(small, do, tmp_path):
    first = do(small)
    stamps = {p: p.stat().st_mtime_ns for p in (tmp_path / "out").rglob("*")}
    again = do(small)
    assert (first.already, again.already) == (False, True)
    assert (first.tally, first.parts, first.guard) == (again.tally, again.parts, again.guard)
    assert {p: p.stat().st_mtime_ns for p in (tmp_path / "out").rglob("*") if p.is_file()} == {
        p: stamp for p, stamp in stamps.items() if p.is_file()
    }


@pytest.mark.parametrize("name", ["documents/a.jsonl", "report.json", "duplicates.jsonl", "ledger/t.jsonl"])
@pytest.mark.parametrize("damage", ["gone", "cut"])
def test_results_that_are_not_as_they_were_left_are_no_results(small, do, tmp_path, name, damage):
    do(small)
    path = tmp_path / "out" / name
    if damage == "cut" and path.stat().st_size:
        path.write_bytes(path.read_bytes()[:-1])
    else:
        path.unlink()
    with pytest.raises(BusyError, match=name):
        do(small)


def test_a_second_run_on_one_folder_is_refused(small, do, tmp_path):
    class Intruder:
        """Gives the same command while the run is at work."""

        caught = None

        def started(self, _total):
            with pytest.raises(BusyError, match="another run") as self.caught:
                do(small)

        def advanced(self, *_):
            pass

        def entered(self, *_):
            pass

    intruder = Intruder()
    do(small, watcher=intruder)
    assert intruder.caught
    assert (tmp_path / "out/MANIFEST.json").exists()


@pytest.mark.parametrize("name", ["documents", "ledger", "report.json", "duplicates.jsonl"])
def test_results_that_no_run_has_left_are_not_overwritten(small, do, put, tmp_path, name):
    path = put(f"out/{name}", "mine")
    with pytest.raises(BusyError, match=name):
        do(small)
    assert path.read_text() == "mine"
    assert not (tmp_path / "out/.cleaner").exists()


def test_files_beside_the_results_are_left_alone(small, do, put, tmp_path, tree):
    put("out/notes.txt", "mine")
    do(small)
    do(small, out="expected")
    assert tree(tmp_path / "out") == {**tree(tmp_path / "expected"), "notes.txt": b"mine"}
    do(small, fresh=True)
    assert (tmp_path / "out/notes.txt").read_text() == "mine"


@pytest.mark.parametrize("where", ["out", "out/deeper"])
def test_an_output_folder_that_is_a_file_is_said(small, do, put, where):
    put("out", "a file")
    with pytest.raises(OutputError, match="out"):
        do(small, out=where)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_an_output_folder_without_leave_to_write_is_said(small, do, tmp_path):
    (tmp_path / "locked").mkdir(mode=0o500)
    with pytest.raises(OutputError, match="locked"):
        do(small, out="locked/out")


def test_the_manifest_holds_no_times_and_no_paths(small, do, tmp_path):
    do(small)
    text = (tmp_path / "out/MANIFEST.json").read_text()
    assert str(tmp_path) not in text
    assert json.loads(text)["job"]["inputs"][0] == ["a.jsonl", (small / "a.jsonl").stat().st_size]
