"""A bad file of a tree costs no other one: it is read as far as it makes sense, or goes to quarantine as it is."""

import base64
import gzip

import pytest

from cleaner import storage

SUFFIXES = (".gz", ".zst", ".bz2", ".xz")
EDGE = 1 << 16
"""Bytes in the pieces in which files are read."""
BAD_TEXTS = {
    "a byte of latin-1": b"caf\xe9",
    "UTF-8 cut": b"caf\xc3",
    "UTF-8 cut at an edge": b"a" * (EDGE - 1) + b"\xc3",
    "a continuation alone at an edge": b"a" * EDGE + b"\xa9",
    "overlong": b"\xc0\xaf",
    "overlong zero": b"a\xe0\x80\x80",
    "a surrogate in UTF-8": b"a\xed\xa0\x80",
    "beyond Unicode": b"\xf5\x80\x80\x80",
    "a lead too many": b"\xc3\xc3\xa9",
    "a mark alone of UTF-16": b"\xff\xfea",
    "a mark of UTF-32 and half a unit": b"\xff\xfe\x00\x00a\x00\x00",
    "half a pair in UTF-16": b"\xff\xfe\x00\xd8a\x00b",
    "a picture": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
    "an archive without its suffix": gzip.compress(b"text", mtime=0),
    "a program": b"\x7fELF\x02\x01\x01\x00\xff\xff",
}
"""Text files in no encoding: every one goes to quarantine as `invalid-utf-8`."""
BAD_ARCHIVES = {
    f"{name} {suffix}": (suffix, damage(storage.pack(b"It rained all night. " * 40, suffix)), reason)
    for suffix in SUFFIXES
    for name, damage, reason in (
        ("half", lambda data: data[: len(data) // 2], "truncated"),
        ("without its last byte", lambda data: data[:-1], "truncated"),
        ("a head alone", lambda data: data[:3], "truncated"),
        ("no archive", lambda _: b"It rained all night.", "corrupt"),
        ("another format", lambda _: b"PK\x03\x04" * 20, "corrupt"),
        ("zeros in the middle", lambda data: data[:20] + bytes(len(data) - 32) + data[-12:], "corrupt"),
        ("a second member cut", lambda data: data + data[: len(data) // 2], "truncated"),
        ("rubbish behind it", lambda data: data + b"rubbish" * 9, "corrupt"),
    )
}
ODD_TEXTS = {
    "zeros": b"\0" * 5000,
    "controls": bytes(range(32)) + b"\x7f",
    "a character over an edge": b"a" * (EDGE - 1) + "é".encode() + b"b" * (EDGE - 2) + "\U0001f600".encode(),
    "one line of a million": b"a" * 1_000_000,
    "line ends alone": b"\r\n\r\n\r" * 99 + b"a",
    "two marks": b"\xef\xbb\xbf\xef\xbb\xbfa",
    "marks that combine": ("a" + "\u0301" * 40_000).encode(),
    "no characters of Unicode": "a\ufffe\uffff\U0010ffff".encode(),
}
"""Text files that are odd, and read as they are."""
EMPTY = {
    "nothing": b"",
    "a mark": b"\xef\xbb\xbf",
    "blanks": b" \t\r\n" * 9,
    "an empty archive": (".gz", gzip.compress(b"")),
}
FIRST, LAST = "It rained all night in the harbour.", "Nobody minded the fog."
ODD_PAGES = {
    "nothing closed": f"<div><ul><li><p>{FIRST}<p>{LAST}",
    "closed without being open": f"{'</div>' * 9000}<p>{FIRST}</p></span></td>{LAST}",
    "closed crosswise": f"<b><p>{FIRST}</b><i></p><p>{LAST}</i></b>",
    "a title that never ends": f"<title>{FIRST}<p>{LAST}",
    "a tag that never ends": f"<p>{FIRST}</p><p>{LAST}<a href=x",
    **{
        f"ends with {end}": f"<p>{FIRST}</p><p>{LAST}{end}"
        for end in ("<", "</", "<!", "<!-", "<?", "&", "&#", "&#x", "&am")
    },
    "references to nothing": f"<p>{FIRST}&#0;&#xD800;&#x110000;&nosuch;</p><p>{LAST}",
    "a reference of a thousand digits": f"<p>{FIRST}</p><p>&#{'0' * 1000}65; {LAST}",
    "zeros in a tag": f"<p\0 id=\0>{FIRST}</p><p>{LAST}",
    "zeros in a word": f"<p>{FIRST}</p><p>No\0bo\0dy minded the fog.",
    "100,000 deep": f"<p>{FIRST}</p>{'<div>' * 100_000}{LAST}",
    "100,000 deep in letters": f"<p>{FIRST}</p>{'<b><i>' * 50_000}{LAST}",
    "tables in tables": f"<p>{FIRST}</p>{'<table><tr><td>' * 9000}{LAST}",
    "lists in lists": f"<p>{FIRST}</p>{'<ul><li>' * 9000}{LAST}",
    "forms in forms": f"{'<form>' * 900}<p>{FIRST}</p><button><button>{LAST}",
    "20,000 attributes": f"<p>{FIRST}</p><p {' '.join(f'a{i}=1' for i in range(20_000))}>{LAST}",
    "an attribute of a megabyte": f"<p>{FIRST}</p><p title='{'x' * 1_000_000}'>{LAST}",
    "a cell as wide as can be": f"<table><tr><td colspan=99999999 rowspan=99999999>{FIRST}<td>{LAST}</table>",
    "text in a table": f"<table>{FIRST}<tr>{LAST}</table>",
    "a doctype without end": f"<!DOCTYPE {'x' * 100_000}><p>{FIRST}<p>{LAST}",
    "50,000 comments": f"<p>{FIRST}</p>{'<!---->' * 50_000}<p>{LAST}",
    "50,000 signs of less": f"<p>{FIRST}</p>{'<' * 50_000}<p>{LAST}",
    "CDATA": f"<p>{FIRST}</p><![CDATA[ x ]]><p>{LAST}",
    "two pages": f"<html><body><p>{FIRST}</body></html><html><body><p>{LAST}</body></html>",
    "text behind the page": f"<body><p>{FIRST}</body></html><p>{LAST}",
    "a frameset": f"<frameset><frame src=x></frameset><p>{FIRST}<p>{LAST}",
    "plaintext": f"<p>{FIRST}</p><plaintext>{LAST}",
    "JSON": f'{{"a": "{FIRST} {LAST}"}}',
    "a wrong charset": f"<meta charset=utf-16><p>{FIRST} é</p><p>{LAST}",
    "a charset that is none": f"<meta charset=klingon><p>{FIRST} é</p><p>{LAST}",
    "over an edge": f"<p>{FIRST}</p>{'<br>' * 16_000}<p>é{'<i></i>' * 9000}{LAST}",
}
"""Pages out of order, in which both sentences are to be seen."""


def named(kinds, shift, suffix):
    """Return file names for damaged and sound files by turns, and the damage of each, the first one by a shift."""
    bad = [*kinds.values()]
    files = {}
    for number, damage in enumerate(bad[shift:] + bad[:shift]):
        end, data = (suffix + damage[0], damage[1]) if isinstance(damage, tuple) else (suffix, damage)
        files[f"{2 * number:04}{end}"] = data if isinstance(data, bytes) else data.encode()
        if number + 1 < len(bad):  # the first and the last file are damaged
            files[f"{2 * number + 1:04}.txt"] = b"sound %d" % number
    return files


@pytest.fixture
def lay(tmp_path):
    def lay(files):
        for name, data in files.items():
            path = tmp_path / "in" / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(data)
        return tmp_path / "in"

    return lay


@pytest.mark.parametrize("size", [1, 10_000, 1 << 22])
@pytest.mark.parametrize("shift", [0, 7])
def test_each_bad_text_costs_itself_alone(lay, do, audit, kept, quarantined, bare, tmp_path, size, shift):
    bad = {**BAD_TEXTS, **BAD_ARCHIVES}
    files = named(bad, shift, ".txt")
    result = do(lay(files), recipe=bare, chunk_size=size)
    counts = audit(tmp_path / "out")
    assert counts == {"read": len(files), "kept": len(bad) - 1, "dropped": 0, "duplicates": 0, "quarantined": len(bad)}
    assert [r["text"] for r in kept(tmp_path / "out")] == [f"sound {i}" for i in range(len(bad) - 1)]
    rows = quarantined(tmp_path / "out")
    reasons = ["invalid-utf-8"] * len(BAD_TEXTS) + [why for _, _, why in BAD_ARCHIVES.values()]
    assert [row["reason"] for row in rows] == reasons[shift:] + reasons[:shift]
    assert [row["source"] for row in rows] == [name for name in files if not files[name].startswith(b"sound")]
    assert result.tally.damaged_sources == len(BAD_ARCHIVES)
    for row in rows:
        if row["reason"] == "invalid-utf-8":
            data = files[row["source"]]
            assert (row["offset"], row["length"]) == (0, len(data))
            assert base64.b64decode(row["raw"]) == data[:EDGE]


@pytest.mark.parametrize("size", [1, 1 << 22])
def test_each_odd_text_is_read_as_it_is(lay, do, audit, kept, bare, tmp_path, size):
    files = named(ODD_TEXTS, 0, ".txt") | named(EMPTY, 0, "-empty.txt")
    do(lay(files), recipe=bare, chunk_size=size)
    counts = audit(tmp_path / "out")
    assert (counts["read"], counts["dropped"], counts["quarantined"]) == (len(files), len(EMPTY), 0)
    found = {r["id"]: (tmp_path / "out/documents" / r["id"]).read_bytes() for r in kept(tmp_path / "out")}
    expected = {name: data.removeprefix(b"\xef\xbb\xbf") for name, data in files.items() if "empty" not in name}
    assert found == expected


@pytest.mark.parametrize("size", [1, 1 << 22])
def test_each_odd_page_keeps_its_text(lay, do, audit, kept, bare, tmp_path, size):
    files = named(ODD_PAGES, 0, ".html")
    do(lay(files), recipe=bare, chunk_size=size)
    assert audit(tmp_path / "out")["kept"] == len(files)
    texts = {r["id"]: " ".join(r["text"].split()) for r in kept(tmp_path / "out")}
    for name, kind in zip((name for name in files if ".html" in name), ODD_PAGES, strict=True):
        assert FIRST in texts[name], kind
        assert LAST in texts[name], kind
