"""What is fuzzed: each function takes any bytes, and asserts what must hold for them whatever they are."""

import bz2
import gzip
import lzma
import os
import tempfile
from itertools import pairwise
from pathlib import Path

from cleaner import Document, charset, ledger, pipeline, places, recipe, sites, storage
from cleaner.document import undo
from cleaner.errors import RecordError, UsageError
from cleaner.formats import csv, html, jsonl, text
from cleaner.ledger import Row
from cleaner.markup import flatten, rough
from cleaner.record import Damage, Record
from cleaner.rules import pack


def letters(data):
    """Return bytes as text of all kinds: what is no UTF-8 becomes lone surrogates, which JSON may hold as well."""
    return data.decode("utf-8", "surrogateescape")


def read_jsonl(data):
    """Every line that is not blank is a record or damage, in order, and gives its bytes back."""
    items = list(jsonl.read(data, "x.jsonl", 7))
    lines = data.split(b"\n")
    read = [item.data if isinstance(item, Record) else item.raw for item in items]
    assert read == [line for line in lines if line.strip()]
    assert all(a.offset < b.offset for a, b in pairwise(items))
    for item in items:
        if isinstance(item, Record):
            change(item)


def change(record):
    """A value that is replaced is another one, and nothing else is."""
    changed = Record(record.replaced({"text": "new", "_cleaner": {"n": 1}}), "x", 0)
    assert changed.get("text") == "new"
    assert changed.annotation == {"n": 1}
    for name in ("id", "url", "title"):
        assert repr(changed.get(name)) == repr(record.get(name))


def read_csv(data):
    """Rows are records or damage, and the pieces of a file that is cut anywhere are those of the whole."""
    try:
        declared, taken = csv.head(data, "x.csv")
    except RecordError:
        return
    body = data[taken:]
    items = list(csv.read(body, "x.csv", taken, declared))
    assert all(a.offset < b.offset for a, b in pairwise(items))
    cut = csv.whole(body, declared)
    if cut <= len(body):
        apart = [*csv.read(body[:cut], "x.csv", taken, declared), *csv.read(body[cut:], "x.csv", taken + cut, declared)]
        assert [(type(i), i.offset) for i in apart] == [(type(i), i.offset) for i in items]


def read_file(data):
    """A file is one record or one damage."""
    for kind in (text, html):
        (item,) = kind.read(data, "x")
        assert isinstance(item, Record | Damage)


def flatten_page(data):
    """Blocks stand in the text one after the other, none over a line's end."""
    page = flatten(data.decode("utf-8", "replace"))
    at = 0
    for block in page.blocks:
        assert at <= block.start < block.end <= len(page.text)
        assert "\n" not in page.text[block.start : block.end]
        assert 0 <= block.links <= 1
        at = block.end


def read_roughly(data):
    """Lines hold no line's end."""
    assert not any("\n" in line.text for line in rough.read(data.decode("utf-8", "replace").encode()))


def decode(data):
    """Bytes are text in an encoding that is told, or damage."""
    label, _, body = data.partition(b"\n")
    try:
        found, how = charset.decode(body, label.decode("latin-1"))
    except RecordError:
        return
    assert how.partition(" ")[0] in ("bom", "utf-8", "declared", "detected")
    found.encode()


def stage(name):
    """Return a target: what the stage does can be undone, and a second time it does nothing."""
    loop = pipeline.Pipeline([(name, pipeline.stage_class(name)())])

    def run(data):
        given = letters(data)
        once = loop(Document("x", given))
        assert undo(once.text, once.history) == given
        assert loop(Document("x", once.text)).text == once.text

    run.__doc__ = f"What {name} does can be undone, and a second time it does nothing."
    return run


def parse_recipe(data):
    """A recipe holds, or a sentence says why not."""
    try:
        pipeline.build(recipe.parse("x.toml", data.decode("utf-8", "replace")))
    except UsageError as error:
        assert str(error)  # noqa: PT017  it need not be refused


def in_file(reader, suffix):
    """Return a target that gives the bytes to a reader of files, which may refuse them in a sentence."""
    handle, name = tempfile.mkstemp(suffix=suffix)
    os.close(handle)

    def run(data):
        Path(name).write_bytes(data)
        try:
            reader(name)
        except UsageError as error:
            assert str(error)  # noqa: PT017  it need not be refused

    run.__doc__ = "A file holds, or a sentence says why not."
    return run


