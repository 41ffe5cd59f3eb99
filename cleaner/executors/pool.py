"""Worker processes that this one watches: a worker that dies costs the one record it was on.

`multiprocessing.Pool` hangs when a worker is killed, and `ProcessPoolExecutor` gives up all that is under way; so each
worker has a pipe of its own here, and one call waits for answers and deaths alike. In shared memory a worker leaves the
number of the record it is on. When it dies, its item is done again by another one; a record on which two have died is
left out from then on, with the reason.
"""

from __future__ import annotations

import time
from collections import deque
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from cleaner.errors import CleanerError
from cleaner.executors import _worker
from cleaner.executors._process import Task, Worker, stop
from cleaner.watch import OUT_OF_MEMORY, Limits, Loss

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from cleaner.watch import Watch

T = TypeVar("T")
R = TypeVar("R")

_TICK = 1.0
"""Seconds after which workers are looked at that say nothing."""

MOST_LOST = 100
"""Records that an item may cost; where more seem to be deadly, something else is at fault."""


class WorkerLost(CleanerError):  # noqa: N818  it says what happened
    """Two workers died on one item outside of its records, or on more records than can be at fault."""


class _Workers(Generic[T]):
    """The workers, as many as there is work for."""

    def __init__(self, function: Callable[[T, Watch], Any], limits: Limits, most: int) -> None:
        self.function, self.limits, self.most = function, limits, most
        self.all: list[Worker[T]] = []
        self.looked = time.monotonic()

    def free(self) -> bool:
        """Tell whether another task can be given."""
        self.all = [w for w in self.all if w.task is not None or w.process.is_alive()]
        return len(self.busy()) < self.most

    def give(self, task: Task[T]) -> None:
        """Give a task to a worker without one; there is one if `free` has just said so, or it is made."""
        worker = next((w for w in self.all if w.task is None), None)
        if worker is None:
            worker = Worker(self.function, self.limits, [w.pipe for w in self.all])
            self.all.append(worker)
        worker.give(task)

    def busy(self) -> dict[object, Worker[T]]:
        """Return those at work, by their pipes."""
        return {w.pipe: w for w in self.all if w.task is not None}

    def heard(self) -> list[Worker[T]]:
        """Wait, and return those that have an answer or have died."""
        busy = self.busy()
        heard = [busy[pipe] for pipe in wait([w.pipe for w in busy.values()], _TICK)]
        if (passed := time.monotonic() - self.looked) >= _TICK:
            self.looked += passed
            # while this process was stopped, so were they: that time does not count
            heard += [w for w in busy.values() if w not in heard and w.look(min(passed, 2 * _TICK))]
        return heard


def run(
    function: Callable[[T, Watch], R], items: Iterable[T], jobs: int = 1, limits: Limits | None = None
) -> Iterator[R]:
    """Yield the result of each item, in order; at most twice as many as there are workers are held back.

    Raises:
        WorkerLost: workers died twice on one item, but on none of its records, or on more than `MOST_LOST` of them.
        UsageError: the function cannot be sent to another process.
        Exception: whatever the function raised, for the first item on which it did.

    """
    workers: _Workers[T] = _Workers(function, limits or Limits(), jobs)
    source = (Task(number, item, {}, frozenset()) for number, item in enumerate(items))
    again: deque[Task[T]] = deque()
    answers: dict[int, tuple[bool, Any]] = {}
    wanted = 0
    try:
        while True:
            while wanted in answers:
                yield _result(*answers.pop(wanted))
                wanted += 1
            while workers.free() and (again or len(answers) < 2 * jobs):
                task = again.popleft() if again else next(source, None)
                if task is None:
                    break
                workers.give(task)
            if not workers.busy():
                return
            for worker in workers.heard():
                task, outcome = worker.heard()
                if not isinstance(outcome, Loss):
                    answers[task.number] = outcome
                elif retry := _without(task, worker.mark.value, outcome):
                    again.append(retry)
                else:
                    answers[task.number] = False, WorkerLost(_sentence(task.item, outcome))
    finally:
        stop(workers.all)


def _without(task: Task[T], record: int, loss: Loss) -> Task[T] | None:
    """Return what is to be done again after a death; None if no record is at fault."""
    if record not in task.deaths:
        return task._replace(deaths=task.deaths | {record})
    if record == _worker.OUTSIDE or len(task.lost) == MOST_LOST:
        return None
    return task._replace(lost={**task.lost, record: loss})


def _result(fine: bool, value: Any) -> Any:  # noqa: ANN401, FBT001  whatever the function returns
    if not fine:
        raise value
    return value


def _sentence(item: object, loss: Loss) -> str:
    remedy = "; give it more with --memory" if loss is OUT_OF_MEMORY else ""
    return f"workers died again and again, and no record is at fault: {loss.sentence}{remedy} ({item!r:.200})"
