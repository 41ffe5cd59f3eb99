r"""Tables as text: the first row names the fields; a cell in quotes may hold delimiters, line feeds and doubled quotes.

Delimiter and quotes are found out from the first rows. A row ends at ``\n`` or ``\r\n``; a row with a damaged quote
costs its own line only, because the next line is looked at again.

A cell that begins with ``=``, ``+``, ``-``, ``@``, a tab or a carriage return, and is no plain number, would be run as
a formula by a spreadsheet. It is written with an apostrophe before it, which is how spreadsheets mark text, and a cell
that comes with such an apostrophe is read without it: so a value survives any number of round trips. Whoever allows
``formulas`` has cells read and written as they are.
"""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from cleaner.errors import RecordError
from cleaner.record import ANNOTATION, KNOWN, LARGEST, Damage, Record, dump, encode, integer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import IO

    from cleaner.storage import Source

suffixes = (".csv", ".tsv")
whole_files = False

_BOM = b"\xef\xbb\xbf"
_WIDE = (b"\xff\xfe", b"\xfe\xff")
_DELIMITERS = ",\t;|"
_QUOTES = ('"', "'", "")
_LINE_FEED = 10
_HALF = 0.5
_MANY = 5
"""Rows that must be damaged by the usual quotes before others are tried: one or two are just damaged."""
_SAMPLE = 1 << 16
_NUMBER = r"[+-]?(?:\d+(?:[.,]\d+)*|[.,]\d+)(?:[eE][+-]?\d+)?%?\s*\Z"
_FORMULA = re.compile(rf"'*(?!{_NUMBER})[=+\-@\t\r]")


class Head(NamedTuple):
    """What has to be known of a file to read its rows."""

    names: tuple[str, ...]
    """The fields, no two called alike."""
    delimiter: str = ","
    quote: str = '"'
    """Empty if quotes mean nothing."""
    formulas: bool = False
    """Whether cells are taken as they are."""
    line: str = ""
    """The first row as it stands, with the mark before it and without its end."""
    end: str = "\n"
    """How a row ends."""


class _Patterns(NamedTuple):
    """What rows and cells look like in one dialect, as expressions that never go back."""

    row: re.Pattern[bytes]
    """A row with its end, be that the end of all."""
    open: re.Pattern[bytes]
    """A row whose last cell is still in quotes where the bytes end."""
    cell: re.Pattern[bytes]
    """A cell, in quotes (1) or bare (2), and the delimiter behind it (3)."""


@cache
def _patterns(delimiter: str, quote: str) -> _Patterns:
    d, q = re.escape(delimiter).encode(), re.escape(quote).encode()
    bare = rb"(?:[^%b\r\n]|\r(?!\n|\Z))*+" % d
    if not quote:
        row = rb"%b(?:%b%b)*+(?:\r?\n|\r?\Z)" % (bare, d, bare)
        return _Patterns(*map(re.compile, (row, rb"(?!)", rb"((?!))|(%b)(%b|\Z)" % (bare, d))))
    inner = rb"[^%b]*+(?:%b%b[^%b]*+)*+" % (q, q, q, q)
    cell = rb"(?:%b%b%b(?=%b|\r?\n|\r?\Z)|(?!%b)%b)" % (q, inner, q, d, q, bare)
    row = rb"%b(?:%b%b)*+(?:\r?\n|\r?\Z)" % (cell, d, cell)
    unclosed = rb"(?:%b%b)*+%b%b%b?\Z" % (cell, d, q, inner, q)
    parts = rb"(?:%b(%b)%b(?=%b|\Z)|(?!%b)(%b))(%b|\Z)" % (q, inner, q, d, q, bare, d)
    return _Patterns(*map(re.compile, (row, unclosed, parts)))


def _rows(data: bytes, head: Head, *, final: bool) -> Iterator[tuple[int, int, bool]]:
    """Yield start and end of the rows, and whether each is sound; of a damaged one only the first line.

    A row that does not end within the length of the longest record counts as damaged. Unless the bytes are final, what
    may still go on behind them is left out.
    """
    row, unclosed, _ = _patterns(head.delimiter, head.quote)
    at, size = 0, len(data)
    while at < size:
        reach = min(size, at + LARGEST)
        match = row.match(data, at, reach)
        if match and (data[match.end() - 1] == _LINE_FEED or (final and match.end() == size)):
            yield at, match.end(), True
            at = match.end()
            continue
        if not final and reach == size and (match or unclosed.match(data, at, reach)):
            return
        end = data.find(b"\n", at) + 1
        if not end and not final:
            return
        yield at, end or size, False
        at = end or size


def whole(data: bytes, declared: str | None) -> int:
    """Return where the last row ends that the bytes hold as a whole."""
    return max((end for _, end, _ in _rows(data, _head(declared), final=False)), default=0)


