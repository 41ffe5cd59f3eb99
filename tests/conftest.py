"""What several tests need: texts that are no duplicates, jobs in small folders, and an audit of what a job left."""

import gzip
import hashlib
import io
import json
import random
import signal
import sys
from pathlib import Path

import pytest

from cleaner import cli

cli.one_thread()

from cleaner import dedup, pipeline, recipe, storage
from cleaner.executors import _process
from cleaner.job import run as jobs
from cleaner.job.clean import Plan
from cleaner.job.finished import Finished
from cleaner.parts import inputs

WORDS = """harbour rain council night bridge letter winter market doctor engine garden window island teacher river
copper ballot forest ticket signal bakery meadow lantern village tunnel orchard captain library thunder painter
valley railway chapel factory pigeon hammer blanket cinema journey museum pepper quarry saddle turnip velvet walnut
""".split()  # noqa: SIM905  easier to read
RECIPE = """
stages = ["repair", "spacing"]
[dedup]
level = "near"
"""
if sys.platform == "linux":  # other libraries' tests leave threads behind, and fresh workers would know no patches
    _process.alone = lambda: True
NO_STAGES = """
stages = []
[dedup]
level = "off"
"""


def _article(number, sentences=8):
    """Return a text that shares no phrases with that of any other number."""
    draw = random.Random(number)  # noqa: S311  no secret
    said = [" ".join(draw.choices(WORDS, k=draw.randint(6, 12))).capitalize() for _ in range(sentences)]
    return ".\n\n".join(said) + "."


@pytest.fixture(scope="session")
def article():
    return _article


def _line(**values):
    return json.dumps(values, ensure_ascii=False).encode() + b"\n"


@pytest.fixture(scope="session")
def line():
    """One record as a line of JSON."""
    return _line


@pytest.fixture
def late():
    """Turn a test that hangs into one that fails: ``late(seconds)``."""

    def give_up(*_):
        raise TimeoutError

    old = signal.signal(signal.SIGALRM, give_up)
    yield signal.alarm
    signal.alarm(0)
    signal.signal(signal.SIGALRM, old)


@pytest.fixture
def call(monkeypatch, capfdbinary, tmp_path):
    """Give a command in this process; returns exit code, standard output and standard error."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    on_terminate = signal.getsignal(signal.SIGTERM)

    def call(*args, stdin=b""):
        monkeypatch.setattr(sys, "argv", ["cleaner", *map(str, args)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        code = 0
        try:
            cli.main()
        except SystemExit as left:
            code = left.code or 0
        sys.stdout.flush()
        out, err = capfdbinary.readouterr()
        return code, out.decode(), err.decode()

    yield call
    signal.signal(signal.SIGTERM, on_terminate)


@pytest.fixture
def put(tmp_path):
    """Write a file below the test's folder, compressed as its name says."""

    def put(name, data):
        path = tmp_path / name
        storage.write(path, data if isinstance(data, bytes) else data.encode())
        return path

    return put


@pytest.fixture
def corpus(put):
    """Write a small corpus in all formats with every outcome: kept, dropped, duplicates, damage."""
    lines = [_line(id=f"n{i}", url=f"https://a{i % 3}.example/{i}", n=i, text=_article(i)) for i in range(12)]
    lines[3] = _line(id="copy", text=_article(1))
    lines[5] = _line(id=5, text="It was â€œfineâ€\x9d.  \n\n\n\n" + _article(5))
    lines[6] = b"broken\n"
    lines[8] = b'{"id": "bytes", "text": "\xff"}\n'
    lines[9] = _line(id="empty", text=" \n ")
    lines[10] = _line(id="none", title="no text")
    put("in/a.jsonl", b"".join(lines))
    put("in/b.jsonl.gz", b"".join(_line(id=f"z{i}", text=_article(100 + i)) for i in range(5)))
    put("in/c.jsonl.zst", _line(id="near", text=_article(2) + "\n\nA last word.") + _line(text=_article(200)))
    for i in range(3):
        put(f"in/texts/{i}.txt", _article(300 + i))
    put("in/texts/x é.txt", _article(301))
    put("in/texts/bad.txt", b"ab\xff\xfe")
    for i in range(2):
        put(f"in/pages/{i}.html", f"<title>t</title><p>{_article(400 + i)}</p>")
    return put("in/zz.ndjson", b"").parent


