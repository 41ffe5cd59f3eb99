"""A small model of the characters of many languages: how likely each one is after the two before it.

One model holds them all: the two characters before mostly tell the language. Probabilities of one, two and three
characters are interpolated by absolute discounting (Ney, Essen and Kneser 1994); seldom triples are left out, and
what is left is stored as sorted keys and rounded logarithms. `characters.md` says what was counted.
"""

from __future__ import annotations

import lzma
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

from cleaner.garbling import alphabet

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

DISCOUNT = 0.75
"""Taken off each count for what was never counted; between .7 and .8 nothing changes."""
STEP = 0.0625
"""Logarithms are stored as multiples of this, 0 to 255: down to e^-16."""
UNKNOWN = -16.0
"""The logarithm of the probability of a character that was never counted: about one in 9 million."""
SELDOM = 2
"""Pairs and triples counted less often than this are left out."""


@dataclass(frozen=True)
class Model:
    """Keys, sorted, and beside each its logarithms: of the probability, and of what is left for the unseen."""

    characters: NDArray[np.uint16]
    pairs: NDArray[np.uint32]
    triples: NDArray[np.uint64]
    logs: tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.uint8]]
    rests: tuple[NDArray[np.uint8], NDArray[np.uint8]]

    @classmethod
    def trained(cls, ones: Mapping[str, int], twos: Mapping[str, int], threes: Mapping[str, int]) -> Model:
        """Return the model of counted characters, pairs and triples."""
        total = sum(ones.values())
        known = sorted(c for c, n in ones.items() if n >= SELDOM and ord(c) < alphabet.END)
        number = {c: i for i, c in enumerate(known)}
        p1 = {c: ones[c] / total for c in known}
        kept2 = {k: n for k, n in twos.items() if n >= SELDOM and k[0] in number and k[1] in number}
        p2, rest1 = _interpolated(kept2, twos, lambda k: p1[k[-1]])
        kept3 = {k: n for k, n in threes.items() if n >= SELDOM and k[:2] in kept2 and k[1:] in kept2}
        p3, rest2 = _interpolated(kept3, threes, lambda k: p2[k[1:]])
        keys2 = sorted((number[k[0]] << 16 | number[k[1]], k) for k in kept2)
        keys3 = sorted((number[k[0]] << 32 | number[k[1]] << 16 | number[k[2]], k) for k in kept3)
        return cls(
            characters=np.array([ord(c) for c in known], np.uint16),
            pairs=np.array([key for key, _ in keys2], np.uint32),
            triples=np.array([key for key, _ in keys3], np.uint64),
            logs=(
                _rounded([p1[c] for c in known]),
                _rounded([p2[k] for _, k in keys2]),
                _rounded([p3[k] for _, k in keys3]),
            ),
            rests=(_rounded([rest1.get(c, 1.0) for c in known]), _rounded([rest2.get(k, 1.0) for _, k in keys2])),
        )

    def sizes(self) -> str:
        """Return how much the model knows, in words."""
        return f"{len(self.characters):,} characters, {len(self.pairs):,} pairs, {len(self.triples):,} triples"

    @cached_property
    def numbers(self) -> NDArray[np.uint16]:
        """For each code point, the number under which the model knows it, from 1 on; 0 where it does not."""
        table = np.zeros(alphabet.END, np.uint16)
        table[self.characters] = np.arange(1, len(self.characters) + 1)
        return table[alphabet.folded()]

    def scores(self, text: str) -> NDArray[np.float32]:
        """Return the logarithm of the probability of each character of a text after the two before it.

        Examples:
            >>> bool(model().scores("the cat").sum() > model().scores("tˆe cÄt").sum())
            True

        """
        n = self._numbered(f"  {text}")
        a, b, c = n[:-2], n[1:-1], n[2:]
        one = np.where(c >= 0, self._one[c], UNKNOWN).astype(np.float32)
        known2 = (b >= 0) & (c >= 0)
        at2, has2 = _find(self.pairs, (b << 16 | c) * known2, known2)
        two = np.where(has2, self._two[at2], one + np.where(b >= 0, self._rest1[b], 0))
        known3 = known2 & (a >= 0)
        at3, has3 = _find(self.triples, (a << 32 | b << 16 | c) * known3, known3)
        if has3.all():
            return self._three[at3]
        context, has_context = _find(self.pairs, (a << 16 | b) * (known3), known3)
        fallback = two + np.where(has_context, self._rest2[context], 0)
        scores: NDArray[np.float32] = np.where(has3, self._three[at3], fallback).astype(np.float32)
        return scores

    def number(self, character: str) -> int:
        """Return the number under which the model knows a character, or -1."""
        point = ord(character)
        return int(self.numbers[point]) - 1 if point < alphabet.END else -1

    def likelihood(self, a: int, b: int, c: int) -> float:
        """Return the logarithm of the probability of a character after two others, all by their numbers."""
        if c < 0:
            return UNKNOWN
        singles, pairs, triples = self._looked_up
        if b < 0:
            return singles[c][0]
        two = pairs.get(b << 16 | c)
        if a >= 0:
            three = triples.get(a << 32 | b << 16 | c)
            if three is not None:
                return three
        score = two[0] if two is not None else singles[c][0] + singles[b][1]
        context = pairs.get(a << 16 | b) if a >= 0 else None
        return score + context[1] if context is not None else score

    @cached_property
    def _looked_up(self) -> tuple[list[tuple[float, float]], dict[int, tuple[float, float]], dict[int, float]]:
        """The same numbers where one is asked for at a time."""
        singles = list(zip(self._one.tolist(), self._rest1.tolist(), strict=True))
        couples = zip(self._two.tolist(), self._rest2.tolist(), strict=True)
        pairs = dict(zip(self.pairs.tolist(), couples, strict=True))
        return singles, pairs, dict(zip(self.triples.tolist(), self._three.tolist(), strict=True))

    def alone(self, text: str) -> NDArray[np.float32]:
        """Return the logarithm of the probability of each character of a text, whatever stands before it."""
        return np.where((n := self._numbered(text)) >= 0, self._one[n], UNKNOWN).astype(np.float32)

    def _numbered(self, text: str) -> NDArray[np.int64]:
        points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
        return np.where(points < alphabet.END, self.numbers.take(points, mode="clip"), 0).astype(np.int64) - 1

    @cached_property
    def _one(self) -> NDArray[np.float32]:
        return -STEP * self.logs[0].astype(np.float32)

    @cached_property
    def _two(self) -> NDArray[np.float32]:
        return -STEP * self.logs[1].astype(np.float32)

    @cached_property
    def _three(self) -> NDArray[np.float32]:
        return -STEP * self.logs[2].astype(np.float32)

    @cached_property
    def _rest1(self) -> NDArray[np.float32]:
        return -STEP * self.rests[0].astype(np.float32)

    @cached_property
    def _rest2(self) -> NDArray[np.float32]:
        return -STEP * self.rests[1].astype(np.float32)


