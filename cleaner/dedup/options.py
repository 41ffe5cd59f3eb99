"""What can be set about the search for duplicates, and what it does by default."""

from dataclasses import dataclass

from cleaner.errors import UsageError

LEVELS = ("off", "exact", "near", "story")
KEEPS = ("first", "longest", "newest", "oldest")


@dataclass(frozen=True)
class Options:
    """The settings of one search.

    Raises:
        UsageError: a value is unknown or out of range.
    """

    level: str = "story"
    """The highest level looked for: off, exact, near or story; each includes the lower ones."""
    threshold: float = 0.32
    """Two texts are near-duplicates when this share of the shingles of the shorter one stands in the other too; `bars`
    says for which pairs it is more or less."""
    short_threshold: float = 0.6
    """The same of texts of fewer than `short` shingles, by resemblance: short notices share phrases with their kind."""
    short: int = 64
    """Below this number of different shingles a text is short."""
    part: float = 1 / 6
    """A text smaller than this share of the one it stands in is reported as a part of it and not merged."""
    story_threshold: float = 0.22
    """Two texts tell the same story from this similarity on."""
    story_days: int = 3
    """Two dated texts further apart than this never tell the same story."""
    keep: str = "first"
    """Which of a cluster is kept: first (in the order of the input), longest (most characters), newest or oldest (by
    date, undated ones last); a tie goes to the first."""
    max_share: float = 0.2
    """A cluster above this share of all texts (and above 1,000 texts) trips the guard; 1 switches it off."""
    max_source_loss: float = 0.95
    """A source of 100 texts or more that loses above this share to others trips the guard; 1 switches it off."""

    def __post_init__(self) -> None:
        """Refuse what makes no sense."""
        for name, known in (("level", LEVELS), ("keep", KEEPS)):
            if getattr(self, name) not in known:
                raise UsageError(f"dedup: {name} is {getattr(self, name)!r}; use one of {', '.join(known)}.")
        for name in ("threshold", "short_threshold", "part", "story_threshold", "max_share", "max_source_loss"):
            if not 0 < getattr(self, name) <= 1:
                raise UsageError(f"dedup: {name} is {getattr(self, name)!r}; it must be above 0 and at most 1.")
        for name in ("short", "story_days"):
            if getattr(self, name) < 0:
                raise UsageError(f"dedup: {name} is {getattr(self, name)!r}; it must not be negative.")