def _plan(source=RECIPE, **options):
    chosen = recipe.parse("test", source)
    return Plan(pipeline.build(chosen), comparing=chosen.options("dedup", dedup.Options), **options)


@pytest.fixture
def do(tmp_path):
    """Do a job in this process: ``do(inputs…, out="out", recipe=…, plan options…, job options…)``."""

    def do(*inputs, out="out", recipe=RECIPE, names=None, annotate="on", watcher=None, **options):
        plan = _plan(recipe, names=names or {}, annotate=annotate)
        options.setdefault("engine", "serial")
        return jobs.run(jobs.Job([str(i) for i in inputs], tmp_path / out, plan, **options), watcher)

    return do


@pytest.fixture
def bare():
    """A recipe that does nothing to texts and compares none."""
    return NO_STAGES


def _tree(folder):
    """Return the content of every file below a folder, by name."""
    folder = Path(folder)
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.fixture(scope="session")
def tree():
    return _tree


def _rows(folder):
    for path in sorted(folder.rglob("*.jsonl")):
        yield from (json.loads(row) for row in path.read_bytes().split(b"\n")[:-1])


def _unpacked(path):
    data = path.read_bytes()
    return gzip.decompress(data) if path.suffix == ".gz" else b"".join(storage.pieces(path))


def _kept(out):
    """Return the kept records in order, those of whole files as id and text."""
    for path in sorted((out / "documents").rglob("*")):
        if not path.is_file():
            continue
        if any(kind in path.name for kind in (".jsonl", ".ndjson")):
            yield from map(json.loads, _unpacked(path).split(b"\n")[:-1])
        elif (kind := inputs.format_of(path.name)) in ("csv", "parquet", "warc"):
            yield from (json.loads(r.raw) for r in inputs.form(kind).read(_unpacked(path), path.name))
        else:
            name = path.relative_to(out / "documents").as_posix()
            yield {"id": name.removesuffix(".txt") if name.endswith(".html.txt") else name, "text": path.read_text()}


@pytest.fixture(scope="session")
def kept():
    return lambda out: list(_kept(out))


@pytest.fixture(scope="session")
def quarantined():
    return lambda out: list(_rows(out / "quarantine"))


@pytest.fixture(scope="session")
def ledger_rows():
    return lambda out: list(_rows(out / "ledger"))


@pytest.fixture(scope="session")
def audit():
    """Count again what a job left, from its files alone, and hold it against what it says; returns the counts."""

    def audit(out):
        manifest = json.loads((out / "MANIFEST.json").read_bytes())
        rows, duplicates = list(_rows(out / "ledger")), [json.loads(r) for r in _lines(out / "duplicates.jsonl")]
        counts = {
            "kept": len(list(_kept(out))),
            "dropped": sum(row["action"] == "drop" for row in rows),
            "duplicates": sum(row["action"] == "duplicate" for row in rows),
            "quarantined": len(list(_rows(out / "quarantine"))),
        }
        counts = {"read": sum(counts.values()), **counts}
        assert manifest["counts"] == counts
        assert sum(row["level"] != "story" for row in duplicates) == counts["duplicates"]
        report = json.loads((out / "report.json").read_bytes())
        for name, part in [("total", report["total"]), *report["parts"].items()]:
            outcomes = part["kept"] + part["duplicates"] + sum(part["dropped"].values())
            assert part["read"] == outcomes + sum(part["quarantined"].values()), name
        assert sum(part["read"] for part in report["parts"].values()) == counts["read"]
        files = {name: data for name, data in _tree(out).items() if name != "MANIFEST.json"}
        assert manifest["files"] == {
            name: {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()} for name, data in files.items()
        }
        assert not any(".cleaner" in name or name.endswith(".tmp") for name in files)
        return counts

    return audit


def _lines(path):
    return path.read_bytes().split(b"\n")[:-1]


@pytest.fixture(scope="session")
def restored():
    """Give back the text that came in for a document of a run, from the run's folder alone."""

    def restored(out, key):
        (told,) = (told for _, told in Finished(out).find(str(key)))
        return told.original()

    return restored
