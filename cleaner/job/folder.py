"""The output folder: what lies where in it, who may write to it, and what a half-done job has left there.

Beside the results stands ``.cleaner``, the job's state: what the job is, and the outcome of every chunk that is done.
It goes when the manifest, the last file of all, is written.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import shutil
import stat
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from cleaner import storage
from cleaner.errors import BusyError, InputError, OutputError
from cleaner.parts.chunks import Stretch
from cleaner.record import dump, encode
from cleaner.report.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from cleaner.dedup import Sketch

MANIFEST = "MANIFEST.json"
FOLDERS = ("documents", "removed", "ledger", "places", "quarantine")
RESULTS = (*FOLDERS, "duplicates.jsonl", "pairs.jsonl", "report.json", "report.html", MANIFEST)
STATE = ".cleaner"
_CHUNK = re.compile(r"(\d{6,})-(\d{6,})\.chunk")
RAWS = "quarantine/raw"
"""Where the bytes of quarantined pieces lie that are too long for a row, each file called by its SHA-256."""
_RAW = re.compile(f"{RAWS}/[0-9a-f]{{64}}\\.bin")


class Entry(NamedTuple):
    """What a chunk's outcome says of a document."""

    key: str | int
    at: int
    """Where in its source it began."""
    rows: int
    """How many rows it has in the ledger."""
    dropped: bool
    text: str
    """The `places.digest` of its text as it came in."""


class Outcome(NamedTuple):
    """What became of a chunk's records."""

    entries: list[Entry]
    """What went through the pipeline, in the order of the input."""
    documents: list[bytes]
    """Their records, as lines without their ends; an empty one stands in the input as it goes out."""
    rows: list[bytes]
    """The ledger's rows on them, as lines without their ends."""
    quarantine: list[bytes]
    """The rows on what could not be processed, as lines without their ends."""
    input: Stretch | None
    """Where in the input its lines stand, if some of the records are only there."""


class State:
    """The outcomes of the chunks that are done; each is one file, whole or not there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / STATE / "chunks"
        self.raws = folder / RAWS

    def _path(self, part: int, number: int, suffix: str) -> Path:
        return self.folder / f"{part:06}-{number:06}.{suffix}"

    def chunks(self, part: int | None = None) -> list[tuple[int, int]]:
        """Return part and number of all chunks that are done, or of those of one part, in order."""
        names = os.listdir(self.folder) if self.folder.exists() else []  # noqa: PTH208  globs pass over what they may not list
        found = sorted((int(m[1]), int(m[2])) for m in map(_CHUNK.fullmatch, names) if m)
        return [chunk for chunk in found if part is None or chunk[0] == part]

    def sketch(self, part: int, number: int) -> Path:
        """Return where the sketch of a chunk lies."""
        return self._path(part, number, "sketch")

    def tally(self, part: int, number: int) -> Tally | None:
        """Return the tally of a chunk, None if it is not done, or what was left of it is damaged."""
        try:
            with self._path(part, number, "chunk").open("rb") as file:
                told, data = file.readline().strip(), file.read()
            sketch = self.sketch(part, number).read_bytes()
        except FileNotFoundError:
            return None
        if told != _sum(data):
            return None
        head = json.loads(data[: data.index(b"\n")])
        if head["sketch"].encode() != _sum(sketch):
            return None
        _, (counts,) = self._open(part, number, 1)
        return Tally.of_json(json.loads(counts))

    def compared(self, part: int, number: int) -> int:
        """Return how many of a chunk's documents were not dropped."""
        count: int = self._open(part, number, 0)[0]["compared"]
        return count

    def keys(self, part: int, number: int) -> list[str | int]:
        """Return the ids of a chunk's documents that were not dropped."""
        _, (_, entries) = self._open(part, number, 2)
        return [key for key, _, _, dropped, _ in json.loads(entries) if not dropped]

    def read(self, part: int, number: int) -> Outcome:
        """Return the outcome of a chunk."""
        head, (_, entries, *bodies) = self._open(part, number)
        told = [Entry(*values) for values in json.loads(entries)]
        documents, rows, quarantine = map(_lines, bodies)
        where = Stretch(*head["input"]) if head["input"] else None
        return Outcome(told, documents, rows, quarantine, where)

    def _open(self, part: int, number: int, bodies: int | None = None) -> tuple[dict[str, Any], list[bytes]]:
        """Return the head of a chunk's outcome, and its bodies or the first ones of them."""
        with self._path(part, number, "chunk").open("rb") as file:
            file.readline()
            head: dict[str, Any] = json.loads(file.readline())
            return head, [file.read(size) for size in head["sizes"][:bodies]]

    def keep(
        self,
        part: int,
        number: int,
        tally: Tally,
        entries: Sequence[Entry],
        documents: Sequence[str],
        rows: Sequence[str],
        quarantine: Sequence[str],
        where: Stretch | None,
        sketch: Sketch,
    ) -> None:
        """Write the outcome of a chunk: see `Outcome`.

        What a power failure does to it shows in its sums, and so it is not waited for until it would outlast one.
        """
        bodies = [encode(dump(tally.as_json())), encode(dump(entries))]
        bodies += [b"".join([encode(f"{line}\n") for line in lines]) for lines in (documents, rows, quarantine)]
        drawn = sketch.pieces()
        head = {
            "compared": sum(not entry.dropped for entry in entries),
            "sizes": [len(body) for body in bodies],
            "input": where,
            "sketch": _sum(*drawn).decode(),
        }
        data = [encode(dump(head)), b"\n", *bodies]
        storage.write(self.sketch(part, number), *drawn, lasting=False)
        storage.write(self._path(part, number, "chunk"), _sum(*data), b"\n", *data, lasting=False)

    def put_raw(self, digest: str, data: bytes) -> None:
        """Write a quarantined piece that is too long for its row; its name says what it holds, so it may be there."""
        storage.write(self.raws / f"{digest}.bin", data)

    def put_lines(self, part: int, number: int, lines: bytes) -> None:
        """Write what a chunk tells of the lines that its sites repeat."""
        storage.write(self._path(part, number, "lines"), b"".join([_sum(lines), b"\n", lines]))

    def lines(self, part: int, number: int) -> bytes | None:
        """Return what a chunk tells of the lines that its sites repeat; None if nothing, or nothing whole, is there."""
        try:
            told, _, lines = self._path(part, number, "lines").read_bytes().partition(b"\n")
        except FileNotFoundError:
            return None
        return lines if told == _sum(lines) else None

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """Lend an empty folder that is not needed afterwards."""
        folder = self.folder.with_name("scratch")
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        yield folder
        shutil.rmtree(folder)