def head(data: bytes, name: str, allow: Sequence[str] = ()) -> tuple[str, int]:
    """Return what the first row and the look of the next ones tell, and how many bytes the first row takes.

    Args:
        data: the beginning of a file.
        name: its name; in a .tsv the delimiter is a tab if nothing speaks against it.
        allow: with ``formulas`` in it, cells are taken as they are.

    Raises:
        RecordError: the first row does not end, or it is in another encoding than UTF-8.

    """
    if data.startswith(_WIDE):
        raise RecordError("invalid-utf-8", "it is in UTF-16; CSV is read as UTF-8")
    mark = len(_BOM) if data.startswith(_BOM) else 0
    body = data[mark:]
    delimiter, quote = _dialect(body[:_SAMPLE], name)
    bare = Head((), delimiter, quote, "formulas" in allow)
    first = next(_rows(body, bare, final=True), (0, 0, True))
    if not first[2] or first[1] > LARGEST:
        raise RecordError("unclosed-quote", "the first row, which should name the fields, has an open quote")
    line = body[: first[1]]
    end = "\r\n" if line.endswith(b"\r\n") else "\n"
    try:
        names = [cell.decode() for cell in _cells(line, bare)] if line else []
        told = (data[:mark] + line).decode().rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise RecordError("invalid-utf-8", f"byte {error.start} of the first row is no valid UTF-8") from None
    return dump(bare._replace(names=tuple(_unlike(names)), line=told, end=end)), mark + len(line)


def _head(declared: str | None) -> Head:
    names, *others = json.loads(declared or "[[]]")
    return Head(tuple(names), *others)


def _unlike(names: Sequence[str]) -> Iterator[str]:
    """Yield names for the fields, no two of them alike."""
    taken: set[str] = set()
    for name in names:
        tried, n = name, 2
        while tried in taken or (n > 2 and tried in names):  # noqa: PLR2004  the second one of a name
            tried, n = f"{name} ({n})", n + 1
        taken.add(tried)
        yield tried


def _dialect(sample: bytes, name: str) -> tuple[str, str]:
    """Return delimiter and quote.

    The delimiter is the one by which the first row names fields that are known, and most rows have as many cells as it
    has. Quotes are the usual ones, unless they damage many rows that are sound by others, or by none.
    """
    known = {alias for names in KNOWN.values() for alias in names}
    final = len(sample) < _SAMPLE
    best: tuple[tuple[float, ...], str] = ((), ",")
    for delimiter in sorted(_DELIMITERS, key=lambda d: d != "\t") if ".tsv" in name.lower() else _DELIMITERS:
        first, good, bad = _fit(sample, delimiter, '"', final=final)
        share = good / max(1, good + bad)
        score = (not known.isdisjoint(first), len(first) > 1 and share > _HALF, round(share, 2), len(first))
        if score > best[0]:
            best = (score, delimiter)
    delimiter = best[1]
    damaged = {quote: _fit(sample, delimiter, quote, final=final)[2] for quote in _QUOTES}
    other = min(_QUOTES, key=lambda quote: damaged[quote])
    return delimiter, other if damaged['"'] >= _MANY and damaged[other] <= damaged['"'] / 10 else '"'


def _fit(sample: bytes, delimiter: str, quote: str, *, final: bool) -> tuple[list[str], int, int]:
    """Return the first row's cells, how many rows are as long as it, and how many are not or damaged."""
    head = Head((), delimiter, quote)
    rows = [(sample[a:b], sound) for a, b, sound in _rows(sample, head, final=final) if sample[a:b].strip()]
    first = _cells(rows[0][0], head) if rows and rows[0][1] else []
    good = sum(sound and len(_cells(row, head)) == len(first) for row, sound in rows)
    return [cell.decode("utf-8", "replace") for cell in first], good, len(rows) - good


def _cells(line: bytes, head: Head) -> list[bytes]:
    """Return the cells of a sound row."""
    _, _, cell = _patterns(head.delimiter, head.quote)
    line = line[:-1] if line.endswith(b"\n") else line
    line = line[:-1] if line.endswith(b"\r") else line
    quote = head.quote.encode()
    cells, at = [], 0
    while match := cell.match(line, at):
        inner, bare, behind = match.groups()
        cells.append(bare if inner is None else inner.replace(quote * 2, quote))
        at = match.end()
        if not behind:
            break
    return cells


def read(
    data: bytes,
    source: str,
    offset: int = 0,
    declared: str | None = None,
) -> Iterator[Record | Damage]:
    r"""Yield the records of some rows, and the damage among them; blank lines are none.

    Args:
        data: whole rows, or a whole file.
        source: name of the file they are from.
        offset: where in the file they begin, in bytes.
        declared: what `head` has told; None if the data begin with the first row.

    Examples:
        >>> [r.get("text") for r in read(b'id,text\n1,"a\nb"\n', "x.csv")]
        ['a\nb']

    """
    if declared is None:
        try:
            declared, taken = head(data, source)
        except RecordError as error:
            yield Damage(source, offset, data, error.reason, str(error), whole=True)
            return
        data, offset = data[taken:], offset + taken
    told = _head(declared)
    for start, end, sound in _rows(data, told, final=True):
        line = data[start:end]
        if line.strip(b"\r\n"):
            yield _item(line, told, source, offset + start, sound=sound)


