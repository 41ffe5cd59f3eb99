"""Near-duplicates against the peers, in one sitting: CPU seconds, documents per second, and the ratio to ours.

    python benchmarks/duplicates.py CORPUS.jsonl [--docs 2000] [--labels CORPUS.jsonl.labels.jsonl]
    python benchmarks/duplicates.py CORPUS.jsonl --growth 30000 300000
    python benchmarks/duplicates.py CORPUS.jsonl --docs 20000 --end-to-end

CORPUS has one JSON record a line with a `text`. Peers that cannot be imported are left out; they come with the
extra `bench`: datasketch (2.0), xxhash, rensa, datatrove. Each runs in one process, on texts already in memory, as
its documentation shows, with word 5-grams, 128 values and a threshold of 0.7; ours at its defaults. All take turns
three times; the medians are printed. With --labels (of the corpus maker: id, src, j5) the share of the labelled copies
with a Jaccard of .7 or more that each found is printed too. With --growth only ours runs, on so many of the first
documents, each time in a process of its own, and its peak memory is told. With --end-to-end `cleaner dedup` runs as a
command, from a file to its whole output, start included, three times (the median counts); beside it the four steps of
datatrove with its reader and writer of JSONL, imports excluded, once, for that takes minutes.
"""

import argparse
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from statistics import median

from cleaner.dedup import near_duplicates, signatures

Clusters = list[list[int]]
WORDS = re.compile(r"\w+")
SIGNED = 64
"""Texts signed at a time."""
TURNS = 3


def ours_near(texts: list[str]) -> Clusters:
    """`near_duplicates` at its defaults: sketch, bands on disk, every pair verified."""
    return near_duplicates(texts)


def ours_signatures(texts: list[str]) -> Clusters:
    """Text to 128-value signature alone."""
    for start in range(0, len(texts), SIGNED):
        signatures(texts[start : start + SIGNED], size=5)
    return []


def datasketch_signatures(texts: list[str]) -> Clusters:
    """Text to 128-value signature alone: `MinHash.bulk` with xxh32."""
    from datasketch import MinHash
    from xxhash import xxh32_intdigest

    MinHash.bulk([fivegrams(text) for text in texts], num_perm=128, hashfunc=xxh32_intdigest)
    return []


def datasketch_lsh(texts: list[str]) -> Clusters:
    """`MinHash.bulk` with xxh32, then `MinHashLSH`: query, then insert."""
    from datasketch import MinHash, MinHashLSH
    from xxhash import xxh32_intdigest

    lsh = MinHashLSH(threshold=0.7, num_perm=128)
    found = []
    rows = MinHash.bulk([fivegrams(text) for text in texts], num_perm=128, hashfunc=xxh32_intdigest)
    for k, signature in enumerate(rows):
        found += [[other, k] for other in lsh.query(signature)]
        lsh.insert(k, signature)
    return found


def rensa_lsh(texts: list[str]) -> Clusters:
    """`RMinHash` and `RMinHashLSH`: query, verify by estimated Jaccard, insert."""
    from rensa import RMinHash, RMinHashLSH

    lsh = RMinHashLSH(threshold=0.7, num_perm=128, num_bands=16)
    seen, found = [], []
    for k, text in enumerate(texts):
        signature = RMinHash(num_perm=128, seed=1)
        signature.update([gram.decode() for gram in fivegrams(text)])
        found += [[other, k] for other in lsh.query(signature) if signature.jaccard(seen[other]) >= 0.7]  # noqa: PLR2004
        lsh.insert(k, signature)
        seen.append(signature)
    return found


