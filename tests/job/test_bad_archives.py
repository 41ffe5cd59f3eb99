"""A bad record of an archive of the web costs no other one, wherever it stands and however it is bad."""

from itertools import accumulate

import pytest

EDGE = 1 << 16
"""Bytes in the pieces in which files are read."""


def record(number, text, kind="conversion", **headers):
    told = {"WARC-Type": kind, "WARC-Record-ID": f"<urn:{number}>", "Content-Type": "text/plain"}
    body = text if isinstance(text, bytes) else text.encode()
    told |= {"Content-Length": len(body), **{name.replace("_", "-"): value for name, value in headers.items()}}
    lines = "".join(f"{name}: {value}\r\n" for name, value in told.items() if value is not None)
    return b"WARC/1.0\r\n" + lines.encode() + b"\r\n" + body + b"\r\n\r\n"


def page(http):
    return record("bad", http, "response", Content_Type="application/http", WARC_Target_URI="https://x.example/")


DAMAGE = {
    "a word": b"garbage\r\n\r\n",
    "an error page": b"<html><body>502 Bad Gateway</body></html>\n",
    "a line of JSON": b'{"text": "a"}\n',
    "zeros": bytes(5000) + b"\n",
    "line ends and a word": b"\r\n\r\n\r\n\r\na\r\n\r\n",
    "random bytes": bytes(range(256)) + b"\n",
    "no version": b"WARC/\r\nContent-Length: 1\r\n\r\na\r\n\r\n",
    "a version that is none": b"WARC/x.y\r\nContent-Length: 1\r\n\r\na\r\n\r\n",
    "another protocol": b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na\r\n\r\n",
    "no headers": b"WARC/1.0\r\n\r\n",
    "no length": record("bad", "a", Content_Length=None),
    "a length of letters": record("bad", "a", Content_Length="many"),
    "a length below zero": record("bad", "a", Content_Length=-1),
    "a length of a hundred digits": record("bad", "a", Content_Length="9" * 100),
    "a length too large by 100": record("bad", "a", Content_Length=101),
    "a length too large by thousands": record("bad", "a", Content_Length=70_000),
    "a header without end": b"WARC/1.0\r\nX: " + b"a" * 70_000 + b"\r\nContent-Length: 1\r\n\r\na\r\n\r\n",
    "half of it": record("bad", "It rained all night.")[:-12] + b"\r\n",
    "another record's head": record("bad", "a")[:30] + b"\r\n",
    "gzip that is none": page(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n\x1f\x8b\x08aa"
    ),
    "no address": record("bad", b"HTTP/1.1 200 OK\r\n\r\na", "response", Content_Type="application/http"),
    "text in no encoding": page(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n\xff\xfea"),
    "a page in no encoding": page(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>\xc3\x28"),
}
"""Records that cannot be read, and what stands between records; each is one entry in quarantine."""
INVALID = ("gzip that is none", "text in no encoding", "a page in no encoding")
SKIPPED = {
    "no type": record("bad", "a", WARC_Type=None),
    "a type that is none": record("bad", "a", "nonsense"),
    "no status": page(b"Content-Type: text/html\r\n\r\na"),
    "nothing": page(b""),
    "a status that is none": page(b"HTTP/1.1 many\r\nContent-Type: text/html\r\n\r\na"),
    "a picture": page(b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n\x89PNG"),
}
"""Records that can be read, and hold no document."""


def put_together(shift, order):
    names = [*DAMAGE, *SKIPPED]
    names = names[shift:] + names[:shift]
    pieces = [("", record("pad", "a" * (EDGE - 150 + shift)))]
    for number, name in enumerate(names):
        pieces += [(name, (DAMAGE | SKIPPED)[name]), ("", record(f"n{number}", f"sound\nWARC/1.0 {number}"))]
    return pieces[1:] if order == "first" else pieces[:-1] if order == "last" else pieces


@pytest.mark.parametrize("order", ["first", "middle", "last"])
@pytest.mark.parametrize("shift", [0, 9, 18])
def test_each_damage_costs_its_record_alone(put, do, audit, kept, quarantined, bare, tmp_path, shift, order):
    pieces = put_together(shift, order)
    if order == "last":
        pieces[-1] = ("a word", DAMAGE["a word"])
    data = b"".join(piece for _, piece in pieces)
    ids = [piece.split(b"<")[1].split(b">")[0].decode() for name, piece in pieces if not name]
    bad = [(name, piece) for name, piece in pieces if name in DAMAGE]
    for suffix, size in (("", 1), ("", EDGE), ("", 1 << 20), (".gz", 1)):
        path = put(f"a.warc{suffix}", data)
        result = do(path, recipe=bare, chunk_size=size, out=f"out{suffix}{size}", fresh=True)
        out = tmp_path / f"out{suffix}{size}"
        audit(out)
        assert [r["id"] for r in kept(out)] == ids
        rows = quarantined(out)
        starts = accumulate((len(piece) for _, piece in pieces), initial=0)
        expected = [(at, len(piece)) for at, (name, piece) in zip(starts, pieces, strict=False) if name in DAMAGE]
        assert [(row["offset"], row["length"]) for row in rows] == expected
        assert [row["reason"] for row in rows] == ["invalid-utf-8" if name in INVALID else "corrupt" for name, _ in bad]
        assert result.tally.skipped.total() == sum(name in SKIPPED for name, _ in pieces)


@pytest.mark.parametrize("cut", [1, 5, 9, 20, 60, 110, 140])
@pytest.mark.parametrize("size", [1, EDGE])
def test_a_last_record_cut_off_anywhere_is_damage_of_the_file(put, do, audit, quarantined, bare, tmp_path, cut, size):
    last = record("last", "It rained all night.")
    data = record("first", "a" * (EDGE - 150)) + last[: min(cut, len(last) - 5)]
    result = do(put("a.warc", data), recipe=bare, chunk_size=size)
    assert audit(tmp_path / "out")["kept"] == 1
    (row,) = quarantined(tmp_path / "out")
    assert row["offset"] == len(data) - min(cut, len(last) - 5)
    assert (row["reason"], result.tally.damaged_sources) == (("truncated", 1) if cut > 9 else ("corrupt", 0))
