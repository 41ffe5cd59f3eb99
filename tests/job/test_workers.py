"""What a document does to the worker that is on it costs that document alone, in every engine that protects."""

import base64
import contextlib
import ctypes
import faulthandler
import itertools
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from cleaner import dedup, formats, pipeline
from cleaner.document import Edit
from cleaner.errors import UsageError
from cleaner.executors import _process
from cleaner.formats import jsonl
from cleaner.job import run as jobs
from cleaner.job.clean import Plan
from cleaner.record import Record
from cleaner.watch import Limits

LIMITS = Limits(memory=128 << 20, seconds=1, seconds_per_megabyte=1)


def die_by(number):
    faulthandler.disable()
    os.kill(os.getpid(), number)
    time.sleep(60)


def read_nowhere():
    faulthandler.disable()
    ctypes.string_at(0)


def loop():
    while True:
        pass


def loop_in_c():
    sum(itertools.repeat(0))


def bloat():
    held = []
    while True:
        held.append(bytearray(1 << 22))


def recurse():
    recurse()


class Mute(Exception):  # noqa: N818  a test's own
    """An error that cannot be sent, and cannot even be shown."""

    def __reduce__(self):
        raise TypeError

    def __str__(self):
        raise ValueError


def fail(error):
    raise error


def fork_and_go_on():
    os.fork()


def leave_a_child():
    if not os.fork():
        time.sleep(600)


def talk():
    print("not for you", flush=True)  # noqa: T201
    os.write(1, b"nor this")


def read_the_terminal():
    assert sys.stdin.read() == ""


DEEDS = {
    "is killed": (lambda: die_by(signal.SIGKILL), "worker-killed"),
    "is terminated": (lambda: die_by(signal.SIGTERM), "worker-killed"),
    "reads nowhere": (read_nowhere, "worker-crashed"),
    "aborts": (lambda: die_by(signal.SIGABRT), "worker-crashed"),
    "leaves": (lambda: os._exit(0), "worker-crashed"),
    "exits": (lambda: sys.exit(3), "worker-crashed"),
    "interrupts": (lambda: fail(KeyboardInterrupt), "worker-crashed"),
    "closes all": (lambda: os.closerange(3, 256), "worker-crashed"),
    "loops": (loop, "too-slow"),
    "loops in C": (loop_in_c, "too-slow"),
    "bloats": (bloat, "out-of-memory"),
    "bloats at once": (lambda: bytearray(1 << 42), "out-of-memory"),
    "waits": (lambda: time.sleep(600), "worker-stuck"),
    "recurses": (recurse, "stage-failed"),
    "fails": (lambda: fail(ValueError("no")), "stage-failed"),
    "fails mutely": (lambda: fail(Mute()), "stage-failed"),
    "forks": (fork_and_go_on, None),
    "leaves a child": (leave_a_child, None),
    "talks": (talk, None),
    "reads the terminal": (read_the_terminal, None),
}
"""What a stage may do to its process, and the reason under which the document goes to quarantine, if it does."""
QUICK = ("is killed", "reads nowhere", "exits", "bloats at once", "fails mutely", "closes all")


@dataclass(frozen=True)
class Deed:
    """A stage that does to its process what the document says."""

    def __call__(self, doc):
        if doc.text in DEEDS:
            DEEDS[doc.text][0]()
        yield Edit(0, 0, "", "deed/none")


@pytest.fixture(autouse=True)
def _nothing_hangs(late):
    late(240)


@pytest.fixture
def work(tmp_path):
    """Do a job whose documents say what they do: ``work(path, out=…, options…)``."""

    def work(path, out="out", **options):
        plan = Plan(pipeline.Pipeline([("deed", Deed())]), comparing=dedup.Options(level="off"))
        job = jobs.Job([str(path)], tmp_path / out, plan, **{"limits": LIMITS, **options})
        return jobs.run(job)

    return work


def corpus(deeds, neighbours=2):
    """Return some lines, and what should become of them: each deed stands between so many harmless documents."""
    texts = []
    for deed in deeds:
        texts += [deed, *(f"harmless {len(texts) + i}" for i in range(neighbours))]
    rows = [{"id": f"d{i}", "text": text} for i, text in enumerate(texts)]
    kept = [row for row in rows if row["text"] not in DEEDS or DEEDS[row["text"]][1] is None]
    bad = [(row, DEEDS[row["text"]][1]) for row in rows if row not in kept]
    return [json.dumps(row).encode() + b"\n" for row in rows], kept, bad


