"""How fast is the repair stage beside ftfy, on the same texts in the same run?

    repair.py KIND=FILE… [--most BYTES] [--turns 5]

Each FILE holds records with a "text", one to a line, plain or .xz; KIND names its row. ftfy runs in the configuration
that leaves quotes, width and ligatures alone. Both are called document by document in this process, by turns; the
median of their processor times counts.
"""

from __future__ import annotations

import argparse
import json
import lzma
import statistics
import time
from typing import TYPE_CHECKING

import ftfy

from cleaner.document import Document
from cleaner.stages.repair import Repair

if TYPE_CHECKING:
    from collections.abc import Callable

SAFE = ftfy.TextFixerConfig(uncurl_quotes=False, fix_character_width=False, fix_latin_ligatures=False, explain=False)


def texts(path: str, most: int) -> list[str]:
    """Return the texts of a file, up to so many bytes."""
    found, size = [], 0
    with (lzma.open if path.endswith(".xz") else open)(path, "rt", encoding="utf-8", newline="\n") as file:
        for line in file:
            found.append(json.loads(line)["text"])
            size += len(line)
            if size > most:
                break
    return found


def seconds(work: Callable[[str], object], documents: list[str]) -> float:
    """Return the processor time for all the documents."""
    start = time.process_time()
    for text in documents:
        work(text)
    return time.process_time() - start


def main() -> None:
    """Print a table: megabytes a second of both, and how many times faster we are."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", metavar="KIND=FILE")
    parser.add_argument("--most", type=int, default=2_000_000, help="bytes of each file")
    parser.add_argument("--turns", type=int, default=5)
    options = parser.parse_args()
    stage = Repair()

    def ours(text: str) -> object:
        return list(stage(Document("", text)))

    def theirs(text: str) -> object:
        return ftfy.fix_text(text, SAFE)

    ours("schÃ¶n, MÃ¤dchen")  # loads the tables
    print(f"{'texts':24} {'MB':>6} {'ftfy MB/s':>10} {'ours MB/s':>10} {'times':>7}")
    for item in options.files:
        kind, _, path = item.partition("=")
        documents = texts(path, options.most)
        size = sum(len(t.encode("utf-8", "surrogatepass")) for t in documents) / 1e6
        turns = [(seconds(theirs, documents), seconds(ours, documents)) for _ in range(options.turns)]
        slow, fast = (statistics.median(times) for times in zip(*turns, strict=True))
        print(f"{kind:24} {size:6.2f} {size / slow:10.2f} {size / fast:10.2f} {slow / fast:7.1f}")


if __name__ == "__main__":
    main()
