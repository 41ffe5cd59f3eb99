"""A worker process, from without: started, given work, heard, looked at, and ended with all that it has started."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import sys
import threading
import time
import warnings
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from cleaner.errors import UsageError
from cleaner.executors import _worker
from cleaner.watch import CUT_OFF, OUT_OF_MEMORY, STUCK, TOO_SLOW, Limits, Loss, Watch

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from multiprocessing.connection import Connection

T = TypeVar("T")

_PATIENCE = 2.0
"""Seconds that a worker without work has to end by itself."""
_DYING = 5.0
"""Seconds that a worker has to end that cannot be heard any more: to give back much memory takes its time."""
_KILLERS = (signal.SIGKILL, signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
"""What somebody else ends a process by."""


class Task(NamedTuple, Generic[T]):
    """An item, and what it has cost so far."""

    number: int
    item: T
    lost: Mapping[int, Loss]
    """The records that are to be left out."""
    deaths: frozenset[int]
    """The records on which a worker has died."""


class Worker(Generic[T]):
    """A process, the pipe to it, and what it is at work on."""

    def __init__(self, function: Callable[[T, Watch], Any], limits: Limits, others: Sequence[Connection]) -> None:
        """Start a process.

        Args:
            function: what it does with an item.
            limits: what a record may cost.
            others: the pipes to the other workers.

        Raises:
            UsageError: a fresh process is needed, and the function cannot be sent to it.

        """
        copied = alone()
        start = multiprocessing.get_context("fork") if copied else multiprocessing.get_context("spawn")
        self.limits = limits
        self.pipe, theirs = start.Pipe()
        self.mark = start.RawValue("q", _worker.OUTSIDE)
        inherited = [self.pipe, *others] if copied else []
        known = (function, theirs, self.mark, limits, os.getpid(), inherited)
        self.process = start.Process(target=_worker.main, args=known, daemon=True)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)  # of a fork beside those threads
                self.process.start()
        except (pickle.PicklingError, AttributeError, TypeError) as error:
            sentence = f"a stage cannot be sent to another process: {error}; define it at the top of a module"
            raise UsageError(sentence) from error
        theirs.close()
        self.task: Task[T] | None = None
        self.stuck = False
        self._seen: tuple[int, int | None] = (0, None)
        self._idle = 0.0

    def give(self, task: Task[T]) -> None:
        """Let it do something."""
        self.task, self._idle = task, 0.0
        self.mark.value = _worker.OUTSIDE
        with suppress(OSError):  # it has just died; that is heard where its answer is awaited
            self.pipe.send((task.item, task.lost))

    def heard(self) -> tuple[Task[T], tuple[bool, Any] | Loss]:
        """Return what it was at work on, and its answer, or what it died of."""
        assert self.task is not None  # noqa: S101  for the type checker: only who has work is listened to
        task, data = self.task, b""
        with suppress(EOFError, OSError):
            data = self.pipe.recv_bytes() if self.pipe.poll() else b""
        if not data:
            return task, self._end()
        self.task = None
        answer: tuple[bool, Any] = pickle.loads(data)  # noqa: S301  our own
        return task, answer

    def _end(self) -> Loss:
        """Return what it died of."""
        self.process.join(0 if self.stuck else _DYING)
        code = self.process.exitcode
        stop([self])
        self.task = None
        if self.stuck:
            return STUCK
        return CUT_OFF if code is None else _loss(code)

    def look(self, seconds: float) -> bool:
        """Tell whether it has died, or is stuck, which is seen when it has done nothing for long enough.

        Args:
            seconds: the time since the last look.

        """
        if not self.process.is_alive():  # a process that it started may still hold the pipe
            return True
        seen = self.mark.value, _processor_time(self.process.pid)
        self._idle = self._idle + seconds if seen == self._seen and seen[1] is not None else 0.0
        self._seen = seen
        self.stuck = self._idle > self.limits.idle
        return self.stuck


def alone() -> bool:
    """Tell whether this process can be copied: locks that other threads of it hold would never be let go in the copy.

    A copy starts in a hundredth of the time that a fresh process takes, has rules and models loaded, and does not run
    the user's program once more. The threads of numpy's libraries, which Python does not count, care for themselves.
    """
    return sys.platform == "linux" and threading.active_count() == 1


def _processor_time(process: int | None) -> int | None:
    """Return the ticks of processor time that a process has had, None where the system does not tell."""
    try:
        fields = Path(f"/proc/{process}/stat").read_bytes().rpartition(b")")[2].split()
    except OSError:
        return None
    return int(fields[11]) + int(fields[12])


def _loss(code: int) -> Loss:
    """Return what a process died of, by the code with which it ended."""
    if code in (_worker.FULL, _worker.CUT, -signal.SIGPROF):
        return {_worker.FULL: OUT_OF_MEMORY, _worker.CUT: CUT_OFF}.get(code, TOO_SLOW)
    if code >= 0:
        return Loss("worker-crashed", f"the worker process ended on it with exit code {code}")
    name = signal.Signals(-code).name if -code in {s.value for s in signal.Signals} else f"signal {-code}"
    return Loss(f"worker-{'killed' if -code in _KILLERS else 'crashed'}", f"the worker process ended on it by {name}")


def stop(workers: Sequence[Worker[T]]) -> None:
    """End some workers, and what they have started; those that do not listen, because they are at work, by force."""
    for worker in workers:
        worker.pipe.close()
    deadline = time.monotonic() + _PATIENCE
    for worker in workers:
        if worker.task is None:
            worker.process.join(max(0.0, deadline - time.monotonic()))
        worker.process.kill()
        if worker.process.pid:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(worker.process.pid, signal.SIGKILL)
        worker.process.join()
