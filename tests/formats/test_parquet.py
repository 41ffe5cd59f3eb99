"""Parquet: columns that nobody touched are identical, and a damaged group costs no other."""

import datetime as dt
import decimal
import io

import pytest

from cleaner.formats import parquet
from cleaner.record import Damage, Record

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")


def table(article, n=40):
    return pa.table(
        {
            "id": pa.array([f"k{i}" for i in range(n)]),
            "text": pa.array([f"{article(i)}  \n\n\n\nend {i}" if i % 2 else article(i) for i in range(n)]),
            "big": pa.array([2**62 + i for i in range(n)], pa.int64()),
            "share": pa.array([i / 3 for i in range(n)], pa.float32()),
            "price": pa.array([decimal.Decimal(f"{i}.10") for i in range(n)], pa.decimal128(12, 2)),
            "when": pa.array([dt.datetime(2020, 1, 1, tzinfo=dt.UTC)] * n, pa.timestamp("ns", "UTC")),
            "raw": pa.array([b"\xff\x00" if i % 3 else None for i in range(n)], pa.binary()),
            "tags": pa.array([[{"a": i, "b": None}] if i % 4 else None for i in range(n)]),
            "kind": pa.array(["x", "y"] * (n // 2)).dictionary_encode(),
            "nothing": pa.nulls(n),
        },
        metadata={"made": "by hand"},
    )


@pytest.fixture
def file(tmp_path, article):
    path = tmp_path / "in/a.parquet"
    path.parent.mkdir()
    pq.write_table(table(article), path, row_group_size=10, write_page_checksum=True, compression="zstd")
    return path


@pytest.mark.parametrize("options", [{}, {"engine": "pool", "jobs": 2}], ids=["one", "two"])
def test_what_nobody_changed_comes_out_identical(file, do, tmp_path, options):
    do(file, **options)
    before, after = pq.read_table(file), pq.read_table(tmp_path / "out/documents/a.parquet")
    untouched = [name for name in before.schema.names if name != "text"]
    assert after.select(untouched).equals(before.select(untouched))
    assert after.schema.names == [*before.schema.names, "_cleaner"]
    assert after.schema.metadata[b"made"] == b"by hand"
    assert after.schema.field("text") == before.schema.field("text")
    assert after["text"].to_pylist()[0] == before["text"].to_pylist()[0]
    assert after["text"].to_pylist()[1].endswith(".\n\nend 1")
    do(tmp_path / "out/documents", out="again")
    again = tmp_path / "again/documents/a.parquet"
    assert pq.read_table(again).equals(after)


def test_dropped_rows_are_left_out_and_their_neighbours_are_whole(file, do, audit, bare, tmp_path):
    rows = pq.read_table(file).to_pylist()
    rows[3]["text"], rows[25]["text"], rows[39]["text"] = "", " ", None
    pq.write_table(pa.Table.from_pylist(rows, pq.read_schema(file)), file, row_group_size=7)
    do(file, recipe=bare)
    assert audit(tmp_path / "out") == {"read": 40, "kept": 37, "dropped": 2, "duplicates": 0, "quarantined": 1}
    after = pq.read_table(tmp_path / "out/documents/a.parquet").to_pylist()
    assert after == [row for i, row in enumerate(rows) if i not in (3, 25, 39)]


@pytest.mark.parametrize("group", [0, 1, 3], ids=["first", "middle", "last"])
def test_a_damaged_group_is_one_entry_and_the_others_are_kept(file, do, audit, quarantined, bare, tmp_path, group):
    column = pq.ParquetFile(file).metadata.row_group(group).column(1)
    data = bytearray(file.read_bytes())
    data[column.data_page_offset + column.total_compressed_size // 2] ^= 0xFF
    file.write_bytes(data)
    result = do(file, recipe=bare)
    assert audit(tmp_path / "out")["quarantined"] == 1
    assert result.tally.damaged_sources == 1
    (row,) = quarantined(tmp_path / "out")
    assert (row["reason"], row["offset"]) == ("corrupt", 10 * group)
    assert pq.read_table(tmp_path / "out/documents/a.parquet").num_rows == 30


@pytest.mark.parametrize("damage", [lambda d: d[:-9], lambda d: d[: len(d) // 2], lambda _: b"PAR1", lambda d: d[4:]])
def test_a_file_without_its_end_is_one_entry(file, do, audit, bare, tmp_path, damage):
    file.write_bytes(damage(file.read_bytes()))
    result = do(file, recipe=bare)
    assert audit(tmp_path / "out")["quarantined"] >= 1
    assert result.tally.damaged_sources >= 1


def test_other_formats_become_parquet_without_loss_of_digits():
    out = io.BytesIO()
    lines = [
        b'{"text": "a", "n": 1, "x": 0.10, "y": 1, "ok": true}',
        b'{"n": 2, "x": 12345678901234567890123, "y": "b"}',
    ]
    parquet.pack(out, lambda: iter(enumerate(lines)), None, None)
    assert pq.read_table(io.BytesIO(out.getvalue())).to_pylist() == [
        {"text": "a", "n": 1, "x": "0.10", "y": "1", "ok": True},
        {"text": None, "n": 2, "x": "12345678901234567890123", "y": "b", "ok": None},
    ]


def test_a_string_that_is_none_costs_its_row():
    strings = pa.StringArray.from_buffers(3, pa.array([0, 1, 2, 3], pa.int32()).buffers()[1], pa.py_buffer(b"a\xffc"))
    out = io.BytesIO()
    pq.write_table(pa.table({"text": strings}), out)
    items = list(parquet.read(out.getvalue(), "a"))
    assert [type(item) for item in items] == [Record, Damage, Record]
    assert items[1].reason == "invalid-utf-8"
