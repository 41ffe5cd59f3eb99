"""Weighed pairs → clusters by average link: two clusters join while their members are alike on average.

In each round every cluster looks for the one most like it, and those that chose each other are joined; for average
link this gives the same tree as joining the best two of all again and again (reciprocal nearest neighbours; Murtagh
1983), in a few rounds over arrays. A pair that is not given counts as not alike at all, so a chain of pairs makes no
cluster.
"""

import numpy as np
from numpy.typing import NDArray


def average_link(
    a: NDArray[np.int64], b: NDArray[np.int64], likeness: NDArray[np.float64], rows: int, threshold: float
) -> NDArray[np.int64]:
    """Cluster `rows` rows by the pairs a[i] < b[i].

    Returns:
        (rows,), for each row the smallest row of its cluster.
    """
    label = np.arange(rows)
    size = np.ones(rows)
    while True:
        # what is left of the pairs between clusters, as one edge each with the sum of their likeness
        low, high = np.minimum(a, b), np.maximum(a, b)
        edge, place = np.unique(low * rows + high, return_inverse=True)
        likeness = np.bincount(place, likeness, minlength=len(edge)).astype(np.float64)
        a, b = np.divmod(edge, rows)
        mean = likeness / (size[a] * size[b])
        good = np.flatnonzero(mean >= threshold)
        if not len(good):
            return label
        one, other = np.concatenate([a[good], b[good]]), np.concatenate([b[good], a[good]])
        order = np.lexsort((other, -np.tile(mean[good], 2), one))
        best = np.full(rows, -1)
        best[one[order][::-1]] = other[order][::-1]  # the last one written is the first in order
        chosen = np.flatnonzero(best >= 0)
        chosen = chosen[(best[best[chosen]] == chosen) & (chosen < best[chosen])]
        joined = np.arange(rows)
        joined[best[chosen]] = chosen
        size[chosen] += size[best[chosen]]
        label, a, b = joined[label], joined[a], joined[b]
        apart = a != b
        a, b, likeness = a[apart], b[apart], likeness[apart]
