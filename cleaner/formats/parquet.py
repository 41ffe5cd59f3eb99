"""Parquet: a group of rows is a unit of work; what nobody changed goes out as it came in, whatever its type.

A record is the row as JSON, for the cleaning and for output in other formats. In JSON a time is its ISO form, a decimal
its digits, and bytes are their text if they are UTF-8, else base64. Output in Parquet does not go through that: the
kept rows are taken from the input, with the changed strings in their places, so that schema, types, nulls and metadata
stay. Offsets count rows. Checksums of pages are verified where they are written.
"""

from __future__ import annotations

import base64
import io
import json
import os
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from cleaner import charset
from cleaner.errors import InputError, RecordError, UsageError
from cleaner.record import ANNOTATION, LARGEST, Damage, Record, dump, integer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import IO

    import pyarrow as pa
    from pyarrow import parquet as pq

    from cleaner.storage import Source

suffixes = (".parquet", ".pq")
whole_files = False

_MISSING = "Parquet needs an extra: pip install 'cleaner[parquet]'"
_PAGE = 1 << 16
"""Bytes that are read at a time where a file is read here and there."""
_BATCH = 256
"""Rows that are in memory at a time."""


def _arrow() -> tuple[Any, Any]:
    """Return pyarrow, and its module for Parquet.

    Raises:
        UsageError: they are not installed.

    """
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")  # the usual one takes 1 GB at once, at least on paper
    try:
        import pyarrow as pa
        from pyarrow import parquet as pq
    except ImportError:
        raise UsageError(_MISSING) from None
    return pa, pq


def ready() -> None:
    """Make sure that files can be read and written.

    Raises:
        UsageError: pyarrow is not installed.

    """
    if find_spec("pyarrow") is None:  # it is not loaded: copies of a process that has it cannot use it in little memory
        raise UsageError(_MISSING)


@contextmanager
def _opened(path: Source | io.BytesIO) -> Iterator[pq.ParquetFile]:
    """Open a file.

    Raises:
        RecordError: it is no Parquet, or its end, which tells what is where, is damaged.

    """
    pa, pq = _arrow()
    with ExitStack() as stack:
        try:
            stream = path if isinstance(path, io.BytesIO) else stack.enter_context(path.open("rb", _PAGE))
            file = pq.ParquetFile(stream, page_checksum_verification=True, pre_buffer=False)
        except (pa.ArrowException, OSError, ValueError) as error:
            reason = "unreadable" if isinstance(error, OSError) and error.errno else "corrupt"
            raise RecordError(reason, f"it cannot be read as Parquet: {_first_line(error)}") from None
        yield file


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0][:200]


def rows(path: Source) -> Iterator[tuple[int, int, int]]:
    """Yield first row, number of rows and bytes of each group of rows.

    Raises:
        RecordError: the file cannot be read.

    """
    with _opened(path) as file:
        metadata = file.metadata
        start = 0
        for i in range(metadata.num_row_groups):
            group = metadata.row_group(i)
            if group.num_rows < 0 or group.num_rows > metadata.num_rows:
                raise RecordError("corrupt", f"group {i} says it has {group.num_rows:,} rows")
            yield start, group.num_rows, max(0, group.total_byte_size)
            start += group.num_rows


def read_rows(path: Source, source: str, offset: int, length: int) -> Iterator[Record | Damage]:
    """Yield the records of a group of rows; from where it is damaged on, one damage.

    Args:
        path: the file.
        source: its name.
        offset: the first row of the group.
        length: its rows.

    """
    try:
        with _opened(path) as file:
            yield from _records(file, _group_at(file, offset), source, offset, length)
    except RecordError as error:
        yield Damage(source, offset, b"", error.reason, str(error), whole=True)


def _group_at(file: pq.ParquetFile, offset: int) -> int:
    start = 0
    for i in range(file.metadata.num_row_groups):
        if start == offset and file.metadata.row_group(i).num_rows:
            return i
        start += int(file.metadata.row_group(i).num_rows)
    return max(0, int(file.metadata.num_row_groups) - 1)


def _records(file: pq.ParquetFile, group: int, source: str, offset: int, length: int) -> Iterator[Record | Damage]:
    pa, _ = _arrow()
    at = offset
    try:
        for batch in file.iter_batches(_BATCH, row_groups=[group], use_threads=False):
            yield from _of_batch(batch, source, at)
            at += batch.num_rows
    except (pa.ArrowException, OSError, ValueError, MemoryError) as error:
        sentence = f"rows {at:,} to {offset + length - 1:,} cannot be read: {_first_line(error)}"
        yield Damage(source, at, b"", "corrupt", sentence, whole=True)
        return
    if at < offset + length:
        sentence = f"rows {at:,} to {offset + length - 1:,} are missing"
        yield Damage(source, at, b"", "truncated", sentence, whole=True)


