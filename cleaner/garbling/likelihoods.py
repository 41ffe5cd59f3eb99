"""The character model asked for one place at a time, as a search asks that goes through a line from left to right."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

from cleaner.garbling.model import BITS, ORDER, STRANGER, UNKNOWN, model

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_REMEMBERED = 1 << 17
"""Answers for each number of characters; one takes about a hundred bytes."""


class Alone(dict[str, float]):
    """The logarithm of the probability of a character, whatever stands before it."""

    def __missing__(self, character: str) -> float:
        """Look up what has not been asked yet."""
        value = self[character] = singles()[model().number_of.get(character, STRANGER)]
        return value


class Likelihoods(dict[int, float]):
    """The logarithm of the probability of a character after some others, by their numbers packed into one.

    Where these were never counted together, it is the one after fewer others, and what all of them leave for it. What
    has been asked is remembered.
    """

    def __init__(self, length: int) -> None:
        """Take what the model that is shipped knows of strings of some length, and of shorter ones."""
        super().__init__()
        of = model()
        self._find, self._find_others = of.find[length - 1], lru_cache(MOST_REMEMBERED)(of.find[length - 2])
        self._logs, self._left = of.logarithms[length - 1].data, of.left[length - 2].data
        self._fewer: Mapping[int, float] = Likelihoods(length - 1) if length > 2 else singles()  # noqa: PLR2004
        self._shorter = (1 << BITS * (length - 1)) - 1

    def __missing__(self, key: int) -> float:
        """Look up what has not been asked yet; a string is known only if what it begins with is."""
        others = self._find_others(key >> BITS)
        at = self._find(key) if others >= 0 else -1
        if at >= 0:
            value: float = self._logs[at]
        else:
            value = self._fewer[key & self._shorter] + (self._left[others] if others >= 0 else 0.0)
        if len(self) >= MOST_REMEMBERED:
            self.clear()
        self[key] = value
        return value


@cache
def singles() -> dict[int, float]:
    """Return those of one character by its number, whatever stands before it."""
    return {**dict(enumerate(model().logarithms[0].tolist())), STRANGER: UNKNOWN}


@cache
def alone() -> Alone:
    """Return those of one character by itself.

    Examples:
        >>> alone()["e"] > alone()["é"] > alone()["Ã"]
        True

    """
    return Alone()


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
