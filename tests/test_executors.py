"""The law of engines: the same results in the same order, whatever becomes of the workers."""

import functools
import itertools
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from cleaner import plugins
from cleaner.errors import CleanerError, OutputError, RecordError

ENGINES = plugins.names("executors")
POOL = plugins.module("executors", "pool")


def engine(name):
    return plugins.module("executors", name)


@pytest.fixture(autouse=True)
def _nothing_hangs(late):
    late(60)


def square(n, _watch):
    return n * n


def slow_at_first(n, _watch):
    time.sleep(0.2 if n == 0 else 0)
    return n


def fails_at(bad, error, n, _watch):
    if n == bad:
        raise error
    return n


def dies_at(bad, folder, times, how, n, _watch):
    """Kill the worker on one item, the first so many times."""
    if n == bad:
        tries = len(list(Path(folder).iterdir()))
        Path(folder, str(tries)).touch()
        if tries < times:
            if how == "exit":
                os._exit(7)
            os.kill(os.getpid(), signal.SIGKILL)
    return n


def tells_its_process(_item, _watch):
    return os.getpid()


def exits(_item, _watch):
    sys.exit(3)


@pytest.mark.parametrize("name", ENGINES)
@pytest.mark.parametrize(("jobs", "count"), [(1, 5), (2, 0), (2, 1), (3, 50)])
def test_results_come_in_the_order_of_the_items(name, jobs, count):
    assert list(engine(name).run(square, iter(range(count)), jobs)) == [n * n for n in range(count)]


@pytest.mark.parametrize("name", ENGINES)
def test_a_slow_item_holds_back_the_others_and_does_not_lose_them(name):
    assert list(engine(name).run(slow_at_first, range(20), 2)) == list(range(20))


@pytest.mark.parametrize("name", ENGINES)
@pytest.mark.parametrize(
    "error",
    [
        ValueError("no"),
        OutputError("/out: it cannot be written"),
        BrokenPipeError(32, "a pipe"),
        EOFError("the end"),
    ],
    ids=lambda e: type(e).__name__,
)
def test_what_the_function_raises_is_raised_here(name, error):
    found = []
    with pytest.raises(type(error)) as caught:
        found.extend(engine(name).run(functools.partial(fails_at, 3, error), range(10), 2))
    assert str(caught.value) == str(error)


@pytest.mark.parametrize("name", ENGINES)
def test_results_before_the_one_that_failed_are_handed_out(name):
    found = []
    with pytest.raises(ValueError, match="no"):  # noqa: PT012  the loop is what fails
        for n in engine(name).run(functools.partial(fails_at, 3, ValueError("no")), range(10), 1):
            found.append(n)  # noqa: PERF402  what came before the error counts
    assert found == [0, 1, 2]


class Stubborn(Exception):  # noqa: N818  a test's own
    """An error that cannot be sent from process to process."""

    def __init__(self, one, two):
        super().__init__(one)
        self.two = two


class Closed(Exception):  # noqa: N818
    def __reduce__(self):
        message = "not me"
        raise pickle.PicklingError(message)


def raises_stubborn(_item, _watch):
    raise Stubborn("a", "b")


def raises_record_error(_item, _watch):
    raise RecordError("bad", "a sentence")


def raises_closed(_item, _watch):
    raise Closed


def returns_a_lock(_item, _watch):
    return threading.Lock()


@pytest.mark.parametrize(
    ("function", "name"),
    [
        (raises_stubborn, "Stubborn: a"),
        (raises_closed, "Closed"),
        (raises_record_error, "RecordError: a sentence|^a sentence$"),
        (returns_a_lock, "lock"),
    ],
)
def test_what_cannot_be_sent_home_is_said_at_once(function, name):
    with pytest.raises(CleanerError, match=name):
        list(POOL.run(function, range(3), 2))


