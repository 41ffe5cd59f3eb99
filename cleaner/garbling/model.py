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
from cleaner.garbling.signs import code_points

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

ORDER = 4
"""Characters that are looked at together."""
BITS = 13
"""Bits for the number of a character: the model knows fewer than 8,192."""
STEP = 0.0625
"""Logarithms are stored as multiples of this, 0 to 255: down to e^-16."""
UNKNOWN = -16.0
"""The logarithm of the probability of a character that was never counted: about one in 9 million."""
_LAST_OF_ASCII = 0x7F
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
        """For each code point, the number under which the model knows it; the last one stands for all that come after.

        Where it does not know one, that is `STRANGER`.
        """
        table = np.full(alphabet.END, STRANGER, np.int64)
        table[self.keys[0]] = np.arange(len(self.keys[0]))
        return np.append(table[alphabet.folded()], STRANGER)

    def scores(self, text: str) -> NDArray[np.float32]:
        """Return the logarithm of the probability of each character of a text after the ones before it.

        Examples:
            >>> bool(model().scores("the cat").sum() > model().scores("tˆe cÄt").sum())
            True

        """
        key = numbers = self.numbers.take(code_points(_SPACES + text), mode="clip")
        at: NDArray[np.integer] = numbers
        scores = self.logarithms[0].take(numbers)
        for n in range(1, ORDER):
            rest = self.left[n - 1].take(at[:-1])
            key = key[:-1] << BITS | numbers[n:]
            at = self.indexes[n - 1].find(key)
            scores = np.where(at >= 0, self.logarithms[n].take(at), scores[1:] + rest)
        return scores

    @cached_property
    def indexes(self) -> tuple[Index, ...]:
        """Where strings of two, three … characters stand, by their numbers packed into one; -1 for unknown ones."""
        return tuple(map(Index, self.keys[1:]))

    @cached_property
    def number_of(self) -> dict[str, int]:
        """For each character that the model knows, its number."""
        known = np.flatnonzero(self.numbers != STRANGER)
        return dict(zip(map(chr, known.tolist()), self.numbers[known].tolist(), strict=True))

    def numbered(self, text: str) -> list[int]:
        """Return the numbers of the characters of a text; where the model does not know one, `STRANGER`."""
        numbers = self.number_of
        return [numbers.get(c, STRANGER) for c in text]

    def alone(self, texts: Sequence[str]) -> tuple[list[float], list[int]]:
        """Return for each text how likely its characters outside ASCII are, each by itself, and how many there are.

        Examples:
            >>> (likely, unlikely), counts = model().alone(["é", "Ã©"])
            >>> likely > unlikely, counts
            (True, [1, 2])

        """
        if not texts:
            return [], []
        points, starts = code_points(" ".join([*texts, ""])), _starts(texts, 1)
        sums: list[float] = np.add.reduceat(self._outside.take(points, mode="clip"), starts, dtype=np.float64).tolist()
        counts: list[int] = np.add.reduceat(points > _LAST_OF_ASCII, starts, dtype=np.intp).tolist()
        return sums, counts

    @cached_property
    def _outside(self) -> NDArray[np.float32]:
        scores = self.logarithms[0].take(self.numbers)
        scores[: _LAST_OF_ASCII + 1] = 0
        return scores

    def sums(self, texts: Sequence[str]) -> list[float]:
        """Return the sum of the scores of each text, asked for all at once: spaces stand before and after each.

        Examples:
            >>> likely, unlikely = model().sums(["the cat", "tˆe cÄt"])
            >>> likely > unlikely
            True

        """
        if not texts:
            return []
        scores = self.scores(_SPACES.join([*texts, ""]))
        sums: list[float] = np.add.reduceat(scores, _starts(texts, len(_SPACES)), dtype=np.float64).tolist()
        return sums

    @cached_property
    def logarithms(self) -> tuple[NDArray[np.float32], ...]:
        """What `logs` stand for."""
        first, *others = self.logs
        return (_padded(first, STRANGER + 1, UNKNOWN), *(_padded(logs, len(logs) + 1, 0) for logs in others))

    @cached_property
    def left(self) -> tuple[NDArray[np.float32], ...]:
        """What `rests` stand for; 0 for what is at -1, for nothing was counted after it."""
        first, *others = self.rests
        return (_padded(first, STRANGER + 1, 0), *(_padded(rests, len(rests) + 1, 0) for rests in others))


def _padded(stored: NDArray[np.uint8], size: int, rest: float) -> NDArray[np.float32]:
    """Return logarithms, and something for what is not there."""
    return np.append(np.float32(-STEP) * stored, np.full(size - len(stored), rest, np.float32))


def _starts(texts: Sequence[str], gap: int) -> list[int]:
    """Return where each of some texts starts if so many spaces stand after each."""
    return [0, *accumulate(len(text) + gap for text in texts[:-1])]


@cache
def model() -> Model:
    """Return the model that is shipped."""
    return Model(*unpacked(files("cleaner.garbling").joinpath("characters.bin").read_bytes()))
