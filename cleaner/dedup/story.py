"""Profiles → stories: texts that tell the same event in other words.

Candidates share two of their TOP heaviest stems; a name that a thousand texts have is no evidence, but two names
together are. Such pairs are compared by the cosine of their whole profiles, in which no single stem counts for more
than MOST (two texts about one firm or one village share its name and little else), and clustered by average link.
What is left out of the MinHash family here, weighted sampling, would find the same pairs with more hashes: a story's
few heavy words are most of its weight.
"""

from collections.abc import Iterator
from math import log2
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.dedup.average import average_link
from cleaner.dedup.bands import Bands, Keys, rows_of
from cleaner.dedup.dates import UNDATED
from cleaner.dedup.options import Options
from cleaner.dedup.rarity import bucket, rarity
from cleaner.dedup.shelf import Shelf
from cleaner.dedup.shingles import Hashes32

TOP = 20
MOST = 0.1
"""What one stem can add to the similarity: two names alone stay below the threshold, three may reach it."""
CHUNK = 2048
FAR = 0.7
"""What is left of the similarity of two texts whose datelines, or one and the date of the other, are days apart."""
DAY = 86400
CALM = 1000
"""Up to so many texts the threshold stands as it is set."""
RISE = 0.06
"""Each doubling beyond adds so much: the false links among N texts grow with N * N."""
HIGHEST = 0.5
"""The threshold rises no further than this."""


class Dates(NamedTuple):
    """When texts are from."""

    second: NDArray[np.int64]
    """(rows,), since 1970 UTC, or UNDATED."""
    printed: NDArray[np.bool_]
    """(rows,), where it is the dateline: that may be the day of a reprint, or of a later part of the story."""


class Stories(NamedTuple):
    """What was found."""

    label: NDArray[np.int64]
    """(rows,), for each row the smallest row of its story."""
    a: NDArray[np.int64]
    b: NDArray[np.int64]
    cosine: NDArray[np.float64]
    """The pairs inside a story that reach the threshold."""
    rarity: NDArray[np.float64]
    """The weight of each bucket of stems."""