def _interpolated(kept, counted, shorter):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
    """Return the probability of each kept key, and of each context how much it leaves to the shorter one."""
    sums: dict[str, int] = {}
    kinds: dict[str, int] = {}
    lost: dict[str, int] = {}
    for key, n in counted.items():
        context = key[:-1]
        sums[context] = sums.get(context, 0) + n
        if key in kept:
            kinds[context] = kinds.get(context, 0) + 1
        else:
            lost[context] = lost.get(context, 0) + n
    rest = {c: (DISCOUNT * kinds.get(c, 0) + lost.get(c, 0)) / n for c, n in sums.items()}
    return {k: (n - DISCOUNT) / sums[k[:-1]] + rest[k[:-1]] * shorter(k) for k, n in kept.items()}, rest


def _rounded(probabilities: list[float]) -> NDArray[np.uint8]:
    logs = -np.log(np.maximum(probabilities, 1e-12)) / STEP
    return np.clip(np.rint(logs), 0, 255).astype(np.uint8)


def _find(keys: NDArray[np.generic], asked: NDArray[np.int64], known: NDArray[np.bool_]) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Return where each key asked for stands, and whether it is there."""
    at = np.searchsorted(keys, asked.astype(keys.dtype))
    at[at == len(keys)] = 0
    return at, known & (keys[at] == asked.astype(keys.dtype))


# ---------------------------------------------------------------- the file
def write(model: Model, path: Path) -> None:
    """Write a model: lengths, then each array byte by byte, keys as the differences between neighbours."""
    arrays = [
        np.array([len(model.characters), len(model.pairs), len(model.triples)], np.uint32),
        _deltas(model.characters),
        _deltas(model.pairs),
        _deltas(model.triples),
        *model.logs,
        *model.rests,
    ]
    data = b"".join(_planes(a) for a in arrays)
    path.write_bytes(lzma.compress(data, preset=9 | lzma.PRESET_EXTREME))


def read(data: bytes) -> Model:
    """Return the model that `write` wrote."""
    raw = np.frombuffer(lzma.decompress(data), np.uint8)
    n1, n2, n3 = raw[:12].reshape(4, 3).T.copy().view(np.uint32).ravel().tolist()
    at = 12
    arrays = []
    for size, dtype in [(n1, np.uint16), (n2, np.uint32), (n3, np.uint64), (n1, np.uint8), (n2, np.uint8), (n3, np.uint8), (n1, np.uint8), (n2, np.uint8)]:
        width = np.dtype(dtype).itemsize
        part = raw[at : at + size * width].reshape(width, size).T.copy().view(dtype).ravel()
        at += size * width
        arrays.append(part)
    keys = [np.cumsum(a, dtype=a.dtype) for a in arrays[:3]]
    return Model(keys[0], keys[1], keys[2], (arrays[3], arrays[4], arrays[5]), (arrays[6], arrays[7]))


def _deltas(keys: NDArray[np.generic]) -> NDArray[np.generic]:
    return np.diff(keys, prepend=keys.dtype.type(0)).astype(keys.dtype)


def _planes(array: NDArray[np.generic]) -> bytes:
    """Return the lowest bytes of all members, then the next ones: alike stands beside alike, and packs well."""
    return array.view(np.uint8).reshape(len(array), array.dtype.itemsize).T.tobytes()


@cache
def model() -> Model:
    """Return the model that is shipped."""
    return read(files("cleaner.garbling").joinpath("characters.bin").read_bytes())
