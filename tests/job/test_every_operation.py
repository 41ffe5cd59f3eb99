"""Whole or not at all: whatever happens at any operation on the disk, the same command goes on to the same bytes.

``CLEANER_TRIALS=all pytest -s`` on this file tries every operation with every failure, and tells how many that were;
without it, only some are tried.
"""

import errno
import os
import random
import shutil
import signal
import traceback

import pytest
from disk import Disk, Power, Witness

from cleaner.errors import CleanerError

ALL = os.environ.get("CLEANER_TRIALS") == "all"
ERRORS = (errno.ENOSPC, errno.EIO, errno.EACCES, errno.EMFILE, errno.EDQUOT, errno.EROFS)
DEFECT = 70


def some(trials, step):
    """Return all of the trials if all are asked for, else each so-and-so-manieth."""
    return trials if ALL else trials[::step]


@pytest.fixture
def small(put, article, line):
    """Write a corpus with every outcome that is as small as can be."""
    rows = [line(id=i, text=article(i) + "  \n\n\n") for i in (1, 2, 1)]
    put("in/a.jsonl", b"".join([*rows, b"broken\n", b"x" * 5000 + b"\n", line(id="e", text="")]))
    put("in/b.jsonl.gz", line(id="z", text=article(7)))
    return put("in/t/c.txt", article(4)).parents[1]


@pytest.fixture
def job(small, do):
    """Do the job; with options, another one."""
    return lambda out="out", **options: do(small, out=out, chunk_size=800, **options)


@pytest.fixture
def expected(job, tree, tmp_path):
    """Return the results of a run that nothing disturbs."""
    with Disk(tmp_path).watched():  # which spares the fsync
        job("expected")
    return tree(tmp_path / "expected")


@pytest.fixture
def tried(record_testsuite_property, request, capsys):
    """Count trials and failures, and say at the end how many there were."""

    class Tried(list):
        trials = 0

        def hold(self, trial, *, truth):
            self.trials += 1
            if not truth:
                self.append(trial)

    tried = Tried()
    yield tried
    with capsys.disabled():
        if ALL:
            print(f"\n{request.node.name}: {tried.trials} trials, {len(tried)} failures")  # noqa: T201
    record_testsuite_property(request.node.name, f"{tried.trials} trials, {len(tried)} failures")
    assert tried.trials
    assert not tried, "\n".join(map(str, tried))


