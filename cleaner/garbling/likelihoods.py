"""The character model asked for one place at a time, as a search asks that goes through a line from left to right."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

from cleaner.garbling.model import BITS, ORDER, model

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_REMEMBERED = 1 << 17
"""Answers for each number of characters; one takes about a hundred bytes."""


class Likelihoods(dict[int, float]):
    """The logarithm of the probability of a character after some others, by their numbers packed into one.

    Where these were never counted together, it is the one after fewer others, and what all of them leave for it. What
    has been asked is remembered.
    """

    def __init__(self, length: int) -> None:
        """Take what the model that is shipped knows of strings of some length, and of shorter ones."""
        super().__init__()
        n, of = length - 1, model()
        self._find = of.indexes[n - 1].lookup
        self._find_others = lru_cache(MOST_REMEMBERED)(of.indexes[n - 2].lookup) if n > 1 else int
        self._logs, self._left = of.logarithms[n].data, of.left[n - 1].data
        self._fewer: Mapping[int, float] = Likelihoods(n) if n > 1 else dict(enumerate(of.logarithms[0].tolist()))
        self._shorter = (1 << BITS * n) - 1

    def __missing__(self, key: int) -> float:
        """Look up what has not been asked yet; a string is known only if what it begins with is."""
        others = self._find_others(key >> BITS)
        at = self._find(key) if others >= 0 else -1
        value: float = self._logs[at] if at >= 0 else self._fewer[key & self._shorter] + self._left[others]
        if len(self) >= MOST_REMEMBERED:
            self.clear()
        self[key] = value
        return value


@cache
def likelihoods() -> Likelihoods:
    """Return those of one character after three.

    Examples:
        >>> def likely(text):
        ...     a, b, c, d = model().numbered(text)
        ...     return likelihoods()[((a << BITS | b) << BITS | c) << BITS | d]
        >>> likely("tree") > likely("trez") == model().scores("trez").tolist()[-1]
        True

    """
    return Likelihoods(ORDER)
