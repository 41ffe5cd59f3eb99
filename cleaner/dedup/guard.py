"""Whether the outcome looks wrong: a cluster as large as a corpus, a source that is all but gone."""

import json
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.dedup.options import Options
from cleaner.dedup.shelf import Shelf

LEAST_CLUSTER = 1000
LEAST_SOURCE = 100
"""Clusters and sources smaller than this never trip the guard."""


class Alarm(NamedTuple):
    """What looks wrong."""

    sentence: str
    row: int | None = None
    """The text to look at, if it is one."""


def guard(kept: NDArray[np.int64], shelf: Shelf, options: Options) -> Alarm | None:
    """Say what is wrong, or None.

    Args:
        kept: (rows,), the row that is kept for each row.
        shelf: where the sources of the rows stand.
        options: for `max_share` and `max_source_loss`.
    """
    sizes = np.bincount(kept, minlength=len(kept))
    largest = int(sizes.max(initial=0))
    if largest >= LEAST_CLUSTER and largest > options.max_share * len(kept):
        trouble = f"{largest:,} of {len(kept):,} texts are duplicates of one"
        trouble = f"{trouble}: more than max_share = {options.max_share}."
        return Alarm(f"{trouble} Is it an error page, or a template without its content?", int(sizes.argmax()))
    for name, (texts, lost) in sorted(_losses(kept, shelf).items()):
        if texts >= LEAST_SOURCE and lost > options.max_source_loss * texts:
            trouble = f"Source {name} loses {lost:,} of its {texts:,} texts to other sources"
            trouble = f"{trouble}: more than max_source_loss = {options.max_source_loss}."
            return Alarm(f"{trouble} Was it scraped twice, under two names?")
    return None


def _losses(kept: NDArray[np.int64], shelf: Shelf) -> dict[str, tuple[int, int]]:
    """Count by source: texts, and those that gave way to a text of another source."""
    ids: dict[str, int] = {}
    source = []
    for named, numbers in shelf.files("sources", "source"):
        names = json.loads(named.tobytes())
        here = np.array([ids.setdefault(name, len(ids)) for name in names], dtype=np.int64)
        source.append(here[numbers])
    of_row = np.concatenate([np.zeros(0, dtype=np.int64), *source])
    texts = np.bincount(of_row, minlength=len(ids))
    lost = np.bincount(of_row[of_row != of_row[kept]], minlength=len(ids))
    return {name: (int(texts[k]), int(lost[k])) for name, k in ids.items()}
