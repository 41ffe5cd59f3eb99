"""JSON Lines: one object a line; a line ends at the byte ``\\n`` and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleaner.errors import RecordError
from cleaner.record import LARGEST, Damage, Record, encode

if TYPE_CHECKING:
    from collections.abc import Iterator

suffixes = (".jsonl", ".ndjson")
whole_files = False

_BOM = b"\xef\xbb\xbf"


def read(
    data: bytes,
    source: str,
    offset: int = 0,
    declared: str | None = None,  # noqa: ARG001  formats agree on it
) -> Iterator[Record | Damage]:
    r"""Yield the records of some lines, and the damage among them; blank lines are none.

    Args:
        data: whole lines.
        source: name of the file they are from.
        offset: where in the file they begin, in bytes.
        declared: not used; JSON is UTF-8.

    Examples:
        >>> [type(item).__name__ for item in read(b'{"text": "a"}\n\n{"text": \n', "x.jsonl")]
        ['Record', 'Damage']

    """
    at = offset
    for line in data.split(b"\n"):
        raw = bare(line, at)
        if len(line) > LARGEST:
            yield Damage(source, at, line, "too-large", f"the record is longer than {LARGEST:,} bytes")
        elif raw:
            try:
                yield Record(raw.decode("utf-8"), source, at, line)
            except UnicodeDecodeError as error:
                place = line.index(raw) + error.start
                sentence = f"byte {place} of the line, 0x{line[place]:02x}, is no valid UTF-8"
                yield Damage(source, at, line, "invalid-utf-8", sentence)
            except RecordError as error:
                yield Damage(source, at, line, error.reason, str(error))
        at += len(line) + 1


def bare(line: bytes, at: int) -> bytes:
    """Return the JSON of the line that begins at a place of its file."""
    return (line if at else line.removeprefix(_BOM)).strip()


def write(record: Record, text: str) -> bytes:  # noqa: ARG001  a line holds the whole record, its text among the rest
    """Return the record's line."""
    return encode(record.raw) + b"\n"


def output_name(name: str) -> str:
    """Return the name of the output for an input of that name."""
    return name
