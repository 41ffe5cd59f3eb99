"""A small model of the characters of many languages: how likely each one is after the three before it.

One model holds them all: the characters before mostly tell the language. Probabilities of one to four characters are
interpolated by absolute discounting (Ney, Essen and Kneser 1994); seldom ones are left out, and what is left is stored
as sorted keys and rounded logarithms. `characters.md` says what was counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np

from cleaner.garbling import alphabet
from cleaner.garbling.index import Index
from cleaner.garbling.packing import unpacked

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

ORDER = 4
"""Characters that are looked at together."""
BITS = 13
"""Bits for the number of a character: the model knows fewer than 8,192."""
STEP = 0.0625
"""Logarithms are stored as multiples of this, 0 to 255: down to e^-16."""
UNKNOWN = -16.0
"""The logarithm of the probability of a character that was never counted: about one in 9 million."""
_SPACES = " " * (ORDER - 1)
"""What stands before a text, and between two."""
STRANGER = (1 << BITS) - 1
"""The number of a character that the model does not know."""


@dataclass(frozen=True)
class Model:
    """For one to four characters the keys, sorted, and beside each its logarithms.

    `logs` are those of the probability of the last character, `rests` those of what is left, after all of them, for a
    next character that was not counted there.
    """

    keys: tuple[NDArray[np.uint64], ...]
    logs: tuple[NDArray[np.uint8], ...]
    rests: tuple[NDArray[np.uint8], ...]

    def sizes(self) -> str:
        """Return how much the model knows, in words."""
        return ", ".join(f"{len(keys):,} of {n}" for n, keys in enumerate(self.keys, 1))

    @cached_property
    def numbers(self) -> NDArray[np.int64]:
        """For each code point, the number under which the model knows it; -1 where it does not."""
        table = np.full(alphabet.END, -1, np.int64)
        table[self.keys[0]] = np.arange(len(self.keys[0]))
        return table[alphabet.folded()]

    def scores(self, text: str) -> NDArray[np.float32]:
        """Return the logarithm of the probability of each character of a text after the ones before it.

        Examples:
            >>> bool(model().scores("the cat").sum() > model().scores("tˆe cÄt").sum())
            True

        """
        numbers = self._numbered(_SPACES + text)
        known, at, key = numbers >= 0, numbers, numbers
        scores = np.where(known, self.logarithms[0][at], np.float32(UNKNOWN))
        for n in range(1, ORDER):
            rest = np.where(known[:-1], self.left[n - 1][at[:-1]], 0)
            key = key[:-1] << BITS | numbers[n:]
            known = known[:-1] & (numbers[n:] >= 0)
            found, known = self._indexes[n - 1].find(key, known)
            at = found.astype(np.int64)
            scores = np.where(known, self.logarithms[n][at], scores[1:] + rest)
        return scores

    @cached_property
    def _indexes(self) -> tuple[Index, ...]:
        return tuple(map(Index, self.keys[1:]))

    @cached_property
    def number_of(self) -> dict[str, int]:
        """For each character that the model knows, its number."""
        known = np.flatnonzero(self.numbers >= 0)
        return dict(zip(map(chr, known.tolist()), self.numbers[known].tolist(), strict=True))

    def numbered(self, text: str) -> list[int]:
        """Return the numbers of the characters of a text; where the model does not know one, `STRANGER`."""
        numbers = self.number_of
        return [numbers.get(c, STRANGER) for c in text]

    @cached_property
    def find(self) -> tuple[Callable[[int], int], ...]:
        """Functions that tell where a string of one, two … characters stands, by their numbers packed into one."""
        known = len(self.keys[0])
        return lambda number: number if number < known else -1, *(index.lookup() for index in self._indexes)

    def alone(self, text: str) -> NDArray[np.float32]:
        """Return the logarithm of the probability of each character of a text, whatever stands before it."""
        numbers = self._numbered(text)
        return np.where(numbers >= 0, self.logarithms[0][numbers], np.float32(UNKNOWN))

    def sums(self, texts: Sequence[str]) -> list[float]:
        """Return the sum of the scores of each text, asked for all at once: spaces stand before and after each.

        Examples:
            >>> likely, unlikely = model().sums(["the cat", "tˆe cÄt"])
            >>> likely > unlikely
            True

        """
        if not texts:
            return []
        starts = [0, *accumulate(len(text) + len(_SPACES) for text in texts[:-1])]
        sums: list[float] = np.add.reduceat(self.scores(_SPACES.join([*texts, ""])), starts, dtype=np.float64).tolist()
        return sums

    def _numbered(self, text: str) -> NDArray[np.int64]:
        points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
        numbers = self.numbers.take(points, mode="clip")
        numbers[points >= alphabet.END] = -1
        return numbers

    @cached_property
    def logarithms(self) -> tuple[NDArray[np.float32], ...]:
        """What `logs` stand for."""
        return tuple(-np.float32(STEP) * logs.astype(np.float32) for logs in self.logs)

    @cached_property
    def left(self) -> tuple[NDArray[np.float32], ...]:
        """What `rests` stand for."""
        return tuple(-np.float32(STEP) * rests.astype(np.float32) for rests in self.rests)


@cache
def model() -> Model:
    """Return the model that is shipped."""
    return Model(*unpacked(files("cleaner.garbling").joinpath("characters.bin").read_bytes()))
