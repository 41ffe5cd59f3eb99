"""A bad row of a table costs no other one, and a bad table no other file."""

import io
from itertools import accumulate

import pyarrow as pa
import pytest
from pyarrow import parquet as pq

EDGE = 1 << 16
"""Bytes in the pieces in which files are read."""
BAD_ROWS = {
    "a cell too few": (b"only", "ragged-row"),
    "a cell too many": (b"a,b,c", "ragged-row"),
    "a thousand cells": (b"," * 999, "ragged-row"),
    "one empty cell": (b'""', "ragged-row"),
    "another delimiter": (b"a;b", "ragged-row"),
    "a tab": (b"a\tb", "ragged-row"),
    "a word": (b"broken", "ragged-row"),
    "an error page": (b"<html><body>502 Bad Gateway</body></html>", "ragged-row"),
    "a log line": (b"2024-01-01 00:00:00 ERROR timed out", "ragged-row"),
    "zeros": (bytes(5000), "ragged-row"),
    "a carriage return alone": (b"a\rb", "ragged-row"),
    "a separator of lines": ("a\u2028b".encode(), "ragged-row"),
    "a mark": (b"\xef\xbb\xbf", "ragged-row"),
    "an open quote": (b'a,"open', "unclosed-quote"),
    "an open quote at once": (b'"a,b', "unclosed-quote"),
    "a quote that is no end": (b'a,"b"c', "unclosed-quote"),
    "a quote too many": (b'a,"b""', "unclosed-quote"),
    "a quote escaped by a backslash": (b'a,"b \\"c\\" d"', "unclosed-quote"),
    "a space behind the quote": (b'"a" ,b', "unclosed-quote"),
    "a byte of latin-1": (b"a,caf\xe9", "invalid-utf-8"),
    "UTF-8 cut": (b"a,caf\xc3", "invalid-utf-8"),
    "UTF-8 cut within quotes": (b'a,"caf\xc3"', "invalid-utf-8"),
    "overlong UTF-8": (b"a,\xc0\xaf", "invalid-utf-8"),
    "a surrogate in UTF-8": (b"a,\xed\xa0\x80", "invalid-utf-8"),
    "beyond Unicode": (b"a,\xf5\x80\x80\x80", "invalid-utf-8"),
    "gzip": (b"\x1f\x8b,\x08\x00\x03", "invalid-utf-8"),
}
BLANK = (b"", b"\r", b"\n")


@pytest.mark.parametrize("order", ["first", "middle", "last"])
@pytest.mark.parametrize("shift", [0, 13])
@pytest.mark.parametrize("delimiter", [b",", b"\t"], ids=["csv", "tsv"])
def test_each_bad_row_costs_itself_alone(put, do, audit, kept, quarantined, bare, tmp_path, shift, order, delimiter):
    names = [name for name in BAD_ROWS if delimiter == b"," or name not in ("another delimiter", "a tab")]
    bad = [BAD_ROWS[name] for name in names[shift:] + names[:shift]]
    bad = [(row.replace(b"\t", b";").replace(b",", delimiter), reason) for row, reason in bad]
    pad = [(b"pad," + b"a" * (EDGE - 30 + shift), "")]
    rows = [(b"id,text", ""), *(bad[:1] if order == "first" else []), *pad]
    for number, row in enumerate(bad):
        rows += [row, (b'n%d,"sound\n%d"' % (number, number), ""), (BLANK[number % 3], "")]
    rows += bad[:1] if order == "last" else []
    rows = [(row if reason else row.replace(b",", delimiter), reason) for row, reason in rows]
    data = b"\n".join(row for row, _ in rows)
    lengths = [len(row) + (number + 1 < len(rows)) for number, (row, _) in enumerate(rows)]
    places = zip(accumulate(lengths, initial=0), lengths, rows, strict=False)
    expected = [(at, length, reason) for at, length, (_, reason) in places if reason]
    suffix = "csv" if delimiter == b"," else "tsv"
    for name, size in ((f"a.{suffix}", 1), (f"a.{suffix}", EDGE), (f"a.{suffix}.gz", 1)):
        do(put(name, data), recipe=bare, chunk_size=size, out=f"{name}{size}", fresh=True)
        out = tmp_path / f"{name}{size}"
        audit(out)
        assert [r["id"] for r in kept(out)] == ["pad", *(f"n{number}" for number in range(len(bad)))]
        assert [r["text"] for r in kept(out)][1:] == [f"sound\n{number}" for number in range(len(bad))]
        assert [(row["offset"], row["length"], row["reason"]) for row in quarantined(out)] == expected


