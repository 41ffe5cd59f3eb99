"""One after the other, in this process."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

T = TypeVar("T")
R = TypeVar("R")


def run(function: Callable[[T], R], items: Iterable[T], jobs: int = 1) -> Iterator[R]:  # noqa: ARG001  engines agree on it
    """Yield the result of each item."""
    return map(function, items)
