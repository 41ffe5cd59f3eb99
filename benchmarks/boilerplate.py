"""How fast and how well boilerplate goes, in one process and one run: this package beside others.

    OPENBLAS_NUM_THREADS=1 python benchmarks/boilerplate.py pages.jsonl.xz [more.jsonl.xz …] [--limit 150]

Records {"html" or "text", "gold"}. Pages go through `flatten` and the stages of the recipe news that take lines away,
texts through these stages alone. Beside them, if they are there (pip install 'cleaner[bench]'): trafilatura for pages,
and for texts the line filter of C4 as datatrove runs it. Each record goes through all of them before the next one does,
so that a busy machine slows all alike; time is CPU time, and is given as a ratio, too. F1 is of the multiset of words.
"""

from __future__ import annotations

import argparse
import json
import lzma
import re
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from cleaner.document import Document
from cleaner.markup import flatten
from cleaner.stages.boilerplate import Boilerplate
from cleaner.stages.density import Density

if TYPE_CHECKING:
    from collections.abc import Callable

    Way = Callable[[dict[str, str]], str]

_CJK = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_TOKEN = re.compile(rf"[{_CJK}]|[^\W{_CJK}]+")
_STAGES = (("boilerplate", Boilerplate()), ("density", Density()))


def f1(text: str, gold: str) -> float:
    """Return the F1 of two multisets of words."""
    own, want = Counter(_TOKEN.findall(text.lower())), Counter(_TOKEN.findall(gold.lower()))
    both = (own & want).total()
    return 2 * both / (own.total() + want.total()) if own and want else float(not own and not want)


def of_page(rec: dict[str, str]) -> str:
    """Clean a page."""
    page = flatten(rec["html"])
    return _stripped(Document("", page.text, page.blocks, {"title": page.title}))


def of_text(rec: dict[str, str]) -> str:
    """Clean a page's whole text, its markup forgotten."""
    return _stripped(Document("", rec["text"]))


def _stripped(doc: Document) -> str:
    for name, stage in _STAGES:
        doc = doc.edit(stage(doc), name)
    return doc.text


def for_pages() -> dict[str, Way]:
    """Return the ways to clean a page, this package's first."""
    ways: dict[str, Way] = {"cleaner": of_page}
    try:
        import trafilatura
    except ImportError:
        return ways
    name = f"trafilatura {trafilatura.__version__}"
    return {**ways, name: lambda rec: trafilatura.extract(rec["html"], include_comments=False) or ""}


def for_texts() -> dict[str, Way]:
    """Return the ways to clean a text, this package's first.

    The lines that C4 keeps are the same with and without its count of sentences, which decides on whole documents.
    """
    ways: dict[str, Way] = {"cleaner": of_text}
    try:
        from datatrove.data import Document as Trove
        from datatrove.pipeline.filters import C4QualityFilter
    except ImportError:
        return ways

    def way(sentences: int) -> Way:
        lines = C4QualityFilter(min_num_sentences=sentences)

        def filtered(rec: dict[str, str]) -> str:
            doc = Trove(text=rec["text"], id="")
            return doc.text if lines.filter(doc) is True else ""

        return filtered

    ways["C4, lines alone"] = way(-1)
    try:
        counting = way(5)
        counting({"text": "A sentence, to load what splits it."})
    except ImportError:  # spaCy
        return ways
    return {**ways, "C4 (datatrove)": counting}


def measure(recs: list[dict[str, str]], ways: dict[str, Way]) -> None:
    """Run each record through all the ways, and print a line for each of them."""
    spent: dict[str, float] = defaultdict(float)
    score: dict[str, float] = defaultdict(float)
    for way in ways.values():
        way(recs[0])  # loads what it needs
    for rec in recs:
        for name, way in ways.items():
            start = time.process_time()
            text = way(rec)
            spent[name] += time.process_time() - start
            score[name] += f1(text, rec["gold"])
    size = sum(len(rec.get("html", rec.get("text", "")).encode("utf-8", "replace")) for rec in recs) / 1e6
    own = next(iter(ways))
    for name in ways:
        pace = f"{1000 * spent[name] / len(recs):6.1f} ms each  {size / spent[name]:5.1f} MB/s"
        print(f"  {name:20} F1 {score[name] / len(recs):.3f}  {pace}  {spent[name] / spent[own]:5.2f} x {own}")


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--limit", type=int, default=150)
    args = parser.parse_args()
    for path in args.files:
        with lzma.open(path) as file:
            recs = [json.loads(line) for line in file]
        recs = recs[:: max(1, len(recs) // args.limit)]
        print(f"{path.name}: {len(recs)} records")
        measure(recs, for_pages() if all("html" in rec for rec in recs) else for_texts())


if __name__ == "__main__":
    main()