def _of_batch(batch: pa.RecordBatch, source: str, offset: int) -> Iterator[Record | Damage]:
    names = batch.schema.names
    for i in range(batch.num_rows):
        try:
            values = {name: batch.column(k)[i].as_py() for k, name in enumerate(names)}
            told = values.get(ANNOTATION)
            if isinstance(told, str) and told.startswith("{"):
                values[ANNOTATION] = json.loads(told)
            elif ANNOTATION in values and told is None:
                del values[ANNOTATION]
            raw = json.dumps(values, ensure_ascii=False, default=_plain)
            if len(raw) > LARGEST:
                raise RecordError("too-large", f"the record is longer than {LARGEST:,} bytes")  # noqa: TRY301
            yield Record(raw, source, offset + i)
        except RecordError as error:
            yield Damage(source, offset + i, b"", error.reason, str(error))
        except UnicodeDecodeError as error:
            yield Damage(
                source, offset + i, bytes(error.object), "invalid-utf-8", f"byte {error.start} is no valid UTF-8"
            )
        except (ValueError, OverflowError, TypeError) as error:
            yield Damage(source, offset + i, b"", "bad-value", f"a value cannot be told: {_first_line(error)}")


def _plain(value: object) -> object:
    """Return a value that JSON does not know as one that it knows."""
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError:
            return base64.b64encode(value).decode()
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def read(
    data: bytes,
    source: str,
    offset: int = 0,
    declared: str | None = None,  # noqa: ARG001  formats agree on it
) -> Iterator[Record | Damage]:
    """Yield the records of a whole file."""
    try:
        with _opened(io.BytesIO(data)) as file:
            start = offset
            for i in range(file.metadata.num_row_groups):
                length = file.metadata.row_group(i).num_rows
                yield from _records(file, i, source, start, length)
                start += length
    except RecordError as error:
        yield Damage(source, offset, data, error.reason, str(error), whole=True)


def write(record: Record, text: str) -> bytes:  # noqa: ARG001  a row holds the whole record, its text among the rest
    """Return a file of one row."""
    out = io.BytesIO()
    line = record.raw.encode("utf-8", "backslashreplace")
    pack(out, lambda: iter([(0, line)]), None, None)
    return out.getvalue()


def pack(
    out: IO[bytes],
    lines: Callable[[], Iterator[tuple[int, bytes]]],
    origin: Source | None,
    declared: str | None,  # noqa: ARG001  formats agree on it
) -> None:
    """Write a file of records.

    Args:
        out: where to.
        lines: yields the records, each with its row in the input, as often as it is called.
        origin: the file they came from, if that was Parquet.
        declared: not used; the file says all that there is to know of it.

    Raises:
        InputError: the input can no longer be read.

    """
    if origin is None:
        _pack_anew(out, lines)
        return
    try:
        _pack_again(out, lines, origin)
    except RecordError as error:
        if next(lines(), None) is None:  # it could not be read at all
            _pack_anew(out, lines)
            return
        raise InputError(f"{origin}: it could be read, but cannot be read again: {error}") from None


def _pack_again(out: IO[bytes], lines: Callable[[], Iterator[tuple[int, bytes]]], origin: Source) -> None:
    """Write the kept rows of the input with the strings that have changed."""
    pa, pq = _arrow()
    key = dump(ANNOTATION).encode()
    with _opened(origin) as file:
        schema = file.schema_arrow
        if ANNOTATION not in schema.names and any(
            key in line and ANNOTATION in json.loads(line, strict=False) for _, line in lines()
        ):
            schema = schema.append(pa.field(ANNOTATION, pa.string()))
        kept = lines()
        row = next(kept, None)
        with pq.ParquetWriter(out, schema, write_page_checksum=True, **_manner(file)) as writer:
            start = 0
            for group in range(file.metadata.num_row_groups):
                end, at, batches = start + file.metadata.row_group(group).num_rows, start, []
                if row is not None and row[0] < end:
                    for batch in file.iter_batches(_BATCH, row_groups=[group], use_threads=False):
                        mine: list[tuple[int, bytes]] = []
                        while row is not None and row[0] < at + batch.num_rows:
                            mine.append((row[0] - at, row[1]))
                            row = next(kept, None)
                        if mine:
                            batches.append(_changed(batch, mine, schema))
                        at += batch.num_rows
                        if row is None or row[0] >= end:
                            break
                if batches:
                    writer.write_table(pa.Table.from_batches(batches, schema))
                start = end