def _item(line: bytes, head: Head, source: str, offset: int, *, sound: bool) -> Record | Damage:
    """Return the record of a row, or its damage."""
    if len(line) > LARGEST:
        return Damage(source, offset, line, "too-large", f"the record is longer than {LARGEST:,} bytes")
    if not sound:
        return Damage(source, offset, line, "unclosed-quote", "a quote of the row does not end where a cell may end")
    try:
        line.decode()
    except UnicodeDecodeError as error:
        sentence = f"byte {error.start} of the row, 0x{line[error.start]:02x}, is no valid UTF-8"
        return Damage(source, offset, line, "invalid-utf-8", sentence)
    cells = [cell.decode() for cell in _cells(line, head)]
    if len(cells) != len(head.names):
        sentence = f"the row has {len(cells)} cells, but the first one names {len(head.names)} fields"
        return Damage(source, offset, line, "ragged-row", sentence)
    try:
        return Record(_json(dict(zip(head.names, cells, strict=True)), head), source, offset, line)
    except RecordError as error:
        return Damage(source, offset, line, error.reason, str(error))


def _json(cells: Mapping[str, str], head: Head) -> str:
    """Return a row as JSON; what an earlier run has said of it is an object again."""
    values: dict[str, object] = {n: c if head.formulas else _fused(c) for n, c in cells.items()}
    if told := values.pop(ANNOTATION, ""):
        try:
            values[ANNOTATION] = json.loads(str(told))
        except ValueError:
            values[ANNOTATION] = told
    return dump(values)


def _defused(cell: str) -> str:
    """Return a cell so that no spreadsheet runs it.

    Examples:
        >>> _defused("=1+1"), _defused("-1.5"), _defused("- he said"), _defused("'=1"), _defused("a=b")
        ("'=1+1", '-1.5', "'- he said", "''=1", 'a=b')

    """
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _fused(cell: str) -> str:
    """Return what `_defused` was given."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def write(record: Record, text: str) -> bytes:  # noqa: ARG001  a row holds the whole record, its text among the rest
    """Return a file of one row."""
    values = json.loads(encode(record.raw), parse_int=integer, strict=False)
    return b"".join(_written([values], Head(tuple(values))))


def pack(
    out: IO[bytes],
    lines: Callable[[], Iterator[tuple[int, bytes]]],
    origin: Source | None,  # noqa: ARG001  formats agree on it
    declared: str | None,
) -> None:
    """Write a file of records.

    Args:
        out: where to.
        lines: yields the records, each with its offset in the input, as often as it is called.
        origin: not used; records of CSV hold all there is.
        declared: what `head` has told of the input, if that was CSV.

    """
    told = _head(declared)
    names = dict.fromkeys(told.names)
    key = dump(ANNOTATION).encode()
    for _, line in lines():
        if not told.names or key in line:
            names.update(dict.fromkeys(_values(line)))
    if ANNOTATION in names and ANNOTATION not in told.names:  # it comes last
        del names[ANNOTATION]
        names[ANNOTATION] = None
    out.writelines(_written((_values(line) for _, line in lines()), told._replace(names=tuple(names)), told))


def _values(line: bytes) -> dict[str, object]:
    """Return a record's values; numbers as strings, with all their digits."""
    values: dict[str, object] = json.loads(
        line, parse_int=_Digits, parse_float=_Digits, parse_constant=_Digits, strict=False
    )
    return values


class _Digits(str):
    """A number as it is written."""

    __slots__ = ()


def _written(rows: Iterable[Mapping[str, object]], head: Head, told: Head | None = None) -> Iterator[bytes]:
    """Yield the first row and the others; the first one as it was told, with what has come to it since."""
    if told and told.names:
        more = (_quoted(name, head) for name in head.names[len(told.names) :])
        yield encode(told.delimiter.join([told.line, *more]) + head.end)
    else:
        yield encode(_row(head.names, head))
    for row in rows:
        yield encode(_row([_cell(row.get(name), head) for name in head.names], head))


def _row(cells: Sequence[str], head: Head) -> str:
    row = head.delimiter.join(_quoted(cell, head) for cell in cells)
    return (row or (head.quote or '"') * 2) + head.end  # a row of one empty cell would be a blank line


def _cell(value: object, head: Head) -> str:
    """Return a value as the content of a cell."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else _json_of(value)
    return text if head.formulas else _defused(text)


def _json_of(value: object) -> str:
    """Return a value as JSON, with the digits that its numbers came with."""
    if isinstance(value, _Digits):
        return str(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{dump(k)}: {_json_of(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_json_of, value)) + "]"
    return dump(value)


def _quoted(cell: str, head: Head) -> str:
    """Return a cell in quotes if it needs them; a file without quotes gets the usual ones where nothing else helps."""
    quote = head.quote or '"'
    if head.delimiter in cell or "\n" in cell or "\r" in cell or quote in cell or '"' in cell:
        return f"{quote}{cell.replace(quote, quote * 2)}{quote}"
    return cell


def output_name(name: str) -> str:
    """Return the name of the output for an input of that name."""
    return name
