"""A small model of the characters of many languages: how likely each one is after the three before it.

One model holds them all: the characters before mostly tell the language. Probabilities of one to four characters are
interpolated by absolute discounting (Ney, Essen and Kneser 1994); seldom ones are left out, and what is left is stored
as sorted keys and rounded logarithms. `characters.md` says what was counted.
"""

from __future__ import annotations

import lzma
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np

from cleaner.garbling import alphabet

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

ORDER = 4
"""Characters that are looked at together."""
BITS = 13
"""Bits for the number of a character: the model knows fewer than 8,192."""
DISCOUNT = 0.75
"""Taken off each count for what was never counted; between .7 and .8 nothing changes."""
STEP = 0.0625
"""Logarithms are stored as multiples of this, 0 to 255: down to e^-16."""
LAST_OF_ASCII = 0x7F
UNKNOWN = -16.0
"""The logarithm of the probability of a character that was never counted: about one in 9 million."""
SELDOM = (2, 2, 2, 3)
"""Characters, pairs, triples and quadruples counted less often than this are left out."""

MULTIPLIER = 0x9E3779B97F4A7C15
"""2^64 divided by the golden ratio, which spreads keys well (Knuth)."""
_64_BITS = (1 << 64) - 1


class Index:
    """Where a key stands among others: a hash table of arrays, asked for many keys at once (Knuth, linear probing)."""

    def __init__(self, keys: NDArray[np.uint64]) -> None:
        self.keys = keys
        bits = len(keys).bit_length() + 1
        self.shift = np.uint64(64 - bits)
        self.mask = (1 << bits) - 1
        self.table = np.full(1 << bits, -1, np.int32)
        left, slots = np.arange(len(keys), dtype=np.int32), self._slots(keys)
        while len(left):
            free = self.table[slots] < 0
            self.table[slots[free]] = left[free]  # of those that ask for the same slot, one gets it
            lost = self.table[slots] != left
            left, slots = left[lost], (slots[lost] + 1) & self.mask

    def _slots(self, keys: NDArray[np.uint64]) -> NDArray[np.int64]:
        return ((keys * np.uint64(MULTIPLIER)) >> self.shift).astype(np.int64)

    def find(self, asked: NDArray[np.int64], known: NDArray[np.bool_]) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
        """Return where each key asked for stands, and whether it is there; those not known are not there."""
        wanted = asked.view(np.uint64)
        slots = self._slots(wanted)
        at = self.table[slots]
        hits = (self.keys[at] == wanted) & known
        open_ = np.flatnonzero(~hits & known & (at >= 0))
        while len(open_):
            slots[open_] = (slots[open_] + 1) & self.mask
            at[open_] = self.table[slots[open_]]
            hits[open_] = (self.keys[at[open_]] == wanted[open_]) & (at[open_] >= 0)
            open_ = open_[~hits[open_] & (at[open_] >= 0)]
        return at, hits & (at >= 0)

    def lookup(self) -> Callable[[int], int]:
        """Return the function that tells where one key stands, or -1."""
        table, keys, shift, mask = self.table.data, self.keys.data, int(self.shift), self.mask

        def found(key: int) -> int:
            slot = (key * MULTIPLIER & _64_BITS) >> shift
            while (at := table[slot]) >= 0 and keys[at] != key:
                slot = (slot + 1) & mask
            return at

        return found