def apart(work):
    """Do some work in a process of its own; returns its exit code, negative if it was killed, and what it said."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        code, said = DEFECT, ""
        try:
            work()
            code = 0
        except CleanerError as error:
            code, said = error.exit_code, str(error)
        except BaseException:  # noqa: BLE001  whatever it is, it is told
            said = traceback.format_exc()
        os.write(writing, said.encode()[:60000])
        os._exit(code)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read().decode()
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), said


def fine(code, said):
    """Tell whether a command has ended as one may: done, or one sentence about the disk or the folder."""
    return code == 0 if not said else code in (4, 5) and "\n" not in said


def results(found):
    """Return the files of a run that is done; what it has noted for itself may lie about, and goes the next time."""
    return {name: data for name, data in found.items() if ".cleaner" not in name.split("/") and data is not None}


def operations(job, tmp_path, out="counted", **options):
    """Return what a run does to the disk."""
    disk = Disk(tmp_path / out)
    with disk.watched():
        job(out, **options)
    return disk.operations


def test_no_operation_is_missed(job, tmp_path):
    def work():
        disk, witness = Disk(tmp_path / "out"), Witness(tmp_path / "out")
        with disk.watched():
            job()
        changes = [o for o in disk.operations if o.changes and o.name != "write"]
        assert len(changes) == len(witness.seen) > 80

    assert apart(work) == (0, "")


def test_a_run_killed_at_any_operation_goes_on_to_the_same_bytes(job, expected, tree, tmp_path, tried):
    points = [(n, part) for n, o in enumerate(operations(job, tmp_path), 1) if o.changes for part in (0, 1)]
    for number, torn in some([(n, part) for n, part in points], 5):

        def strike(n, operation, number=number, torn=torn):
            if n == number and not (torn and operation.name == "write"):
                os.kill(os.getpid(), signal.SIGKILL)
            elif n == number:
                return len(operation.data) // 2
            elif n == number + 1 and torn:
                os.kill(os.getpid(), signal.SIGKILL)
            return None

        disk = Disk(tmp_path / "out", strike)

        def work(disk=disk):
            with disk.watched():
                job()

        code, _ = apart(work)
        assert code == -signal.SIGKILL
        with Disk(tmp_path).watched():
            job()
        tried.hold((number, torn), truth=tree(tmp_path / "out") == expected)
        shutil.rmtree(tmp_path / "out")


def test_an_operation_that_fails_is_a_sentence_and_the_command_goes_on(job, expected, tree, tmp_path, tried):
    done = operations(job, tmp_path)
    trials = [(n, number) for n in range(1, len(done) + 1) for number in ERRORS]
    for at, number in some(trials, 29):

        def strike(n, operation, at=at, number=number):
            if n == at:
                raise OSError(number, os.strerror(number), operation.path)

        disk = Disk(tmp_path / "out", strike)

        def work(disk=disk):
            with disk.watched():
                job()

        code, said = apart(work)
        told = (os.strerror(number), done[at - 1], code, said)
        tried.hold(told, truth=fine(code, said) and (code != 0 or results(tree(tmp_path / "out")) == expected))
        with Disk(tmp_path).watched():
            try:
                job()
            except CleanerError as error:
                tried.hold((*told, "again", str(error)), truth=False)
            else:
                tried.hold((*told, "again"), truth=tree(tmp_path / "out") == expected)
        shutil.rmtree(tmp_path / "out", ignore_errors=True)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO])
def test_a_disk_that_fails_from_some_operation_on_is_a_sentence(job, expected, tree, tmp_path, tried, number):
    """A full disk stays full: what is cleaned up after an error fails, too."""
    names = {"make", "write", "mkdir", "fsync", "move", "append"}
    done = operations(job, tmp_path)
    for at in some([n for n, o in enumerate(done, 1) if o.name in names], 9):

        def strike(n, operation, at=at):
            if n >= at and operation.name in names:
                raise OSError(number, os.strerror(number), operation.path)

        disk = Disk(tmp_path / "out", strike)

        def work(disk=disk):
            with disk.watched():
                job()

        code, said = apart(work)
        tried.hold((done[at - 1], code, said), truth=fine(code, said) and code != 0)
        with Disk(tmp_path).watched():
            job()
        tried.hold((done[at - 1], "again"), truth=tree(tmp_path / "out") == expected)
        shutil.rmtree(tmp_path / "out", ignore_errors=True)


def test_a_short_write_is_no_end(job, expected, tree, tmp_path, tried):
    """A disk may take less than it was given, again and again."""
    for most in (1, 100, 4096):
        disk = Disk(tmp_path / "out", lambda _, o, most=most: min(most, len(o.data)) if o.name == "write" else None)
        with disk.watched():
            job()
        tried.hold(most, truth=tree(tmp_path / "out") == expected)
        shutil.rmtree(tmp_path / "out")


def chances(seeds):
    """Return what may survive a power cut: nothing, all names but no data, all data but no names, or this and that."""
    yield "nothing", lambda _: False
    yield "names", lambda what: what == "name"
    yield "data", lambda what: what == "data"
    for seed in range(seeds):
        draw = random.Random(seed)  # noqa: S311  no secret
        yield f"seed {seed}", lambda _, draw=draw: draw.random() < 0.5


def cuts(power, done):
    """Yield every different state that a power cut may leave, with the names of what led to it."""
    seen = set()
    for number, operation in enumerate([None, *done]):
        if operation:
            power.do(operation)
        for name, chance in chances(4 if ALL else 1):
            left = power.left(chance)
            state = hash(tuple(sorted(left.items(), key=lambda item: item[0])))
            if state not in seen:
                seen.add(state)
                yield (number, operation, name), left


def lay(folder, left):
    """Write a state of the disk."""
    folder.mkdir()
    for name, data in left.items():
        if data is None:
            (folder / name).mkdir(exist_ok=True)
        else:
            (folder / name).write_bytes(data)


def test_after_a_power_cut_the_command_goes_on_to_the_same_bytes(job, expected, tree, tmp_path, tried):
    (tmp_path / "disk").mkdir()
    power = Power(tmp_path / "disk")
    disk = Disk(tmp_path / "disk")
    with disk.watched():
        job("disk/out")
    for trial, left in some(list(cuts(power, disk.done())), 9):
        lay(tmp_path / "cut", left)
        with Disk(tmp_path).watched():
            try:
                job("cut/out")
            except CleanerError as error:
                tried.hold((trial, error), truth=error.exit_code == 5)
            else:
                tried.hold(trial, truth=tree(tmp_path / "cut/out") == expected)
        shutil.rmtree(tmp_path / "cut")
    left = results(power.left(lambda _: False))
    tried.hold("what a run leaves lasts", truth=left == {f"out/{name}": data for name, data in expected.items()})


def test_after_a_power_cut_while_it_starts_over_nothing_passes_for_what_it_is_not(job, expected, tree, tmp_path, tried):
    """The folder holds another job's results, which ``--fresh`` throws away."""
    with Disk(tmp_path).watched():
        job("disk/out", recipe='stages = ["repair"]\n[dedup]\nlevel = "off"')
    power, disk = Power(tmp_path / "disk"), Disk(tmp_path / "disk")
    power.load()
    with disk.watched():
        job("disk/out", fresh=True)
    for trial, left in some(list(cuts(power, disk.done())), 19):
        for fresh in (False, True):
            lay(tmp_path / "cut", left)
            with Disk(tmp_path).watched():
                try:
                    job("cut/out", fresh=fresh)
                except CleanerError as error:
                    tried.hold((trial, error), truth=error.exit_code == 5 and not fresh)
                else:
                    tried.hold((trial, fresh), truth=tree(tmp_path / "cut/out") == expected)
            shutil.rmtree(tmp_path / "cut")
