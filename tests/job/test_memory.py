"""Memory: whatever comes in, no process takes more than its share of the ceiling, and the neighbours come out right."""

import json
import os
import subprocess
import sys

import pytest

from cleaner import storage

SHARE = 400 << 20
"""Bytes beyond its own code and models that a worker may take in this test: the parent has two such shares, of four."""
OWN = 200 << 20
"""Bytes that code, models and libraries take."""
SCRIPT = """
import resource, sys
from cleaner.cli import main
try:
    main()
finally:
    whose = resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN
    print(*(resource.getrusage(who).ru_maxrss * 1024 for who in whose), file=open("peaks", "w"))
"""
SOUND = b'{"id": "%s", "text": "It rained all night."}\n'


def giant(path):
    """Write a line of 300 MB that takes no place on disk."""
    with path.open("wb") as file:
        file.write(SOUND % b"before")
        file.seek(300 << 20)
        file.write(b"\n" + SOUND % b"behind")


def bomb(path):
    suffix = path.suffix
    zeros = bytes(1 << 20)
    with path.open("wb") as file, storage._WRITERS[suffix](file) as packer:
        packer.write(SOUND % b"before")
        for _ in range(300):
            packer.write(zeros)


def packed_line(path):
    """Write a line of 300 MB that is packed less than a thousand times."""
    noise = os.urandom(2000).replace(b"\n", b" ")
    with path.open("wb") as file, storage._WRITERS[path.suffix](file) as packer:
        packer.write(SOUND % b"before")
        for _ in range(300):
            packer.write(noise + bytes(1 << 20))
        packer.write(b"\n" + SOUND % b"behind")


def nested(path):
    page = f"<p>It rained all night.</p>{'<div>' * 100_000}fog"
    rows = [
        SOUND % b"before",
        b'{"text": "a", "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}\n",
        b'{"a":' * 100_000 + b"\n",
        json.dumps({"id": "deep", "html": page}).encode() + b"\n",
        json.dumps({"id": "deeper", "html": "<table><tr><td>" * 100_000 + page}).encode() + b"\n",
    ]
    path.write_bytes(b"".join(rows))


def longest(path):
    """Write a record of nearly the largest size, in which no line is like another, with letters outside ASCII."""
    lines = (f"{n} Det regnade hela natten i hamnen, och ingen brydde sig om dimman {n * n}.\n" for n in range(380_000))
    text = "".join(lines)
    path.write_bytes(json.dumps({"id": "long", "text": text.replace("a", "å", 9)}, ensure_ascii=False).encode())


HOSTILE = {
    "giant.jsonl": (giant, ["before", "behind"], {"too-large": 1}),
    "bomb.jsonl.gz": (bomb, ["before"], {"bomb": 1}),
    "bomb.jsonl.zst": (bomb, ["before"], {"bomb": 1}),
    "bomb.jsonl.xz": (bomb, ["before"], {"bomb": 1}),
    "bomb.jsonl.bz2": (bomb, ["before"], {"bomb": 1}),
    "line.jsonl.zst": (packed_line, ["before", "behind"], {"too-large": 1}),
    "nested.jsonl": (nested, ["before", "deep", "deeper"], {"too-deep": 2}),
    "long.jsonl": (longest, ["long"], {}),
}


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the size of a process is counted otherwise")
@pytest.mark.parametrize("name", HOSTILE)
def test_no_process_outgrows_its_share(audit, kept, tmp_path, name):
    write, ids, quarantined = HOSTILE[name]
    write(tmp_path / name)
    (tmp_path / "job.py").write_text(SCRIPT)
    command = [sys.executable, "job.py", "run", name, "-o", "out", "-j", "2", "--memory", f"{SHARE * 4 >> 20}M", "-q"]
    done = subprocess.run(command, cwd=tmp_path, check=False, timeout=240)
    assert done.returncode == (3 if "bomb" in name else 0)
    audit(tmp_path / "out")
    assert [r["id"] for r in kept(tmp_path / "out")] == ids
    assert json.loads((tmp_path / "out/report.json").read_bytes())["total"]["quarantined"] == quarantined
    parent, worker = map(int, (tmp_path / "peaks").read_text().split())
    print(f"{name}: parent {parent >> 20} MB, worker {worker >> 20} MB")  # noqa: T201  figures to quote
    assert worker < SHARE + OWN
    assert parent < 2 * SHARE + OWN
