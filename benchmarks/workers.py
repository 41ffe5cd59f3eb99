"""What does the protection of worker processes cost? Processor time of all processes, against a plain loop.

    python benchmarks/workers.py corpus.jsonl [more.jsonl …] [--recipe news] [--jobs 2] [--repeats 3]

Both clean the same chunks of the usual size and leave the same outcomes; they take turns, and medians are compared.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from cleaner import dedup, pipeline, recipe
from cleaner.executors import pool
from cleaner.job.clean import ChunkCleaner, Plan
from cleaner.job.folder import State
from cleaner.parts import chunks, inputs
from cleaner.watch import Watch

if TYPE_CHECKING:
    from collections.abc import Callable


def seconds(work: Callable[[ChunkCleaner, list[inputs.Part]], None], plan: Plan, parts: list[inputs.Part]) -> float:
    """Return the processor time of a way to do the work, that of its processes among it."""
    with tempfile.TemporaryDirectory() as folder:
        before = os.times()
        work(ChunkCleaner(plan, State(Path(folder))), parts)
        after = os.times()
    return sum(after[:4]) - sum(before[:4])


def main() -> None:
    """Print the comparison."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+")
    parser.add_argument("--recipe", default="news")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=3)
    args = parser.parse_args()

    def plain(function: ChunkCleaner, parts: list[inputs.Part]) -> None:
        for chunk in chunks.cut(parts):
            function(chunk, Watch())

    def watched(function: ChunkCleaner, parts: list[inputs.Part]) -> None:
        for _ in pool.run(function, chunks.cut(parts), args.jobs):
            pass

    chosen = recipe.load(args.recipe)
    plan = Plan(pipeline.build(chosen), comparing=chosen.options("dedup", dedup.Options))
    parts = inputs.find(args.files)
    times: dict[str, list[float]] = {"plain": [], "watched": []}
    for _ in range(args.repeats):
        times["plain"].append(seconds(plain, plan, parts))
        times["watched"].append(seconds(watched, plan, parts))
    loop, workers = (statistics.median(times[name]) for name in ("plain", "watched"))
    size = sum(file.size for part in parts for file in part.files) / 1e6
    print(f"{size:.1f} MB, {args.jobs} workers: plain loop {loop:.2f} s, workers {workers:.2f} s of processor time")
    print(f"the protection costs {workers / loop - 1:+.1%}")


if __name__ == "__main__":
    main()