def test_each_deed_costs_its_document_and_no_other_one_however_the_work_is_cut(
    put, work, audit, kept, quarantined, tree, tmp_path, capfd
):
    lines, expected, bad = corpus(deed for deed in DEEDS if deed != "waits")
    path = put("a.jsonl", b"".join(lines))
    for out, jobs_, size in (("one", 1, 1 << 20), ("two", 2, 300), ("four", 4, 1)):
        work(path, out, jobs=jobs_, chunk_size=size)
        audit(tmp_path / out)
        assert kept(tmp_path / out) == expected
        rows = quarantined(tmp_path / out)
        assert [(row["reason"], row["length"]) for row in rows] == [(why, len(json.dumps(row))) for row, why in bad]
        assert tree(tmp_path / out) == tree(tmp_path / "one")
        assert "\n" not in "".join(row["error"] for row in rows)
    assert capfd.readouterr().out == ""
    assert multiprocessing.active_children() == []


@pytest.mark.skipif(sys.platform != "linux", reason="only there a process can see what time another has used")
def test_a_document_that_waits_for_what_never_comes_is_given_up(put, work, kept, quarantined, tmp_path):
    lines, expected, _ = corpus(["talks", "waits"])
    work(put("a.jsonl", b"".join(lines)), limits=Limits(idle=3))
    assert kept(tmp_path / "out") == expected
    assert [row["reason"] for row in quarantined(tmp_path / "out")] == ["worker-stuck"]


@pytest.mark.parametrize("deed", QUICK)
@pytest.mark.parametrize("places", [[0], [4], [9], [0, 1, 2], [0, 4, 9], range(10)], ids=str)
def test_first_middle_last_or_several_of_a_chunk(put, work, kept, quarantined, tmp_path, deed, places):
    texts = [deed if i in places else f"harmless {i}" for i in range(10)]
    path = put("a.jsonl", b"".join(json.dumps({"id": i, "text": t}).encode() + b"\n" for i, t in enumerate(texts)))
    work(path, jobs=2, chunk_size=180)
    assert [r["id"] for r in kept(tmp_path / "out")] == [i for i in range(10) if i not in places]
    assert [r["reason"] for r in quarantined(tmp_path / "out")] == [DEEDS[deed][1]] * len(places)


def test_fresh_processes_do_what_copies_do(put, work, tree, tmp_path, monkeypatch):
    """A program with several threads cannot be copied."""
    lines, _, _ = corpus(QUICK)
    path = put("a.jsonl", b"".join(lines))
    work(path, "copies")
    monkeypatch.setattr(_process, "alone", lambda: False)
    work(path, "fresh")
    assert tree(tmp_path / "fresh") == tree(tmp_path / "copies")


def test_a_stage_that_cannot_be_sent_to_a_fresh_process_is_said(put, tmp_path, monkeypatch):
    plan = Plan(pipeline.Pipeline([("local", lambda _: ())]), comparing=dedup.Options(level="off"))
    job = jobs.Job([str(put("a.jsonl", '{"text": "a"}'))], tmp_path / "out", plan)
    monkeypatch.setattr(_process, "alone", lambda: False)
    with pytest.raises(UsageError, match="top of a module"):
        jobs.run(job)


def test_in_this_process_a_document_that_loops_is_given_up(put, work, kept, quarantined, tmp_path):
    lines, expected, _ = corpus(["loops", "talks", "loops"])
    work(put("a.jsonl", b"".join(lines)), engine="serial")
    assert kept(tmp_path / "out") == expected
    assert [row["reason"] for row in quarantined(tmp_path / "out")] == ["too-slow"] * 2
    assert signal.getsignal(signal.SIGPROF) == signal.SIG_DFL
    assert signal.getitimer(signal.ITIMER_PROF) == (0, 0)


@pytest.mark.parametrize("place", [0, 2, 4])
@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_a_line_that_kills_its_reader_costs_no_other_one(
    put, work, kept, quarantined, tmp_path, monkeypatch, place, suffix
):
    lines = [b'{"id": %d, "text": "t"}\n\n \n' % i for i in range(5)]
    lines[place] = b'{"id": 7, "text": "deadly"}  \n'

    def read(raw, *more):
        if "deadly" in raw:
            die_by(signal.SIGKILL)
        return Record(raw, *more)

    monkeypatch.setattr(jsonl, "Record", read)
    work(put(f"a.jsonl{suffix}", b"".join(lines)))
    assert [r["id"] for r in kept(tmp_path / "out")] == [i for i in range(5) if i != place]
    (row,) = quarantined(tmp_path / "out")
    assert (row["reason"], row["offset"]) == ("worker-killed", sum(map(len, lines[:place])))
    assert base64.b64decode(row["raw"]) == lines[place].rstrip(b"\n")