def datatrove_steps(texts: list[str]) -> Clusters:
    """The four steps of datatrove: signatures, buckets, clusters, filter; everything at its defaults, one worker."""
    from datatrove.data import Document
    from datatrove.pipeline.dedup import MinhashDedupBuckets, MinhashDedupCluster, MinhashDedupFilter
    from datatrove.pipeline.dedup.minhash import MinhashConfig, MinhashDedupSignature
    from loguru import logger

    logger.remove()
    with tempfile.TemporaryDirectory() as name:
        config = MinhashConfig()
        step = {part: f"{name}/{part}" for part in ("signatures", "buckets", "removed")}
        documents = [Document(text=text, id=str(k)) for k, text in enumerate(texts)]
        MinhashDedupSignature(output_folder=step["signatures"], config=config).run(documents, 0, 1)
        for bucket in range(config.num_buckets):
            buckets = MinhashDedupBuckets(step["signatures"], step["buckets"], config=config)
            buckets.run(None, bucket, config.num_buckets)
        MinhashDedupCluster(step["buckets"], step["removed"], config=config).run(None, 0, 1)
        kept = MinhashDedupFilter(step["removed"]).run(iter(documents), 0, 1)
        left = {document.id for document in kept}
    return [[-1, k] for k in range(len(texts)) if str(k) not in left]


def datatrove_files(corpus: Path, out: Path) -> None:
    """The four steps of datatrove on files: the first and the last one read the corpus, the last one writes it."""
    from datatrove.pipeline.dedup import MinhashDedupBuckets, MinhashDedupCluster, MinhashDedupFilter
    from datatrove.pipeline.dedup.minhash import MinhashConfig, MinhashDedupSignature
    from datatrove.pipeline.readers import JsonlReader
    from datatrove.pipeline.writers import JsonlWriter
    from loguru import logger

    logger.remove()
    config = MinhashConfig()
    step = {part: f"{out}/{part}" for part in ("signatures", "buckets", "removed")}
    reader = JsonlReader(str(corpus.parent), glob_pattern=corpus.name)
    MinhashDedupSignature(output_folder=step["signatures"], config=config).run(reader.run(None, 0, 1), 0, 1)
    for bucket in range(config.num_buckets):
        buckets = MinhashDedupBuckets(step["signatures"], step["buckets"], config=config)
        buckets.run(None, bucket, config.num_buckets)
    MinhashDedupCluster(step["buckets"], step["removed"], config=config).run(None, 0, 1)
    kept = MinhashDedupFilter(step["removed"]).run(reader.run(None, 0, 1), 0, 1)
    with JsonlWriter(f"{out}/kept", compression=None) as writer:
        for document in kept:
            writer.write(document)


def fivegrams(text: str) -> list[bytes]:
    """Make the shingles as the peers' own examples do."""
    words = WORDS.findall(text.lower())
    return [" ".join(words[k : k + 5]).encode() for k in range(max(1, len(words) - 4))]


RUNS: list[tuple[str, Callable[[list[str]], Clusters]]] = [
    ("signatures: cleaner", ours_signatures),
    ("signatures: datasketch bulk, xxh32", datasketch_signatures),
    ("near: cleaner", ours_near),
    ("near: datasketch MinHashLSH", datasketch_lsh),
    ("near: rensa", rensa_lsh),
    ("near: datatrove, four steps", datatrove_steps),
]


def wanted_copies(labels: Path, docs: int) -> list[int]:
    """List the rows that are copies with a Jaccard of .7 and more of an earlier row."""
    with labels.open() as lines:
        rows = [json.loads(line) for line in islice(lines, docs)]
    return [k for k, row in enumerate(rows) if row["src"] is not None and row["j5"] >= 0.7]  # noqa: PLR2004


def found_of(clusters: Iterable[list[int]], wanted: list[int]) -> str:
    """Say which share of the wanted rows stands in a cluster."""
    rows = {row for cluster in clusters for row in cluster}
    return f"{sum(row in rows for row in wanted) / max(1, len(wanted)):.3f}" if wanted else ""


