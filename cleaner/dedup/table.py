"""Rows kept as columns, so that millions of them fit into memory; each is made when it is looked at."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

Row = TypeVar("Row", bound=NamedTuple)
CHUNK = 1 << 14
"""Rows made at a time."""


class Table(Sequence[Row]):
    """A sequence of named tuples of one kind.

    >>> class Edge(NamedTuple):
    ...     a: int
    ...     b: int
    >>> Table(Edge, np.array([1, 2]), np.array([5, 6]))[1]
    Edge(a=2, b=6)
    """

    def __init__(self, kind: type[Row], *columns: NDArray[Any]) -> None:
        """Keep one column for each field of `kind`, all of one length."""
        self.kind = kind
        self.columns = columns

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.columns[0])

    @overload
    def __getitem__(self, place: int) -> Row: ...

    @overload
    def __getitem__(self, place: slice) -> "Table[Row]": ...

    def __getitem__(self, place: int | slice) -> "Row | Table[Row]":
        """Make one row, or cut out some."""
        found = [column[place] for column in self.columns]
        return Table(self.kind, *found) if isinstance(place, slice) else self.kind(*(value.item() for value in found))

    def __iter__(self) -> Iterator[Row]:
        """Make all rows, one after the other."""
        for start in range(0, len(self), CHUNK):
            values = (column[start : start + CHUNK].tolist() for column in self.columns)
            yield from map(self.kind._make, zip(*values, strict=True))

    @classmethod
    def join(cls, tables: "Sequence[Table[Row]]") -> "Table[Row]":
        """Put some, at least one, one after the other."""
        columns = zip(*(table.columns for table in tables), strict=True)
        return cls(tables[0].kind, *map(np.concatenate, columns))

    def take(self, which: NDArray[np.int64]) -> "Table[Row]":
        """Pick some rows."""
        return Table(self.kind, *(column[which] for column in self.columns))
