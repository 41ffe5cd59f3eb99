"""Input and output behind a URL: what comes out is what a folder on disk would have given."""

import itertools
import json

import pytest

from cleaner.errors import BusyError, InputError, OutputError, UsageError
from cleaner.parts import chunks, inputs

fsspec = pytest.importorskip("fsspec", reason="URLs need the extra cloud")
from fsspec.implementations.memory import MemoryFileSystem  # noqa: E402  it is of an extra

NUMBERS = itertools.count()


class Broken(MemoryFileSystem):
    """A file system that fails when it is told to."""

    protocol = "broken"
    opening = None
    reading = None
    writes = None
    """How many objects can be written before the connection breaks; None for any number."""
    written = []  # noqa: RUF012  emptied by each test

    @classmethod
    def _strip_protocol(cls, path):
        return super()._strip_protocol(path.removeprefix("broken:/"))

    def _open(self, path, mode="rb", **options):
        if mode == "rb" and self.opening is not None:
            raise self.opening
        stream = super()._open(path, mode, **options)
        return Breaking(stream, self.reading) if mode == "rb" and self.reading is not None else stream

    def put_file(self, lpath, rpath, **options):
        if self.writes is not None and len(self.written) >= self.writes:
            raise ConnectionResetError(104, "Connection reset by peer")
        self.written.append(rpath.rpartition("/out/")[2])
        super().put_file(lpath, rpath, **options)


class Breaking:
    """A stream that breaks off after 1,000 bytes."""

    def __init__(self, stream, error):
        self.stream, self.error = stream, error

    def read(self, size=-1):
        if self.stream.tell() >= 1000:
            raise self.error
        return self.stream.read(min(size, 1000))

    def __getattr__(self, name):
        return getattr(self.stream, name)


fsspec.register_implementation("broken", Broken, clobber=True)


@pytest.fixture
def far():
    """Put files behind a URL of memory, in a folder that no other test has; returns its URL."""
    folder = f"t{next(NUMBERS)}"
    fs = fsspec.filesystem("memory")

    def far(files=None, protocol="memory", below="in"):
        for name, data in (files or {}).items():
            fs.pipe_file(f"/{folder}/{below}/{name}", data)
        return f"{protocol}://{folder}/{below}"

    return far


def behind(url):
    """Return the content of every object below a URL, by name."""
    fs, root = fsspec.url_to_fs(url)
    return {name.removeprefix(root).lstrip("/"): fs.cat_file(name) for name in fs.find(root)}


@pytest.fixture
def broken(monkeypatch):
    monkeypatch.setattr(Broken, "written", [])

    def broken(**how):
        for name, value in how.items():
            monkeypatch.setattr(Broken, name, value)

    return broken


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({}, id="at once"),
        pytest.param({"chunk_size": 300}, id="small chunks"),
        pytest.param({"engine": "pool", "jobs": 2, "chunk_size": 300}, id="two workers"),
    ],
)
def test_what_comes_from_a_url_is_what_comes_from_disk(corpus, do, tree, far, tmp_path, options):
    do(corpus, out="near")
    url = far(tree(corpus))
    do(url, out="far", **options)
    near, away = tree(tmp_path / "near"), tree(tmp_path / "far")
    for files in (near, away):
        manifest = json.loads(files.pop("MANIFEST.json"))
        assert sorted(entry[0] for entry in manifest["job"]["inputs"]) == sorted(tree(corpus))
    assert near == away


@pytest.mark.parametrize(("kind", "library"), [("csv", ""), ("parquet", "pyarrow"), ("warc", "warcio")])
def test_every_format_comes_from_a_url(do, put, tree, far, tmp_path, article, line, kind, library):
    if library:
        pytest.importorskip(library)
    rows = [line(id=f"urn:n:{i}", text=article(i)) for i in range(12)]
    do(put("source.jsonl", b"".join(rows)), out="made", to=kind)
    do(tmp_path / "made/documents", out="near")
    result = do(far(tree(tmp_path / "made/documents")), out="far", chunk_size=200)
    assert tree(tmp_path / "far/documents") == tree(tmp_path / "near/documents")
    assert result.tally.kept == 12


