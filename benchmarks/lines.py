"""How well lines are kept and dropped: on hosts that were held out, and on bodies that are clean already.

    python benchmarks/lines.py wet_dev.jsonl.xz  --hosts 0 1 --tables held    # trained with --held 0 1
    python benchmarks/lines.py wcxb_dev.jsonl.xz --hosts 0 1 --tables held
    python benchmarks/lines.py wet_dev.jsonl.xz  --gold                       # bodies as input: nothing should go
    OPENBLAS_NUM_THREADS=1 python benchmarks/lines.py wet_dev.jsonl.xz --time # what judging costs

Records {"set", "host", "type", "gold", and "text" or "html"} go through the recipe news in this process. F1 is of the
multiset of words, a mean over documents; lost is the share of the bodies' words that is gone. Hosts are those whose
``crc32(host) % 5`` is named, all of them if none is.
"""

from __future__ import annotations

import argparse
import json
import lzma
import time
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
from line_samples import is_held, tokens

from cleaner import Pipeline, pipeline
from cleaner.lines import model, place, shape
from cleaner.stages import density


def overlap(text: str, gold: str) -> tuple[float, int, int]:
    """Return F1, the body's words that are there, and all the body's words."""
    own, want = Counter(tokens(text)), Counter(tokens(gold))
    both = (own & want).total()
    total = own.total() + want.total()
    return 2 * both / total if total else 1.0, both, want.total()


def show(name: str, found: list[tuple[float, int, int]]) -> None:
    """Print a row."""
    here, all_of_it = sum(row[1] for row in found), sum(row[2] for row in found)
    mean = sum(row[0] for row in found) / len(found)
    print(f"{name:24} {len(found):5} documents  F1 {mean:.3f}  lost {100 * (1 - here / max(1, all_of_it)):.2f} %")


def costs(texts: list[pipeline.Document]) -> None:
    """Print what judging costs: the median of several turns of each step, in milliseconds of CPU time a document."""
    lines = [[doc.text[block.start : block.end] for block in doc.blocks] for doc in texts]
    places = [([b.path for b in doc.page], [b.links for b in doc.page]) if doc.page else None for doc in texts]
    known = [*map(shape.shape, lines)]
    judged = [*map(model.judge, lines, places)]
    stage = density.Density()

    def whole() -> None:
        density.reading.cache_clear()
        for doc in texts:
            list(stage(doc))

    steps = {
        "shape": lambda: [*map(shape.shape, lines)],
        "place": lambda: [place.place(*own, s.words) for own, s in zip(places, known, strict=True) if own],
        "judge, with these two": lambda: [*map(model.judge, lines, places)],
        "reasons": lambda: [model.reasons(j, np.flatnonzero(j.odds < 0)) for j in judged],
        "the stage": whole,
    }
    print(f"{len(texts)} documents of {np.mean([len(doc.blocks) for doc in texts]):.0f} lines")
    spent = defaultdict(list)
    for _ in range(7):
        for name, step in steps.items():
            start = time.process_time()
            step()
            spent[name].append(1000 * (time.process_time() - start) / len(texts))
    for name, each in spent.items():
        print(f"{name:24} {np.median(each):6.2f} ms")


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", type=Path)
    parser.add_argument("--hosts", type=int, nargs="*", default=[], help="only hosts with these crc32(host) %% 5")
    parser.add_argument("--tables", type=Path, help="a folder with text.npz or page.npz instead of the shipped ones")
    parser.add_argument("--recipe", default="news")
    parser.add_argument("--gold", action="store_true", help="the bodies themselves are the input")
    parser.add_argument("--time", action="store_true", help="what judging costs, on one record in fifteen")
    args = parser.parse_args()
    if args.tables:
        model.TABLES = args.tables
    with lzma.open(args.pages) as file:
        recs = [rec for rec in map(json.loads, file) if not args.hosts or is_held(rec, args.hosts)]
    if args.time:
        costs([pipeline.open_document("", rec.get("text"), rec.get("html"), {}) for rec in recs[::15]])
        return
    stages = Pipeline.from_recipe(args.recipe).stages
    found = defaultdict(list)
    for rec in recs:
        known = {"url": rec.get("url") or f"https://{rec.get('host')}/", "lang": rec.get("lang") or ""}
        text = rec["gold"] if args.gold else rec.get("text")
        doc = stages(pipeline.open_document("", text, None if text is not None else rec["html"], known))
        row = overlap(doc.text, rec["gold"])
        for name in (rec["set"], f"{rec['set']} {rec.get('type') or rec.get('lang')}"):
            found[name].append(row)
    for name in sorted(found):
        show(name, found[name])


if __name__ == "__main__":
    main()
