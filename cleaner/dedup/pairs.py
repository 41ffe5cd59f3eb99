"""Pairs of texts → how much they really share, counted on all their shingles."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.dedup.bands import Keys, keys_of, rows_of
from cleaner.dedup.bars import DIFFERENT, SAME, UNKNOWN
from cleaner.dedup.ragged import Ragged
from cleaner.dedup.shelf import Shelf

CHUNK = 2048
"""Pairs counted at a time, at the most …"""
CHUNK_SIZE = 1 << 18
"""… and the shingles that they have together."""
PLACES = 1 << 16
"""Places in a text that are told apart: of longer texts neighbours share one."""
HEADLINE = 0.6
"""Two headlines are the same if they share so many of their words."""
STRETCHES = 16
"""A text is cut into so many, to tell how evenly what is shared stands in it."""
GAP = 4
"""A passage goes on over so many shingles: a changed word breaks three."""


class Pairs(NamedTuple):
    """Pairs of rows, and what they share."""

    a: NDArray[np.int64]
    b: NDArray[np.int64]
    """(n,), a < b."""
    shared: NDArray[np.int64]
    """(n,), different shingles that stand in both."""
    size_a: NDArray[np.int64]
    size_b: NDArray[np.int64]
    """(n,), different shingles of each."""
    spread: NDArray[np.float64]
    """(n,), how evenly what is shared stands in both, 1/16 to 1; the smaller of the two figures."""
    passage: NDArray[np.int64]
    """(n,), of what is shared, so much stands in one piece."""
    headline: NDArray[np.int8]
    """(n,), SAME, UNKNOWN or DIFFERENT."""

    @property
    def keys(self) -> Keys:
        """The pairs as `a << 32 | b`."""
        return keys_of(self.a, self.b)

    @property
    def resemblance(self) -> NDArray[np.float64]:
        """Share of the shingles of both that they share: Jaccard."""
        return np.asarray(self.shared / np.maximum(1, self.size_a + self.size_b - self.shared))

    @property
    def containment(self) -> NDArray[np.float64]:
        """Share of the shingles of the smaller one that stand in the larger one."""
        return self.shared / np.maximum(1, np.minimum(self.size_a, self.size_b))

    @classmethod
    def join(cls, pairs: Sequence["Pairs"]) -> "Pairs":
        """Put some one after the other."""
        numbers, none = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float64)
        empty = cls(numbers, numbers, numbers, numbers, numbers, none, numbers, numbers.astype(np.int8))
        columns: Iterator[Any] = (np.concatenate(column) for column in zip(empty, *pairs, strict=True))
        return cls(*columns)

    def ordered(self) -> "Pairs":
        """Put them in the order of their rows."""
        return self.take(np.lexsort((self.b, self.a)))

    def take(self, which: NDArray[np.bool_] | NDArray[np.int64]) -> "Pairs":
        """Pick some of the pairs."""
        columns: Iterator[Any] = (column[which] for column in self)
        return Pairs(*columns)


def count(keys: Keys, shelf: Shelf) -> Pairs:
    """Count what the pairs `a << 32 | b` share."""
    a, b = rows_of(keys)
    sizes = shelf.sizes[a].astype(np.int64) + shelf.sizes[b]
    return Pairs.join([_count(keys[here], shelf) for here in _portions(sizes)])


def _portions(sizes: NDArray[np.int64]) -> Iterator[slice]:
    """Cut pairs of so many shingles each into portions that fit into the processor's caches."""
    ends, start = np.cumsum(sizes), 0
    while start < len(ends):
        end = int(np.searchsorted(ends, ends[start] - sizes[start] + CHUNK_SIZE, side="right"))
        end = max(start + 1, min(end, start + CHUNK))
        yield slice(start, end)
        start = end


