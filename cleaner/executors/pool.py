"""Worker processes that this one watches: a worker that dies costs its item one more try, not the job.

`multiprocessing.Pool` hangs when a worker is killed, and `ProcessPoolExecutor` gives up all that is under way; so each
worker has a pipe of its own here, and one call waits for answers and deaths alike.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections import deque
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from cleaner.errors import CleanerError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from multiprocessing.connection import Connection

T = TypeVar("T")
R = TypeVar("R")

_TRIES = 2
_START = multiprocessing.get_context("spawn")  # a forked worker would inherit the threads' locks without the threads


class WorkerLost(CleanerError):  # noqa: N818  it says what happened
    """A worker died twice on one item."""


class _Worker(Generic[T, R]):
    """A process, the pipe to it, and what it is at work on."""

    def __init__(self, function: Callable[[T], R]) -> None:
        self.pipe, theirs = _START.Pipe()
        self.process = _START.Process(target=_work, args=(function, theirs), daemon=True)
        self.process.start()
        theirs.close()
        self.job: tuple[int, T, int] | None = None

    def give(self, number: int, item: T, tries: int) -> None:
        self.job = (number, item, tries)
        self.pipe.send(item)

    def stop(self) -> None:
        self.pipe.close()
        self.process.join(timeout=1)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()


def _work(function: Callable[[T], R], pipe: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent hears it, and says what happens
    while True:
        try:
            item = pipe.recv()
        except EOFError:
            return
        answer: tuple[bool, Any]
        try:
            answer = True, function(item)
        except Exception as error:  # noqa: BLE001  it is raised again in the parent
            answer = False, error
        try:
            pipe.send(answer)
        except BrokenPipeError:
            return


def run(function: Callable[[T], R], items: Iterable[T], jobs: int) -> Iterator[R]:
    """Yield the result of each item, in order; at most twice as many as there are workers are held back.

    Raises:
        WorkerLost: a worker died on the same item twice.
        Exception: whatever the function raised, for the first item on which it did.

    """
    source = enumerate(items)
    workers: list[_Worker[T, R]] = []
    again: deque[tuple[int, T, int]] = deque()
    answers: dict[int, tuple[bool, Any]] = {}
    wanted = 0
    more = True
    try:
        while True:
            while wanted in answers:
                fine, value = answers.pop(wanted)
                if not fine:
                    raise value
                yield value
                wanted += 1
            idle = [w for w in workers if w.job is None]
            while (idle or len(workers) < jobs) and (again or (more and len(answers) < 2 * jobs)):
                task = again.popleft() if again else next(((n, item, 1) for n, item in source), None)
                if task is None:
                    more = False
                    break
                worker = idle.pop() if idle else _Worker(function)
                if worker not in workers:
                    workers.append(worker)
                worker.give(*task)
            busy = {w.pipe: w for w in workers if w.job is not None}
            if not busy:
                return
            for pipe in wait(list(busy)):
                worker = busy[pipe]  # type: ignore[index]
                number, item, tries = worker.job or (0, None, 0)
                try:
                    answers[number] = worker.pipe.recv()
                except (EOFError, OSError):
                    workers.remove(worker)
                    worker.stop()
                    if tries == _TRIES:
                        code = worker.process.exitcode
                        answers[number] = False, WorkerLost(f"a worker died twice (exit code {code}) on {item!r}"[:300])
                    else:
                        again.append((number, item, tries + 1))  # type: ignore[arg-type]
                else:
                    worker.job = None
    finally:
        for worker in workers:
            worker.stop()
