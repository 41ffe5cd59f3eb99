"""What a search for duplicates finds, in row numbers."""

from dataclasses import dataclass
from typing import NamedTuple

from cleaner.dedup.guard import Alarm
from cleaner.dedup.table import Table


class Duplicate(NamedTuple):
    """One text that another one stands for."""

    row: int
    kept: int
    """The row that is kept of its cluster (story: the one that represents it)."""
    level: str
    """exact, near or story."""
    similarity: float
    """What the verdict rests on: containment for near (resemblance of short texts), cosine of profiles for story."""
    resemblance: float
    """Share of the shingles of both that the two share."""
    containment: float
    """Share of the shingles of the shorter one that stand in the other."""


class Part(NamedTuple):
    """One text that stands, as a small part, in another one: reported, not merged."""

    row: int
    whole: int
    containment: float


class Pair(NamedTuple):
    """Two texts that were verified to be alike, a < b."""

    a: int
    b: int
    level: str
    resemblance: float
    containment: float
    similarity: float
    """What the verdict rests on, on the scale of its threshold."""


@dataclass(frozen=True)
class Result:
    """What was found."""

    duplicates: Table[Duplicate]
    """In the order of their rows, each row once; what an exact or near one names as kept is itself none of these."""
    parts_of: Table[Part]
    """In the order of their rows."""
    pairs: Table[Pair]
    """All verified pairs, in order."""
    guard: Alarm | None
    """If a cluster or a source looks as if something went wrong."""
