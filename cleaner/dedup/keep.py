"""Which text of a cluster is kept: the first in an order of all texts that the policy sets."""

import numpy as np
from numpy.typing import NDArray

from cleaner.dedup.dates import UNDATED


def ranks(keep: str, length: NDArray[np.uint32], date: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give every row its rank, (n,) int64; of a cluster the row of the smallest rank is kept.

    first: the order of the input. longest: most characters. newest, oldest: by date, undated texts after all dated
    ones. Rows that are equal in this are ranked in the order of the input.
    """
    rows = np.arange(len(length))
    if keep == "first":
        return rows
    if keep == "longest":
        order = np.lexsort((rows, -length.astype(np.int64)))
    else:
        undated = date == UNDATED
        days = np.where(undated, 0, date)
        order = np.lexsort((rows, days if keep == "oldest" else -days, undated))
    rank = np.empty_like(rows)
    rank[order] = rows
    return rank


def same_hash(exact: NDArray[np.uint64], rank: NDArray[np.int64]) -> NDArray[np.int64]:
    """For every row, the row kept of all those with the same hash (itself, if none is better).

    Args:
        exact: (n, 2), the normalised hashes; zeros equal nothing.
        rank: (n,), the smallest is kept.
    """
    kept = np.arange(len(rank))
    rows = np.flatnonzero(exact.any(axis=1))
    order = rows[np.lexsort((rank[rows], exact[rows, 1], exact[rows, 0]))]
    new = np.ones(len(order), dtype=np.bool_)
    new[1:] = (exact[order[1:]] != exact[order[:-1]]).any(axis=1)
    kept[order] = order[new][np.cumsum(new) - 1]
    return kept
