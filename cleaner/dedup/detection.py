"""Sketches → duplicates: the whole search, over files and row numbers, never over texts."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

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
    found = {row: Duplicate(row, int(kept[row]), "exact", 1.0, 1.0, 1.0) for row in twins.tolist()}
    parts: list[Part] = []
    pairs: list[Pair] = []
    if options.level in {"near", "story"}:
        bars = Bars(options, len(rows), shelf.titled)
        checked = _checked(candidates(shelf, kept != rows, bars, work), shelf, bars)
        before, kept = kept, _join_near(checked.near, kept, rank, shelf, bars)
        moved = np.flatnonzero(kept != before)
        found.update((d.row, d) for d in _near(checked.near, before[moved], moved, kept[moved], shelf, bars))
        pairs = _pairs("near", checked.near, likeness(checked.near, bars))
        parts = _parts_of(checked.parts)
    if options.level == "story":
        told = stories(np.flatnonzero(kept == rows), Dates(date, printed), shelf, options, work)
        pairs += _pairs("story", count(keys_of(told.a, told.b), shelf), told.cosine)
        found.update((d.row, d) for d in _told(told, rank, shelf))
    return Result([found[row] for row in sorted(found)], parts, pairs, guard(kept, shelf, options))


class _Checked(NamedTuple):
    """The candidates that passed."""

    near: Pairs
    parts: Pairs


def _checked(found: Iterator[Candidates], shelf: Shelf, bars: Bars) -> _Checked:
    near, parts = [], []
    for pairs in verify(found, shelf, bars):
        near.append(pairs.take(are_near(pairs, bars)))
        parts.append(pairs.take(are_parts(pairs, bars)))
    return _Checked(Pairs.join(near).ordered(), Pairs.join(parts))


def _join_near(
    near: Pairs, kept: NDArray[np.int64], rank: NDArray[np.int64], shelf: Shelf, bars: Bars
) -> NDArray[np.int64]:
    """Cluster the near pairs; tell for every row which one is kept for it now."""

    def compare(a: NDArray[np.int64], b: NDArray[np.int64]) -> NDArray[np.float64]:
        return likeness(count(keys_of(a, b), shelf), bars)

    now = np.arange(len(kept))
    for cluster in clusters(near.a, near.b, likeness(near, bars), bars.options.threshold, compare):
        now[cluster] = min(cluster, key=rank.__getitem__)
    return now[kept]  # also for the twins of a text that goes now


def _near(
    near: Pairs,
    texts: NDArray[np.int64],
    rows: NDArray[np.int64],
    kept: NDArray[np.int64],
    shelf: Shelf,
    bars: Bars,
) -> Iterator[Duplicate]:
    """Compare each of `texts` (the same words as `rows`) with the text that is kept for it, if `near` does not say."""
    pairs = Pairs.join([near, count(np.setdiff1d(keys_of(texts, kept), near.keys), shelf)])
    pairs = pairs.take(np.argsort(pairs.keys))
    pairs = pairs.take(np.searchsorted(pairs.keys, keys_of(texts, kept)))
    similarity = np.where(are_short(pairs, bars), pairs.resemblance, pairs.containment)
    figures = zip(similarity.tolist(), pairs.resemblance.tolist(), pairs.containment.tolist(), strict=True)
    for row, keeper, (s, r, c) in zip(rows.tolist(), kept.tolist(), figures, strict=True):
        yield Duplicate(row, keeper, "near", round(s, 4), round(r, 4), round(c, 4))


def _told(told: Stories, rank: NDArray[np.int64], shelf: Shelf) -> Iterator[Duplicate]:
    """Name for each row of a story the one that represents it."""
    order = np.lexsort((rank, told.label))
    best = np.empty_like(told.label)
    best[told.label[order][::-1]] = order[::-1]  # the last one written is the first in rank
    represented = best[told.label]
    rows = np.flatnonzero(represented != np.arange(len(rank)))
    for start in range(0, len(rows), CHUNK):
        here = rows[start : start + CHUNK]
        keys = keys_of(here, represented[here])
        pairs, similarity = count(keys, shelf), cosines(keys, told.rarity, shelf)
        figures = (
            c.tolist()
            for c in (
                here,
                represented[here],
                similarity.round(4),
                pairs.resemblance.round(4),
                pairs.containment.round(4),
            )
        )
        for row, kept, s, r, c in zip(*figures, strict=True):
            yield Duplicate(row, kept, "story", s, r, c)


def _pairs(level: str, pairs: Pairs, similarity: NDArray[np.float64]) -> list[Pair]:
    columns = (pairs.a, pairs.b, pairs.resemblance.round(4), pairs.containment.round(4), similarity.round(4))
    return [Pair(a, b, level, r, c, s) for a, b, r, c, s in zip(*(column.tolist() for column in columns), strict=True)]


def _parts_of(pairs: Pairs) -> list[Part]:
    small = pairs.size_a < pairs.size_b
    part, whole = np.where(small, pairs.a, pairs.b), np.where(small, pairs.b, pairs.a)
    return sorted(
        Part(*edge) for edge in zip(part.tolist(), whole.tolist(), pairs.containment.round(4).tolist(), strict=True)
    )