def read_row(data):
    """A row of the ledger, and a place, say the same when they are read again."""
    half = len(data) // 2
    row = Row(letters(data[:half]), "s", "s/r", "replace", half, len(data), letters(data), letters(data[half:]))
    assert ledger.read(row.line()) == row
    place = places.Place(letters(data), half, places.KEPT, 1, 2, 3, "0")
    assert places.read(place.line()) == place
    assert "\n" not in row.line() + place.line()


def unpack(data):
    """An archive gives what was packed; anything else is damage, of which what is sound comes first."""
    packers = {".gz": gzip.compress, ".bz2": bz2.compress, ".xz": lzma.compress, ".zst": storage.zstd.compress}
    with tempfile.TemporaryDirectory() as folder:
        for suffix, packed in packers.items():
            path = Path(folder, f"a{suffix}")
            path.write_bytes(packed(data))
            assert b"".join(storage.pieces(path)) == data
            for damaged in (data, path.read_bytes() + data):
                path.write_bytes(damaged)
                try:
                    for _ in storage.pieces(path):
                        pass
                except storage.DAMAGED as error:
                    assert storage.reason(error, begun=True)  # noqa: PT017  it need not be damage


TARGETS = {
    "jsonl": read_jsonl,
    "csv": read_csv,
    "files": read_file,
    "page": flatten_page,
    "rough": read_roughly,
    "charset": decode,
    "repair": stage("repair"),
    "boilerplate": stage("boilerplate"),
    "density": stage("density"),
    "recipe": parse_recipe,
    "pack": in_file(pack.read.__wrapped__, ".toml"),
    "sites": in_file(lambda name: sites.read(Path(name)), ".toml"),
    "rows": read_row,
    "archive": unpack,
}

SEEDS = {
    "jsonl": [
        b'{"id": 1, "text": "a", "text": "b"}\n\xef\xbb\xbf{"text": NaN}\r\n[1]\n',
        b'{"a": [[[]]], "text": "\\ud800", "n": 1e400}',
    ],
    "csv": [b'id,text\n1,"a ""b""\nc"\n2,d\n', b"id;text\r\n1;=1+1\r\n", b'a\tb\n"x\n'],
    "files": [b"a\xff\xfe", b"\xff\xfea\0", b'<meta charset="gbk">\xc4\xe3', b"\xef\xbb\xbf"],
    "page": [
        b"<title>t</title><nav><a href=/>x</a></nav><p>One<br>two<!-- c -->",
        b"<table><tr><td>1<td>2</table><pre>a\nb</pre>",
        b"<p hidden>a<script>b</script><ul><li>c<li><a>d</ul>&#x110000;&amp;<![CDATA[x]]><a <b",
    ],
    "rough": [b"<p>One<!-- never <b>clo</b>sed<p>Two &amp <a href=x>y</a><style>z"],
    "charset": [b"gb2312\n\xc4\xe3\xba\xc3", b"utf-7\n+AGE-", b"\nA\0B\0C\0D\0E\0F\0G\0H\0", b"rot13\nabc\xff"],
    "repair": ["CafÃ© â€œfineâ€\x9d &amp;amp; \\u00e9 %C3%A9 \x00 ﬁ a\u0301".encode(), b"\xe2\x80\x9c\xed\xa0\x80"],
    "boilerplate": [b"Skip to content\nHome | News\nIt rained all night.\nShare on Facebook\nAdvertisement\nXS\nSM"],
    "density": [b"Home\nNews\nSport\nIt rained all night, and in the morning the river stood high.\nRead more\n"],
    "recipe": [b'stages = ["repair", "spacing"]\n[dedup]\nlevel = "near"\n[repair]\nx = 1\n', b"extends = 1"],
    "pack": [b'[[share]]\nid = "x"\nline = "(share|send) .+"\nwords = ["share"]\nremoves = ["share it"]\nkeeps = []\n'],
    "sites": [b'[site."a.example"]\npages = 9\n[site."a.example".lines]\n"Read more" = 7\n'],
    "rows": [b'a"\\\n\xe2\x80\xa8\xff\x00'],
    "archive": [b"", b"some text " * 20, gzip.compress(b"a" * 99)],
}
"""Where each begins; crashes that were found stand here, too, so that they stay mended."""