def _lines(data: bytes) -> list[bytes]:
    return data.split(b"\n")[:-1]


def _sum(*data: bytes | memoryview) -> bytes:
    found = hashlib.sha256()
    for piece in data:
        found.update(piece)
    return found.hexdigest().encode()


@contextmanager
def claimed(out: Path, job: dict[str, Any], *, fresh: bool) -> Iterator[bool]:
    """Hold the output folder for this job; yields whether the job is already done there.

    Args:
        out: the folder, made if it is not there.
        job: what the job is, as JSON holds it; a half-done one is only taken up by its equal.
        fresh: whether to throw away what another job, or this one, has left there.

    Raises:
        BusyError: another process works there, or it holds the results of another job.
        OutputError: it cannot be written to.

    """
    with _locked(out), _said(out):
        if fresh:
            _clear(out)
        for path in _all(out):
            if _odd(path):
                _refuse(out, f"its {path.relative_to(out)} is a link, or no plain file, which no run has left")
        yield _taken_up(out, job)
        if (out / MANIFEST).exists():
            shutil.rmtree(out / STATE, ignore_errors=True)


@contextmanager
def _locked(out: Path) -> Iterator[None]:
    """Keep other processes out of the folder, which is made if it is not there."""
    state = out / STATE
    try:
        storage.make(state)
        for path in (state, state / "lock"):
            if _odd(path):
                raise BusyError(f"{path}: it is a link, or no plain file, which no run has left; move it away")
        lock = (state / "lock").open("wb")
    except OSError as error:
        raise OutputError(f"{out}: the folder cannot be made or written to: {error.strerror}") from None
    os.register_at_fork(after_in_child=lock.close)  # the folder is free when this process is gone, not its workers
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            alone = os.path.samestat(os.fstat(lock.fileno()), (state / "lock").stat())
        except (BlockingIOError, FileNotFoundError):
            alone = False
        if not alone:  # it is held, or it went with the run that held it
            raise BusyError(f"{out}: another run is at work there; wait for it, or choose another folder")
        yield


def _taken_up(out: Path, job: dict[str, Any]) -> bool:
    """Make sure that what is in the folder is this job's, and return whether it is done."""
    note = out / STATE / "job.json"
    if (out / MANIFEST).exists():
        _check_done(out, job)
        return True
    if note.exists():
        if _json(note) != json.loads(dump(job)):
            _refuse(out, "it holds a half-done job with another recipe, version, option or input")
        return False
    if foreign := [name for name in RESULTS if os.path.lexists(out / name)]:
        _refuse(out, f"its {foreign[0]} is none that a run of cleaner has left", "move that away")
    storage.write(note, encode(dump(job)))
    return False


def _odd(path: Path) -> bool:
    """Tell whether something is there that no run leaves: what stands behind it may be elsewhere, or endless."""
    return os.path.lexists(path) and not (stat.S_ISREG(mode := path.lstat().st_mode) or stat.S_ISDIR(mode))


def _all(out: Path) -> Iterator[Path]:
    """Yield all that belongs to a run, or stands among what does."""
    for top in (out / name for name in (STATE, *RESULTS)):
        yield top
        for folder, folders, names in os.walk(top, onerror=_stop) if top.is_dir() else ():
            yield from (Path(folder, name) for name in sorted((*folders, *names)))