def main() -> None:
    """Run all that can be imported; print a table."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("corpus", type=Path)
    options.add_argument("--docs", type=int, default=2000)
    options.add_argument("--labels", type=Path)
    options.add_argument("--growth", type=int, nargs="+", metavar="DOCS")
    options.add_argument("--end-to-end", action="store_true")
    given = options.parse_args()
    if given.growth:
        growth(given.corpus, given.growth)
        return
    if given.end_to_end:
        end_to_end(given.corpus, given.docs)
        return
    with given.corpus.open(encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in islice(lines, given.docs)]
    wanted = wanted_copies(given.labels, given.docs) if given.labels else []
    size = sum(map(len, texts)) / 1e6
    print(f"{len(texts):,} documents, {size:.1f} million characters, Python {sys.version.split()[0]}")
    print(f"{'':36}{'CPU µs a document':>18}{'ours = 1':>10}{'copies found':>14}")
    spent: dict[str, list[float]] = {name: [] for name, _ in RUNS}
    found: dict[str, str] = {}
    for _ in range(TURNS):
        for name, run in RUNS:
            try:
                run(texts[:50])  # imports, and whatever is made once
                start = time.process_time()
                clusters = run(texts)
            except ImportError as missing:
                found[name] = f"not installed: {missing.name or missing}"
                continue
            spent[name].append((time.process_time() - start) / len(texts) * 1e6)
            found[name] = found_of(clusters, wanted) if name.startswith("near") else ""
    ours: dict[str, float] = {}
    for name, times in spent.items():
        if times:
            each = median(times)
            ours_first = ours.setdefault(name.split(":")[0], each)
            print(f"{name:36}{each:18.1f}{each / ours_first:10.1f}{found[name]:>14}")
        else:
            print(f"{name:36}{found[name]}")


def alone(corpus: Path, docs: int) -> tuple[float, float]:
    """Run ours on the first documents; tell the CPU seconds (reading included) and the peak memory in MB."""
    start = time.process_time()
    with corpus.open(encoding="utf-8") as lines:
        near_duplicates(json.loads(line)["text"] for line in islice(lines, docs))
    return time.process_time() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def growth(corpus: Path, sizes: list[int]) -> None:
    """Print what each size costs, in a fresh process."""
    print(f"{'documents':>12}{'CPU s':>10}{'of the first':>14}{'peak MB':>10}")
    first = 0.0
    for docs in sizes:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            seconds, peak = pool.submit(alone, corpus, docs).result()
        first = first or seconds
        print(f"{docs:12,}{seconds:10.1f}{seconds / first:14.1f}{peak:10.0f}")


def end_to_end(corpus: Path, docs: int) -> None:
    """Print what whole commands cost, from file to files: CPU of all their processes, and time on the clock."""
    with tempfile.TemporaryDirectory() as name:
        some, few = Path(name, "in", "corpus.jsonl"), Path(name, "few", "corpus.jsonl")
        for path, size in ((some, docs), (few, 50)):
            path.parent.mkdir()
            with corpus.open("rb") as lines:
                path.write_bytes(b"".join(islice(lines, size)))
        print(f"{docs:,} documents, {some.stat().st_size / 1e6:.0f} MB, Python {sys.version.split()[0]}")
        print(f"{'':36}{'CPU µs a document':>18}{'clock':>8}{'ours = 1':>10}")
        usual = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        command = [Path(sys.executable).with_name("cleaner"), "dedup", str(some), "--level", "near", "-q"]

        def ours(jobs: str, out: Path) -> None:
            subprocess.run([*command, "-j", jobs, "-o", out], check=True, env=usual)

        runs: dict[str, tuple[Callable[[Path], object], int]] = {
            "cleaner dedup -j 1": (partial(ours, "1"), TURNS),
            "cleaner dedup -j 2": (partial(ours, "2"), TURNS),
            "datatrove, four steps": (partial(datatrove_files, some), 1),
        }
        first = 0.0
        ours("1", Path(name, "first"))  # bytecode is written, and whatever else is made once
        for title, (run, turns) in runs.items():
            if title.startswith("datatrove"):
                try:
                    datatrove_files(few, Path(name, "few"))  # imports, and whatever is made once
                except ImportError as missing:
                    print(f"{title:36}not installed: {missing.name or missing}")
                    continue
            taken: list[tuple[float, float]] = []
            for turn in range(turns):
                before, start = os.times(), time.monotonic()
                run(Path(name, f"{title} {turn}"))
                after, clock = os.times(), time.monotonic() - start
                spent = sum(b - a for a, b in zip(before[:4], after[:4], strict=True))
                taken.append((spent / docs * 1e6, clock))
            each, clock = sorted(taken)[turns // 2]
            first = first or each
            print(f"{title:36}{each:18.1f}{clock:7.1f}s{each / first:10.1f}")


if __name__ == "__main__":
    main()
