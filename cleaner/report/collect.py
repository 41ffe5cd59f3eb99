"""The facts of a report, read from a run's folder: every file once, line by line, and of its documents only a few."""

from __future__ import annotations

import heapq
import json
import re
import zlib
from collections import Counter, defaultdict
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from cleaner import ledger, storage
from cleaner.record import dump, encode
from cleaner.report.facts import BINS, Bad, Cluster, Example, Facts, Member
from cleaner.report.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from cleaner.ledger import Row
    from cleaner.report.facts import Fetch, Key, Seen

RULES = 60
"""How many rules are shown with examples."""
_EXAMPLES = 2
_PICKS = 6
"""How many edits of a rule are looked at, to find examples that are not alike."""
_CLUSTERS = 9
_EXACT = 3
"""How many clusters of nothing but exact copies are among those shown, beside the others."""
_STORIES = 12
_MEMBERS = 12
_BAD = 10
"""How many pieces in quarantine are shown for each reason."""
_REASONS = 12
_AROUND = 48
"""Characters of the text that are shown on each side of an edit."""
_LONGEST = 240

_RULE = re.compile(rb', "rule": ("(?:[^"\\]|\\.)*"), "action": "(?:remove|replace)"')
_REASON = re.compile(rb'"reason": ("(?:[^"\\]|\\.)*")')


def collect(out: Path, version: str, stages: Iterable[str], fetch: Fetch) -> Facts:
    """Return the facts of a run.

    Args:
        out: the folder of the run, all but the manifest written.
        version: of the program that did the run.
        stages: the names of its stages, in order.
        fetch: looks up documents of the run.

    """
    report = json.loads((out / "report.json").read_bytes())
    total = Tally.of_json(report["total"])
    edits = _edits(out / "ledger", [code for code, _ in total.top_rules()[:RULES]])
    groups = _Groups(out / "duplicates.jsonl")
    copies, stories = groups.largest_copies(), groups.largest_stories()
    members = groups.members({*copies, *stories})
    wanted = {row.doc for row in chain(*edits.values())}
    for kept, others in members.items():
        wanted |= {kept, *(m.id for m in others)}
    seen = fetch(wanted)

    def clusters(chosen: Iterable[Key], sizes: Mapping[Key, int]) -> tuple[Cluster, ...]:
        return tuple(
            Cluster(
                kept, 1 + sizes[kept], tuple(mine), {k: seen[k] for k in (kept, *(m.id for m in mine)) if k in seen}
            )
            for kept in chosen
            if (mine := [m for m in members[kept] if (m.level == "story") == (sizes is groups.stories)])
        )

    return Facts(
        tally=total,
        guard=report["guard"],
        version=version,
        stages=tuple(stages),
        parts={name: Tally.of_json(data) for name, data in report["parts"].items()},
        examples={code: tuple(_example(row, seen.get(row.doc)) for row in rows) for code, rows in edits.items()},
        similarities=groups.similarities,
        clusters=clusters(copies, groups.copies),
        all_clusters=len(groups.copies),
        stories=clusters(stories, groups.stories),
        all_stories=len(groups.stories),
        quarantine=_quarantine(out / "quarantine", total),
    )


def lines(path: Path) -> Iterator[bytes]:
    """Yield the lines of a file, none if there is no such file."""
    if path.is_file():
        with path.open("rb") as file:
            yield from file


class _Pick(NamedTuple):
    """A row by its hash, so that the choice depends on nothing but the rows; the lowest are taken."""

    hash: int
    line: bytes


def _parts(folder: Path) -> list[Path]:
    return [path for path in storage.files(folder) if path.suffix == ".jsonl"]


def _edits(folder: Path, rules: list[str]) -> dict[str, list[Row]]:
    """Return some edits of each rule; which ones, the hashes of their rows decide."""
    picks: dict[bytes, list[_Pick]] = {encode(dump(code)): [] for code in rules}
    for path in _parts(folder) if rules else ():
        for line in lines(path):
            match = _RULE.search(line)
            mine = picks.get(match[1]) if match else None
            if mine is None:
                continue
            pick = _Pick(-zlib.crc32(line), line)  # a heap gives up its lowest, which is to be the highest hash
            if len(mine) < _PICKS:
                heapq.heappush(mine, pick)
            elif pick > mine[0]:
                heapq.heapreplace(mine, pick)
    return {json.loads(code): _unlike(sorted(mine, reverse=True)) for code, mine in picks.items()}


