"""A disk to watch, break and cut off: every operation of this process below a folder passes through here."""

import builtins
import io
import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest


class Operation(NamedTuple):
    """Something done to the disk, about to be done when a `Disk` tells of it."""

    name: str
    path: str
    other: str = ""
    """Where it moves to."""
    data: bytes = b""
    at: int = 0
    """Where in the file the data goes."""

    @property
    def changes(self):
        """Whether the disk is another one afterwards."""
        return self.name not in ("read", "list", "fsync")


def _opened(handle):
    return str(Path(f"/proc/self/fd/{handle}").readlink())


class _Raw(io.FileIO):
    """A file that says what is written into it, below Python's buffer."""

    def __init__(self, disk, path, *args):
        self.disk, self.path = disk, path
        super().__init__(*args)

    def write(self, data):
        data = bytes(data)
        taken = self.disk.about(Operation("write", self.path, data=data, at=self.tell()))
        return super().write(data if taken is None else data[:taken])

    def truncate(self, size=None):
        self.disk.about(Operation("truncate", self.path, at=self.tell() if size is None else size))
        return super().truncate(size)


class Disk:
    """Tells ``strike`` of every operation below a folder, with its number, before it is done.

    What ``strike`` raises is what the operation fails with; of a write it may return how many bytes are taken.
    """

    def __init__(self, root, strike=lambda _number, _operation: None):
        self.root, self.strike = f"{os.path.realpath(root)}{os.sep}", strike
        self.operations = []
        self.refused = set()
        """Numbers of the operations that the real disk has refused: a file was not there, or a folder was already."""

    def about(self, operation):
        self.operations.append(operation)
        return self.strike(len(self.operations), operation)

    def _through(self, operation, call, *args, **more):
        self.about(operation)
        number = len(self.operations)
        try:
            return call(*args, **more)
        except OSError:
            self.refused.add(number)
            raise

    def done(self):
        """Return the operations that have left a trace."""
        told = enumerate(self.operations, 1)
        return [o for n, o in told if n not in self.refused and o.name not in ("read", "list")]

    def _path(self, path, folder=None):
        """Return an absolute path, empty if it is none of ours."""
        if isinstance(path, int):
            path = _opened(path)
        path = os.fsdecode(path)
        if folder is not None:
            path = os.path.join(_opened(folder), path)  # noqa: PTH118  it may be absolute
        path = os.path.abspath(path)  # noqa: PTH100  links stay as they are
        return path if f"{path}{os.sep}".startswith(self.root) else ""

    @contextmanager
    def watched(self):
        """Put the disk in between."""
        with pytest.MonkeyPatch.context() as patch:
            opened = io.open
            for module in (io, builtins):
                patch.setattr(module, "open", self._opening(opened))
            patch.setattr(os, "open", self._low_opening(os.open))
            for name, what in (("mkdir", "mkdir"), ("rmdir", "rmdir"), ("unlink", "unlink"), ("remove", "unlink")):
                patch.setattr(os, name, self._one(what, getattr(os, name)))
            for name in ("rename", "replace"):
                patch.setattr(os, name, self._two("move", getattr(os, name)))
            for name in ("scandir", "listdir"):
                patch.setattr(os, name, self._one("list", getattr(os, name)))
            patch.setattr(os, "fsync", self._fsync)
            yield self

    def _opening(self, call):
        def opening(file, mode="r", buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None):  # noqa: FBT002  as it is
            path = "" if isinstance(file, int) else self._path(file)
            if not path or opener or not set("wax+") & set(mode):
                given = (file, mode, buffering, encoding, errors, newline, closefd, opener)
                return self._through(Operation("read", path), call, *given) if path else call(*given)
            assert "b" in mode, f"{path}: written as text"
            size = io.DEFAULT_BUFFER_SIZE if buffering == -1 else buffering
            assert size > 1, f"{path}: written without a buffer"
            operation = Operation("append" if "a" in mode else "make", path)
            raw = self._through(operation, _Raw, self, path, path, mode.replace("b", ""))
            return io.BufferedRandom(raw, size) if "+" in mode else io.BufferedWriter(raw, size)

        return opening

    def _low_opening(self, call):
        def opening(path, flags, *args, dir_fd=None):
            where = self._path(path, dir_fd)
            operation = Operation("make" if flags & (os.O_CREAT | os.O_TRUNC) else "read", where)
            given = (path, flags, *args)
            return self._through(operation, call, *given, dir_fd=dir_fd) if where else call(*given, dir_fd=dir_fd)

        return opening

    def _one(self, name, call):
        def wrapper(path=".", *args, **more):
            where = self._path(path, more.get("dir_fd"))
            operation, given = Operation(name, where), (path, *args)
            return self._through(operation, call, *given, **more) if where else call(*given, **more)

        return wrapper

    def _two(self, name, call):
        def wrapper(old, new, **more):
            source, target = self._path(old, more.get("src_dir_fd")), self._path(new, more.get("dst_dir_fd"))
            ours = source or target
            return self._through(Operation(name, source, target), call, old, new, **more) if ours else call(old, new)

        return wrapper

    def _fsync(self, handle):
        """Tell of it; to wait for a real disk would be a waste of time."""
        if where := self._path(handle):
            self.about(Operation("fsync", where))