@contextmanager
def _said(out: Path) -> Iterator[None]:
    """Say in a sentence what the disk refuses."""
    try:
        yield
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        raise OutputError(f"{out}: it cannot be written to: {error.strerror or error}{where}") from error


def _check_done(out: Path, job: dict[str, Any]) -> None:
    """Hold the results that are there against what this job would leave."""
    told = _json(out / MANIFEST)
    if not isinstance(told, dict):
        _refuse(out, f"its {MANIFEST} is damaged")
    if "cleaner" not in told or not isinstance(files := told.get("files"), dict):
        _refuse(out, f"its {MANIFEST} is none that a run of cleaner has left", "move that away")
    if told.get("job") != json.loads(dump(lasting(job))):
        _refuse(out, "it holds the results of another job")
    newest = (out / MANIFEST).stat().st_mtime_ns
    if any(i[2] > newest for i in job["inputs"]):
        _refuse(out, "an input has changed since the results were written")
    there = sums(out)
    for name in sorted(there.keys() | files.keys()):
        if there.get(name) != files.get(name):
            _refuse(out, f"{name} is not as the run has left it")


def _json(path: Path) -> Any:  # noqa: ANN401  JSON holds anything
    try:
        return json.loads(path.read_bytes()) if path.is_file() else None  # to read a pipe would take for ever
    except (ValueError, RecursionError):
        return None


def _refuse(out: Path, why: str, remedy: str = "start over with --fresh") -> NoReturn:
    if not any((out / STATE / name).exists() for name in ("job.json", "chunks")):
        shutil.rmtree(out / STATE, ignore_errors=True)
    raise BusyError(f"{out}: {why}; choose another folder, or {remedy}")


def _clear(out: Path) -> None:
    """Throw away what runs have left; the manifest goes last, for it tells whose the rest is.

    Raises:
        BusyError: there are results, or files among the results, that no run has left.

    """
    done, state = out / MANIFEST, out / STATE
    told = _json(done) if done.exists() else None
    if isinstance(told, dict):
        ours = told.get("files") if "cleaner" in told else None
        foreign = [MANIFEST] if not isinstance(ours, dict) else [name for name in _results(out) if name not in ours]
    else:
        begun = os.path.lexists(done) or os.path.lexists(state / "job.json")
        foreign = [] if begun else [name for name in RESULTS if os.path.lexists(out / name)]
    if foreign:
        _refuse(out, f"its {foreign[0]} is none that a run of cleaner has left", "move that away")
    for path in (*(out / name for name in RESULTS if name != MANIFEST), state / "chunks", state / "scratch"):
        _remove(path)
    storage.settle(out)
    _remove(state / "job.json")
    _remove(done)
    storage.settle(out)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def lasting(job: dict[str, Any]) -> dict[str, Any]:
    """Return what a job is apart from what leaves its results as they are: times of the inputs, size of the chunks."""
    kept = {name: value for name, value in job.items() if name != "chunk_size"}
    return {**kept, "inputs": [[*entry[:2], *entry[3:]] for entry in job["inputs"]]}


def read_manifest(out: Path) -> dict[str, Any]:
    """Return what a run has written about itself.

    Raises:
        InputError: the folder holds no finished run.

    """
    try:
        data = json.loads((out / MANIFEST).read_bytes())
    except FileNotFoundError:
        state = "a half-done run; give its command again to finish it" if (out / STATE).exists() else "no run"
        raise InputError(f"{out}: the folder holds {state}") from None
    except (ValueError, RecursionError) as error:
        raise InputError(f"{out / MANIFEST}: it is damaged: {error}") from None
    if not isinstance(data, dict):
        raise InputError(f"{out / MANIFEST}: it is damaged: it holds no object")
    return data


def sums(out: Path) -> dict[str, dict[str, Any]]:
    """Return size and SHA-256 of every file of the results, by name; of what is no plain file, nothing.

    Raises:
        OSError: a folder cannot be listed, or a file cannot be read.

    """
    found: dict[str, dict[str, Any]] = {}
    for name in _results(out):
        path = out / name
        found[name] = {"bytes": path.stat().st_size, "sha256": sha256(path)} if path.is_file() else {}
    return found


def _results(out: Path) -> Iterator[str]:
    """Yield the names of all files of the results but the manifest; unlike a glob, pass over no folder in silence."""
    for top in (out / name for name in RESULTS if name != MANIFEST):
        found = storage.files(top) if top.is_dir() else [top] if os.path.lexists(top) else []
        yield from (path.relative_to(out).as_posix() for path in found)


def _stop(error: OSError) -> NoReturn:
    raise error


def refuse_strangers(out: Path, names: AbstractSet[str]) -> None:
    """Look whether there are files among the results that have none of the names that this run gives.

    Raises:
        BusyError: there are.

    """
    for name in _results(out):
        if name not in names and not _RAW.fullmatch(name):
            raise BusyError(f"{out}: {name} is no file of this run; move it away, and give the command again")


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