@pytest.mark.parametrize("kind", ["txt", "html"])
def test_a_file_that_kills_its_reader_costs_no_other_one(put, work, kept, quarantined, tmp_path, monkeypatch, kind):
    for i in range(4):
        put(f"in/{i}.{kind}", "deadly" if i in (0, 2) else "fine")
    decode = formats.text.charset.decode

    def read(data, *more):
        if b"deadly" in data:
            die_by(signal.SIGSEGV)
        return decode(data, *more)

    monkeypatch.setattr(formats.text.charset, "decode", read)
    work(tmp_path / "in")
    assert [r["id"] for r in kept(tmp_path / "out")] == [f"1.{kind}", f"3.{kind}"]
    assert [(r["source"], r["reason"]) for r in quarantined(tmp_path / "out")] == [
        (f"{i}.{kind}", "worker-crashed") for i in (0, 2)
    ]


@pytest.mark.parametrize("memory", [200 << 20, 400 << 20])
def test_no_worker_outgrows_its_memory(put, tmp_path, memory):
    lines, _, _ = corpus(["bloats", "bloats at once"])
    script = tmp_path / "job.py"
    script.write_text(
        "import re, resource, sys\n"
        "from test_workers import Deed, Limits, Plan, dedup, jobs, pipeline\n"
        "from pathlib import Path\n"
        "plan = Plan(pipeline.Pipeline([('deed', Deed())]), comparing=dedup.Options(level='off'))\n"
        f"jobs.run(jobs.Job([sys.argv[1]], Path(sys.argv[2]), plan, limits=Limits(memory={memory})))\n"
        "own = re.search(r'VmHWM:\\s+(\\d+)', Path('/proc/self/status').read_text())[1]\n"
        "print(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)\n"
    )
    path = put("a.jsonl", b"".join(lines))
    done = subprocess.run(
        [sys.executable, script, path, tmp_path / "out"],
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent)},
        check=True,
        timeout=120,
    )
    parent, worker = (int(size) << 10 for size in done.stdout.split())
    assert memory / 2 < worker < memory + parent
    assert parent < 200 << 20


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


SLOW = """
import itertools, sys, time
from cleaner.parts import chunks
chunks.SIZE = 200
from cleaner.stages import spacing
quick = spacing.Spacing.__call__
def slow(stage, doc):
    time.sleep(0.2)
    if "deaf" in sys.argv[0] and doc.id == "4":
        sum(itertools.repeat(0))
    return quick(stage, doc)
if "fast" not in sys.argv[0]:
    spacing.Spacing.__call__ = slow
from cleaner.cli import main
main()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="it looks into /proc")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda n: n.name)
@pytest.mark.parametrize("speed", ["slow", "deaf"])
def test_a_signal_stops_the_run_and_the_command_goes_on_where_it_was(put, article, line, tree, tmp_path, number, speed):
    """A worker that is deep in a C library hears no signal."""
    put("in/a.jsonl", b"".join(line(id=i, text=article(i)) for i in range(30)))
    for name in (speed, "fast"):
        put(f"{name}.py", SLOW)

    def start(speed, out):
        command = [sys.executable, f"{speed}.py", "run", "in", "-o", out, "-c", "recipe.toml", "-j", "2", "-q"]
        return subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE)

    put("recipe.toml", 'stages = ["spacing"]\n[dedup]\nlevel = "off"')
    run = start(speed, "out")
    deadline = time.monotonic() + 60
    while not list((tmp_path / "out/.cleaner/chunks").glob("*.chunk")) and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(2 if speed == "deaf" else 0)
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(run.pid)], capture_output=True, text=True, check=False)
    workers = [int(pid) for pid in listed.stdout.split()]
    assert workers
    run.send_signal(number)
    began = time.monotonic()
    _, told = run.communicate(timeout=60)
    took = time.monotonic() - began
    print(f"{number.name} stopped the run within {took:.1f} s")  # noqa: T201  a figure to quote
    assert took < 15
    assert run.returncode == 128 + number
    assert b"the same command goes on" in told
    assert not any(alive(pid) for pid in workers)
    assert not (tmp_path / "out/MANIFEST.json").exists()
    for out in ("out", "expected"):
        assert start("fast", out).communicate(timeout=60) == (None, b"")
    assert tree(tmp_path / "out") == tree(tmp_path / "expected")


def handles():
    """Return what this process has open."""
    found = []
    for handle in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):
            found.append(str(handle.readlink()))
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="it looks into /proc")
def test_a_copy_does_not_hold_the_lock_of_the_folder(put, work, tmp_path, monkeypatch):
    told = tmp_path / "told"
    monkeypatch.setitem(DEEDS, "looks", (lambda: told.write_text("\n".join(handles())), None))
    work(put("a.jsonl", b'{"text": "looks"}\n'))
    assert str(tmp_path / "out/.cleaner/lock") not in told.read_text().split("\n")
