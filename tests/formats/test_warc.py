"""WARC and WET: pages and texts are documents, all else is counted, and damage costs one record."""

import gzip
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.formats import warc
from cleaner.parts import chunks, inputs
from cleaner.record import Damage, Record, Skipped


def record(kind, body, number=0, **headers):
    told = {"WARC-Type": kind, "WARC-Record-ID": f"<urn:x:{number}>", "WARC-Target-URI": f"https://x.example/{number}"}
    lines = [f"{k.replace('_', '-')}: {v}" for k, v in {**told, **headers, "Content-Length": len(body)}.items()]
    return "\r\n".join(["WARC/1.0", *lines, "", ""]).encode() + body + b"\r\n\r\n"


def response(body, number=0, status="200 OK", kind="text/html"):
    return record("response", f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n\r\n".encode() + body, number)


def conversion(text, number=0):
    return record("conversion", text.encode(), number, Content_Type="text/plain", WARC_Date="2020-01-02T03:04:05Z")


GOOD = [conversion("one WARC/1.0\r\n\r\ntext", 1), conversion("two", 2)]


def test_documents_are_told_from_all_else():
    data = [
        record("warcinfo", b"software: x\r\n"),
        record("request", b"GET / HTTP/1.1\r\n\r\n"),
        response("<p>é</p>".encode("latin-1"), 1, kind="text/html; charset=iso-8859-1"),
        response(b"<meta charset=windows-1251><p>\xcf", 2),
        response(b"gone", 3, status="404 Not Found"),
        response(b"\x89PNG", 4, kind="image/png"),
        response(b"plain", 5, kind="text/plain"),
        conversion("text", 6),
        record("revisit", b"", 7),
    ]
    items = list(warc.read(b"".join(data), "a.warc"))
    records = [item for item in items if isinstance(item, Record)]
    assert [r.get("id") for r in records] == [f"urn:x:{i}" for i in (1, 2, 5, 6)]
    assert [r.get("html") or r.get("text") for r in records] == [
        "<p>é</p>",
        "<meta charset=windows-1251><p>П",
        "plain",
        "text",
    ]
    assert (records[3].get("url"), records[3].get("date")) == ("https://x.example/6", "2020-01-02T03:04:05Z")
    skipped = Counter(item.reason for item in items if isinstance(item, Skipped))
    assert skipped == {
        "warcinfo": 1,
        "request": 1,
        "response without success": 1,
        "response of another kind": 1,
        "revisit": 1,
    }
    assert [item.offset for item in items] == [sum(map(len, data[:i])) for i in range(len(data))]


@pytest.mark.parametrize("place", [0, 1, 2], ids=["first", "middle", "last"])
@pytest.mark.parametrize(
    "bad",
    [b"garbage\r\n\r\n", b"WARC/1.0\r\nno length\r\n\r\n", b"\x00" * 99 + b"\n"],
    ids=["garbage", "no length", "a hole"],
)
@pytest.mark.parametrize("suffix", ["", ".gz"])
@pytest.mark.parametrize("size", [1, 1 << 20])
def test_damage_costs_no_other_record(put, tmp_path, place, bad, suffix, size):
    data = list(GOOD)
    data.insert(place, bad)
    put(f"a.warc{suffix}", b"".join(data))
    parts = inputs.find([str(tmp_path / f"a.warc{suffix}")])
    items = [item for chunk in chunks.cut(parts, size) for item in chunk.read()]
    assert [r.get("text") for r in items if isinstance(r, Record)] == ["one WARC/1.0\r\n\r\ntext", "two"]
    (damage,) = (item for item in items if isinstance(item, Damage))
    assert (damage.reason, damage.offset, damage.raw) == ("corrupt", sum(map(len, data[:place])), bad)


@pytest.mark.parametrize("lost", [6, 8, 20])
@pytest.mark.parametrize("size", [1, 1 << 20])
def test_a_record_that_is_cut_off_is_damage_of_the_file(put, do, audit, bare, tmp_path, size, lost):
    put("a.warc", b"".join(GOOD)[:-lost])
    result = do(tmp_path / "a.warc", recipe=bare, chunk_size=size)
    assert audit(tmp_path / "out")["quarantined"] == 1
    assert result.tally.damaged_sources == 1
    assert result.tally.quarantined == {"truncated": 1}


def test_what_goes_out_is_wet_with_a_member_a_record_and_stays_as_it_is(put, do, tmp_path):
    put("in/a.warc.gz", b"".join([record("request", b"x"), response(b"<p>It rained all night.</p>", 9), *GOOD]))
    result = do(tmp_path / "in")
    assert result.tally.skipped == {"request": 1}
    packed = (tmp_path / "out/documents/a.warc.wet.gz").read_bytes()
    assert packed.count(b"\x1f\x8b\x08") == 3
    texts = [r.get("text") for r in warc.read(gzip.decompress(packed), "a")]
    assert texts[0] == "It rained all night."
    do(tmp_path / "out/documents", out="again")
    assert (tmp_path / "again/documents/a.warc.wet.gz").read_bytes() == packed


@settings(max_examples=60, deadline=None)
@given(
    st.text(st.characters(exclude_categories=["Cs"])),
    st.dictionaries(
        st.text("abcXYZ-", min_size=1), st.text("abc :é", min_size=1).map(str.strip).filter(bool), max_size=3
    ),
)
def test_a_record_is_read_as_it_was_written(text, metadata):
    metadata = {f"X-{key}": " ".join(value.split()) for key, value in metadata.items()}
    given = {"id": "urn:a", "url": "https://x.example/", "date": "2020-01-01T00:00:00Z", "text": text}
    given = {**given, **({"metadata": metadata} if metadata else {}), "_cleaner": {"edits": 1}}
    (found,) = warc.read(warc.write(Record.of(given, "a"), text), "a")
    assert {k: found.get(k) for k in ("id", "url", "date", "text")} == {
        k: given[k] for k in ("id", "url", "date", "text")
    }
    assert found.annotation == {"edits": 1}
    assert (found.get("metadata") or {}).keys() == metadata.keys()
