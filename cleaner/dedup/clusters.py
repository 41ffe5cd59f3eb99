"""Verified pairs → clusters, so that nothing chains: two clusters join when most of their members are alike.

Single links would join A and C because both stand in a round-up B. Here the pairs are taken from the most alike down,
and each may join the clusters of its two rows only if more than half of the pairs between these are at least a
LEAST-th as alike as a verified pair must be: two texts made of a third one have some of it in common, two parts of a
round-up nothing. Of a cluster of more than MEMBERS rows the first ones speak for all, which keeps a
family of thousands of copies linear.
"""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

MEMBERS = 8
LEAST = 4

Rows = NDArray[np.int64]
Likeness = Callable[[Rows, Rows], NDArray[np.float64]]
"""Likeness of rows a[i] and b[i], for each i."""


def clusters(a: Rows, b: Rows, likeness: NDArray[np.float64], threshold: float, compare: Likeness, rows: int) -> Rows:
    """Join pairs of rows to clusters.

    Args:
        a: (n,), the one row of each pair.
        b: (n,), the other one, a < b.
        likeness: of each pair, (n,).
        threshold: the likeness of a verified pair.
        compare: tells the likeness of any two rows, for pairs that are not among those given.
        rows: how many rows there are.

    Returns:
        (rows,), for each row the smallest row of its cluster.
    """
    label = np.arange(rows)
    partners = np.bincount(a, minlength=rows) + np.bincount(b, minlength=rows)
    alone = (partners[a] == 1) & (partners[b] == 1)  # most pairs are a cluster of their own
    label[b[alone]] = a[alone]
    a, b, likeness = a[~alone], b[~alone], likeness[~alone]
    known = dict(zip(zip(a.tolist(), b.tolist(), strict=True), likeness.tolist(), strict=True))
    joined = _Joined()
    for k in np.lexsort((b, a, -likeness)).tolist():
        left, right = joined.find(int(a[k])), joined.find(int(b[k]))
        if left != right and _agree(joined.heads(left), joined.heads(right), known, compare, threshold / LEAST):
            joined.join(left, right)
    for row, name in joined.names():
        label[row] = name
    return label


def _agree(
    left: list[int], right: list[int], known: dict[tuple[int, int], float], compare: Likeness, least: float
) -> bool:
    """Tell whether more than half of the pairs between two clusters, of their first members, reach `least`."""
    if len(left) == len(right) == 1:
        return True  # it is the verified pair itself
    pairs = [(min(x, y), max(x, y)) for x in left for y in right]
    unknown = [pair for pair in pairs if pair not in known]
    if unknown:
        x, y = np.array(unknown, dtype=np.int64).T
        known.update(zip(unknown, compare(x, y).tolist(), strict=True))
    return 2 * sum(known[pair] >= least for pair in pairs) > len(pairs)


class _Joined:
    """Union-find over rows; the smallest row of a cluster names it, and its first MEMBERS rows are at hand."""

    def __init__(self) -> None:
        self._parent: dict[int, int] = {}
        self._heads: dict[int, list[int]] = {}

    def find(self, row: int) -> int:
        """Name the cluster of a row."""
        while (up := self._parent.get(row, row)) != row:
            self._parent[row] = self._parent.get(up, up)
            row = up
        return row

    def heads(self, name: int) -> list[int]:
        """List the first members of a cluster."""
        return self._heads.get(name, [name])

    def join(self, left: int, right: int) -> None:
        """Make one cluster of two."""
        heads = sorted(self.heads(left) + self.heads(right))[:MEMBERS]
        low, high = min(left, right), max(left, right)
        self._heads.pop(high, None)
        self._parent[low], self._parent[high], self._heads[low] = low, low, heads

    def names(self) -> Iterator[tuple[int, int]]:
        """Tell each row that was joined, and the name of its cluster."""
        for row in self._parent:
            yield row, self.find(row)
