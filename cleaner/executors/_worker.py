"""A worker process, from within: answers item after item, and dies of whatever is too much.

Nothing here is mended that a fresh process does better: the system ends a process that has used up the processor time
of a record, a process without memory ends itself, and another one takes its place. So a record never meets what an
earlier one has left behind.
"""

from __future__ import annotations

import ctypes
import gc
import mmap
import os
import pickle
import resource
import signal
import sys
import traceback
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cleaner.errors import LawError
from cleaner.watch import Limits, Loss, Watch

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from multiprocessing.connection import Connection

OUTSIDE = -1
"""The mark of a worker that is on no record."""
FULL = 86
"""Exit code of a worker that ran out of memory."""
CUT = 87
"""Exit code of a worker that found itself cut off from its parent in the midst of its records."""
_ENDED = 1
_SET_DEATH_SIGNAL = 1
"""PR_SET_PDEATHSIG of Linux."""


class _Marking(Watch):
    """Leaves the number of the record in memory that the parent sees, too, and lets the system keep the time."""

    def __init__(self, mark: ctypes.c_longlong, limits: Limits, pipe: int, lost: Mapping[int, Loss]) -> None:
        self.mark, self.limits, self.lost = mark, limits, lost
        self.process, self.parent = os.getpid(), os.getppid()
        self.pipe, self.end = pipe, _identity(pipe)

    def start(self, number: int, size: int = 0) -> None:
        if os.getpid() != self.process or os.getppid() != self.parent:
            os._exit(_ENDED)  # a copy that the record before made of this process, or an orphan
        if _identity(self.pipe) != self.end:
            os._exit(CUT)  # the mark still stands on the record before
        self.mark.value = number
        signal.setitimer(signal.ITIMER_PROF, self.limits.time(size))

    def stop(self) -> None:
        signal.setitimer(signal.ITIMER_PROF, 0)
        self.mark.value = OUTSIDE


def _identity(handle: int) -> tuple[int, int] | None:
    """Return which file an open handle stands for, None if it is closed."""
    try:
        found = os.fstat(handle)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def main(
    function: Callable[[Any, Watch], Any],
    pipe: Connection,
    mark: ctypes.c_longlong,
    limits: Limits,
    parent: int,
    inherited: Sequence[Connection],
) -> None:
    """Be a worker.

    Args:
        function: what to do with an item.
        pipe: where items come from and answers go to.
        mark: memory that is shared with the parent, for the number of the record.
        limits: what a record may cost.
        parent: number of the parent's process.
        inherited: the parent's ends of all pipes, where this process has come to them.

    """
    gc.freeze()  # what the parent had loaded stays; to look through it for garbage would copy it, page by page
    os.setpgid(0, 0)  # what a record starts is ended with this process
    _die_with(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent hears it, and says what happens
    for number in (signal.SIGTERM, signal.SIGPROF):
        signal.signal(number, signal.SIG_DFL)
    for end in inherited:  # the other ends wait for the last copy to be closed
        end.close()
    sys.stdout = sys.stderr  # what a stage prints must not come between the results
    with suppress(OSError):  # it may be closed
        os.dup2(2, 1)
    try:
        _confine(limits.memory)
        _serve(function, pipe, mark, limits)
    except MemoryError:
        os._exit(FULL)
    except BaseException as error:  # noqa: BLE001  a stage may well raise SystemExit
        os._exit(error.code if isinstance(error, SystemExit) and isinstance(error.code, int) else _ENDED)


def _die_with(parent: int) -> None:
    """Let this process be killed when the parent ends in any way; else it would go on beside the parent's successor."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_DEATH_SIGNAL, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(_ENDED)


def _confine(memory: int) -> None:
    """Let this process take no more memory than that beyond what it has, and a crash leave no image of it on disk."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        mapped = int(Path("/proc/self/statm").read_text("ascii").split()[0]) * mmap.PAGESIZE
    except OSError:  # no Linux
        mapped = 0
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    if most == resource.RLIM_INFINITY or mapped + memory < most:
        with suppress(OSError, ValueError):  # not every system knows this limit
            resource.setrlimit(resource.RLIMIT_AS, (mapped + memory, most))


def _serve(function: Callable[[Any, Watch], Any], pipe: Connection, mark: ctypes.c_longlong, limits: Limits) -> None:
    """Answer each item with (whether it went well, the result or the error)."""
    while True:
        try:
            item, lost = pipe.recv()
        except (EOFError, ConnectionResetError):
            return
        watch = _Marking(mark, limits, pipe.fileno(), lost)
        answer: tuple[bool, Any]
        try:
            answer = True, function(item, watch)
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001  it is raised again in the parent
            error.add_note(f"In a worker process:\n{traceback.format_exc()}")
            answer = False, error
        watch.stop()
        try:
            pipe.send_bytes(_packed(*answer))
        except BrokenPipeError:
            return
        del item, answer


def _packed(fine: bool, value: object) -> bytes:  # noqa: FBT001  it is data
    """Return an answer as bytes; if it cannot be sent, an answer that says so."""
    try:
        data = pickle.dumps((fine, value))
        if not fine:
            pickle.loads(data)  # noqa: S301  our own; errors are often made so that they cannot be made again
    except Exception as error:  # noqa: BLE001  anything may go wrong in somebody else's class
        told = f"a result cannot be sent: {error}" if fine else f"{type(value).__name__}: {value}"
        data = pickle.dumps((False, LawError(f"in a worker: {told}")))
    return data