def test_an_error_from_a_worker_tells_where_it_arose():
    with pytest.raises(ValueError, match="no") as caught:
        list(POOL.run(functools.partial(fails_at, 0, ValueError("no")), range(1), 1))
    assert any("fails_at" in note for note in caught.value.__notes__)


@pytest.mark.parametrize(("how", "bad"), [("kill", 0), ("exit", 5), ("kill", 9)], ids=["first", "middle", "last"])
def test_a_killed_worker_costs_one_more_try(tmp_path, how, bad):
    function = functools.partial(dies_at, bad, tmp_path, 1, how)
    assert list(POOL.run(function, range(10), 2)) == list(range(10))
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("how", ["kill", "exit", "sys.exit"])
def test_a_worker_that_dies_twice_outside_of_records_is_said(tmp_path, how):
    function = exits if how == "sys.exit" else functools.partial(dies_at, 5, tmp_path, 9, how)
    with pytest.raises(CleanerError, match="no record is at fault") as caught:
        list(POOL.run(function, range(10), 2))
    assert len(str(caught.value)) < 400


def test_a_worker_that_is_killed_while_it_waits_costs_nothing():
    results = POOL.run(tells_its_process, itertools.count(), 1)
    first = next(results)
    for _ in range(5):
        os.kill(next(results), signal.SIGKILL)
    assert next(results) != first
    results.close()


def workers():
    """Return the child processes that are running."""
    listed = subprocess.run(
        ["ps", "-o", "pid=,stat=,args=", "--ppid", str(os.getpid())], capture_output=True, text=True, check=False
    )
    return [line for line in listed.stdout.splitlines() if "cleaner" in line and "Z" not in line.split()[1]]


@pytest.mark.parametrize("end", ["all", "some", "error"])
def test_no_worker_outlives_its_job(end):
    if end == "all":
        list(POOL.run(square, range(4), 2))
    elif end == "some":
        results = POOL.run(square, itertools.count(), 2)
        next(results)
        results.close()
    else:
        with pytest.raises(ValueError, match="no"):
            list(POOL.run(functools.partial(fails_at, 0, ValueError("no")), range(4), 2))
    assert workers() == []


ORPHANS = """
import sys, time
from cleaner.executors import pool
from test_executors import sleeps
if __name__ == "__main__":
    for pid in pool.run(sleeps, [0, 0, 60, 60], 2):
        print(pid, flush=True)
"""


def sleeps(seconds, _watch):
    time.sleep(seconds)
    return os.getpid()


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.skipif(sys.platform != "linux", reason="it is Linux that ends the workers with their parent")
def test_workers_at_work_end_with_their_parent(tmp_path):
    script = tmp_path / "orphans.py"
    script.write_text(ORPHANS)
    parent = subprocess.Popen(
        [sys.executable, script],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent)},
    )
    pids = {int(parent.stdout.readline()) for _ in range(2)}
    parent.kill()
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 10
    while any(alive(pid) for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(alive(pid) for pid in pids)


def test_items_are_taken_as_they_are_needed():
    taken = []

    def items():
        for n in range(1000):
            taken.append(n)
            yield n

    results = POOL.run(square, items(), 2)
    assert [next(results) for _ in range(3)] == [0, 1, 4]
    results.close()
    assert len(taken) < 20


def deadly(records, watch):
    """Die on every record that is not left out, and so on each in turn."""
    for number in watch.over(range(records), size=lambda _: 1):
        if number not in watch.lost:
            os.kill(os.getpid(), signal.SIGKILL)
    return records


@pytest.mark.parametrize(("records", "ends"), [(5, True), (6, False)])
def test_where_all_records_seem_deadly_none_is_at_fault_and_the_job_ends(monkeypatch, records, ends):
    monkeypatch.setattr(POOL, "MOST_LOST", 5)
    if ends:
        assert list(POOL.run(deadly, [records])) == [records]
    else:
        with pytest.raises(CleanerError, match="no record is at fault"):
            list(POOL.run(deadly, [records]))
