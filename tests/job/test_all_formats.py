"""What holds for all formats whose files are more than lines, each with real files."""

import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cleaner import plugins
from cleaner.cli import app
from cleaner.errors import UsageError
from cleaner.job.verify import verify

LIBRARIES = {"csv": "", "parquet": "pyarrow", "warc": "warcio"}
ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def made(put, do, bare, line, article, tmp_path):
    """Make a file of a format, in which every sixth document is a copy; returns its path."""

    def made(kind):
        if LIBRARIES[kind]:
            pytest.importorskip(LIBRARIES[kind], reason=f"the extra {kind} is not installed")
        rows = [line(id=f"urn:n:{i}", url=f"https://a.example/{i}", text=article(i % 50)) for i in range(60)]
        rows[7] = line(id="urn:n:7", text="It rained.  \n\n\n\n" + article(107))
        do(put("source.jsonl", b"".join(rows)), out="made", to=kind, recipe=bare)
        (path,) = (tmp_path / "made/documents").iterdir()
        return path

    return made


@pytest.mark.parametrize("kind", LIBRARIES)
def test_workers_do_not_show(made, do, tree, tmp_path, kind):
    path = made(kind)
    do(path, out="one")
    result = do(path, out="four", engine="pool", jobs=4, chunk_size=900)
    assert tree(tmp_path / "one") == tree(tmp_path / "four")
    assert (result.tally.read, result.tally.changed, result.tally.duplicates) == (60, 1, 9)


@pytest.mark.parametrize(
    ("given", "missing", "extra"),
    [
        ("a.parquet", "pyarrow", "parquet"),
        ("a.warc", "warcio", "warc"),
        ("a.warc.gz", "warcio", "warc"),
        ("s3://bucket/a.jsonl", "s3fs", "cloud"),
        ("s3://bucket/a.jsonl", "fsspec", "cloud"),
        ("gs://bucket/a.jsonl", "fsspec", "cloud"),
    ],
)
def test_an_extra_that_is_missing_is_named(put, do, monkeypatch, tmp_path, given, missing, extra):
    for name in [missing, *(name for name in sys.modules if name.startswith(f"{missing}."))]:
        monkeypatch.setitem(sys.modules, name, None)
    if missing == "s3fs":
        pytest.importorskip("fsspec", reason="without it the extra is missing anyway")
        monkeypatch.delitem(sys.modules["fsspec.registry"]._registry, "s3", raising=False)
    with pytest.raises(UsageError, match=rf"pip install 'cleaner\[{extra}\]'"):
        do(given if "://" in given else put(given, "WARC/1.0\r\n"))
    with pytest.raises(UsageError, match=rf"pip install 'cleaner\[{extra}\]'"):
        do(put("b.jsonl", '{"text": "a"}'), **({"url": given} if "://" in given else {"to": extra}))
    assert not (tmp_path / "out").exists()  # it is said before there is anything to lose


def test_the_readme_and_the_help_name_every_format():
    readme = (ROOT / "README.md").read_text("utf-8")
    (head,) = [line for line in readme.splitlines() if line.startswith("| format |")]
    table = readme.partition(head)[2].partition("\n\n")[0]
    said = " ".join(CliRunner().invoke(app, ["run", "--help"]).output.split())
    for name in plugins.names("formats"):
        assert f"`{name}`" in table
        assert name in said.partition("What the input holds: ")[2].partition(".")[0]


def test_workers_read_and_write_every_format_in_the_memory_that_they_have(put, line, tmp_path):
    put("a.jsonl", line(id=1, text="It rained all night."))
    for kind, library in LIBRARIES.items():
        if library:
            pytest.importorskip(library, reason=f"the extra {kind} is not installed")
        for given, out, to in (("a.jsonl", kind, kind), (f"{kind}/documents", f"{kind}-again", "jsonl")):
            words = ["run", given, "-o", out, "--to", to, "-j", "2", "-q", "-c", "minimal"]
            command = [sys.executable, "-c", "from cleaner.cli import main; main()", *words]
            assert subprocess.run(command, cwd=tmp_path, check=False, timeout=60).returncode == 0


@pytest.mark.parametrize("to", sorted(LIBRARIES))
def test_what_json_alone_can_hold_goes_out_in_every_format(do, put, bare, to):
    if LIBRARIES[to]:
        pytest.importorskip(LIBRARIES[to], reason=f"the extra {to} is not installed")
    rows = [b'{"id": "a", "text": "A raw \x01 control"}', b'{"id": "b", "text": "Half a \\ud800 pair"}']
    rows.append(b'{"id": "c", "text": "Many digits", "n": ' + b"9" * 5000 + b"}")
    result = do(put("a.jsonl", b"\n".join(rows)), recipe=bare, to=to)
    assert result.tally.kept == len(rows)


@pytest.mark.parametrize("to", sorted(LIBRARIES))
def test_an_id_that_a_format_can_only_say_otherwise_is_no_fault(do, put, bare, to, tmp_path):
    if LIBRARIES[to]:
        pytest.importorskip(LIBRARIES[to], reason=f"the extra {to} is not installed")
    names = [r'"\ud800"', r'"a\nb"', "12345678901234567890123", "-7"]
    rows = [f'{{"id": {name}, "text": "It rained {i} times."}}\n' for i, name in enumerate(names)]
    do(put("a.jsonl", "".join(rows).encode()), recipe=bare, to=to)
    assert verify(tmp_path / "out").broken == []
