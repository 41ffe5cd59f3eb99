"""How fast and how well boilerplate goes, in one process and one run: this package beside others.

    OPENBLAS_NUM_THREADS=1 python benchmarks/boilerplate.py pages.jsonl.xz [more.jsonl.xz …] [--limit 150]
    … --stages boilerplate density      the peers' work and no more: the stages that take lines away, once each
    … --hosts 0 1 --tables held         hosts that benchmarks/train_lines.py --held 0 1 has not seen, with its tables

Records {"html" or "text", "gold"}. What is timed is the recipe news with its own options, all of it: a page is
flattened, the language of the text is told, and the stages go round until none asks for more. Beside it, if they are
there (pip install 'cleaner[bench]'): trafilatura for pages, and for texts the line filter of C4 as datatrove runs it,
which splits sentences with spaCy; what is missing is said.

Each record goes through all of them before the next one does, so that a busy machine slows all alike. First some other
records go through, which do not count: they load what each needs. Time is CPU time, and is given as a ratio, too. F1 is
of the multiset of words, of all records and of articles.
"""

from __future__ import annotations

import argparse
import json
import lzma
import time
from collections import defaultdict
from pathlib import Path
from statistics import mean
from typing import TYPE_CHECKING

from line_samples import is_held
from lines import overlap

from cleaner import Pipeline
from cleaner.document import Document
from cleaner.lines import model
from cleaner.markup import flatten
from cleaner.pipeline import open_document

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Way = Callable[[dict[str, str]], str]

_WARM = 20
"""Records that load what is needed: the models, and the patterns of the commonest rules."""


def own(stages: Sequence[str]) -> Way:
    """Return this package's way: the recipe news, or some of its stages once each."""
    news = Pipeline.from_recipe("news").stages
    chosen = [(name, stage) for name, stage in news.stages if name in stages]

    def way(rec: dict[str, str]) -> str:
        if not chosen:
            return news(open_document("", rec.get("text"), rec.get("html"), {})).text
        page = flatten(rec["html"]) if "html" in rec else None
        doc = Document("", page.text, page.blocks, {"title": page.title}) if page else Document("", rec["text"])
        for name, stage in chosen:
            doc = news.step(doc, name, stage)
        return doc.text

    return way


def for_pages() -> dict[str, Way]:
    """Return the peers' ways to clean a page."""
    try:
        import trafilatura
    except ImportError as error:
        print(f"  without trafilatura: {error}")
        return {}
    name = f"trafilatura {trafilatura.__version__}"
    return {name: lambda rec: trafilatura.extract(rec["html"], include_comments=False) or ""}


def for_texts() -> dict[str, Way]:
    """Return the peers' ways to clean a text.

    The lines that C4 keeps are the same with and without its count of sentences, which decides on whole documents.
    """
    try:
        from datatrove.data import Document as Trove
        from datatrove.pipeline.filters import C4QualityFilter
    except ImportError as error:
        print(f"  without C4: {error}")
        return {}

    def way(sentences: int) -> Way:
        lines = C4QualityFilter(min_num_sentences=sentences)

        def filtered(rec: dict[str, str]) -> str:
            doc = Trove(text=rec["text"], id="")
            return doc.text if lines.filter(doc) is True else ""

        return filtered

    ways = {"C4, lines alone": way(-1)}
    try:
        counting = way(5)
        counting({"text": "A sentence, to load what splits it."})
    except ImportError as error:  # spaCy
        print(f"  without C4's count of sentences: {error}")
        return ways
    return {**ways, "C4 (datatrove)": counting}


def measure(recs: list[dict[str, str]], others: list[dict[str, str]], ways: dict[str, Way]) -> None:
    """Run each record through all the ways, after some others that do not count, and print a line for each way."""
    spent: dict[str, float] = defaultdict(float)
    score: dict[str, list[float]] = defaultdict(list)
    for rec in others:
        for way in ways.values():
            way(rec)
    for rec in recs:
        for name, way in ways.items():
            start = time.process_time()
            text = way(rec)
            spent[name] += time.process_time() - start
            score[name].append(overlap(text, rec["gold"])[0])
    size = sum(len(rec.get("html", rec.get("text", "")).encode("utf-8", "replace")) for rec in recs) / 1e6
    articles = [i for i, rec in enumerate(recs) if rec.get("type") == "article"]
    for name in ways:
        found = f"{mean(score[name]):.3f}" + (f" · {mean([score[name][i] for i in articles]):.3f}" if articles else "")
        pace = f"{1000 * spent[name] / len(recs):6.1f} ms each  {size / spent[name]:5.1f} MB/s"
        print(f"  {name:20} F1 {found}  {pace}  {spent[name] / spent['cleaner']:5.2f} x")


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--limit", type=int, default=150)
    parser.add_argument(
        "--stages", nargs="*", default=(), choices=["repair", "boilerplate", "repeats", "density", "spacing"]
    )
    parser.add_argument("--hosts", type=int, nargs="*", default=[], help="only hosts with these crc32(host) %% 5")
    parser.add_argument("--tables", type=Path, help="a folder with text.npz or page.npz instead of the shipped ones")
    args = parser.parse_args()
    if args.tables:
        model.TABLES = args.tables
    for path in args.files:
        with lzma.open(path) as file:
            recs = [rec for rec in map(json.loads, file) if not args.hosts or is_held(rec, args.hosts)]
        step = max(1, len(recs) // args.limit)
        counted, others = recs[::step], (recs[1::step] if step > 1 else recs)[:_WARM]
        print(f"{path.name}: {len(counted)} records")
        peers = for_pages() if all("html" in rec for rec in recs) else for_texts()
        measure(counted, others, {"cleaner": own(args.stages), **peers})


if __name__ == "__main__":
    main()