@dataclass(frozen=True)
class Model:
    """For one to four characters the keys, sorted, and beside each its logarithms.

    `logs` are those of the probability of the last character, `rests` those of what is left, after all of them, for a
    next character that was not counted there.
    """

    keys: tuple[NDArray[np.uint64], ...]
    logs: tuple[NDArray[np.uint8], ...]
    rests: tuple[NDArray[np.uint8], ...]

    @classmethod
    def trained(cls, counts: Sequence[Mapping[str, int]]) -> Model:
        """Return the model of counted strings of one character, of two, and so on."""
        total = sum(counts[0].values())
        characters = sorted(c for c, n in counts[0].items() if n >= SELDOM[0] and ord(c) < alphabet.END)
        number = {c: i for i, c in enumerate(characters)}
        chances = {c: counts[0][c] / total for c in characters}
        keys = [np.array([ord(c) for c in characters], np.uint64)]
        logs = [_rounded([chances[c] for c in characters])]
        rests = []
        for counted, least in zip(counts[1:], SELDOM[1:], strict=True):
            kept = {k: n for k, n in counted.items() if n >= least and k[1:] in chances and k[:-1] in chances}
            longer, left = _interpolated(kept, counted, chances)
            rests.append(_rounded([left.get(k, 1.0) for k in sorted(chances)]))
            chances = longer
            ordered = sorted(chances)
            keys.append(np.array([_key([number[c] for c in k]) for k in ordered], np.uint64))
            logs.append(_rounded([chances[k] for k in ordered]))
        return cls(tuple(keys), tuple(logs), tuple(rests))

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
        numbers = self._numbered(f"   {text}")
        known, at, key = numbers >= 0, numbers, numbers
        scores = np.where(known, self._logs[0][at], np.float32(UNKNOWN))
        for n in range(1, ORDER):
            rest = np.where(known[:-1], self._rests[n - 1][at[:-1]], 0)
            key = key[:-1] << BITS | numbers[n:]
            known = known[:-1] & (numbers[n:] >= 0)
            found, known = self._indexes[n - 1].find(key, known)
            at = found.astype(np.int64)
            scores = np.where(known, self._logs[n][at], scores[1:] + rest)
        return scores

    @cached_property
    def _indexes(self) -> tuple[Index, ...]:
        return tuple(map(Index, self.keys[1:]))

    def number(self, character: str) -> int:
        """Return the number under which the model knows a character, or -1."""
        point = ord(character)
        return int(self.numbers[point]) if point < alphabet.END else -1

    @cached_property
    def likelihood(self) -> Callable[[int, int, int, int], float]:
        """Return the function that tells the same of one character after three others, all by their numbers."""
        pairs, triples, quadruples = (index.lookup() for index in self._indexes)
        logs = [logs.data for logs in self._logs]
        rests = [rests.data for rests in self._rests]

        @lru_cache(maxsize=1 << 17)
        def likelihood(a: int, b: int, c: int, d: int) -> float:
            if d < 0:
                return UNKNOWN
            if c < 0:
                return logs[0][d]
            rest = 0.0
            pair = pairs(b << BITS | c) if b >= 0 else -1
            if pair >= 0:
                triple = triples((a << BITS | b) << BITS | c) if a >= 0 else -1
                if triple >= 0:
                    four = quadruples(((a << BITS | b) << BITS | c) << BITS | d)
                    if four >= 0:
                        return logs[3][four]
                    rest = rests[2][triple]
                three = triples((b << BITS | c) << BITS | d)
                if three >= 0:
                    return logs[2][three] + rest
                rest += rests[1][pair]
            two = pairs(c << BITS | d)
            return logs[1][two] + rest if two >= 0 else logs[0][d] + rests[0][c] + rest

        return likelihood

    def alone(self, text: str) -> NDArray[np.float32]:
        """Return the logarithm of the probability of each character of a text, whatever stands before it."""
        numbers = self._numbered(text)
        return np.where(numbers >= 0, self._logs[0][numbers], np.float32(UNKNOWN))

    def outside(self, text: str) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """Return the same where only characters outside ASCII count, others being 0; and which those are."""
        points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
        return self._outside.take(points, mode="clip"), points > LAST_OF_ASCII

    @cached_property
    def _outside(self) -> NDArray[np.float32]:
        numbers = np.append(self.numbers, -1)
        scores = np.where(numbers >= 0, self._logs[0][numbers], np.float32(UNKNOWN))
        scores[: LAST_OF_ASCII + 1] = 0
        return scores

    def sums(self, texts: Sequence[str]) -> list[float]:
        """Return the sum of the scores of each text, asked for all at once: one space stands after each.

        Examples:
            >>> likely, unlikely = model().sums(["the cat", "tˆe cÄt"])
            >>> likely > unlikely
            True

        """
        if not texts:
            return []
        sums: list[float] = np.add.reduceat(
            self.scores(" ".join(texts) + " "), starts(texts), dtype=np.float64
        ).tolist()
        return sums

    def _numbered(self, text: str) -> NDArray[np.int64]:
        points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
        numbers = self.numbers.take(points, mode="clip")
        numbers[points >= alphabet.END] = -1
        return numbers

    @cached_property
    def _logs(self) -> tuple[NDArray[np.float32], ...]:
        return tuple(-np.float32(STEP) * logs.astype(np.float32) for logs in self.logs)

    @cached_property
    def _rests(self) -> tuple[NDArray[np.float32], ...]:
        return tuple(-np.float32(STEP) * rests.astype(np.float32) for rests in self.rests)


