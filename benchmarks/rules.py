"""How right is each rule? Lines that it removes, and how many of them people counted as body text.

    python benchmarks/rules.py wet_dev.jsonl.xz [more.jsonl.xz …]      records {"id", "host", "lang", "text", "gold"}
    python benchmarks/rules.py wet_dev.jsonl.xz --gold                 the bodies as input: whatever goes is lost
    python benchmarks/rules.py wet_dev.jsonl.xz --show en/more/from    the body lines that a rule removes

Hosts are split in five by crc32; those of part 0 are told apart (column `unseen`), so that rules written while looking
at the others can be judged on sites that nobody looked at.
"""

from __future__ import annotations

import argparse
import gzip
import json
import lzma
import zlib
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from cleaner import rules
from cleaner.document import Document

if TYPE_CHECKING:
    from collections.abc import Iterator

OPEN = {".xz": lzma.open, ".gz": gzip.open}
SHORT = 25
"""Characters below which a line counts as body text only if it is a line of the body, not a part of one."""


@dataclass
class Tally:
    """What one rule did."""

    lines: int = 0
    body: int = 0
    unseen: int = 0
    unseen_body: int = 0
    hosts: set[str] = field(default_factory=set)
    shown: Counter[str] = field(default_factory=Counter)


def records(paths: list[Path], limit: int | None) -> Iterator[dict[str, str]]:
    """Yield the records of the files."""
    for path in paths:
        with OPEN.get(path.suffix, open)(path, "rt", encoding="utf-8") as lines:
            yield from map(json.loads, islice(lines, limit))


def squash(text: str) -> str:
    """Return a text in lower case with single spaces."""
    return " ".join(text.casefold().split())


def measure(args: argparse.Namespace) -> tuple[dict[str, Tally], Counter[str]]:
    """Run the rules over the records and count."""
    found = rules.load(select=args.select)
    tallies: dict[str, Tally] = defaultdict(Tally)
    totals: Counter[str] = Counter()
    for record in records(args.files, args.limit):
        if args.lang and record["lang"] not in args.lang:
            continue
        text, gold = record["gold" if args.gold else "text"], record["gold"]
        host = record.get("host") or record["id"]
        body, lines = squash(gold), {squash(line) for line in gold.split("\n")}
        totals["words"] += len(text.split())
        totals["documents"] += 1
        for block, rule in found.cuts(Document("", text)):
            line = squash(text[block.start : block.end])
            right = line not in lines and (len(line) < SHORT or line not in body)
            unseen = zlib.crc32(host.encode()) % 5 == 0
            tally = tallies[rule.code]
            tally.lines += 1
            tally.body += not right
            tally.unseen += unseen
            tally.unseen_body += unseen and not right
            tally.hosts.add(host)
            totals["words removed"] += len(line.split())
            totals["body words removed"] += 0 if right else len(line.split())
            if not right:
                tally.shown[line] += 1
    return tallies, totals


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--gold", action="store_true")
    parser.add_argument("--limit", type=int)
    parser.add_argument("--lang", nargs="*", default=())
    parser.add_argument("--select", nargs="*", default=())
    parser.add_argument("--show", nargs="*", default=())
    parser.add_argument("--worst", action="store_true", help="only rules that are right less than 97 %% of the time")
    args = parser.parse_args()
    tallies, totals = measure(args)
    print(f"{'rule':28} {'lines':>7} {'body':>6} {'right':>6} {'unseen':>7} {'body':>6} {'right':>6} {'hosts':>6}")
    for code, tally in sorted(tallies.items(), key=lambda item: -item[1].lines):
        right = 1 - tally.body / tally.lines
        if args.worst and right >= 0.97:  # noqa: PLR2004
            continue
        unseen = f"{1 - tally.unseen_body / tally.unseen:6.1%}" if tally.unseen else "     -"
        counts = f"{tally.lines:7} {tally.body:6} {right:6.1%} {tally.unseen:7} {tally.unseen_body:6} {unseen}"
        print(f"{code:28} {counts} {len(tally.hosts):6}")
        if code in args.show or "all" in args.show:
            print("   ", "; ".join(f"{line[:70]} ({n})" for line, n in tally.shown.most_common(25)))
    print(", ".join(f"{name}: {count:,}" for name, count in totals.items()))


if __name__ == "__main__":
    main()