def stories(
    rows: NDArray[np.int64],
    dates: Dates,
    shelf: Shelf,
    options: Options,
    work: Path,
) -> Stories:
    """Cluster some rows by story.

    Args:
        rows: the rows to look at, in rising order.
        dates: of all rows; two dates more than `options.story_days` apart are two stories, two datelines probably.
        shelf: the sketches.
        options: for threshold and days.
        work: a folder for the bands.
    """
    chosen = np.zeros(len(dates.second), dtype=np.bool_)
    chosen[rows] = True
    weight = rarity((stems for _, stems, _ in _profiles(shelf, chosen)), len(rows))
    bands = Bands(work, len(rows) * TOP * (TOP - 1) // 2, len(chosen))
    for row, stems, weights in _profiles(shelf, chosen):
        bands.add(*_couples(row, stems, weights * weight[bucket(stems)]))
    threshold = rising(options, dates.second[rows])
    found = [_alike(pairs, weight, shelf, dates, options) for pairs, _ in bands.pairs()]
    a, b = rows_of(np.concatenate([np.zeros(0, dtype=np.uint64), *(keys for keys, _ in found)]))
    cosine = np.concatenate([np.zeros(0), *(values for _, values in found)])
    order = np.lexsort((b, a))
    a, b, cosine = a[order], b[order], cosine[order]
    label = average_link(a, b, cosine, len(chosen), threshold)
    good = (cosine >= threshold) & (label[a] == label[b])
    return Stories(label, a[good], b[good], cosine[good], weight)


def rising(options: Options, date: NDArray[np.int64]) -> float:
    """Raise the threshold with the number of texts that one may be compared with: undated, or of its days."""
    dated = np.sort(date[date != UNDATED])
    reach = options.story_days * DAY
    near = np.searchsorted(dated, dated + reach, side="right") - np.searchsorted(dated, dated - reach)
    others = len(date) - len(dated) + (float(near.mean()) if len(dated) else 0)
    return max(options.story_threshold, min(HIGHEST, options.story_threshold + RISE * log2(max(1, others / CALM))))


def cosines(pairs: Keys, weight: NDArray[np.float64], shelf: Shelf) -> NDArray[np.float64]:
    """Compare the profiles of pairs of rows, `a << 32 | b`: their cosine, of each stem at most MOST."""
    a, b = rows_of(pairs)
    rows, at = np.unique(np.concatenate([a, b]), return_inverse=True)
    stems, weights = shelf.read(rows, "stems", "stem_offsets"), shelf.read(rows, "weights", "stem_offsets")
    heavy = weights.values * weight[bucket(stems.values)]
    square = np.bincount(np.repeat(np.arange(len(rows)), stems.sizes), heavy**2, minlength=len(rows))
    # both rows of pair i, as i, stem, side and weight: what stands there twice is shared
    pair = np.repeat(np.tile(np.arange(len(a)), 2), stems.sizes[at])
    side = np.repeat(np.repeat([0, 256], len(a)), stems.sizes[at])
    both = pair << 41 | stems.take(at).values.astype(np.int64) << 9 | side | weights.take(at).values
    both.sort()
    twice = np.flatnonzero(both[1:] >> 9 == both[:-1] >> 9)
    here = both[twice]
    product = (here & 255) * (both[twice + 1] & 255) * weight[bucket((here >> 9).astype(np.uint32))] ** 2
    lengths = np.sqrt(np.maximum(1e-9, square[at[: len(a)]] * square[at[len(a) :]]))
    pair = here >> 41
    return np.bincount(pair, np.minimum(MOST, product / lengths[pair]), minlength=len(a)).astype(np.float64)


def _profiles(
    shelf: Shelf, chosen: NDArray[np.bool_]
) -> Iterator[tuple[NDArray[np.int64], Hashes32, NDArray[np.uint8]]]:
    """Read the stems of the chosen rows, file by file: the row of each, itself, and its weight."""
    first = 0
    for offsets, stems, weights in shelf.files("stem_offsets", "stems", "weights"):
        counts = np.diff(offsets)
        row = np.repeat(np.arange(first, first + len(counts)), counts)
        kept = np.flatnonzero(chosen[row])
        yield row[kept], stems[kept], weights[kept]
        first += len(counts)


def _couples(row: NDArray[np.int64], stems: Hashes32, weights: NDArray[np.float64]) -> tuple[Hashes32, Keys]:
    """Hash every two of the TOP heaviest stems of each row."""
    order = np.lexsort((stems, -weights, row))
    row, stems = row[order], stems[order]
    place = np.arange(len(row)) - np.searchsorted(row, row)
    order = np.flatnonzero(place < TOP)
    order = order[np.lexsort((stems[order], row[order]))]
    row, stems = row[order], stems[order].astype(np.uint64)
    hashes, rows = [], []
    for step in range(1, TOP):
        same = np.flatnonzero(row[step:] == row[:-step])
        mixed = stems[same] * np.uint64(0x9E3779B97F4A7C15) + stems[same + step] * np.uint64(0xC2B2AE3D27D4EB4F)
        hashes.append(
            ((mixed ^ mixed >> np.uint64(29)) * np.uint64(0xBF58476D1CE4E5B9) >> np.uint64(32)).astype(np.uint32)
        )
        rows.append(row[same].astype(np.uint64))
    return np.concatenate(hashes), np.concatenate(rows)


def _alike(
    pairs: Keys, weight: NDArray[np.float64], shelf: Shelf, dates: Dates, options: Options
) -> tuple[Keys, NDArray[np.float64]]:
    """Compare candidate pairs; leave out those whose dates forbid it, and count those less whose datelines differ."""
    a, b = rows_of(pairs)
    second, printed = dates
    apart = np.abs(second[a] - second[b]) > options.story_days * DAY
    apart &= (second[a] != UNDATED) & (second[b] != UNDATED)
    doubt = printed[a] | printed[b]
    kept = np.flatnonzero(~apart | doubt)
    pairs, far = pairs[kept], apart[kept]
    found = [cosines(pairs[start : start + CHUNK], weight, shelf) for start in range(0, len(pairs), CHUNK)]
    return pairs, np.concatenate([np.zeros(0), *found]) * np.where(far, FAR, 1)
