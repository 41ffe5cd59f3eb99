"""Notices: a file is one text; the harbour office writes them, and calls them ``.notice``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleaner.record import Damage, Record

if TYPE_CHECKING:
    from collections.abc import Iterator

suffixes = (".notice",)
whole_files = True


def read(data: bytes, source: str, offset: int = 0, declared: str | None = None) -> Iterator[Record | Damage]:  # noqa: ARG001
    """Yield the one record of a file."""
    yield Record.of({"id": source, "text": data.decode()}, source, offset, data)


def write(record: Record, text: str) -> bytes:  # noqa: ARG001
    """Return the file's bytes."""
    return text.encode()


def output_name(name: str) -> str:
    """Return the name of the output for an input of that name."""
    return name
