"""What stands in the output folder may be damaged, or be somebody else's: then it is done again, or said."""

import os
import random
import shutil

import pytest
from disk import Disk

from cleaner.errors import BusyError, CleanerError, OutputError


def cut(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def empty(path):
    path.write_bytes(b"")


def flip(path):
    data = bytearray(path.read_bytes())
    if data:
        data[len(data) // 3] ^= 4
    path.write_bytes(data)


def longer(path):
    path.write_bytes(path.read_bytes() + b"\n{}\n")


def noise(path):
    path.write_bytes(random.Random(1).randbytes(3000))  # noqa: S311  no secret


def zeros(path):
    path.write_bytes(bytes(path.stat().st_size))


def deep(path):
    path.write_bytes(b"[" * 200_000)


def other_types(path):
    path.write_bytes(b'{"files": [], "job": 3, "counts": "x", "parts": null, "tally": {}, "entries": 1}')


def gone(path):
    path.unlink()


def a_folder(path):
    path.unlink()
    path.mkdir()


def a_link(path):
    target = path.parents[3] / "elsewhere"
    target.write_bytes(path.read_bytes())
    path.unlink()
    path.symlink_to(target)


def a_link_to_nothing(path):
    path.unlink()
    path.symlink_to("/nonexistent/file")


def a_pipe(path):
    path.unlink()
    os.mkfifo(path)


def endless(path):
    path.unlink()
    path.symlink_to("/dev/zero")


ALL = os.environ.get("CLEANER_TRIALS") == "all"
DAMAGES = [
    cut, empty, flip, longer, noise, zeros, deep, other_types,
    gone, a_folder, a_link, a_link_to_nothing, a_pipe, endless,
]  # fmt: skip
ROOMS = {
    "state": [".cleaner/job.json", ".cleaner/lock", ".cleaner/chunks/*.chunk", ".cleaner/chunks/*.sketch"],
    "half-done": ["ledger/*", "places/*", "documents/*", "quarantine/*", "removed/*"],
    "done": ["MANIFEST.json", "report.json", "report.html", "duplicates.jsonl", "ledger/*", "documents/*", "removed/*"],
}


@pytest.fixture
def job(put, article, line, do, tmp_path):
    rows = [line(id=i, text=article(i) + "  \n\n\n") for i in (1, 2, 1)]
    put("in/a.jsonl", b"".join([*rows, b"broken\n", line(id="e", text="")]))
    put("in/t/c.txt", article(4))

    def job(out="deep/er/out", disk=None, **options):
        with (disk or Disk(tmp_path)).watched():  # which spares the fsync
            return do(tmp_path / "in", out=out, chunk_size=800, **options)

    return job


@pytest.fixture
def expected(job, tree, tmp_path):
    job("expected")
    return tree(tmp_path / "expected")


@pytest.fixture
def half_done(job, tmp_path):
    """Leave a run that was stopped just before its manifest."""

    def strike(_, operation):
        if operation.other.endswith("MANIFEST.json"):
            raise OSError(28, "No space left on device")

    with pytest.raises(OutputError):
        job(disk=Disk(tmp_path, strike))
    return tmp_path / "deep/er/out"


def lay(source, target):
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target)


@pytest.mark.parametrize("room", ROOMS)
@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_damage_is_done_again_or_said_and_never_passes(job, expected, tree, tmp_path, request, room, damage):
    out = tmp_path / "deep/er/out"
    if room == "done":
        job()
    else:
        request.getfixturevalue("half_done")
    lay(out, tmp_path / "before")
    names = sorted({path.relative_to(out) for pattern in ROOMS[room] for path in out.glob(pattern) if path.is_file()})
    assert len(names) > 4
    if not ALL:  # a few of them, other ones for each damage
        names = names[DAMAGES.index(damage) % 4 :: 4]
    else:
        print(f"{len(names)} trials")  # noqa: T201  pytest -s shows it
    for name in names:
        lay(tmp_path / "before", out)
        before = (out / name).read_bytes()
        damage(out / name)
        told = (room, damage.__name__, name)
        harmless = room == "done" and (out / name).is_file() and (out / name).read_bytes() == before
        try:
            job()
        except CleanerError as error:
            assert error.exit_code in (4, 5), told  # noqa: PT017  it may be done again as well
            assert "\n" not in str(error), told  # noqa: PT017
            if isinstance(error, BusyError) and "--fresh" in str(error):
                job(fresh=True)
                assert tree(out) == expected, told
        else:
            found = {name: data for name, data in tree(out).items() if name != ".cleaner/lock"}
            assert found == expected or harmless, told


def test_nothing_is_written_through_a_link(job, half_done, tree, tmp_path):
    """The name of a file in the making can be guessed; so somebody may have put a link there."""
    victim = tmp_path / "victim"
    victim.write_text("mine")
    disk = Disk(tmp_path)
    job("other", disk=disk)
    names = {os.path.relpath(o.path, tmp_path / "other") for o in disk.operations if o.name == "make"}
    planted = [half_done / name for name in names if name.endswith(".tmp")]
    assert len(planted) > 10
    for place in planted:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(victim)
    with pytest.raises(BusyError, match="link"):
        job()
    for place in planted:
        if place.parent != half_done:
            place.unlink()
    job()
    assert victim.read_text() == "mine"
    assert tree(half_done) == tree(tmp_path / "other")


def test_chunks_of_another_job_are_no_chunks_of_this_one(job, half_done, expected, tree):
    chunks = half_done / ".cleaner/chunks"
    for suffix in ("chunk", "sketch"):
        shutil.copy(chunks / f"000000-000000.{suffix}", chunks / f"000007-000000.{suffix}")
    (chunks / "notes.chunk").write_text("mine")
    with pytest.raises(BusyError, match="--fresh"):
        job()
    job(fresh=True)
    assert tree(half_done) == expected


@pytest.mark.parametrize("done", [True, False], ids=["done", "half-done"])
@pytest.mark.parametrize("name", ["documents/mine.txt", "ledger/mine.jsonl", "quarantine/raw/mine.bin", "removed/x/y"])
def test_files_of_others_among_the_results_are_said_and_never_thrown_away(job, tmp_path, request, name, done):
    out = tmp_path / "deep/er/out"
    if done:
        job()
    else:
        request.getfixturevalue("half_done")
    (out / name).parent.mkdir(parents=True, exist_ok=True)
    (out / name).write_text("mine")
    with pytest.raises(BusyError, match=name):
        job()
    assert (out / name).read_text() == "mine"
    if done:
        with pytest.raises(BusyError, match=r"move that away"):
            job(fresh=True)
        assert (out / name).read_text() == "mine"
        assert (out / "MANIFEST.json").exists()


@pytest.mark.parametrize("name", ["documents/a.txt", "report.html", "MANIFEST.json"])
def test_starting_over_throws_nothing_away_that_no_run_has_left(job, tmp_path, name):
    path = tmp_path / "deep/er/out" / name
    path.parent.mkdir(parents=True)
    path.write_text('{"name": "mine"}')
    for fresh in (False, True):
        with pytest.raises(BusyError, match=name.partition("/")[0]):
            job(fresh=fresh)
    assert path.read_text() == '{"name": "mine"}'


def test_what_stands_beside_the_results_stays(job, tmp_path):
    out = tmp_path / "deep/er/out"
    job()
    (out / "notes").mkdir()
    (out / "notes/a.txt").write_text("mine")
    job(fresh=True)
    job(fresh=True, recipe='stages = ["repair"]\n[dedup]\nlevel = "off"')
    assert (out / "notes/a.txt").read_text() == "mine"
