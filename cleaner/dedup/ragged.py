"""Rows of different lengths, kept one after the other in one array."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray


class Ragged(NamedTuple):
    """Some rows."""

    values: NDArray[Any]
    """All of them, one after the other."""
    sizes: NDArray[np.int64]
    """(rows,), how long each is."""

    def take(self, which: NDArray[np.int64]) -> "Ragged":
        """Put some rows one after the other; the same one may come again."""
        sizes = self.sizes[which]
        return Ragged(self.values[places((np.cumsum(self.sizes) - self.sizes)[which], sizes)], sizes)

    def rows(self) -> NDArray[np.int64]:
        """Tell for each value in which row it stands."""
        return np.repeat(np.arange(len(self.sizes)), self.sizes)


def places(starts: NDArray[np.int64], sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """List the places `starts[i]`, `starts[i] + 1`, … of each stretch, one stretch after the other.

    >>> places(np.array([10, 40]), np.array([3, 2])).tolist()
    [10, 11, 12, 40, 41]
    """
    ends = np.cumsum(sizes)
    return np.asarray(np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts - (ends - sizes), sizes))
