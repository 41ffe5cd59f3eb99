"""What the report tells of a run: facts of bounded size, however large the run was."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Mapping
    from collections.abc import Set as AbstractSet

    from cleaner.report.tally import Tally

    Key = str | int
    """The id of a document."""
    Fetch = Callable[[AbstractSet[Key]], Mapping[Key, "Seen"]]
    """Looks up some documents of a run at once; those that it does not find, it leaves out."""

BINS = 20
"""Into how many classes similarities are counted, from 0 to 1."""


class Seen(NamedTuple):
    """A document of a run."""

    original: str
    """Its text as it came in; empty if the run has kept none."""
    text: str
    """Its text as it went out, or would have gone."""
    title: str = ""
    site: str = ""
    day: str = ""
    """Its date, as 2024-05-31; empty if it has none."""


class Example(NamedTuple):
    """One edit, with the text around it."""

    doc: Key | None
    left: str
    before: str
    after: str
    right: str


class Member(NamedTuple):
    """A document of a cluster, other than the kept one."""

    id: Key
    level: str
    similarity: float


@dataclass(frozen=True)
class Cluster:
    """Documents that are copies of each other, or tell the same story."""

    kept: Key
    size: int
    """How many documents it has, the kept one among them."""
    members: tuple[Member, ...]
    """Some of the others."""
    seen: Mapping[Key, Seen]
    """What is known of them, and of the kept one."""


class Bad(NamedTuple):
    """A piece of the input that is in quarantine."""

    source: str
    offset: int
    length: int
    error: str


@dataclass(frozen=True)
class Facts:
    """All that the page shows."""

    tally: Tally
    guard: str
    """The sentence of the guard if it found the duplicates past belief, else empty."""
    version: str
    stages: tuple[str, ...]
    parts: Mapping[str, Tally] = field(default_factory=dict)
    examples: Mapping[str, tuple[Example, ...]] = field(default_factory=dict)
    """By rule."""
    similarities: Mapping[str, Counter[int]] = field(default_factory=dict)
    """By level, how many duplicates are in each of the `BINS`."""
    clusters: tuple[Cluster, ...] = ()
    """The largest clusters of copies."""
    all_clusters: int = 0
    stories: tuple[Cluster, ...] = ()
    """The largest clusters of a story told in other words."""
    all_stories: int = 0
    quarantine: Mapping[str, tuple[Bad, ...]] = field(default_factory=dict)
    """By reason, the first of each."""