@pytest.mark.parametrize(
    ("files", "given", "names"),
    [
        pytest.param(["b.jsonl", "a/c.jsonl", "x.png"], "", ["a/c.jsonl", "b.jsonl"], id="a folder"),
        pytest.param(["b.jsonl", ".d.jsonl", "a/.e/f.jsonl"], "", ["b.jsonl"], id="hidden ones"),
        pytest.param(["a.jsonl", "b.jsonl"], "/a.jsonl", ["a.jsonl"], id="a file"),
        pytest.param(["a/x.jsonl", "b/x.jsonl", "c.jsonl"], "/*/x.jsonl", ["a/x.jsonl", "b/x.jsonl"], id="a pattern"),
        pytest.param(["a/b/x.jsonl", "y.jsonl"], "/**/x.jsonl", ["x.jsonl"], id="two stars"),
        pytest.param(["a*.jsonl", "ab.jsonl"], "/a*.jsonl", ["a*.jsonl"], id="a star in a name"),
        pytest.param(["a//b.jsonl", "a/b.jsonl"], "", ["a/%/b.jsonl", "a/b.jsonl"], id="an empty part"),
        pytest.param(["../../b.jsonl", "b.jsonl"], "", ["%2E%2E/%2E%2E/b.jsonl", "b.jsonl"], id="dots"),
    ],
)
def test_files_have_the_names_below_their_common_root(far, files, given, names):
    url = far(dict.fromkeys(files, b"{}\n"))
    assert [f.name for part in inputs.find([url + given]) for f in part.files] == names
    assert [f.name for part in inputs.find([url + given, url + given]) for f in part.files] == names


def test_long_parts_of_names_are_cut(far, do, line, tmp_path, kept):
    url = far({f"{'n' * 300}/{'m' * 300}.jsonl": line(id=1, text="a"), f"{'n' * 301}/x.jsonl": line(id=2, text="b")})
    do(url)
    assert [r["id"] for r in kept(tmp_path / "out")] in ([1, 2], [2, 1])


def test_a_file_url_is_a_path(corpus, do, tree, tmp_path):
    do(corpus, out="near")
    do(f"file://{corpus}", out="far")
    assert tree(tmp_path / "near") == tree(tmp_path / "far")


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (PermissionError(13, "Access Denied"), "no permission: Access Denied"),
        (FileNotFoundError("bucket/key"), "no such file or folder"),
        (TimeoutError(), "TimeoutError"),
        (RuntimeError("Could not connect\nto the endpoint"), "Could not connect"),
    ],
    ids=lambda value: str(type(value).__name__),
)
@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_what_cannot_be_had_is_in_quarantine_with_the_reason(
    far, do, put, line, quarantined, audit, broken, tmp_path, error, sentence, suffix
):
    data = put(f"a.jsonl{suffix}", line(id=1, text="a")).read_bytes()
    broken(opening=error)
    result = do(far({f"a.jsonl{suffix}": data}, "broken"))
    assert result.tally.damaged_sources == 1
    (row,) = quarantined(tmp_path / "out")
    assert row["reason"] == "unreadable"
    assert row["error"].endswith(sentence)
    audit(tmp_path / "out")


@pytest.mark.parametrize("suffix", ["jsonl", "txt", "jsonl.bz2", "csv"])
def test_what_breaks_off_costs_what_has_not_come(
    far, do, put, line, article, quarantined, audit, broken, tmp_path, suffix
):
    rows = [line(id=i, text=article(i)) for i in range(9)]
    data = b"".join(rows) if "json" in suffix else b"id,text\n" + b"1,a few words\n" * 200
    data = put(f"a.{suffix}", data).read_bytes()
    broken(reading=ConnectionResetError(104, "Connection reset by peer"))
    do(far({f"a.{suffix}": data}, "broken"))
    row = quarantined(tmp_path / "out")[-1]
    assert (row["reason"], "Connection reset by peer" in row["error"]) == ("unreadable", True)
    audit(tmp_path / "out")


def test_what_is_gone_when_its_turn_comes_costs_itself(far, line, article):
    url = far({"a.jsonl": b"".join(line(id=i, text=article(i)) for i in range(9)), "b.txt": b"a"})
    cut = list(chunks.cut(inputs.find([url]), 1000))
    fsspec.filesystem("memory").rm(url.removeprefix("memory:/"), recursive=True)
    items = [item for chunk in cut for item in chunk.read()]
    assert len(items) == len(cut) > 3
    assert {(item.reason, item.error) for item in items} == {("unreadable", "no such file or folder")}


@pytest.mark.parametrize(
    ("given", "error", "sentence"),
    [
        ("memory://nowhere/at/all", InputError, "all: no such file or folder"),
        ("memory://nowhere/*.jsonl", InputError, r"\*\.jsonl: no such file or folder"),
        ("nonsense://a/b", UsageError, "nonsense://a/b: Protocol not known"),
    ],
)
def test_what_is_not_there_is_said(do, given, error, sentence):
    with pytest.raises(error, match=sentence):
        do(given)


