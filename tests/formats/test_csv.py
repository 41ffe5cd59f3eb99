"""CSV: what is written is read again, a damaged row costs itself, and no cell becomes a formula."""

import csv as standard
import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.formats import csv
from cleaner.record import Damage, Record

CELLS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8), st.text("=+-@\t\r\n',\"a1 ;|", max_size=6)
)


def values(items):
    return [json.loads(item.raw) if isinstance(item, Record) else item.reason for item in items]


def packed(rows):
    out = io.BytesIO()
    lines = [(0, json.dumps(row).encode()) for row in rows]
    csv.pack(out, lambda: iter(lines), None, None)
    return out.getvalue()


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=5), st.sampled_from([1, 7, 40, 1000]))
def test_what_is_written_is_read_again_wherever_it_is_cut(rows, size):
    records = [dict(zip(("text", "a b", "é"), row, strict=True)) for row in rows]
    data = packed(records)
    assert values(csv.read(data, "a.csv")) == records
    if records:
        declared, at = csv.head(data, "a.csv")
        found = []
        while at < len(data):
            end = next(n for k in range(size, len(data) + size, size) if (n := csv.whole(data[at:][:k], declared)))
            found += values(csv.read(data[at : at + end], "a.csv", at, declared))
            at += end
        assert found == records


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(CELLS.filter(lambda c: "\x00" not in c), min_size=2, max_size=2), min_size=1, max_size=4))
def test_the_standard_library_reads_the_same_but_for_apostrophes(rows):
    data = packed([dict(zip(("text", "b"), row, strict=True)) for row in rows]).decode()
    read = list(standard.reader(io.StringIO(data, newline="")))[1:]
    assert [[csv._fused(cell) for cell in row] for row in read] == rows
    for row in read:
        for cell in row:
            assert cell[:1] not in {"=", "@", "\t", "\r"}
            assert cell[:1] not in {"+", "-"} or csv._defused(cell) == cell


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("- he said", "'- he said"),
        ("'=1", "''=1"),
        ("-5", "-5"),
        ("+49.5", "+49.5"),
        ("-1,000.50", "-1,000.50"),
        ("-1e-7", "-1e-7"),
        ("'twas", "'twas"),
        ("a=b", "a=b"),
    ],
)
def test_a_cell_that_would_be_a_formula_gets_an_apostrophe(cell, written):
    assert csv._defused(cell) == written
    assert csv._fused(written) == cell


def test_formulas_stay_where_they_are_allowed(put, do, bare, tmp_path):
    data = b"id,text\n1,=1+1\n2,'=1\n"
    put("a.csv", data)
    do(tmp_path / "a.csv", out="on", recipe=bare)
    do(tmp_path / "a.csv", out="off", recipe=bare, allow=["formulas"])
    assert (tmp_path / "on/documents/a.csv").read_bytes() == b"id,text\n1,'=1+1\n2,'=1\n"
    assert (tmp_path / "off/documents/a.csv").read_bytes() == data


@pytest.mark.parametrize("place", [0, 1, 2], ids=["first", "middle", "last"])
@pytest.mark.parametrize(
    ("row", "reason"),
    [
        pytest.param(b'x,"never closed\n', "unclosed-quote", id="unclosed"),
        pytest.param(b'x,"he said "hi" to us"\n', "unclosed-quote", id="quotes inside quotes"),
        pytest.param(b"x\n", "ragged-row", id="too short"),
        pytest.param(b"x,y,z\n", "ragged-row", id="too long"),
        pytest.param(b"x,\xff\n", "invalid-utf-8", id="a byte that is no UTF-8"),
        pytest.param(b"\x00\x00\x00\n", "ragged-row", id="a hole"),
    ],
)
@pytest.mark.parametrize("chunk_size", [1, 1 << 20])
def test_a_damaged_row_costs_itself_alone(
    put, do, audit, kept_csv, quarantined, bare, tmp_path, place, row, reason, chunk_size
):
    rows = [b"id,text\n", b'1,"a ""b"",\nc"\n', b"2,d\r\n"]
    rows.insert(place + 1, row)
    put("a.csv", b"".join(rows))
    do(tmp_path / "a.csv", recipe=bare, chunk_size=chunk_size)
    assert audit(tmp_path / "out")["read"] == 3
    assert kept_csv(tmp_path / "out/documents/a.csv") == [["id", "text"], ["1", 'a "b",\nc'], ["2", "d"]]
    (found,) = quarantined(tmp_path / "out")
    assert (found["reason"], found["offset"], found["length"]) == (reason, sum(map(len, rows[: place + 1])), len(row))


@pytest.fixture
def kept_csv():
    return lambda path: list(standard.reader(io.StringIO(path.read_bytes().decode(), newline="")))


@pytest.mark.parametrize(
    ("name", "data", "rows"),
    [
        pytest.param("a.tsv", b"id\ttext\n1\ta, b\n", [{"id": "1", "text": "a, b"}], id="tabs"),
        pytest.param("a.csv", b"id;text\n1;a, b\n", [{"id": "1", "text": "a, b"}], id="semicolons"),
        pytest.param("a.csv", b"text\na, b\nc\n", [{"text": "a, b"}, {"text": "c"}], id="one column"),
        pytest.param(
            "a.csv", b"\xef\xbb\xbfid,text\r\n1,a\r\n\r\n", [{"id": "1", "text": "a"}], id="a mark, and a blank line"
        ),
        pytest.param("a.csv", b"text,text,\na,b,c\n", [{"text": "a", "text (2)": "b", "": "c"}], id="alike names"),
        pytest.param("a.csv", b"text,n\na\x00b,1\n", [{"text": "a\x00b", "n": "1"}], id="a null character"),
        pytest.param("a.csv", b"id,text", [], id="names alone"),
        pytest.param("a.csv", b"", [], id="nothing"),
        pytest.param("a.csv", "id,text\n1,a\n".encode("utf-16"), ["invalid-utf-8"], id="UTF-16"),
        pytest.param("a.tsv", b"id\ttext\n" + b'1\t"a" b\n' * 9, [{"id": "1", "text": '"a" b'}] * 9, id="no quotes"),
        pytest.param(
            "a.csv", b"id,text\n" + b"1,'a,\nb'\n" * 9, [{"id": "1", "text": "a,\nb"}] * 9, id="single quotes"
        ),
    ],
)
def test_how_rows_look_is_found_out(name, data, rows):
    assert values(csv.read(data, name)) == rows


def test_the_first_row_and_the_order_of_fields_stay_and_one_column_is_added(put, do, tmp_path):
    put("a.csv", b'\xef\xbb\xbf"x",text;,"y,z"\r\n0.10,a  \n,"-1"\r\n1e5,b,=2\r\n'.replace(b"text;", b"text"))
    do(tmp_path / "a.csv")
    lines = (tmp_path / "out/documents/a.csv").read_bytes().split(b"\r\n")
    assert lines[0].startswith(b'\xef\xbb\xbf"x",text,"y,z"')


def test_long_rows_without_an_end_are_not_looked_through_again_and_again(monkeypatch):
    monkeypatch.setattr(csv, "LARGEST", 2000)
    data = b"id,text\n" + b'1,"open\n' + b"2,b\n" * 2000
    items = list(csv.read(data, "a.csv"))
    assert [type(item) for item in items] == [Damage, *[Record] * 2000]
