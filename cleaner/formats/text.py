"""Plain text: a file is a record, its id the path inside the folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleaner import charset
from cleaner.errors import RecordError
from cleaner.record import Damage, Record

if TYPE_CHECKING:
    from collections.abc import Iterator

suffixes = (".txt", ".text")
whole_files = True


def read(data: bytes, source: str, offset: int = 0, declared: str | None = None) -> Iterator[Record | Damage]:
    """Yield the one record of a file, or its damage."""
    try:
        text, _ = charset.decode(data, declared)
    except RecordError as error:
        yield Damage(source, offset, data, error.reason, str(error))
    else:
        yield Record.of({"id": source, "text": text}, source, offset, data)


def write(record: Record, text: str) -> bytes:  # noqa: ARG001  the text is all there is
    """Return the file's bytes: the text, in UTF-8; a lone surrogate, which UTF-8 cannot hold, becomes U+FFFD."""
    return charset.sound(text).encode("utf-8")


def output_name(name: str) -> str:
    """Return the name of the output for an input of that name."""
    return name
