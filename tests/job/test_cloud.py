"""Input and output behind real servers: an object server that speaks S3, and web servers, all on this machine.

The command runs in processes of its own, as it does for users: the libraries for the network keep a thread, and a
process that has one makes its workers anew and not by a copy, which the other tests of this process would feel.
"""

import gzip
import http.server
import json
import os
import re
import subprocess
import sys
import threading
import urllib.request
from pathlib import Path

import pytest

for library in ("s3fs", "moto", "flask_cors"):
    pytest.importorskip(library, reason="needs an object server: pip install 'cleaner[dev]'")

COMMAND = [sys.executable, "-W", "error", "-c", "from cleaner.cli import main; main()"]
SERVER = """
from moto.server import ThreadedMotoServer
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
print(*server.get_host_and_port(), flush=True)
input()
"""
RECIPE = 'stages = ["spacing"]\n[dedup]\nlevel = "near"\n'
KEYS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1"}
SIGNED = {
    "Authorization": "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request",
    "Content-Type": "application/octet-stream",
}
NO_PROXY = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Server:
    """An object server."""

    def __init__(self, address):
        self.address = address

    def call(self, method, path, data=None):
        request = urllib.request.Request(f"{self.address}/{path}", data, SIGNED, method=method)  # noqa: S310  our own
        with NO_PROXY.open(request, timeout=30) as answer:
            return answer.read()

    def objects(self, bucket, prefix=""):
        """Return the content of the objects below a prefix, by name."""
        names = re.findall(r"<Key>(.*?)</Key>", self.call("GET", f"{bucket}?list-type=2&prefix={prefix}").decode())
        return {name.removeprefix(prefix): self.call("GET", f"{bucket}/{name}") for name in names}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    log = tmp_path_factory.mktemp("server") / "log"
    with log.open("wb") as errors, subprocess.Popen(
        [sys.executable, "-c", SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True
    ) as process:
        try:
            host, _, port = process.stdout.readline().strip().rpartition(" ")
            assert port, log.read_text()
            yield Server(f"http://{host}:{port}")
        finally:
            process.kill()


@pytest.fixture
def run(server, tmp_path):
    """Run the command; returns its exit code and what it said."""

    recipe = tmp_path / "recipe.toml"
    recipe.write_text(RECIPE)

    def run(*words, **surroundings):
        given = {"AWS_ENDPOINT_URL": server.address, "XDG_CACHE_HOME": str(tmp_path / "cache"), "HOME": str(tmp_path)}
        clean = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        done = subprocess.run(
            [*COMMAND, "run", *map(str, words), "-c", str(recipe)],
            env={**clean, "NO_PROXY": "*", **KEYS, **given, **surroundings},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return done.returncode, done.stderr

    return run


def bucket(server, name, files):
    server.call("PUT", name)
    for path, data in files.items():
        server.call("PUT", f"{name}/{path}", data)
    return f"s3://{name}"


@pytest.fixture
def rows(article, line):
    """Two files of records, one of them packed, and a table."""
    made = [line(id=i, url=f"https://a.example/{i}", text=article(i)) for i in range(12)]
    return {
        "crawl/a.jsonl": b"".join(made[:8]),
        "crawl/deep/b.jsonl.gz": gzip.compress(b"".join([*made[8:], made[2], b"broken\n"]), mtime=0),
        "crawl/c.csv": b"id,text\n" + b"".join(b'c%d,"%s"\n' % (i, b"one\n\n\n\ntwo %d" % i) for i in range(3)),
        "crawl/note.pdf": b"no text",
    }


def results(files):
    """Return what came out, but for what tells where it came from."""
    manifest = json.loads(files["MANIFEST.json"])
    manifest["job"]["inputs"] = [entry[:2] for entry in manifest["job"]["inputs"]]
    del manifest["files"]["report.html"]
    return {**files, "MANIFEST.json": manifest, "report.html": None}


def test_from_bucket_to_bucket(server, run, rows, do, tree, tmp_path):
    for name, data in rows.items():
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    do(tmp_path / "in/crawl", out="near", recipe=RECIPE)
    source = bucket(server, "source", rows)
    bucket(server, "clean", {})
    command = [f"{source}/crawl/", "-o", "s3://clean/may", "-j", 2]
    code, said = run(*command)
    assert (code, "s3://clean/may" in said) == (0, True), said
    there = server.objects("clean", "may/")
    assert results(there) == results(tree(tmp_path / "near"))
    assert not list((tmp_path / "cache/cleaner").iterdir())

    code, said = run(*command)
    assert (code, "already done: s3://clean/may" in said) == (0, True), said
    code, said = run(*command, "--ignore", "spacing")
    assert (code, "it holds the results of another job" in said) == (5, True), said
    code, said = run(*command, "--ignore", "spacing", "--fresh", "--work", tmp_path / "work", "--engine", "serial")
    assert code == 0, said
    assert server.objects("clean", "may/") == tree(tmp_path / "work") != there

    server.call("PUT", "source/crawl/a.jsonl", rows["crawl/a.jsonl"].replace(b"a.example", b"b.example"))
    code, said = run(*command, "--ignore", "spacing")
    assert (code, "another job" in said) == (5, True), said


def test_a_bucket_that_is_not_there(run, rows, tmp_path):
    code, said = run("s3://no-such-bucket/a.jsonl", "-o", "out")
    assert (code, "nothing to read: a.jsonl: no such file or folder" in said) == (3, True), said
    (tmp_path / "a.jsonl").write_bytes(rows["crawl/a.jsonl"])
    code, said = run("a.jsonl", "-o", "s3://no-such-bucket/clean")
    assert (code, "s3://no-such-bucket/clean: it cannot be written" in said) == (4, True), said


def test_a_server_that_is_not_there(run, rows, tmp_path):
    nobody = {"AWS_ENDPOINT_URL": "http://127.0.0.1:9", "AWS_MAX_ATTEMPTS": "1"}
    code, said = run("s3://bucket/a.jsonl", "-o", "out", **nobody)
    assert (code, "nothing to read: a.jsonl: Could not connect" in said) == (3, True), said
    (tmp_path / "a.jsonl").write_bytes(rows["crawl/a.jsonl"])
    code, said = run("a.jsonl", "-o", "s3://bucket/clean", **nobody)
    assert (code, "it cannot be written: Could not connect" in said) == (4, True), said


class Whole(http.server.BaseHTTPRequestHandler):
    """A web server that knows no parts of files."""

    parts = False
    files = {}  # noqa: RUF012  set by the test

    def do_HEAD(self):
        self.do_GET()

    def do_GET(self):
        data = self.files.get(self.path.partition("?")[0])
        if data is None:
            self.send_error(404)
            return
        part = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", "")) if self.parts else None
        sent = data[int(part[1]) : int(part[2]) + 1] if part else data
        self.send_response(206 if part else 200)
        self.send_header("Content-Length", str(len(sent)))
        if part:
            self.send_header("Content-Range", f"bytes {part[1]}-{int(part[1]) + len(sent) - 1}/{len(data)}")
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(sent)

    def log_message(self, *_):
        pass


@pytest.mark.parametrize("parts", [False, True], ids=["whole files", "parts"])
def test_from_a_web_server(run, rows, do, tree, tmp_path, parts):
    engine = ["--engine", "serial"] if parts else []
    stored = {f"/{Path(name).name}": data for name, data in rows.items()} | {"/empty.jsonl": b"", "/one.jsonl": b"\n"}
    for name, data in stored.items():
        (tmp_path / "in").mkdir(exist_ok=True)
        (tmp_path / f"in{name}").write_bytes(data)
    names = [name for name in sorted(stored) if not name.endswith(".pdf")]
    do(tmp_path / "in", out="near", recipe=RECIPE)
    handler = type("Handler", (Whole,), {"parts": parts, "files": stored})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as web:
        thread = threading.Thread(target=web.serve_forever)
        thread.start()
        address = f"http://127.0.0.1:{web.server_port}"
        try:
            code, said = run(*(f"{address}{name}?key=secret" for name in names), "-o", "far", "-j", 1, *engine)
            missing = run(f"{address}/no.jsonl", f"{address}/a.jsonl", "-o", "missing", "--engine", "serial")
        finally:
            web.shutdown()
            thread.join()
    assert code == 0, said
    assert results(tree(tmp_path / "far")) == results(tree(tmp_path / "near"))
    assert missing[0] == 3, missing[1]
    assert "secret" not in "".join(tree(tmp_path / "far") | {"said": said})