def table(number, rows=4):
    """Return a Parquet file of some rows, two to a group."""
    made = pa.table({"id": [f"n{number}-{i}" for i in range(rows)], "text": [f"sound {i} " * 30 for i in range(rows)]})
    out = io.BytesIO()
    pq.write_table(made, out, row_group_size=2, write_page_checksum=True, compression="none")
    return out.getvalue()


def flipped(data, at):
    return data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :]


SOUND = table(0)
BAD_TABLES = {
    "nothing": (b"", 0),
    "a word": (b"broken", 0),
    "a mark alone": (b"PAR1", 0),
    "marks alone": (b"PAR1PAR1", 0),
    "a length alone": (b"PAR1\x00\x00\x00\x00PAR1", 0),
    "a length too large": (b"PAR1\xff\xff\xff\x7fPAR1", 0),
    "an encrypted one": (SOUND[:-4] + b"PARE", 0),
    "zeros": (bytes(5000), 0),
    "JSON": (b'{"text": "a"}\n', 0),
    "CSV": (b"id,text\n1,a\n", 0),
    "gzip": (b"\x1f\x8b\x08\x00\x03" * 9, 0),
    "no end": (SOUND[:-1], 0),
    "half": (SOUND[: len(SOUND) // 2], 0),
    "no beginning": (SOUND[len(SOUND) // 2 :], 0),
    "an end that is zeros": (SOUND[:-300] + bytes(292) + SOUND[-8:], 0),
    "an end that says too little": (SOUND[:-8] + b"\x05\x00\x00\x00PAR1", 0),
    "a first group with a byte flipped": (flipped(SOUND, SOUND.index(b"sound 0") + 9), 2),
    "a second group with a byte flipped": (flipped(SOUND, SOUND.index(b"sound 2") + 9), 2),
    "a second group of zeros": (
        SOUND[: SOUND.index(b"sound 2")] + bytes(400) + SOUND[SOUND.index(b"sound 2") + 400 :],
        2,
    ),
}
"""Files that are no Parquet or no more, and how many rows of each can be read."""


@pytest.mark.parametrize("shift", [0, 9, 16])
def test_each_bad_table_costs_itself_alone(do, audit, kept, quarantined, bare, tmp_path, shift):
    names = [*BAD_TABLES][shift:] + [*BAD_TABLES][:shift]
    (tmp_path / "in").mkdir()
    for number, name in enumerate(names):
        (tmp_path / f"in/{2 * number:03}.parquet").write_bytes(BAD_TABLES[name][0])
        if number + 1 < len(names):  # the first and the last file are damaged
            (tmp_path / f"in/{2 * number + 1:03}.parquet").write_bytes(table(number + 1))
    result = do(tmp_path / "in", recipe=bare)
    audit(tmp_path / "out")
    found = [r["id"] for r in kept(tmp_path / "out")]
    for number in range(1, len(names)):
        assert [key for key in found if key.startswith(f"n{number}-")] == [f"n{number}-{i}" for i in range(4)]
    assert sum(key.startswith("n0-") for key in found) == sum(rows for _, rows in BAD_TABLES.values())
    rows = quarantined(tmp_path / "out")
    assert [*dict.fromkeys(row["source"] for row in rows)] == [f"{2 * n:03}.parquet" for n in range(len(names))]
    assert {row["reason"] for row in rows} == {"corrupt"}
    assert all("\n" not in row["error"] for row in rows)
    assert result.tally.damaged_sources == len(rows) == len(names) + 1  # one has an end, and two groups that are none
