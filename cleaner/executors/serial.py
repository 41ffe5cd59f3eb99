"""One after the other, in this process: for debuggers, and for who trusts the input.

A record that takes too much time is given up as in a worker, if Python gets a word in; nothing guards against a crash
in a library, or a record that needs all the memory there is.
"""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING, NoReturn, TypeVar

from cleaner.errors import RecordError
from cleaner.watch import TOO_SLOW, Limits, Watch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

T = TypeVar("T")
R = TypeVar("R")


class _Clock(Watch):
    """Raises an error in the midst of the work on a record that takes too much time."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits

    def start(self, number: int, size: int = 0) -> None:  # noqa: ARG002  all watches agree on it
        signal.setitimer(signal.ITIMER_PROF, self.limits.time(size))

    def stop(self) -> None:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _late(*_: object) -> NoReturn:
    raise RecordError(*TOO_SLOW)


def run(
    function: Callable[[T, Watch], R],
    items: Iterable[T],
    jobs: int = 1,  # noqa: ARG001  engines agree on it
    limits: Limits | None = None,
) -> Iterator[R]:
    """Yield the result of each item."""
    if threading.current_thread() is not threading.main_thread():  # signals are for the main thread alone
        yield from (function(item, Watch()) for item in items)
        return
    watch = _Clock(limits or Limits())
    for item in items:
        before = signal.signal(signal.SIGPROF, _late)
        try:
            result = function(item, watch)
        finally:
            watch.stop()
            signal.signal(signal.SIGPROF, before)
        yield result
