"""Worker processes that this one watches: a worker that dies costs its item one more try, not the job.

`multiprocessing.Pool` hangs when a worker is killed, and `ProcessPoolExecutor` gives up all that is under way; so each
worker has a pipe of its own here, and one call waits for answers and deaths alike.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import pickle
import signal
import sys
import time
import traceback
from collections import deque
from contextlib import suppress
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from cleaner.errors import CleanerError, LawError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from multiprocessing.connection import Connection

T = TypeVar("T")
R = TypeVar("R")

_TRIES = 2
_PATIENCE = 1.0
"""Seconds that workers have to end by themselves."""
_SET_DEATH_SIGNAL = 1
"""PR_SET_PDEATHSIG of Linux."""
_START = multiprocessing.get_context("spawn")  # a forked worker would inherit the threads' locks without the threads


class WorkerLost(CleanerError):  # noqa: N818  it says what happened
    """A worker died twice on one item."""


class _Worker(Generic[T, R]):
    """A process, the pipe to it, and what it is at work on."""

    def __init__(self, function: Callable[[T], R]) -> None:
        self.pipe, theirs = _START.Pipe()
        self.process = _START.Process(target=_work, args=(function, theirs, os.getpid()), daemon=True)
        self.process.start()
        theirs.close()
        self.job: tuple[int, T, int] | None = None

    def give(self, number: int, item: T, tries: int) -> None:
        self.job = (number, item, tries)
        with suppress(OSError):  # it has just died; that is heard where its answer is awaited
            self.pipe.send(item)

    def heard(self) -> tuple[tuple[int, T, int], tuple[bool, Any] | None]:
        """Return what it was at work on, and its answer, None if it has died."""
        assert self.job is not None  # noqa: S101  for the type checker: only who has work is listened to
        job, self.job = self.job, None
        try:
            return job, self.pipe.recv()
        except (EOFError, OSError):
            _stop([self])
            return job, None


def _stop(workers: Sequence[_Worker[T, R]]) -> None:
    """End some workers; those that do not listen, because they are at work, by force."""
    for worker in workers:
        worker.pipe.close()
    deadline = time.monotonic() + _PATIENCE
    for worker in workers:
        worker.process.join(max(0.0, deadline - time.monotonic()))
        if worker.process.is_alive():
            worker.process.kill()
            worker.process.join()


def _work(function: Callable[[T], R], pipe: Connection, parent: int) -> None:
    """Be a worker: answer each item with (whether it went well, the result or the error)."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent hears it, and says what happens
    _die_with(parent)
    while True:
        try:
            item = pipe.recv()
        except EOFError:
            return
        answer: tuple[bool, Any]
        try:
            answer = True, function(item)
        except Exception as error:  # noqa: BLE001  it is raised again in the parent
            error.add_note(f"In a worker process:\n{traceback.format_exc()}")
            answer = False, error
        try:
            pipe.send_bytes(_packed(*answer))
        except BrokenPipeError:
            return


def _die_with(parent: int) -> None:
    """Let this process be killed when the parent ends in any way; else it would go on beside the parent's successor."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_DEATH_SIGNAL, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


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


def _result(fine: bool, value: Any) -> Any:  # noqa: ANN401, FBT001  whatever the function returns
    if not fine:
        raise value
    return value


def run(function: Callable[[T], R], items: Iterable[T], jobs: int) -> Iterator[R]:
    """Yield the result of each item, in order; at most twice as many as there are workers are held back.

    Raises:
        WorkerLost: a worker died on the same item twice.
        Exception: whatever the function raised, for the first item on which it did.

    """
    source = ((number, item, 1) for number, item in enumerate(items))
    workers: list[_Worker[T, R]] = []
    again: deque[tuple[int, T, int]] = deque()
    answers: dict[int, tuple[bool, Any]] = {}
    wanted = 0
    try:
        while True:
            while wanted in answers:
                yield _result(*answers.pop(wanted))
                wanted += 1
            idle = [w for w in workers if w.job is None and w.process.is_alive()]
            workers = [w for w in workers if w.job is not None] + idle
            while (idle or len(workers) < jobs) and (again or len(answers) < 2 * jobs):
                task = again.popleft() if again else next(source, None)
                if task is None:
                    break
                if not idle:
                    idle.append(_Worker(function))
                    workers.append(idle[-1])
                idle.pop().give(*task)
            busy: dict[object, _Worker[T, R]] = {w.pipe: w for w in workers if w.job is not None}
            if not busy:
                return
            for worker in map(busy.__getitem__, wait([w.pipe for w in busy.values()])):
                (number, item, tries), answer = worker.heard()
                if answer is not None:
                    answers[number] = answer
                elif tries < _TRIES:
                    again.append((number, item, tries + 1))
                else:
                    code = worker.process.exitcode
                    answers[number] = False, WorkerLost(f"a worker died twice (exit code {code}) on {item!r}"[:300])
    finally:
        _stop(workers)
