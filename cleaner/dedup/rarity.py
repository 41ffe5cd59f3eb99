"""How much a word says about a text: little if many texts have it, much if few have.

It is counted in the texts at hand and, so that ten texts do not stand alone, in a background shipped with the
project: `background.npy`, English texts and the common words of 57 more languages, made by
`benchmarks/background.py`, which names its sources and licences.
"""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cleaner.dedup.shingles import Hashes32

BUCKETS = 1 << 21
"""Stems are counted by their lowest bits, which bounds the memory; a few rare stems share a bucket."""
POWER = 1.5
TABLE = Path(__file__).with_name("background.npy")


def bucket(stems: Hashes32) -> NDArray[np.int64]:
    """Tell the bucket of each stem."""
    return (stems & np.uint32(BUCKETS - 1)).astype(np.int64)


def rarity(parts: Iterable[Hashes32], texts: int) -> NDArray[np.float64]:
    """Compute the weight of each bucket: `log(all texts / texts with it) ** POWER` (inverse document frequency).

    Args:
        parts: the stems of all texts, each once for every text that has it.
        texts: how many these are.
    """
    found, total = background()
    for stems in parts:
        found = found + np.bincount(bucket(stems), minlength=BUCKETS)
    return np.asarray(np.maximum(0, np.log((total + texts + 1) / (found + 0.5))) ** POWER)


@cache
def background() -> tuple[NDArray[np.int64], int]:
    """Load the shipped counts: texts by bucket, and how many texts there were."""
    table = np.load(TABLE)
    found = np.zeros(BUCKETS, dtype=np.int64)
    np.add.at(found, bucket(table["stem"][1:]), table["texts"][1:])
    return found, int(table["texts"][0])