EVENTS = {"os.mkdir", "os.rmdir", "os.remove", "os.rename", "os.truncate", "os.link", "os.symlink", "os.chmod"}


class Witness:
    """What Python itself has to say of the changes below a folder: it is asked whether a `Disk` has missed any.

    A hook cannot be taken away again, so this is for processes that end soon.
    """

    def __init__(self, root):
        self.root, self.seen = f"{os.path.realpath(root)}{os.sep}", []
        sys.addaudithook(self._hook)

    def _hook(self, event, args):
        if event == "open":
            path, _, flags = args
            if isinstance(path, int) or not flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
                return
        elif event in EVENTS:
            path = args[0]
        else:
            return
        if isinstance(path, str | bytes | os.PathLike):
            folder = args[-1] if event in ("os.rmdir", "os.remove") else -1
            base = _opened(folder) if isinstance(folder, int) and folder >= 0 else "."
            where = os.path.abspath(os.path.join(base, os.fsdecode(path)))  # noqa: PTH100, PTH118
            if f"{where}{os.sep}".startswith(self.root):
                self.seen.append((event, where))


class Inode:
    """A file or a folder: as programs see it, and as it is after a power cut."""

    def __init__(self, *, folder):
        self.now, self.lasting = ({}, {}) if folder else (bytearray(), b"")
        self.pending = []
        """The changes of a folder's names since they were last made to last, each {name: inode or None}."""

    @property
    def folder(self):
        return isinstance(self.now, dict)


class Power:
    """What is left of a disk when the power goes after some of its operations.

    A file's bytes last from its fsync on, a name from the fsync of its folder on. Whatever else may have survived, or
    may not: that is for ``chance`` to say.
    """

    def __init__(self, root):
        self.root = os.path.realpath(root)
        self.top = Inode(folder=True)

    def load(self):
        """Begin with what is there now, all of it lasting."""
        for path in sorted(Path(self.root).rglob("*")):
            folder = path.is_dir()
            inode = Inode(folder=folder)
            if not folder:
                inode.now, inode.lasting = bytearray(path.read_bytes()), path.read_bytes()
            parent = self._at(str(path.parent))
            parent.now[path.name] = parent.lasting[path.name] = inode

    def _at(self, path):
        inode = self.top
        for name in Path(path).relative_to(self.root).parts:
            inode = inode.now[name]
        return inode

    def _named(self, path, inode):
        folder, name = self._at(os.path.dirname(path)), os.path.basename(path)  # noqa: PTH119, PTH120  it is text
        self._change(folder, {name: inode})

    @staticmethod
    def _change(folder, names):
        folder.pending.append(names)
        folder.now = {name: inode for name, inode in {**folder.now, **names}.items() if inode is not None}

    def _move(self, path, other):
        (source, old), (target, new) = os.path.split(path), os.path.split(other)
        inode = self._at(path)
        if source == target:  # within a folder it is one change: no file system tears it apart
            self._change(self._at(source), {old: None, new: inode})
        else:
            self._named(path, None)
            self._named(other, inode)

    def do(self, operation):
        """Do an operation."""
        name, path = operation.name, operation.path
        if name in ("make", "append"):
            try:
                inode = self._at(path)
                if name == "make":
                    inode.now = bytearray()
            except KeyError:
                self._named(path, Inode(folder=False))
        elif name == "write":
            self._at(path).now[operation.at : operation.at + len(operation.data)] = operation.data
        elif name == "truncate":
            del self._at(path).now[operation.at :]
        elif name == "mkdir":
            self._named(path, Inode(folder=True))
        elif name in ("unlink", "rmdir"):
            self._named(path, None)
        elif name == "move":
            self._move(path, operation.other)
        elif name == "fsync":
            inode = self._at(path)
            inode.lasting, inode.pending = inode.now.copy() if inode.folder else bytes(inode.now), []

    def left(self, chance):
        """Return what is there when the power comes back: bytes by path, None for folders.

        Args:
            chance: tells of something that was not made to last whether it did all the same; asked with ``"name"`` of a
                change in a folder, with ``"data"`` of a file, of which then nothing, half or all is there.

        """
        found = {}

        def walk(inode, path):
            names = dict(inode.lasting)
            for change in inode.pending:
                names |= change if chance("name") else {}
            for name, target in names.items():
                if target is None:
                    continue
                where = f"{path}/{name}" if path else name
                if target.folder:
                    found[where] = None
                    walk(target, where)
                else:
                    found[where] = self._content(target, chance)

        walk(self.top, "")
        return found

    @staticmethod
    def _content(inode, chance):
        now = bytes(inode.now)
        if now == inode.lasting:
            return now
        if not chance("data"):
            return inode.lasting
        return now if chance("data") else now[: len(now) // 2] + bytes(len(now) - len(now) // 2)
