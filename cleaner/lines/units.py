"""What the layers of the line model do besides products."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]


def near(state: Floats, step: int) -> Floats:
    """Return each line's state between those of the lines so many steps before and after it.

    Examples:
        >>> near(np.float32([[1], [2], [3]]), 1).tolist()
        [[0.0, 1.0, 2.0], [1.0, 2.0, 3.0], [2.0, 3.0, 0.0]]

    """
    n, units = state.shape
    found = np.zeros((n, 3, units), np.float32)
    found[:, 1] = state
    if n > step:
        found[step:, 0] = state[:-step]
        found[:-step, 2] = state[step:]
    return found.reshape(n, 3 * units)


def settle(found: Floats, bias: Floats, state: Floats, lit: NDArray[np.bool_]) -> None:
    """Add to a state what the units of a layer answer, none of them less than 0.

    Args:
        found: the product of what they see and their weights.
        bias: what is added to it.
        state: the state of the lines.
        lit: where it is noted which units answer.

    Examples:
        >>> state, lit = np.float32([[5, 5]]), np.zeros((1, 2), np.bool_)
        >>> settle(np.float32([[1, -3]]), np.float32([1, 1]), state, lit)
        >>> state.tolist(), lit.tolist()
        ([[7.0, 5.0]], [[True, False]])

    """
    answer = np.maximum(found + bias, 0)
    state += answer
    np.greater(answer, 0, out=lit)


def lent(slope: Floats, lit: NDArray[np.bool_], lines: NDArray[np.intp]) -> Floats:
    """Return the slope of each of some lines where its units have answered, and 0 elsewhere.

    Examples:
        >>> lent(np.float32([[2, 3]]), np.array([[False, False], [True, False]]), np.array([1])).tolist()
        [[2.0, 0.0]]

    """
    return lit[lines] * slope


def worst(against: Floats, values: Floats, names: Sequence[str], count: int) -> list[str]:
    """Return for each row what its least numbers are called, the least first.

    Args:
        against: the numbers, some to a row.
        values: what each of them speaks of.
        names: what a number is called where its value is low, and where it is high: two for each number of a row.
        count: how many are named.

    Examples:
        >>> names = ["few words", "many words", "few links", "many links"]
        >>> worst(np.float32([[-1, -2]]), np.float32([[-5, 5]]), names, 2)
        ['many links, few words']

    """
    order, left = np.arange(len(against)), against.copy()
    found = np.empty((count, len(against)), np.intp)
    for least in found:
        left.argmin(1, out=least)
        left[order, least] = np.inf
    high = values[order, found] > 0
    return [*map(", ".join, np.array(names, object)[2 * found + high].T.tolist())]