def test_a_file_that_is_missing_costs_itself(far, do, line, tmp_path, quarantined, audit):
    url = far({"a.jsonl": line(id=1, text="a")})
    assert do(f"{url}/a.jsonl", f"{url}/b.jsonl").tally.damaged_sources == 1
    assert [row["source"] for row in quarantined(tmp_path / "out")] == ["b.jsonl"]
    assert audit(tmp_path / "out")["kept"] == 1


def test_the_results_behind_a_url_are_those_of_a_folder(corpus, do, tree, far, tmp_path):
    do(corpus, out="near")
    url = far(below="out")
    result = do(corpus, out="work", url=url)
    assert behind(url) == tree(tmp_path / "near") == tree(tmp_path / "work")
    again = do(corpus, out="other", url=url)
    assert again == result._replace(already=True)
    assert not (tmp_path / "other").exists()


@pytest.mark.parametrize("writes", [0, 1, 4])
def test_a_copy_that_breaks_off_goes_on(corpus, do, tree, far, broken, tmp_path, writes):
    url = far(below="out", protocol="broken")
    broken(writes=writes)
    with pytest.raises(OutputError, match="it cannot be written: Connection reset by peer; the same command goes on"):
        do(corpus, url=url)
    assert "MANIFEST.json" not in behind(url)
    broken(writes=None)
    do(corpus, url=url)
    assert behind(url) == tree(tmp_path / "out")
    assert not (tmp_path / "out.copied").exists()
    assert len(Broken.written) - writes == len(behind(url))  # no more than 64 are copied at a time, and noted then


def test_what_has_been_copied_is_not_copied_again(corpus, do, tree, far, broken, tmp_path, monkeypatch):
    monkeypatch.setattr("cleaner.job.upload._MANY", 2)
    url = far(below="out", protocol="broken")
    broken(writes=5)
    with pytest.raises(OutputError):
        do(corpus, url=url)
    broken(writes=None)
    do(corpus, url=url)
    assert behind(url) == tree(tmp_path / "out")
    assert len(Broken.written) == len(behind(url)) + 1  # of two that were under way, one had arrived


@pytest.mark.parametrize(
    ("left", "sentence"),
    [
        pytest.param({"MANIFEST.json": b'{"job": {}, "files": {}}'}, "results of another job", id="another job"),
        pytest.param({"MANIFEST.json": b"[1"}, "its MANIFEST.json is damaged", id="damaged"),
        pytest.param({".cleaner/job.json": b"{}"}, "another job is being copied there", id="half-done"),
        pytest.param({"documents/mine.txt": b"precious"}, "already has a documents that no run", id="somebody's"),
    ],
)
def test_what_stands_there_is_not_written_over(corpus, do, tree, far, tmp_path, left, sentence):
    url = far({**left, "mine.txt": b"precious"}, below="out")
    with pytest.raises(BusyError, match=sentence):
        do(corpus, url=url)
    assert behind(url) == {**left, "mine.txt": b"precious"}
    do(corpus, url=url, fresh=True)
    assert behind(url) == {**tree(tmp_path / "out"), "mine.txt": b"precious"}


def test_results_that_have_changed_are_not_done(corpus, do, far):
    url = far(below="out")
    do(corpus, url=url)
    fsspec.filesystem("memory").rm(f"{url.removeprefix('memory:/')}/duplicates.jsonl")
    with pytest.raises(BusyError, match=r"duplicates\.jsonl is not as the run has left it"):
        do(corpus, url=url)


def test_another_input_is_another_job(far, do, line):
    url, out = far({"a.jsonl": line(id=1, text="a")}), far(below="out")
    do(url, url=out)
    far({"a.jsonl": line(id=1, text="ab")})
    with pytest.raises(BusyError):
        do(url, url=out)


def test_what_lies_in_the_results_is_no_input(far, do, line, tmp_path, kept):
    url = far({"a.jsonl": line(id=1, text="a"), "clean/b.jsonl": line(id=2, text="b")})
    do(url, url=f"{url}/clean")
    assert [r["id"] for r in kept(tmp_path / "out")] == [1]
    with pytest.raises(UsageError, match="a run cannot read what it writes"):
        do(f"{url}/clean/b.jsonl", url=f"{url}/clean")


def test_a_web_server_takes_no_results(corpus, do):
    pytest.importorskip("aiohttp")
    with pytest.raises(UsageError, match="nothing can be written to a web server"):
        do(corpus, url="http://127.0.0.1/out")
