"""How fast and how well boilerplate goes, in one process and one run: this package beside others.

    python benchmarks/boilerplate.py pages.jsonl.xz [--limit 150]

Records {"html" and perhaps "text", "gold"}. Pages go through `flatten` and the stages of the recipe news; trafilatura
(pip install trafilatura lxml_html_clean) does the same if it is there. F1 is of the multiset of words.
"""

from __future__ import annotations

import argparse
import json
import lzma
import re
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from cleaner.document import Document
from cleaner.markup import flatten
from cleaner.stages.boilerplate import Boilerplate
from cleaner.stages.density import Density

if TYPE_CHECKING:
    from collections.abc import Callable

_CJK = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_TOKEN = re.compile(rf"[{_CJK}]|[^\W{_CJK}]+")


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
    for name, stage in (("boilerplate", Boilerplate()), ("density", Density())):
        doc = doc.edit(stage(doc), name)
    return doc.text


def peers() -> dict[str, Callable[[dict[str, str]], str]]:
    """Return the other extractors that are installed."""
    try:
        import trafilatura
    except ImportError:
        return {}
    return {"trafilatura": lambda rec: trafilatura.extract(rec["html"], include_comments=False) or ""}


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", type=Path)
    parser.add_argument("--limit", type=int, default=150)
    args = parser.parse_args()
    with lzma.open(args.pages) as file:
        recs = [json.loads(line) for line in file]
    recs = recs[:: max(1, len(recs) // args.limit)]
    html = all("html" in rec for rec in recs)
    ways = {"cleaner": of_page, **peers()} if html else {"cleaner": of_text}
    size = sum(len(rec["html" if html else "text"].encode("utf-8", "replace")) for rec in recs) / 1e6
    for name, way in ways.items():
        way(recs[0])
        start = time.process_time()
        texts = [way(rec) for rec in recs]
        spent = time.process_time() - start
        score = sum(f1(text, rec["gold"]) for text, rec in zip(texts, recs, strict=True)) / len(recs)
        pace = f"{1000 * spent / len(recs):.1f} ms each  {size / spent:.1f} MB/s"
        print(f"{name:14} {len(recs)} records  F1 {score:.3f}  {pace}")


if __name__ == "__main__":
    main()
