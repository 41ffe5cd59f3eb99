"""How fast is the repair stage beside ftfy, and how much does it bring back, on the same texts in the same run?

    repair.py KIND=FILE… [--most BYTES] [--turns 5]
    repair.py --garble LINES [--most BYTES]

Each FILE holds records with a "text", one to a line, plain or .xz; KIND names its row. ftfy runs in the configuration
that leaves quotes, width and ligatures alone. Both are called document by document in this process, by turns; the
median of their processor times counts.

LINES hold clean records {"lang", "text"}. Ten lines of a language at a time are encoded in UTF-8, read in each encoding
that the stage knows, and repaired; a line has come back if it is what it was, in normal form C.
"""

from __future__ import annotations

import argparse
import json
import lzma
import statistics
import time
import unicodedata
from collections import Counter, defaultdict
from functools import partial
from typing import TYPE_CHECKING

import ftfy

from cleaner.document import Document
from cleaner.garbling.readers import BYTE_BY_BYTE, CHINESE_JAPANESE_KOREAN, characters
from cleaner.stages.repair import Repair

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SAFE = ftfy.TextFixerConfig(uncurl_quotes=False, fix_character_width=False, fix_latin_ligatures=False, explain=False)
STAGE = Repair()
TOGETHER = 10
"""Lines of a document that is garbled."""


def ours(text: str) -> str:
    """Return what the stage makes of a text."""
    doc = Document("", text)
    return doc.edit(STAGE(doc)).text


def edits(text: str) -> object:
    """Find what there is to mend in a text."""
    return list(STAGE(Document("", text)))


def theirs(text: str) -> str:
    """Return what ftfy makes of it."""
    return ftfy.fix_text(text, SAFE)


def records(path: str, most: int) -> Iterator[dict[str, str]]:
    """Yield the records of a file, up to so many bytes."""
    size = 0
    with (lzma.open if path.endswith(".xz") else open)(path, "rt", encoding="utf-8", newline="\n") as file:
        for line in file:
            yield json.loads(line)
            size += len(line)
            if size > most:
                break


def seconds(work: Callable[[str], object], documents: list[str]) -> float:
    """Return the processor time for all the documents."""
    start = time.process_time()
    for text in documents:
        work(text)
    return time.process_time() - start


def speed(items: list[str], most: int, turns: int) -> None:
    """Print megabytes a second of both, and how many times faster we are."""
    edits("schÃ¶n, MÃ¤dchen")  # loads the tables
    print(f"{'texts':24} {'MB':>6} {'ftfy MB/s':>10} {'ours MB/s':>10} {'times':>7}")
    for item in items:
        kind, _, path = item.partition("=")
        documents = [record["text"] for record in records(path, most)]
        size = sum(len(t.encode("utf-8", "surrogatepass")) for t in documents) / 1e6
        times = [(seconds(theirs, documents), seconds(edits, documents)) for _ in range(turns)]
        slow, fast = map(statistics.median, zip(*times, strict=True))
        print(f"{kind:24} {size:6.2f} {size / slow:10.2f} {size / fast:10.2f} {slow / fast:7.1f}")


def garbled(text: str, codec: str) -> str:
    """Return a text that was UTF-8 and was read in another encoding; undefined bytes are read as C1 controls."""
    if codec in {reader.codec for reader in CHINESE_JAPANESE_KOREAN}:
        return text.encode().decode(codec)
    return "".join(characters(codec)[byte] for byte in text.encode())


def recovery(path: str, most: int) -> None:
    """Print, for each encoding, how many garbled lines come back."""
    lines = defaultdict(list)
    for record in records(path, most):
        lines[record["lang"]].append(record["text"])
    print(f"{'UTF-8 read as':24} {'lines':>6} {'ftfy %':>10} {'ours %':>10}")
    for reader in (*BYTE_BY_BYTE, *CHINESE_JAPANESE_KOREAN):
        back: Counter[str] = Counter()
        for texts in lines.values():
            fit = [(old, new) for old in texts if (new := _possible(old, reader.codec)) is not None]
            for start in range(0, len(fit), TOGETHER):
                before, after = zip(*fit[start : start + TOGETHER], strict=True)
                for name, repair in (("ftfy", theirs), ("ours", ours)):
                    found = repair("\n".join(after)).split("\n")
                    back[name] += sum(composed(a) == composed(b) for a, b in zip(before, found, strict=False))
                back["lines"] += len(before)
        shares = " ".join(f"{100 * back[name] / max(1, back['lines']):10.2f}" for name in ("ftfy", "ours"))
        print(f"{reader.name:24} {back['lines']:6} {shares}")


composed = partial(unicodedata.normalize, "NFC")


def _possible(text: str, codec: str) -> str | None:
    try:
        new = garbled(text, codec)
    except UnicodeDecodeError:
        return None
    return new if new != text and not {"\n", "\r"} & set(new) else None


def main() -> None:
    """Print one table or the other."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", metavar="KIND=FILE")
    parser.add_argument("--garble", metavar="LINES")
    parser.add_argument("--most", type=int, default=2_000_000, help="bytes of each file")
    parser.add_argument("--turns", type=int, default=5)
    options = parser.parse_args()
    if options.garble:
        recovery(options.garble, options.most)
    if options.files:
        speed(options.files, options.most, options.turns)


if __name__ == "__main__":
    main()