def _count(keys: Keys, shelf: Shelf) -> Pairs:
    a, b = rows_of(keys)
    rows, at = np.unique(np.concatenate([a, b]), return_inverse=True)
    hashes = shelf.read(rows, "shingles", "offsets")
    # both rows of pair i, as i, hash, side and place: what stands there twice is shared
    both = Ragged(_placed(hashes), hashes.sizes).take(at).values
    both |= np.repeat(np.add.outer([0, 1 << 16], np.arange(len(a)) << 49).ravel(), hashes.sizes[at])
    both.sort()
    word = both >> 16
    again = np.flatnonzero(word[1:] == word[:-1]) + 1  # in the same text: where it stands first is what counts
    side = 2 * (both[again] >> 49) + (word[again] & 1)
    size_a, size_b = (hashes.sizes[at].reshape(2, -1).T - np.bincount(side, minlength=2 * len(a)).reshape(-1, 2)).T
    both = np.delete(both, again)
    word = both >> 17
    twice = np.flatnonzero(word[1:] == word[:-1])
    left, right = both[twice], both[twice + 1]
    pair = left >> 49
    left &= 0xFFFF
    right &= 0xFFFF
    shared = np.bincount(pair, minlength=len(a))
    length_a, length_b = ((hashes.sizes - 1) // _steps(hashes.sizes) + 1)[at].reshape(2, -1)
    spread = np.minimum(_spread(pair, left, length_a), _spread(pair, right, length_b))
    return Pairs(a, b, shared, size_a, size_b, spread, _passage(pair, left, right, len(a)), _headline(rows, at, shelf))


def _placed(hashes: Ragged) -> NDArray[np.int64]:
    """Pack each hash of some texts and its place: 32 bits, one for the side that is added later, and 16 bits."""
    steps = _steps(hashes.sizes)
    place = np.arange(len(hashes.values)) - np.repeat(np.cumsum(hashes.sizes) - hashes.sizes, hashes.sizes)
    if steps.max(initial=1) > 1:
        place //= np.repeat(steps, hashes.sizes)
    place |= hashes.values.astype(np.int64) << 17
    return place


def _steps(sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Tell how many neighbours share a place in a text of so many shingles: one, if it is not long."""
    return sizes // PLACES + 1


def _spread(pair: NDArray[np.int64], place: NDArray[np.int64], length: NDArray[np.int64]) -> NDArray[np.float64]:
    """Tell how evenly shared shingles stand in one side of their pairs: 1 in all sixteenths alike, 1/16 in one alone.

    It is `(sum x)**2 / (16 * sum x**2)` of the counts x in the sixteenths, the share of them that is used
    (participation ratio).
    """
    # place * STRETCHES // length without a division: exact, as places are below 2**16
    per_place = ((STRETCHES << 32) - 1) // np.maximum(1, length) + 1
    stretch = place * per_place[pair] >> 32
    stretch += pair * STRETCHES
    counts = np.bincount(stretch, minlength=len(length) * STRETCHES).reshape(-1, STRETCHES)
    return np.asarray(counts.sum(axis=1) ** 2 / np.maximum(1, STRETCHES * (counts**2).sum(axis=1)))


def _passage(
    pair: NDArray[np.int64], left: NDArray[np.int64], right: NDArray[np.int64], pairs: int
) -> NDArray[np.int64]:
    """Count the shared shingles of the longest passage that stands in both texts of each pair."""
    keys = pair << 32 | left << 16 | right
    keys.sort()
    left, right = keys >> 16, keys & 0xFFFF  # left: with the pair before it, so that another pair is far away
    goes_on = (np.diff(left) <= GAP) & (np.abs(np.diff(right)) <= GAP)
    starts = np.flatnonzero(np.concatenate([np.ones(min(1, len(keys)), dtype=np.bool_), ~goes_on]))
    longest = np.zeros(pairs, dtype=np.int64)
    np.maximum.at(longest, keys[starts] >> 32, np.diff(np.append(starts, len(keys))))
    return longest


def _headline(rows: NDArray[np.int64], at: NDArray[np.int64], shelf: Shelf) -> NDArray[np.int8]:
    """Compare the titles of pairs of rows: most words in common, and no number against another number."""
    pairs = len(at) // 2
    if not shelf.titled:
        return np.full(pairs, UNKNOWN, dtype=np.int8)
    titles = shelf.read(rows, "titles", "title_offsets").take(at)
    pair, side = titles.rows() % pairs, titles.rows() // pairs
    words = pair << 32 | titles.values.astype(np.int64)
    numbers = np.bincount((pair * 2 + side)[words % 2 == 1], minlength=2 * pairs).reshape(-1, 2)
    words.sort()
    both = words[1:][words[1:] == words[:-1]]
    shared = np.bincount(both >> 32, minlength=pairs)
    shared_numbers = np.bincount(both[both % 2 == 1] >> 32, minlength=pairs)
    agree = (numbers == shared_numbers[:, None]).all(axis=1) | (numbers == 0).any(axis=1)
    sizes = titles.sizes.reshape(2, -1)
    same = agree & (shared >= HEADLINE * (sizes.sum(axis=0) - shared))
    return np.select([(sizes == 0).any(axis=0), same], [UNKNOWN, SAME], DIFFERENT).astype(np.int8)
