"""Results behind a URL: a finished run copied there object by object, its manifest last of all.

Nobody can hold a bucket as a folder is held. What stands in for that is ``.cleaner/job.json``, which says while objects
are copied whose they are.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, cast

from cleaner import remote
from cleaner.errors import BusyError, CleanerError, OutputError, UsageError
from cleaner.job.folder import MANIFEST, RESULTS, STATE
from cleaner.record import dump, encode

if TYPE_CHECKING:
    from collections.abc import Iterator

_JOB = f"{STATE}/job.json"
_MANY = 64
"""Objects that are copied at a time, where the file system can, and noted down together."""
_ONLY_READ = ("http", "https")


def folder_for(url: str) -> Path:
    """Return the folder on disk in which a job with results behind a URL works if the user names none.

    It is called by the URL, so that the same command finds there what it has done.
    """
    name = hashlib.sha256(url.rstrip("/").encode()).hexdigest()[:16]
    caches = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser()
    nearest = next((p for p in (caches, *caches.parents) if p.exists()), caches)
    return (caches if os.access(nearest, os.W_OK) else Path(tempfile.gettempdir())) / "cleaner" / name


class Target:
    """Where the results go."""

    def __init__(self, url: str) -> None:
        """Look for the file system.

        Raises:
            UsageError: there is none of that kind, or nothing can be written to it.

        """
        self.url = url.rstrip("/")
        with self._writing():
            self.fs, root = remote.opened(url)
        self.root = root.rstrip("/")
        if remote.place(self.fs, self.root).parts[1].rstrip(":") in _ONLY_READ:
            raise UsageError(f"{self.url}: nothing can be written to a web server; s3:// and others take results")

    def claim(self, job: dict[str, Any], *, fresh: bool) -> bool:
        """Note down whose the place is from now on; returns whether the job is already done there.

        Args:
            job: what the job is, as its manifest will tell.
            fresh: whether to throw away what another job, or this one, has left there.

        Raises:
            BusyError: it holds the results of another job.
            OutputError: it cannot be read or written.

        """
        mine = encode(dump(job))
        with self._writing():
            self.fs.invalidate_cache()
            if fresh:
                self._clear()
            elif (told := self._get(MANIFEST)) is not None:
                self._check_done(told, json.loads(mine))
                return True
            elif (theirs := self._get(_JOB)) is not None:
                if theirs != mine:
                    self._refuse("another job is being copied there, or was stopped while it was")
            elif foreign := [name for name in RESULTS if self.fs.exists(f"{self.root}/{name}")]:
                self._refuse(f"it already has a {foreign[0]} that no run of cleaner has left")
            self.fs.pipe_file(f"{self.root}/{_JOB}", mine)
        return False

    def _check_done(self, told: bytes, job: object) -> None:
        """Hold the results that are there against what the job would leave."""
        try:
            manifest = json.loads(told)
            files, theirs = {name: entry["bytes"] for name, entry in manifest["files"].items()}, manifest["job"]
        except (ValueError, KeyError, TypeError, AttributeError):
            self._refuse(f"its {MANIFEST} is damaged")
        if theirs != job:
            self._refuse("it holds the results of another job")
        sizes = self._sizes()
        for name, size in files.items():
            if sizes.get(name) != size:
                self._refuse(f"{name} is not as the run has left it")

    def _refuse(self, why: str) -> NoReturn:
        raise BusyError(f"{self.url}: {why}; choose another place, or start over with --fresh")

    def report(self) -> bytes:
        """Return the report of the run whose results are there."""
        with self._writing():
            return cast("bytes", self.fs.cat_file(f"{self.root}/report.json"))

    def send(self, out: Path) -> None:
        """Copy a finished run; what an earlier call has copied is not copied again.

        Args:
            out: its folder. Beside it a file is kept, as long as objects are missing, on what has been copied.

        Raises:
            OutputError: it cannot be written.

        """
        files = json.loads((out / MANIFEST).read_bytes())["files"]
        notes = out.resolve().with_name(f"{out.resolve().name}.copied")
        noted = set(notes.read_text("utf-8").split("\n")) if notes.exists() else set()
        with self._writing():
            sizes = self._sizes()
            done = {name for name in files if sizes.get(name) == files[name]["bytes"] and _note(files, name) in noted}
            left = [name for name in files if name not in done]
            for some in (left[i : i + _MANY] for i in range(0, len(left), _MANY)):
                self._put(out, some)
                with notes.open("a", encoding="utf-8") as file:
                    file.writelines(f"{_note(files, name)}\n" for name in some)
            sizes = self._sizes()
            for name in files:
                if sizes.get(name) != files[name]["bytes"]:
                    raise OutputError(f"{self.url}/{name}: it did not arrive whole; give the same command again")
            self._put(out, [MANIFEST])
            self.fs.rm(f"{self.root}/{_JOB}")
        notes.unlink(missing_ok=True)

    def _put(self, out: Path, names: list[str]) -> None:
        self.fs.put([str(out / name) for name in names], [f"{self.root}/{name}" for name in names])

    def _get(self, name: str) -> bytes | None:
        try:
            return cast("bytes", self.fs.cat_file(f"{self.root}/{name}"))
        except FileNotFoundError:
            return None

    def _sizes(self) -> dict[str, int]:
        """Return the size of every object below the place, by name."""
        self.fs.invalidate_cache()
        found = self.fs.find(self.root, detail=True)
        return {name.removeprefix(self.root).lstrip("/"): info["size"] for name, info in found.items()}

    def _clear(self) -> None:
        for name in (MANIFEST, *RESULTS, STATE):  # the manifest first: what it tells of is no longer whole
            if self.fs.exists(path := f"{self.root}/{name}"):
                self.fs.rm(path, recursive=True)
        self.fs.invalidate_cache()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Say in a sentence what the file system refuses."""
        try:
            with remote.reached():
                yield
        except CleanerError:
            raise
        except OSError as error:
            why = error.strerror or error
            raise OutputError(f"{self.url}: it cannot be written: {why}; the same command goes on") from error


def _note(files: dict[str, dict[str, Any]], name: str) -> str:
    return f"{files[name]['sha256']}  {dump(name)}"