def _manner(file: pq.ParquetFile) -> dict[str, Any]:
    """Return how a file is compressed; what it does not tell is as usual."""
    if not file.metadata.num_row_groups or not file.metadata.num_columns:
        return {}
    codec = file.metadata.row_group(0).column(0).compression
    return {"compression": "none" if codec == "UNCOMPRESSED" else codec.lower()}


def _changed(batch: pa.RecordBatch, mine: Sequence[tuple[int, bytes]], schema: pa.Schema) -> pa.RecordBatch:
    """Return some rows of a batch, with the strings that are others now."""
    pa, _ = _arrow()
    rows_ = [json.loads(line, strict=False) for _, line in mine]
    taken = batch.take(pa.array([i for i, _ in mine], pa.int64()))
    columns = []
    for field in schema:
        if field.name == ANNOTATION:
            told = [dump(row[ANNOTATION]) if row.get(ANNOTATION) is not None else None for row in rows_]
            columns.append(pa.array(told, field.type))
            continue
        column = taken.column(batch.schema.get_field_index(field.name))
        if _is_text(field.type):
            now = [row.get(field.name) for row in rows_]
            if now != [_told(value) for value in column]:
                values = [v.encode() if pa.types.is_binary(field.type) and v is not None else v for v in now]
                column = pa.array(values, pa.string() if pa.types.is_dictionary(field.type) else field.type)
                column = column.cast(field.type)
        columns.append(column)
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def _is_text(kind: pa.DataType) -> bool:
    pa, _ = _arrow()
    kinds = pa.types
    if kinds.is_dictionary(kind):
        kind = kind.value_type
    return bool(
        kinds.is_string(kind) or kinds.is_large_string(kind) or kinds.is_string_view(kind) or kinds.is_binary(kind)
    )


def _told(value: pa.Scalar) -> object:
    known = value.as_py()
    return _plain(known) if isinstance(known, bytes) else known


def _pack_anew(out: IO[bytes], lines: Callable[[], Iterator[tuple[int, bytes]]]) -> None:
    """Write records of other formats: strings, whole numbers and booleans as such, all else as JSON in a string."""
    pa, pq = _arrow()
    kinds: dict[str, set[str]] = {}
    for _, line in lines():
        for name, value in _values(line).items():
            kinds.setdefault(name, set()).add(_kind(value))
    types = {"str": pa.string(), "bool": pa.bool_(), "int": pa.int64()}
    found = {name: next(iter(k)) if len(k := seen - {"null"}) == 1 else "json" for name, seen in kinds.items()}
    schema = pa.schema([(name, types.get(kind, pa.string())) for name, kind in found.items()])
    with pq.ParquetWriter(out, schema, compression="zstd", write_page_checksum=True) as writer:
        batch: list[dict[str, object]] = []
        for _, line in lines():
            values = _values(line)
            batch.append({n: _sound(_anew(v) if found[n] == "json" else v) for n, v in values.items()})
            if len(batch) == _ROWS:
                writer.write_table(pa.Table.from_pylist(batch, schema))
                batch = []
        if batch:
            writer.write_table(pa.Table.from_pylist(batch, schema))


_ROWS = 10_000
"""Rows in a group of a new file."""
_LONG = 1 << 63


class _Digits(str):
    """A number as it is written."""

    __slots__ = ()


def _values(line: bytes) -> dict[str, object]:
    """Return a record's values; fractions, and whole numbers of an absurd length, as strings with all their digits."""
    values: dict[str, object] = json.loads(line, parse_int=_whole, parse_float=_Digits, strict=False)
    return values


def _whole(digits: str) -> int | _Digits:
    number = integer(digits)
    return number if isinstance(number, int) else _Digits(digits)


def _kind(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int):
        return "int" if -_LONG <= value < _LONG else "json"
    return "str" if isinstance(value, str) and not isinstance(value, _Digits) else "json"


def _anew(value: object) -> str | None:
    """Return a value as JSON; strings among others stay what they are."""
    return None if value is None else str(value) if isinstance(value, str) else dump(value)


def _sound(value: object) -> object:
    """Return a value that UTF-8 can hold."""
    return charset.sound(value) if isinstance(value, str) else value


def output_name(name: str) -> str:
    """Return the name of the output for an input of that name."""
    return name