def starts(texts: Sequence[str]) -> list[int]:
    """Return where each of some texts starts, if one space stands after each."""
    return [0, *accumulate(len(text) + 1 for text in texts[:-1])]


def _key(numbers: Sequence[int]) -> int:
    key = 0
    for number in numbers:
        key = key << BITS | number
    return key


def _interpolated(
    kept: Mapping[str, int], counted: Mapping[str, int], shorter: Mapping[str, float]
) -> tuple[dict[str, float], dict[str, float]]:
    """Return the probability of each kept string, and of each context how much it leaves to the shorter one."""
    sums: dict[str, int] = {}
    taken: dict[str, float] = {}
    for key, n in counted.items():
        context = key[:-1]
        sums[context] = sums.get(context, 0) + n
        taken[context] = taken.get(context, 0) + (DISCOUNT if key in kept else n)
    rest = {context: taken[context] / n for context, n in sums.items()}
    return {k: (n - DISCOUNT) / sums[k[:-1]] + rest[k[:-1]] * shorter[k[1:]] for k, n in kept.items()}, rest


def _rounded(probabilities: list[float]) -> NDArray[np.uint8]:
    logs = -np.log(np.maximum(probabilities, 1e-12)) / STEP
    return np.clip(np.rint(logs), 0, 255).astype(np.uint8)


# ---------------------------------------------------------------- the file
def write(model: Model, path: Path) -> None:
    """Write a model: how many there are of each length, then the arrays, the keys as differences between neighbours."""
    arrays = [np.array([len(keys) for keys in model.keys], np.uint64)]
    arrays += [np.diff(keys, prepend=np.uint64(0)) for keys in model.keys]
    data = b"".join([*map(_planes, arrays), *(a.tobytes() for a in (*model.logs, *model.rests))])
    path.write_bytes(lzma.compress(data, preset=9 | lzma.PRESET_EXTREME))


def read(data: bytes) -> Model:
    """Return the model that `write` wrote."""
    raw = np.frombuffer(lzma.decompress(data), np.uint8)
    counts, raw = _plane(raw, ORDER)
    keys, logs, rests = [], [], []
    for n in counts.tolist():
        deltas, raw = _plane(raw, n)
        keys.append(np.cumsum(deltas, dtype=np.uint64))
    for n in counts.tolist():
        logs.append(raw[:n])
        raw = raw[n:]
    for n in counts.tolist()[:-1]:
        rests.append(raw[:n])
        raw = raw[n:]
    return Model(tuple(keys), tuple(logs), tuple(rests))


def _planes(array: NDArray[np.uint64]) -> bytes:
    """Return the lowest bytes of all members, then the next ones: alike stands beside alike, and packs well."""
    return array.view(np.uint8).reshape(len(array), 8).T.tobytes()


def _plane(raw: NDArray[np.uint8], count: int) -> tuple[NDArray[np.uint64], NDArray[np.uint8]]:
    return np.ascontiguousarray(raw[: 8 * count].reshape(8, count).T).view(np.uint64).ravel(), raw[8 * count :]


@cache
def model() -> Model:
    """Return the model that is shipped."""
    return read(files("cleaner.garbling").joinpath("characters.bin").read_bytes())