def _unlike(picks: list[_Pick]) -> list[Row]:
    """Return the first edits of those picked that do not do the same."""
    found: dict[tuple[str, str], Row] = {}
    for row in (ledger.read(pick.line) for pick in picks):
        found.setdefault((row.before.strip(), row.after), row)
    return list(found.values())[:_EXAMPLES]


def _example(row: Row, seen: Seen | None) -> Example:
    """Return an edit with what stands around it, if the text that came in is known."""
    left = right = ""
    if seen and seen.original[row.start : row.end] == row.before:
        left = _whole_words(seen.original[max(0, row.start - _AROUND) : row.start][::-1])[::-1]
        right = _whole_words(seen.original[row.end : row.end + _AROUND])
    return Example(row.doc, left, row.before[:_LONGEST], row.after[:_LONGEST], right)


def _whole_words(text: str) -> str:
    """Return a stretch of text without the word that its end may have cut in two."""
    if len(text) < _AROUND or text[-1].isspace():
        return text
    return text[: max(map(text.rfind, " \n")) + 1] or text


class _Groups:
    """What ``duplicates.jsonl`` says: which documents belong together."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.copies: Counter[Key] = Counter()
        """For each kept document how many copies it has."""
        self.stories: Counter[Key] = Counter()
        """For each document how many others tell its story."""
        self.similarities: dict[str, Counter[int]] = defaultdict(Counter)
        self._near: set[Key] = set()
        for row in self._rows():
            kept, level = row["kept"], row["level"]
            (self.stories if level == "story" else self.copies)[kept] += 1
            if level == "near":
                self._near.add(kept)
            self.similarities[level][min(BINS - 1, int(BINS * row["similarity"]))] += 1

    def _rows(self) -> Iterator[dict[str, Any]]:
        for line in lines(self.path):
            yield json.loads(line)

    def largest_copies(self) -> list[Key]:
        """Return the largest clusters of copies; those with something to compare have precedence."""
        near = _largest({kept: n for kept, n in self.copies.items() if kept in self._near}, _CLUSTERS)
        exact = _largest({kept: n for kept, n in self.copies.items() if kept not in self._near}, _EXACT)
        return _largest({kept: self.copies[kept] for kept in (*near, *exact)}, _CLUSTERS + _EXACT)

    def largest_stories(self) -> list[Key]:
        """Return the largest clusters of a story."""
        return _largest(self.stories, _STORIES)

    def members(self, chosen: set[Key]) -> dict[Key, list[Member]]:
        """Return some members of clusters, in the order of the file."""
        found: dict[Key, list[Member]] = {kept: [] for kept in chosen}
        counts: Counter[tuple[Key, bool]] = Counter()
        for row in self._rows():
            kept, story = row["kept"], row["level"] == "story"
            if kept in chosen and counts[kept, story] < _MEMBERS:
                counts[kept, story] += 1
                found[kept].append(Member(row["id"], row["level"], row["similarity"]))
        return found


def _largest(sizes: Mapping[Key, int], most: int) -> list[Key]:
    return heapq.nsmallest(most, sizes, key=lambda kept: (-sizes[kept], str(kept)))


def _quarantine(folder: Path, total: Tally) -> dict[str, tuple[Bad, ...]]:
    """Return the first pieces for each reason; reading ends when there are enough."""
    often = [reason for reason, _ in sorted(total.quarantined.items(), key=lambda r: (-r[1], r[0]))[:_REASONS]]
    found: dict[str, list[Bad]] = {reason: [] for reason in often}
    open_ = {reason: min(_BAD, total.quarantined[reason]) for reason in often}
    for line in chain.from_iterable(map(lines, _parts(folder))):
        match = _REASON.search(line)
        reason = json.loads(match[1]) if match else ""
        if open_.get(reason):
            row = json.loads(line)
            found[reason].append(Bad(row["source"], row["offset"], row["length"], row["error"]))
            open_[reason] -= 1
        if not any(open_.values()):
            break
    return {reason: tuple(bad) for reason, bad in found.items()}
