"""Make cleaner/dedup/background.npy: in how many texts of a background corpus each word stem stands; no text.

    python benchmarks/background.py RECORDS.jsonl.xz STOPWORDS.json cleaner/dedup/background.npy

The shipped table is of the 1,455 main texts (field `gold` of the records with `"set": "wcxb"`) of the development
split of the Web Content Extraction Benchmark, Murrough Foley,
https://github.com/Murrough-Foley/web-content-extraction-benchmark, CC BY 4.0. Stems of a single text are left out:
what is not in the table counts as rare.

These texts are English. The common words of 57 other languages are entered as if half of the texts had them, unless
they are English words as well (KNOWN): `stopwords-iso.json` of stopwordsiso 0.7.1, Gene Diaz and Arthit
Suriyawongkul, https://github.com/bact/stopwords-iso, MIT.
"""

import json
import lzma
import sys
from pathlib import Path

import numpy as np

from cleaner.dedup.profile import profiles
from cleaner.dedup.tokens import utf8, words

KNOWN = 1 / 50
"""A stem that this share of the texts has is English, and counted well enough."""
COMMON = 1 / 2


def main(source: str, common: str, target: str) -> None:
    """Count the stems of the records of `source`, add those of `common`; write the table to `target`."""
    records = [json.loads(line) for line in lzma.decompress(Path(source).read_bytes()).split(b"\n") if line]
    texts = [record["gold"] for record in records if record["set"] == "wcxb"]
    lists = json.loads(Path(common).read_bytes())
    found = dict(zip(*np.unique(stems_of(texts), return_counts=True), strict=True))
    found = {int(stem): int(count) for stem, count in found.items() if count > 1}
    for stem in stems_of([word for language in sorted(lists) if language != "en" for word in lists[language]]).tolist():
        if found.get(stem, 0) < KNOWN * len(texts):
            found[stem] = int(COMMON * len(texts))
    table = np.zeros(1 + len(found), dtype=[("stem", "<u4"), ("texts", "<u2")])
    table[0] = (0, len(texts))
    table[1:] = sorted(found.items())
    np.save(target, table)
    print(f"{target}: {len(found):,} stems of {len(texts):,} texts, {Path(target).stat().st_size:,} bytes")


def stems_of(texts: list[str]) -> np.ndarray[tuple[int], np.dtype[np.uint32]]:
    """List the stems of each text, each once."""
    return profiles(words([b""] * len(texts)), words(utf8(texts))).stems


if __name__ == "__main__":
    main(*sys.argv[1:])
