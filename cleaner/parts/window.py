"""A stream seen through a window: so much is held as is asked for, the rest has not come yet or has passed."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from cleaner import storage
from cleaner.record import BEGINNING, Damage

if TYPE_CHECKING:
    from collections.abc import Iterator


class Window:
    """What is held of a stream of bytes, where that stands in it, and the error at which the stream broke off.

    Examples:
        >>> window = Window(iter([b"one\\ntw", b"o\\n", b"three"]))
        >>> window.hold(5), window.data
        (True, b'one\\ntw')
        >>> window.take(4), window.offset, window.hold(20), window.data
        (b'one\\n', 4, False, b'two\\nthree')

    """

    def __init__(self, pieces: Iterator[bytes], offset: int = 0) -> None:
        """Begin with nothing held.

        Args:
            pieces: the content; reading it may raise `storage.DAMAGED`.
            offset: where in the source the first of them stands.

        """
        self._pieces = pieces
        self.data = b""
        self.offset = offset
        self.error: Exception | None = None

    def hold(self, size: int) -> bool:
        """Hold at least so many bytes; returns False if no more come and they are fewer."""
        parts, held = [self.data], len(self.data)
        while held < size and (piece := self._next()):
            parts.append(piece)
            held += len(piece)
        self.data = b"".join(parts)
        return held >= size

    def _next(self) -> bytes:
        try:
            return next(self._pieces, b"")
        except storage.DAMAGED as error:
            self.error, self._pieces = error, iter(())
            return b""

    def take(self, size: int) -> bytes:
        """Return the first bytes of those held, and hold the others."""
        taken, self.data = self.data[:size], self.data[size:]
        self.offset += len(taken)
        return taken

    def pass_over(self, source: str, sentence: str, length: int | None = None) -> Damage:
        """Let a record pass that is too long to be held; returns what goes to quarantine of it.

        Args:
            source: name of the stream.
            sentence: what is the matter with the record.
            length: how long the record is, if that is known; else it ends with its line.

        """
        at, beginning, digest, passed = self.offset, b"", hashlib.sha256(), 0
        ended = False
        while not ended and self.hold(1):
            if length is None:
                size = self.data.find(b"\n") + 1 or len(self.data)
                ended = self.data[size - 1 : size] == b"\n"
                line = size - ended
            else:
                size = line = min(len(self.data), length - passed)
                ended = passed + size == length
            piece = self.take(size)[:line]
            digest.update(piece)
            beginning += piece[: BEGINNING - len(beginning)]
            passed += len(piece)
        return Damage(source, at, beginning, "too-large", sentence, length=passed, sha256=digest.hexdigest())
