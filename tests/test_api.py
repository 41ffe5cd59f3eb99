"""What Python programs call: streams and tables."""

import datetime as dt

import pytest

from cleaner import Pipeline
from cleaner.errors import RecordError, UsageError

DIRTY = "Skip to content\n\nIt rained all night in Kabul, and nobody slept.\n\nShare on Facebook"
CLEAN = "It rained all night in Kabul, and nobody slept."
STRIP = Pipeline.from_recipe("strip-only")
RECORDS = [
    {"id": 1, "n": 0.5, "text": DIRTY, "date": dt.date(2024, 5, 3)},
    {"id": 2, "n": 1.5, "text": None, "date": None},
    {"id": 3, "n": 2.5, "text": CLEAN, "date": dt.date(2024, 5, 4)},
]


def made(kind):
    """Return the records as a table of a kind."""
    library = pytest.importorskip({"frame": "pandas", "polars": "polars"}.get(kind, "pyarrow"))
    pytest.importorskip("narwhals")
    columns = {name: [record[name] for record in RECORDS] for name in RECORDS[0]}
    if kind == "frame":
        return library.DataFrame(columns, index=["a", "b", "b"])
    if kind == "polars":
        return library.DataFrame(columns)
    return {"arrow": library.table, "batch": library.RecordBatch.from_pydict}[kind](columns)


def listed(table, name):
    column = table[name]
    return column.to_list() if hasattr(column, "to_list") else column.to_pylist()


def test_results_of_python_programs_are_on_disk(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match="a folder on disk is needed here"):
        STRIP.run(["in"], "s3://bucket/out")
    assert not list(tmp_path.iterdir())


KINDS = ["frame", "polars", "arrow", "batch"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_table_comes_back_as_one_of_its_kind(kind):
    before = made(kind)
    after = STRIP(before)
    assert type(after) is type(before)
    texts = listed(after, "text")
    assert (texts[0], texts[2]) == (CLEAN, CLEAN)
    assert texts[1] is None or texts[1] != texts[1]
    assert listed(after, "n") == listed(before, "n")
    told = listed(after, "_cleaner")
    assert told[0]["edits"] == len(STRIP.clean(DIRTY).edits)
    assert told[0]["removed"] == len(DIRTY) - len(CLEAN)
    assert (told[2]["edits"], told[2]["error"]) == (0, "")
    assert "neither a text nor a page" in told[1]["error"]


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_not_text_stays_as_it_was(kind):
    before, after = made(kind), STRIP(made(kind))
    if kind == "frame":
        assert list(after.index) == list(before.index)
        assert after.drop(columns=["text", "_cleaner"]).equals(before.drop(columns=["text"]))
    elif kind == "polars":
        assert after.drop("text", "_cleaner").equals(before.drop("text"))
    else:
        assert after.select(["id", "n", "date"]).equals(before.select(["id", "n", "date"]))


@pytest.mark.parametrize("kind", KINDS)
def test_a_table_without_rows_has_the_same_columns(kind):
    some = made(kind)
    none = some[:0] if kind in {"frame", "polars"} else some.slice(0, 0)
    after = STRIP(none)
    assert len(listed(after, "text")) == 0
    assert "_cleaner" in (after.columns if kind in {"frame", "polars"} else after.schema.names)


def test_a_second_time_changes_no_text():
    once = STRIP(made("arrow"))
    assert listed(STRIP(once), "text") == listed(once, "text")


def test_a_list_of_dicts_is_a_table():
    after = STRIP(RECORDS)
    assert [row["text"] for row in after] == [CLEAN, None, CLEAN]
    assert [row["date"] for row in after] == [row["date"] for row in RECORDS]


def test_a_column_of_pages_gets_a_column_of_texts():
    (row,) = STRIP([{"html": f"<p>{CLEAN}</p>".encode()}])
    assert row["text"] == CLEAN


@pytest.mark.parametrize(
    ("table", "sentence"),
    [([{"id": 1}], "no column of texts"), ("text", "str is no table"), ({"text": ["a"]}, "dict is no table")],
)
def test_what_is_no_table_of_texts_is_refused(table, sentence):
    with pytest.raises(UsageError, match=sentence):
        STRIP(table)


def test_a_stream_goes_on_where_it_is_told_what_to_do_with_bad_records():
    bad = []
    good = STRIP.stream([*RECORDS, {"text": 7}], on_error=lambda record, error: bad.append((record, error.reason)))
    assert [record["id"] for record in good] == [1, 3]
    assert bad == [(RECORDS[1], "missing-text"), ({"text": 7}, "bad-text")]


def test_a_stream_ends_at_a_bad_record_else():
    stream = STRIP.stream(RECORDS)
    assert next(stream)["text"] == CLEAN
    with pytest.raises(RecordError, match="neither a text nor a page"):
        next(stream)


def test_a_stream_reads_one_record_at_a_time():
    def endless():
        while True:
            yield {"text": DIRTY}

    stream = STRIP.stream(endless())
    assert [next(stream)["text"] for _ in range(3)] == 3 * [CLEAN]


def test_a_dict_may_hold_what_json_cannot():
    (record,) = STRIP.stream([{"text": DIRTY, "url": object, "blob": b"\xff", "metadata": {("a",): 1}}])
    assert record["blob"] == b"\xff"
    assert record["text"] == CLEAN
