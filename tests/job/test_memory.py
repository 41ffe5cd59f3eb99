"""Memory: whatever comes in, no process takes more than its share of the ceiling, and the neighbours come out right."""

import gzip
import json
import lzma
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
import re, resource
from pathlib import Path
from cleaner.cli import main
try:
    main()
finally:  # what resource tells of a process itself may be the size of the one that started it
    own = re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]
    Path("peaks").write_text(f"{own} {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss}")
"""
SOUND = b'{"id": "%s", "text": "It rained all night."}\n'


def giant(path):
    """Write a line of 100 MB that takes no place on disk."""
    with path.open("wb") as file:
        file.write(SOUND % b"before")
        file.seek(100 << 20)
        file.write(b"\n" + SOUND % b"behind")


OPENED = {
    ".gz": lambda file: gzip.GzipFile("", "wb", 9, file),
    ".zst": lambda file: storage.zstd.ZstdFile(file, "wb"),
    ".xz": lambda file: lzma.LZMAFile(file, "wb", preset=1),  # noqa: SIM115  closed where it is used
}


def bomb(path):
    zeros = bytes(1 << 20)
    with path.open("wb") as file, OPENED[path.suffix](file) as packer:
        packer.write(SOUND % b"before")
        for _ in range(100):
            packer.write(zeros)


def packed_line(path):
    """Write a line of 100 MB that is packed less than a thousand times."""
    with path.open("wb") as file, OPENED[path.suffix](file) as packer:
        packer.write(SOUND % b"before")
        for _ in range(100):
            packer.write(os.urandom(2000).replace(b"\n", b" ") + bytes(1 << 20))
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
    long = json.dumps({"id": "long", "text": text.replace("a", "å", 9)}, ensure_ascii=False)
    path.write_bytes(SOUND % b"before" + long.encode() + b"\n" + SOUND % b"behind")


HOSTILE = {
    "giant.jsonl": (giant, ["before", "behind"], {"too-large": 1}, SHARE),
    "bomb.jsonl.gz": (bomb, ["before"], {"too-large": 1, "bomb": 1}, SHARE),  # it shows later
    "bomb.jsonl.zst": (bomb, ["before"], {"bomb": 1}, SHARE),
    "bomb.jsonl.xz": (bomb, ["before"], {"bomb": 1}, SHARE),
    "line.jsonl.zst": (packed_line, ["before", "behind"], {"too-large": 1}, SHARE),
    "nested.jsonl": (nested, ["before", "deep", "deeper"], {"too-deep": 2}, SHARE),
    "long.jsonl": (longest, ["before", "long", "behind"], {}, 1 << 30),
    "short of memory.jsonl": (longest, ["before", "behind"], {"out-of-memory": 1}, 256 << 20),
}


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the size of a process is counted otherwise")
@pytest.mark.parametrize("name", HOSTILE)
def test_no_process_outgrows_its_share(audit, kept, tmp_path, name):
    write, ids, quarantined, share = HOSTILE[name]
    write(tmp_path / name)
    (tmp_path / "job.py").write_text(SCRIPT)
    command = [sys.executable, "job.py", "run", name, "-o", "out", "-j", "2", "-q"]
    command += ["--memory", f"{share * 4 >> 20}M", "-c", "repair-only"]
    done = subprocess.run(command, cwd=tmp_path, check=False, timeout=240)
    assert done.returncode == (3 if "bomb" in name else 0)
    audit(tmp_path / "out")
    assert [r["id"] for r in kept(tmp_path / "out")] == ids
    assert json.loads((tmp_path / "out/report.json").read_bytes())["total"]["quarantined"] == quarantined
    parent, worker = (int(size) << 10 for size in (tmp_path / "peaks").read_text().split())
    print(f"{name}: parent {parent >> 20} MB, worker {worker >> 20} MB")  # noqa: T201  figures to quote
    assert worker < share + OWN
    assert parent < 2 * share + OWN
