"""Tables in, the same kind out: data frames of pandas and polars, tables of Arrow, lists of dicts.

Of a table only the text column is written anew, and `_cleaner` added; every other column stays the object that it was.
narwhals, which speaks to all three libraries, is loaded when one of their tables comes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from cleaner.errors import UsageError
from cleaner.record import ANNOTATION, KNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_MAKERS = ("pandas", "polars", "pyarrow")


class Told(NamedTuple):
    """What is told of a row, under `_cleaner`."""

    edits: int
    """How many edits were made."""
    removed: int
    """Characters by which the text became shorter."""
    error: str
    """Why the row could not be cleaned, empty if it could."""


def text_column(table: Any) -> str:  # noqa: ANN401  a table of any library
    """Return the name of the column of texts; where there are pages only, that of the column to be added.

    Raises:
        UsageError: narwhals is missing, or there is neither a text nor a page.

    Examples:
        >>> text_column([{"id": 1}, {"content": "a"}])
        'content'

    """
    columns = {name for row in table for name in row} if isinstance(table, list) else {*_frame(table).columns}
    if not columns.isdisjoint(KNOWN["html"]) or not columns.isdisjoint(KNOWN["text"]):
        return next((name for name in KNOWN["text"] if name in columns), "text")
    raise UsageError(f"there is no column of texts; it should be called one of {', '.join(KNOWN['text'])}")


def rows(table: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401
    """Yield the rows of a table, as far as their fields mean something here and their cells hold something."""
    if isinstance(table, list):
        yield from ({name: cell for name, cell in row.items() if cell is not None} for row in table)
        return
    frame = _frame(table)
    names = [name for known in KNOWN.values() for name in known if name in frame.columns]
    columns = [zip(frame[name].to_list(), frame[name].is_null().to_list(), strict=True) for name in names]
    for row in zip(*columns, strict=True):
        yield {name: cell for name, (cell, missing) in zip(names, row, strict=True) if not missing}


def put(table: Any, column: str, texts: Sequence[str | None], told: Sequence[Told]) -> Any:  # noqa: ANN401
    """Return the table with other texts in a column, and what is told of each row in another one.

    Args:
        table: as it came in.
        column: what the text column is called; it is added if there is none.
        texts: one for each row; None where there is none.
        told: one for each row.

    """
    notes = [note._asdict() for note in told]
    if isinstance(table, list):
        columns = zip(table, texts, notes, strict=True)
        return [{**row, column: text, ANNOTATION: note} for row, text, note in columns]
    import narwhals as nw

    frame = _frame(table)
    backend = frame.implementation
    shape = nw.Struct({"edits": nw.Int64(), "removed": nw.Int64(), "error": nw.String()})
    made = [
        nw.new_series(column, list(texts), frame.schema.get(column, nw.String()), backend=backend),
        nw.new_series(ANNOTATION, notes, None if backend.is_pandas() else shape, backend=backend),
    ]
    if backend.is_pandas():  # its rows have labels, by which columns are joined
        made = [nw.from_native(series.to_native().set_axis(table.index), series_only=True) for series in made]
    done = frame.with_columns(made).to_native()
    return done if isinstance(done, type(table)) else _batch(done)


def _frame(table: Any) -> Any:  # noqa: ANN401
    """Return a table as narwhals sees it."""
    if type(table).__module__.partition(".")[0] not in _MAKERS:
        raise UsageError(f"{type(table).__name__} is no table: give a list of dicts, a data frame or an Arrow table")
    try:
        import narwhals as nw
    except ImportError:
        raise UsageError("tables of other libraries need narwhals: pip install 'cleaner[tables]'") from None
    if type(table).__name__ == "RecordBatch":
        import pyarrow as pa

        table = pa.Table.from_batches([table])
    return nw.from_native(table, eager_only=True)


def _batch(table: Any) -> Any:  # noqa: ANN401
    """Return a table of Arrow as one record batch."""
    import pyarrow as pa

    return pa.RecordBatch.from_arrays([column.combine_chunks() for column in table.columns], schema=table.schema)
