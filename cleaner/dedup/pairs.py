"""Candidate pairs → verified pairs: how much two texts really share, counted on all their shingles."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.dedup.bands import Keys, rows_of
from cleaner.dedup.bars import DIFFERENT, LONG, SAME, UNKNOWN, bars, lowest
from cleaner.dedup.candidates import likely, sample_sizes
from cleaner.dedup.options import Options
from cleaner.dedup.shelf import Ragged, Shelf
from cleaner.dedup.sketches import PLACES

CHUNK = 2048
"""Pairs counted at a time."""
HEADLINE = 0.6
"""Two headlines are the same if they share so many of their words."""
SPREAD, QUOTED = 0.3, 0.6
RUN, TWIN, HALF, WHOLE = 0.05, 4, 0.5, 0.8
PART = 0.5
"""Containment from which a small text counts as a part of a large one."""


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
    headline: NDArray[np.int8]
    """(n,), SAME, UNKNOWN or DIFFERENT."""

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
        empty = cls(numbers, numbers, numbers, numbers, numbers, none, numbers.astype(np.int8))
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
    rows, at = np.unique(np.concatenate([a, b]), return_inverse=True)
    left, right = at[: len(a)], at[len(a) :]
    hashes, place = Ragged(shelf.read(rows.tolist(), "shingles")), Ragged(shelf.read(rows.tolist(), "places"))
    size_a, size_b = hashes.sizes[left], hashes.sizes[right]
    # both rows of pair i, as i, hash, side and place: what stands there twice is shared
    pair = np.concatenate([np.repeat(np.arange(len(a)), size_a), np.repeat(np.arange(len(a)), size_b)]) << 37
    side = np.repeat([0, 16], [size_a.sum(), size_b.sum()])
    both = pair | hashes.take(at).astype(np.int64) << 5 | side | place.take(at)
    both.sort()
    twice = np.flatnonzero(both[1:] >> 5 == both[:-1] >> 5)
    shared = np.bincount(both[twice] >> 37, minlength=len(a))
    spread = np.minimum(_spread(both[twice], len(a)), _spread(both[twice + 1], len(a)))
    return Pairs(a, b, shared, size_a, size_b, spread, _headline(rows.tolist(), at, shelf))


def _headline(rows: list[int], at: NDArray[np.int64], shelf: Shelf) -> NDArray[np.int8]:
    """Compare the titles of pairs of rows."""
    if not shelf.titled:
        return np.full(len(at) // 2, UNKNOWN, dtype=np.int8)
    titles = [frozenset(words.tolist()) for words in shelf.read(rows, "titles", "title_offsets")]
    pairs = at.reshape(2, -1).T.tolist()
    return np.array([_same_headline(titles[x], titles[y]) for x, y in pairs], dtype=np.int8)


def _spread(shared: NDArray[np.int64], pairs: int) -> NDArray[np.float64]:
    """Tell how evenly shared shingles stand in one side of their pairs: 1 in all sixteenths alike, 1/16 in one alone.

    It is `(sum x)**2 / (16 * sum x**2)` of the counts x in the sixteenths, the share of them that is used
    (participation ratio).
    """
    counts = np.bincount((shared >> 37) * PLACES + (shared & 15), minlength=pairs * PLACES).reshape(-1, PLACES)
    return np.asarray(counts.sum(axis=1) ** 2 / np.maximum(1, PLACES * (counts**2).sum(axis=1)))


def _same_headline(a: frozenset[int], b: frozenset[int]) -> int:
    """Compare the words of two titles: most in common, and no number against another number."""
    if not a or not b:
        return UNKNOWN
    numbers_a, numbers_b = ({word for word in words if word % 2} for words in (a, b))
    agree = numbers_a == numbers_b or not numbers_a or not numbers_b
    return SAME if agree and len(a & b) >= HEADLINE * len(a | b) else DIFFERENT


def verify(found: Iterable[Keys], shelf: Shelf, options: Options) -> Iterator[Pairs]:
    """Count the candidates, some at a time; those that share less than the lowest bar are passed over."""
    for keys in found:
        for start in range(0, len(keys), CHUNK):
            some = _enough(keys[start : start + CHUNK], shelf, options)
            for k in range(0, len(some), CHUNK // 8):
                yield count(some[k : k + CHUNK // 8], shelf)


def _enough(keys: Keys, shelf: Shelf, options: Options) -> Keys:
    """Pick the pairs that share enough: first by their samples, crowded buckets included, then by all they hold."""
    a, b = rows_of(keys)
    rows, at = np.unique(np.concatenate([a, b]), return_inverse=True)
    read = shelf.read(rows.tolist(), "shingles")
    sizes = np.array([len(row) for row in read], dtype=np.int64)
    size_a, size_b = sizes[at].reshape(2, -1)
    samples = Ragged([row[:size] for row, size in zip(read, sample_sizes(sizes).tolist(), strict=True)])
    good = np.flatnonzero(likely(_shared(samples, at), size_a, size_b, options))
    smaller = np.minimum(size_a, size_b)[good]
    shared = _shared(Ragged(read), at.reshape(2, -1)[:, good].ravel())
    return keys[good[shared >= lowest(smaller, options) * smaller]]


def _shared(hashes: Ragged, at: NDArray[np.int64]) -> NDArray[np.int64]:
    """Count what rows at[i] and at[n + i] share, for each i below n = half of the length."""
    pairs = len(at) // 2
    both = np.repeat(np.tile(np.arange(pairs), 2), hashes.sizes[at]) << 32 | hashes.take(at).astype(np.int64)
    both.sort()
    return np.bincount(both[1:][both[1:] == both[:-1]] >> 32, minlength=pairs)


def are_near(pairs: Pairs, options: Options) -> NDArray[np.bool_]:
    """Tell which pairs are near-duplicates.

    Below a containment of QUOTED, what is shared must be spread over both texts: a quotation or a paragraph from the
    same agency stands in one place.
    """
    spread = (pairs.spread >= SPREAD) | (pairs.containment >= QUOTED)
    return (
        (likeness(pairs, options) >= options.threshold) & spread & ~one_run(pairs, options) & ~are_parts(pairs, options)
    )


def one_run(pairs: Pairs, options: Options) -> NDArray[np.bool_]:
    """Tell which pairs of texts of fewer than LONG shingles share nothing but one long sentence.

    A single run is as even as it is long: what was copied and then changed is more even than that by RUN. A cut copy
    is told by its length (less than a TWIN-th of the other), or by how much is shared: HALF of both, or the WHOLE.
    """
    smaller, larger = np.minimum(pairs.size_a, pairs.size_b), np.maximum(pairs.size_a, pairs.size_b)
    middling = (smaller >= options.short) & (smaller < LONG) & (larger < TWIN * smaller) & (pairs.headline != SAME)
    little = (pairs.resemblance < HALF) & (pairs.containment < WHOLE)
    return np.asarray(middling & little & (pairs.spread < pairs.shared / np.maximum(1, larger) + RUN))


def likeness(pairs: Pairs, options: Options) -> NDArray[np.float64]:
    """Measure how alike texts are on one scale, on which `options.threshold` divides.

    It is containment; between texts of which one is short, resemblance. Each kind of pair has its own bar, which
    comes to `threshold` on this scale.
    """
    bar = bars(np.minimum(pairs.size_a, pairs.size_b), pairs.shared, pairs.spread, pairs.headline, options)
    shared = np.where(are_short(pairs, options) & (pairs.headline != SAME), pairs.resemblance, pairs.containment)
    return np.asarray(shared * (options.threshold / bar))


def are_short(pairs: Pairs, options: Options) -> NDArray[np.bool_]:
    """Tell in which pairs the smaller text is too short to be judged by containment."""
    return np.minimum(pairs.size_a, pairs.size_b) < options.short


def are_parts(pairs: Pairs, options: Options) -> NDArray[np.bool_]:
    """Tell in which pairs one text is a small part of the other: `part_of`, no duplicate."""
    smaller, larger = np.minimum(pairs.size_a, pairs.size_b), np.maximum(pairs.size_a, pairs.size_b)
    return (smaller < options.part * larger) & (pairs.containment >= PART)
