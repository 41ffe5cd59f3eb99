"""Words → a profile: which words a text tells its story with, the headline and the lead counting most.

Of every word only the stem counts, its first five letters, so that "rocket", "rockets" and "Rocketed" are one. News
is written from the top: the first 60 words (headline included) count ten times as much as those after the 200th.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.dedup.folding import LENGTH, Offsets
from cleaner.dedup.shingles import Hashes32
from cleaner.dedup.tokens import Words, word_hashes

STEM = 5
MAX_WORDS = 2000
LEADS = ((60, 30), (200, 10), (MAX_WORDS, 3))
"""Up to which word, and how many tenths each of them counts."""
SCALE = 16
"""Weights are kept as whole numbers: this many steps for each factor of e."""


class Profiles(NamedTuple):
    """The profiles of some texts."""

    counts: Offsets
    """(n,), different stems of each text."""
    stems: Hashes32
    """In rising order within each text."""
    weights: NDArray[np.uint8]
    """log(1 + how often it stands there, the lead counting more), times SCALE."""


def profiles(titles: Words, texts: Words) -> Profiles:
    """Weigh the stems of each text; its title stands before it."""
    ahead = np.diff(titles.offsets)
    keys = np.concatenate([_keys(titles, np.zeros_like(ahead)), _keys(texts, ahead)])
    keys.sort()
    new = np.ones(len(keys), dtype=np.bool_)
    np.not_equal(keys[1:] >> np.uint64(2), keys[:-1] >> np.uint64(2), out=new[1:])
    tenths = np.array([count for _, count in LEADS])[(keys & np.uint64(3)).astype(np.int64)]
    starts = np.flatnonzero(new)
    often = np.add.reduceat(tenths, starts) / 10 if len(starts) else np.zeros(0)
    keys = keys[starts] >> np.uint64(2)
    counts = np.bincount((keys >> np.uint64(32)).astype(np.int64), minlength=len(ahead))
    return Profiles(counts, keys.astype(np.uint32), np.minimum(255, np.rint(SCALE * np.log1p(often))).astype(np.uint8))


def _keys(batch: Words, ahead: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Pack text, stem and place in the text (as a line of LEADS) of each word: 30, 32 and 2 bits."""
    counts = np.diff(batch.offsets)
    place = np.arange(len(batch.starts)) - np.repeat(batch.offsets[:-1] - ahead, counts)
    rows = np.repeat(np.arange(len(counts), dtype=np.uint64), counts)
    kept = np.flatnonzero(place < MAX_WORDS)
    first = batch.data[batch.starts[kept]]
    reach = STEM * LENGTH[first]  # a letter is as long as the first one
    stems = batch._replace(starts=batch.starts[kept], ends=np.minimum(batch.ends[kept], batch.starts[kept] + reach))
    line = np.searchsorted([end for end, _ in LEADS], place[kept], side="right").astype(np.uint64)
    return rows[kept] << np.uint64(34) | word_hashes(stems) >> np.uint64(32) << np.uint64(2) | line
