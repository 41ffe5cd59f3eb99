"""What a function says while it works on many records, so that whoever watches it knows which one it was on.

A worker process can be killed by the system, crash in a library, loop or bloat. That must cost the one record it was
on, and no other. So an engine gives its function a `Watch`, the function goes over its records by it, and what has
killed a worker twice is among the `lost` when the function is asked again.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, NamedTuple, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

T = TypeVar("T")

_END = object()
_LITTLE = 1 << 16
"""Bytes of a record that needs no more time than is given for what is not yet read."""


@dataclass(frozen=True)
class Limits:
    """What one record may cost. They are so wide that only a record that would never end reaches them."""

    memory: int = 1 << 30
    """Bytes that a worker process may take."""
    seconds: float = 30
    """Seconds of processor time, which does not pass while others have the processor."""
    seconds_per_megabyte: float = 10
    idle: float = 300
    """Seconds that a worker may wait, computing nothing, for something that does not come."""

    def time(self, size: int) -> float:
        """Return the processor time that a record of so many bytes may take."""
        return self.seconds + self.seconds_per_megabyte * size / 1e6


class Loss(NamedTuple):
    """Why a record is given up."""

    reason: str
    sentence: str


TOO_SLOW = Loss("too-slow", "it took more processor time than a record of its size may take")
OUT_OF_MEMORY = Loss("out-of-memory", "it needs more memory than a worker may take")
STUCK = Loss("worker-stuck", "the worker process waited on it, and did nothing else")
CUT_OFF = Loss("worker-crashed", "it cut the worker process off from its parent")


class Watch:
    """Where a function is among its records; this one tells nobody.

    Examples:
        >>> list(Watch().over("ab", size=len))
        ['a', 'b']

    """

    lost: Mapping[int, Loss] = {}
    """The numbers of the records that must not be touched again, counted from 0, and what each of them did."""

    def over(self, items: Iterable[T], size: Callable[[T], int]) -> Iterator[T]:
        """Yield some records, each under watch from before it is read until the next one is asked for.

        Args:
            items: the records, which are read as they are asked for.
            size: tells the bytes of one.

        """
        source = iter(items)
        for number in count():
            self.start(number)
            item = next(source, _END)
            if item is _END:
                break
            record = cast("T", item)
            if (bytes_ := size(record)) > _LITTLE:
                self.start(number, bytes_)
            yield record
        self.stop()  # not where an error has come between: whoever dies of it dies of that record

    def start(self, number: int, size: int = 0) -> None:
        """Say that the work on a record begins; its size is 0 as long as nobody knows it."""

    def stop(self) -> None:
        """Say that the work on the records is done."""
