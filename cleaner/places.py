"""The places of a run's documents: one row each, so that all that is known of one is found without reading the rest.

A row is a JSON object on a line of its own, in the order of the input. Its first field is always the document's id, so
that it is found by its first bytes.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import re
from typing import TYPE_CHECKING, NamedTuple

from cleaner.record import dump, encode

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet
    from pathlib import Path

KEPT, DROPPED, DUPLICATE = "kept", "dropped", "duplicate"

_WORD = 1 << 64
_ID = re.compile(rb'\{"id": ("(?:[^"\\]|\\.)*"|-?[0-9]+), ')


class Place(NamedTuple):
    """Where a document came from, what became of it, and where its record and its rows stand."""

    id: str | int
    at: int
    """Where in its source its record began."""
    outcome: str
    """``kept``, ``dropped`` or ``duplicate``."""
    record: int
    """Where its record begins, in the documents of its part if it was kept, else in the removed ones: in bytes of a
    file of lines, else as the number of the record."""
    ledger: int
    """Where in the ledger of its part its rows begin, in bytes."""
    rows: int
    """How many rows it has there."""
    text: str
    """The `digest` of the text that came in."""

    def line(self) -> str:
        """Return the place as a line of JSON."""
        return (
            f'{{"id": {dump(self.id)}, "at": {self.at}, "outcome": "{self.outcome}", "record": {self.record}, '
            f'"ledger": {self.ledger}, "rows": {self.rows}, "text": "{self.text}"}}'
        )


def read(line: str | bytes) -> Place:
    """Return the place that a line tells of."""
    return Place(**json.loads(line))


def find(path: Path, key: str) -> Iterator[Place]:
    """Yield the places of the documents that have an id, in the order of the input.

    Args:
        path: the places of one part.
        key: the id, as a person types it.

    """
    starts = [encode(f'{{"id": {dump(key)}, ')]
    if key.lstrip("-").isdigit():
        starts.append(f'{{"id": {key}, '.encode())
    if not path.stat().st_size:
        return
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        for at in sorted(at for start in starts for at in _lines_that_start(data, start)):
            yield read(data[at : data.find(b"\n", at)])


def find_all(path: Path, keys: AbstractSet[str | int]) -> Iterator[Place]:
    """Yield the places of the documents that have one of some ids, in the order of the input."""
    wanted = {encode(dump(key)) for key in keys}
    with path.open("rb") as file:
        for line in file:
            match = _ID.match(line)
            if match and match[1] in wanted:
                yield read(line)


def _lines_that_start(data: mmap.mmap, start: bytes) -> Iterator[int]:
    at = data.find(start)
    while at >= 0:
        if at == 0 or data[at - 1] == ord("\n"):
            yield at
        at = data.find(start, at + 1)


def utf8(text: str) -> bytes:
    """Return a text as the bytes that its hashes are made of; lone surrogates are let through."""
    return text.encode("utf-8", "surrogatepass")


def digest(text: bytes) -> str:
    """Return a hash of a text, 64 bits in hexadecimal: enough to see that it is the same, not to prove it to a foe.

    Examples:
        >>> digest(utf8("It rained."))
        'ec673ed862c95a2b'

    """
    return hashlib.blake2b(text, digest_size=8).hexdigest()


def mark(source: str, at: int) -> int:
    """Return the mark of a place in the input, a number below 2**64.

    Marks are added up, modulo 2**64, over all that was read and over all outcomes. The sums do not depend on the order,
    and two errors, such as a record that is lost and another that is written twice, do not cancel in them.
    """
    return int.from_bytes(hashlib.blake2b(utf8(f"{at}:{source}"), digest_size=8).digest())


def added(total: int, source: str, at: int) -> int:
    """Return a sum of marks with one more in it."""
    return (total + mark(source, at)) % _WORD
