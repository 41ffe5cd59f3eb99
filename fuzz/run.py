"""Fuzz the functions that meet foreign bytes: ``python fuzz/run.py --seconds 60 [TARGET…]``; needs ``cleaner[fuzz]``.

Each target runs in a process of its own, so long as is said, guided by which code its inputs reach. What is learned
stays in ``fuzz/corpus`` and makes the next time begin further on; an input that breaks a law is left in ``fuzz/found``.
Targets and their laws are in ``targets.py``.
"""

import argparse
import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def one(name, options):
    """Fuzz one target in this process, which ends with it."""
    import atheris

    with atheris.instrument_imports(include=["cleaner"]):
        import targets

    corpus = HERE / "corpus" / name
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(targets.SEEDS[name]):
        (corpus / f"seed-{number}").write_bytes(seed)
    atheris.Setup([sys.argv[0], *options, str(corpus)], targets.TARGETS[name])
    atheris.Fuzz()


def main():
    """Fuzz the targets one after the other, and say for each how many inputs there were; exits with 1 if one failed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("targets", nargs="*", metavar="TARGET")
    parser.add_argument("--seconds", type=int, default=60, help="how long each target runs (60)")
    parser.add_argument("--one", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        one(given.one[0], given.one[1:])
    sys.path.insert(0, str(HERE))
    import targets

    (HERE / "found").mkdir(exist_ok=True)
    failed = []
    for name in given.targets or targets.TARGETS:
        options = [f"-max_total_time={given.seconds}", "-max_len=2048", "-timeout=20", "-rss_limit_mb=4096"]
        options += [f"-artifact_prefix={HERE / 'found' / name}-", "-print_final_stats=1"]
        command = [sys.executable, __file__, "--one", name, *options]
        done = subprocess.run(command, check=False, capture_output=True, text=True, errors="replace")
        runs = re.search(r"number_of_executed_units: (\d+)", done.stderr)
        verdict = "FAILED" if done.returncode else "fine"
        print(f"{name:12} {int(runs[1]) if runs else 0:>10,} inputs  {verdict}", flush=True)
        if done.returncode:
            failed.append(name)
            print(done.stderr[-3000:])
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
