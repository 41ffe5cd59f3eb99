"""Sketches → duplicates: the whole search, over files and row numbers, never over texts."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cleaner.dedup.bands import keys_of
from cleaner.dedup.bars import Bars
from cleaner.dedup.candidates import Candidates, candidates
from cleaner.dedup.clusters import clusters
from cleaner.dedup.dates import UNDATED
from cleaner.dedup.guard import guard
from cleaner.dedup.keep import ranks, same_hash
from cleaner.dedup.options import Options
from cleaner.dedup.pairs import CHUNK, Pairs, count
from cleaner.dedup.results import Duplicate, Pair, Part, Result
from cleaner.dedup.shelf import Shelf
from cleaner.dedup.story import Dates, Stories, cosines, stories
from cleaner.dedup.table import Table
from cleaner.dedup.verdicts import are_near, are_parts, are_short, likeness
from cleaner.dedup.verification import verify


def detect(sketches: Sequence[Path], options: Options, work: Path) -> Result:
    """Find the duplicates among the texts of some sketches.

    Args:
        sketches: saved sketches, in the order of the input; rows are counted through them, from 0.
        options: as the sketches were made with.
        work: an existing folder for the bands; what is put there is removed again.

    Raises:
        InputError: a file is no sketch, or one of another version.
    """
    with Shelf(sketches) as shelf:
        return _detect(shelf, options, work)


def _detect(shelf: Shelf, options: Options, work: Path) -> Result:
    date, dateline = shelf.column("date"), shelf.column("dateline")
    printed = date == UNDATED
    date = np.where(printed, dateline, date)
    rank = ranks(options.keep, shelf.column("length"), date)
    rows = np.arange(len(shelf))
    kept = rows if options.level == "off" else same_hash(shelf.column("exact").reshape(-1, 2), rank)
    twins = np.flatnonzero(kept != rows)
    found = [_level("exact", twins, kept[twins], np.ones((3, len(twins))))]
    parts, pairs = Pairs.join([]), [_pairs("near", Pairs.join([]), np.zeros(0))]
    if options.level in {"near", "story"}:
        bars = Bars(options, len(rows), shelf.titled)
        near, parts = _checked(candidates(shelf, kept != rows, bars, work), shelf, bars)
        before, kept = kept, _join_near(near, kept, rank, shelf, bars)
        moved = np.flatnonzero(kept != before)
        found.append(_near(near, before[moved], moved, kept[moved], shelf, bars))
        pairs.append(_pairs("near", near, likeness(near, bars)))
    if options.level == "story":
        told = stories(np.flatnonzero(kept == rows), Dates(date, printed), shelf, options, work)
        pairs.append(_pairs("story", count(keys_of(told.a, told.b), shelf), told.cosine))
        found.append(_told(told, rank, shelf))
    return Result(_last_of_each(Table.join(found)), _parts_of(parts), Table.join(pairs), guard(kept, shelf, options))


def _level(
    level: str, rows: NDArray[np.int64], kept: NDArray[np.int64], figures: NDArray[np.float64]
) -> Table[Duplicate]:
    """List the duplicates of one level; `figures` are similarity, resemblance and containment, (3, n)."""
    return Table(Duplicate, rows, kept, np.full(len(rows), level, dtype="U5"), *figures.round(4))


def _last_of_each(found: Table[Duplicate]) -> Table[Duplicate]:
    """Put duplicates in the order of their rows; of two on one row the later one counts."""
    rows = found.columns[0]
    order = np.argsort(rows, kind="stable")
    return found.take(order[np.append(rows[order][1:] != rows[order][:-1], np.ones(min(1, len(rows)), np.bool_))])


def _checked(found: Iterator[Candidates], shelf: Shelf, bars: Bars) -> tuple[Pairs, Pairs]:
    """Return the candidates that are near-duplicates, in order, and those of which one is a part of the other."""
    near, parts = [], []
    for pairs in verify(found, shelf, bars):
        near.append(pairs.take(are_near(pairs, bars)))
        parts.append(pairs.take(are_parts(pairs, bars)))
    joined = Pairs.join(near)
    near.clear()
    return joined.ordered(), Pairs.join(parts)


def _join_near(
    near: Pairs, kept: NDArray[np.int64], rank: NDArray[np.int64], shelf: Shelf, bars: Bars
) -> NDArray[np.int64]:
    """Cluster the near pairs; tell for every row which one is kept for it now."""

    def compare(a: NDArray[np.int64], b: NDArray[np.int64]) -> NDArray[np.float64]:
        return likeness(count(keys_of(a, b), shelf), bars)

    label = clusters(near.a, near.b, likeness(near, bars), bars.options.threshold, compare, len(kept))
    return _best(label, rank)[kept]  # also for the twins of a text that goes now


def _best(label: NDArray[np.int64], rank: NDArray[np.int64]) -> NDArray[np.int64]:
    """Tell for every row the one of the smallest rank of those with the same label."""
    order = np.argsort(rank)[::-1]
    best = np.empty_like(label)
    best[label[order]] = order  # the last one written is the first in rank
    return best[label]


def _near(
    near: Pairs,
    texts: NDArray[np.int64],
    rows: NDArray[np.int64],
    kept: NDArray[np.int64],
    shelf: Shelf,
    bars: Bars,
) -> Table[Duplicate]:
    """Compare each of `texts` (the same words as `rows`) with the text that is kept for it, if `near` does not say."""
    pairs = Pairs.join([near, count(np.setdiff1d(keys_of(texts, kept), near.keys), shelf)])
    pairs = pairs.take(np.argsort(pairs.keys))
    pairs = pairs.take(np.searchsorted(pairs.keys, keys_of(texts, kept)))
    similarity = np.where(are_short(pairs, bars), pairs.resemblance, pairs.containment)
    return _level("near", rows, kept, np.array([similarity, pairs.resemblance, pairs.containment]))


def _told(told: Stories, rank: NDArray[np.int64], shelf: Shelf) -> Table[Duplicate]:
    """Name for each row of a story the one that represents it."""
    represented = _best(told.label, rank)
    rows = np.flatnonzero(represented != np.arange(len(rank)))
    figures = [np.zeros((3, 0))]
    for start in range(0, len(rows), CHUNK):
        here = rows[start : start + CHUNK]
        keys = keys_of(here, represented[here])
        pairs = count(keys, shelf)
        figures.append(np.array([cosines(keys, told.rarity, shelf), pairs.resemblance, pairs.containment]))
    return _level("story", rows, represented[rows], np.concatenate(figures, axis=1))


def _pairs(level: str, pairs: Pairs, similarity: NDArray[np.float64]) -> Table[Pair]:
    figures = (figure.round(4) for figure in (pairs.resemblance, pairs.containment, similarity))
    return Table(Pair, pairs.a, pairs.b, np.full(len(pairs.a), level, dtype="U5"), *figures)


def _parts_of(pairs: Pairs) -> Table[Part]:
    small = pairs.size_a < pairs.size_b
    part, whole = np.where(small, pairs.a, pairs.b), np.where(small, pairs.b, pairs.a)
    return Table(Part, part, whole, pairs.containment.round(4)).take(np.lexsort((whole, part)))
