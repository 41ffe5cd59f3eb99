"""Make cleaner/dedup/background.npy: in how many texts of a background corpus each word stem stands; no text.

    python benchmarks/background.py RECORDS.jsonl.xz cleaner/dedup/background.npy

The shipped table is of the 1,455 main texts (field `gold` of the records with `"set": "wcxb"`) of the development
split of the Web Content Extraction Benchmark, Murrough Foley,
https://github.com/Murrough-Foley/web-content-extraction-benchmark, CC BY 4.0. Stems of a single text are left out:
what is not in the table counts as rare.
"""

import json
import lzma
import sys
from pathlib import Path

import numpy as np

from cleaner.dedup.profile import profiles
from cleaner.dedup.tokens import words


def main(source: str, target: str) -> None:
    """Count the stems of the records of `source`; write the table to `target`."""
    records = [json.loads(line) for line in lzma.decompress(Path(source).read_bytes()).split(b"\n") if line]
    texts = [record["gold"] for record in records if record["set"] == "wcxb"]
    found = profiles(words([""] * len(texts)), words(texts))
    stems, counts = np.unique(found.stems, return_counts=True)
    many = counts > 1
    table = np.zeros(1 + int(many.sum()), dtype=[("stem", "<u4"), ("texts", "<u2")])
    table["stem"][1:], table["texts"][1:] = stems[many], counts[many]
    table["texts"][0] = len(texts)
    np.save(target, table)
    print(f"{target}: {len(table) - 1:,} stems of {len(texts):,} texts, {Path(target).stat().st_size:,} bytes")


if __name__ == "__main__":
    main(*sys.argv[1:])
