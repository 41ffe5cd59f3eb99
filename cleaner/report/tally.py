"""Counts of one run or of a piece of it; the counts of the pieces, added in order, are those of the whole."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from cleaner import sites
from cleaner.errors import LawError
from cleaner.places import added

if TYPE_CHECKING:
    from cleaner.document import Document

_SUMS = ("arrivals", "departures")
_EXAMPLES = 3
_EXAMPLE_LENGTH = 160
_STEPS = (10, 15, 20, 30, 50, 70)
LENGTHS: tuple[int, ...] = (0, 1, *(step * 10**power for power in range(7) for step in _STEPS))
"""Where the classes of the lengths of documents begin, in characters: 0, 1, 10, 15, 20 and so on."""
LOST = "\N{REPLACEMENT CHARACTER}"
"""What stands where a character could not be read, here or long before."""
_COUNTERS = ("dropped", "quarantined", "skipped", "capped", "levels", "lengths_in", "lengths_out")


@dataclass
class RuleTally:
    """What one rule did."""

    edits: int = 0
    documents: int = 0
    removed: int = 0
    """Characters by which the text became shorter where this rule had the last word; below 0 where it became longer."""
    examples: list[str] = field(default_factory=list)


@dataclass
class SiteTally:
    """What became of the documents of one site."""

    documents: int = 0
    dropped: int = 0
    duplicates: int = 0
    characters_in: int = 0
    characters_out: int = 0
    """Characters that the stages left; duplicates are not taken off."""

    def add(self, other: SiteTally) -> None:
        """Add the counts of a later piece."""
        self.documents += other.documents
        self.dropped += other.dropped
        self.duplicates += other.duplicates
        self.characters_in += other.characters_in
        self.characters_out += other.characters_out


@dataclass
class Tally:
    """How many records went which way, and what the rules did.

    ``read = kept + dropped + duplicates + quarantined`` holds for every tally, and `check` says so.
    """

    read: int = 0
    kept: int = 0
    duplicates: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    """By reason."""
    quarantined: Counter[str] = field(default_factory=Counter)
    """By reason."""
    skipped: Counter[str] = field(default_factory=Counter)
    """What the input holds besides documents, such as the requests in a WARC file, by kind; not counted as read."""
    capped: Counter[str] = field(default_factory=Counter)
    """Pages that were out of bounds and so were not read as they stand, by what it was; no text is lost by that."""
    damaged_sources: int = 0
    changed: int = 0
    """Kept or dropped documents whose text was changed."""
    refused: int = 0
    """Times that a stage was kept from taking too much."""
    characters_in: int = 0
    characters_out: int = 0
    lost: int = 0
    """Replacement characters (U+FFFD) in the kept documents: each stands for text that was lost before it came here."""
    levels: Counter[str] = field(default_factory=Counter)
    """Duplicates by level; ``story`` counts documents that are marked and kept."""
    rules: dict[str, RuleTally] = field(default_factory=dict)
    sites: dict[str, SiteTally] = field(default_factory=dict)
    """By `site_of`."""
    lengths_in: Counter[int] = field(default_factory=Counter)
    """Documents that came in, by the class of `LENGTHS` that they belong to."""
    lengths_out: Counter[int] = field(default_factory=Counter)
    """The same of the kept ones, as they are now."""
    arrivals: int = 0
    """The sum of the marks (see `cleaner.places`) of all that was read."""
    departures: int = 0
    """The sum of the marks of all that was written down: kept, dropped, a duplicate or in quarantine."""

    def arrive(self, source: str, at: int) -> None:
        """Mark the place of what was read."""
        self.arrivals = added(self.arrivals, source, at)

    def depart(self, source: str, at: int) -> None:
        """Mark the place of what was written down."""
        self.departures = added(self.departures, source, at)

    def document(self, doc: Document, dropped: str = "") -> None:
        """Count a document that went through the pipeline; ``dropped`` is the reason if it is not kept."""
        self.read += 1
        self.characters_in += len(doc.original)
        self.refused += len(doc.refused)
        if doc.capped:
            self.capped.update(doc.capped)
        site = self._site(site_of(doc.fields.get("url"), doc.fields.get("source")))
        site.documents += 1
        site.characters_in += len(doc.original)
        self.lengths_in[_class(len(doc.original))] += 1
        if dropped:
            self.dropped[dropped] += 1
            site.dropped += 1
        else:
            self.kept += 1
            self.characters_out += len(doc.text)
            self.lost += lost(doc.text)
            site.characters_out += len(doc.text)
            self.lengths_out[_class(len(doc.text))] += 1
        if doc.history:
            self._edits(doc)

    def _site(self, name: str) -> SiteTally:
        if name not in self.sites:
            self.sites[name] = SiteTally()
        return self.sites[name]

    def _edits(self, doc: Document) -> None:
        """Count what was done to a document."""
        self.changed += 1
        for e in doc.history:
            rule = self.rules.setdefault(e.rule, RuleTally())
            rule.edits += 1
            if len(rule.examples) < _EXAMPLES and (shown := _shown(e.before)) and shown not in rule.examples:
                rule.examples.append(shown)
        for e in doc.live:
            self.rules[e.rule].removed += len(e.before) - len(e.after)
        for code in {e.rule for e in doc.history}:
            self.rules[code].documents += 1

    def damage(self, reason: str, *, whole: bool) -> None:
        """Count a record, or a whole source, that went to quarantine."""
        self.read += 1
        self.quarantined[reason] += 1
        self.damaged_sources += whole

    def duplicate(self, level: str, text: str, site: str, *, dropped: bool) -> None:
        """Count a verdict on a document that was counted as kept so far."""
        self.levels[level] += 1
        if dropped:
            self.kept -= 1
            self.duplicates += 1
            self.characters_out -= len(text)
            self.lost -= lost(text)
            self.lengths_out[_class(len(text))] -= 1
            self._site(site).duplicates += 1

    def add(self, other: Tally) -> None:
        """Add the counts of a later piece."""
        for name in (
            "read",
            "kept",
            "duplicates",
            "damaged_sources",
            "changed",
            "refused",
            "characters_in",
            "characters_out",
            "lost",
        ):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for name in _COUNTERS:
            getattr(self, name).update(getattr(other, name))
        for site, there in other.sites.items():
            here = self._site(site)
            here.add(there)
        for name in _SUMS:
            setattr(self, name, (getattr(self, name) + getattr(other, name)) % 2**64)
        for code, theirs in other.rules.items():
            ours = self.rules.setdefault(code, RuleTally())
            ours.edits += theirs.edits
            ours.documents += theirs.documents
            ours.removed += theirs.removed
            ours.examples += [e for e in theirs.examples if e not in ours.examples]
            del ours.examples[_EXAMPLES:]

    def check(self) -> None:
        """Hold the counts against the law of conservation.

        Raises:
            LawError: records were lost or counted twice.

        """
        known = self.kept + self.dropped.total() + self.duplicates + self.quarantined.total()
        if self.read != known:
            raise LawError(f"read {self.read} records, but {known} are accounted for: this is a defect of cleaner")
        if self.arrivals != self.departures:
            raise LawError("other records were written down than were read: this is a defect of cleaner")

    def kinds(self) -> Counter[str]:
        """Return the characters removed by kind of rule."""
        found: Counter[str] = Counter()
        for code, rule in self.rules.items():
            found[kind(code)] += rule.removed
        return found

    def top_rules(self) -> list[tuple[str, RuleTally]]:
        """Return the rules, those with the most edits first, equals by code."""
        return sorted(self.rules.items(), key=lambda item: (-item[1].edits, item[0]))

    def top_sites(self) -> list[tuple[str, SiteTally]]:
        """Return the sites, those with the most documents first, equals by name."""
        return sorted(self.sites.items(), key=lambda item: (-item[1].documents, item[0]))

    def as_json(self) -> dict[str, Any]:
        """Return the tally as JSON holds it."""
        data = dict(vars(self))
        for name in _COUNTERS:
            data[name] = dict(sorted(data[name].items(), key=lambda item: (-item[1], item[0])))
        data["rules"] = {code: asdict(rule) for code, rule in self.top_rules()}
        data["sites"] = {site: dict(vars(t)) for site, t in self.top_sites()}
        data.update((name, f"{data[name]:016x}") for name in _SUMS)  # too large a number for many readers of JSON
        return data

    @classmethod
    def of_json(cls, data: dict[str, Any]) -> Tally:
        """Return the tally that `as_json` described."""
        own = {f: data[f] for f in cls.__dataclass_fields__}
        for name in _COUNTERS:
            own[name] = Counter(own[name])
        for name in ("lengths_in", "lengths_out"):  # JSON knows no numbers for names
            own[name] = Counter({int(length): n for length, n in own[name].items()})
        own["sites"] = {name: SiteTally(**site) for name, site in own["sites"].items()}
        own.update((name, int(own[name], 16)) for name in _SUMS)
        own["rules"] = {code: RuleTally(**rule) for code, rule in own["rules"].items()}
        return cls(**own)


def kind(rule: str) -> str:
    """Return the kind of a rule: what it is about, whatever the language.

    Examples:
        >>> kind("en/share/shariff"), kind("repair/mojibake")
        ('share', 'repair')

    """
    parts = rule.split("/")
    return parts[1] if len(parts) > 2 else parts[0]  # noqa: PLR2004  pack/kind/id


def site_of(url: object, source: object) -> str:
    """Return the site that a document is counted for: the host of its URL, else its source, empty if neither is known.

    Examples:
        >>> site_of("https://www.herald.example/a", "crawl"), site_of(None, "crawl"), site_of(None, None)
        ('herald.example', 'crawl', '')

    """
    return sites.host(str(url or "")) or str(source or "")


def lost(text: str) -> int:
    """Count the replacement characters of a text; that there is none, as in most, is seen much faster."""
    return text.count(LOST) if LOST in text else 0


def _class(length: int) -> int:
    return LENGTHS[bisect_right(LENGTHS, length) - 1]


def _shown(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _EXAMPLE_LENGTH else text[: _EXAMPLE_LENGTH - 1] + "…"
