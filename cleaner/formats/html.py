"""Pages: a file is a record, its id the path inside the folder; what is written is text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleaner import charset
from cleaner.errors import RecordError
from cleaner.formats import text as plain
from cleaner.record import Damage, Record

if TYPE_CHECKING:
    from collections.abc import Iterator

suffixes = (".html", ".htm", ".xhtml")
whole_files = True

write = plain.write


def read(data: bytes, source: str, offset: int = 0, declared: str | None = None) -> Iterator[Record | Damage]:
    """Yield the one record of a page, or its damage; the page's own word on its charset is heard."""
    try:
        page, _ = charset.decode(data, declared or charset.declared(data))
    except RecordError as error:
        yield Damage(source, offset, data, error.reason, str(error))
    else:
        yield Record.of({"id": source, "html": page}, source, offset, data)


def output_name(name: str) -> str:
    """Return the name of the output: a page's text is no page, so its name says so."""
    return f"{name}.txt"
