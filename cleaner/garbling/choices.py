"""What a few characters of garbled text can have become the remains of, when bytes were lost after a wrong decoding.

UTF-8 read as windows-1252 is full of odd spaces, quotes and controls, and programs on the way straighten the quotes,
turn no-break spaces into spaces, collapse spaces, drop controls, write U+FFFD for them, or lower-case the rest. Each
such loss leaves few bytes to choose from.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from cleaner.garbling.model import model
from cleaner.garbling.readers import characters

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MOST = 6
"""Characters tried at each place; with all of them, up to a hundred, nothing more comes back."""

# Logarithms of how likely each accident is at a place where it can happen.
LOST_SPACE = -0.7
LOST_QUOTE = -0.7
LOST_CASE = -0.3
UNREADABLE = -0.7
DROPPED = -3.0
MOST_DROPPED = 2
"""Of one character, so many bytes."""
MOST_REMEMBERED = 1 << 14
"""Answers for each encoding."""

_QUOTES = {"'": "\u2018\u2019\u201a\u201b", '"': "\u201c\u201d\u201e\u201f"}


class Options(NamedTuple):
    """The bytes that a character of the garbled line can have been, each with the logarithm of its likelihood."""

    leads: tuple[tuple[int, float], ...]
    more: tuple[tuple[int, float], ...]
    reach: int
    """How many characters, itself included, tell what it has become the beginning of; 0 if it begins nothing."""


class Choice(NamedTuple):
    """What can have become the characters at some place: how many of them, what it was, and what that costs."""

    size: int
    character: str
    number: int
    """That of the model."""
    cost: float


class Choices(dict[str, tuple[Choice, ...]]):
    """For some characters, what can have become the first ones, the likeliest first.

    Bytes are dropped only where no sequence is complete.
    """

    def __init__(self, codec: str, *, lower: bool, made_up: bool) -> None:
        """Take how the text was garbled, as `choices` does."""
        super().__init__()
        table = characters(codec)
        found: dict[str, dict[int, float]] = {}
        for byte in range(0x80, 0x100):
            character = table[byte]
            found.setdefault(character, {})[byte] = 0.0
            if made_up and lower and len(character.lower()) == 1 and character.lower() != character:
                found.setdefault(character.lower(), {})[byte] = LOST_CASE
            for straight, curly in _QUOTES.items():
                if made_up and character in curly:
                    found.setdefault(straight, {})[byte] = LOST_QUOTE
            if byte == ord("\xa0") and character == "\xa0":
                found.setdefault(" ", {})[byte] = LOST_SPACE
        self.dropped = tuple(b for b in range(0x80, 0xA0) if "\x80" <= table[b] <= "\x9f") if made_up else ()
        for byte in self.dropped:
            found.setdefault("\ufffd", {})[byte] = UNREADABLE
        self.options = {character: _options(bytes_) for character, bytes_ in found.items()}
        self.reach = {character: options.reach for character, options in self.options.items() if options.reach}

    def __missing__(self, here: str) -> tuple[Choice, ...]:
        """Work out what has not been asked yet."""
        found = self._decoded(here, 0)
        if self.dropped and all(choice.cost <= LOST_SPACE for choice in found):
            found = self._decoded(here, MOST_DROPPED)
        if len(self) >= MOST_REMEMBERED:
            self.clear()
        self[here] = found
        return found

    def _decoded(self, here: str, most: int) -> tuple[Choice, ...]:
        """Return the likeliest choices with at most so many bytes dropped."""
        best: dict[tuple[int, str], float] = {}
        for lead, cost in self.options[here[0]].leads:
            size = _size(lead)
            found = [(1, lead & (0x7F >> size), cost, most)]
            for left in range(size - 2, -1, -1):
                found = [longer for one in found for longer in self._continued(here, *one, is_last=not left)]
            for end, point, total, _ in found:
                if point >= _LEAST[size] and not 0xD800 <= point < 0xE000 and point < 0x110000:  # noqa: PLR2004 - Unicode
                    key = end, chr(point)
                    if key != (1, here[0]):
                        best[key] = max(total, best.get(key, total))
        numbers = model().numbered("".join(character for _, character in best))
        possible = [Choice(*key, number, cost) for (key, cost), number in zip(best.items(), numbers, strict=True)]
        alone = model().logarithms[0].data
        possible.sort(key=lambda choice: -choice.cost - alone[choice.number])
        return tuple(possible[:MOST])

    def _continued(
        self, here: str, at: int, point: int, cost: float, most: int, *, is_last: bool
    ) -> Iterator[tuple[int, int, float, int]]:
        """Yield a sequence with each byte that can come next."""
        point <<= 6
        character = here[at : at + 1]
        if character in self.options:
            for byte, more in self.options[character].more:
                yield at + 1, point | byte & 0x3F, cost + more, most
        if most:
            for byte in self.dropped:
                yield at, point | byte & 0x3F, cost + DROPPED, most - 1
        if is_last and character in {"", " "}:  # A0, collapsed with the space after it
            yield at, point | 0x20, cost + LOST_SPACE, most


def _options(bytes_: Mapping[int, float]) -> Options:
    leads = tuple((b, cost) for b, cost in bytes_.items() if 0xC2 <= b < 0xF5)  # noqa: PLR2004 - UTF-8's leads
    more = tuple((b, cost) for b, cost in bytes_.items() if b < 0xC0)  # noqa: PLR2004 - and its continuations
    return Options(leads, more, max((_size(b) for b, _ in leads), default=0))


def _size(lead: int) -> int:
    """Return how many bytes a sequence of UTF-8 has, by its first one."""
    return 2 if lead < 0xE0 else 3 if lead < 0xF0 else 4  # noqa: PLR2004 - RFC 3629


_LEAST = {2: 0x80, 3: 0x800, 4: 0x10000}
"""The first character that takes so many bytes."""


@cache
def choices(codec: str, *, lower: bool, made_up: bool) -> Choices:
    """Return the choices for text that was garbled in some way.

    Args:
        codec: by which it was read.
        lower: whether it was lower-cased afterwards.
        made_up: whether bytes may be made up for other than those that have become spaces.

    """
    return Choices(codec, lower=lower, made_up=made_up)


@cache
def _sequence(codec: str, *, lower: bool) -> re.Pattern[str]:
    """Return the pattern of two or three characters that can come from one of UTF-8 without a loss."""
    options = {c: o for c, o in choices(codec, lower=lower, made_up=True).options.items() if c > "\x7f"}
    two = "".join(re.escape(c) for c, o in options.items() if any(b < 0xE0 for b, _ in o.leads))  # noqa: PLR2004
    three = "".join(re.escape(c) for c, o in options.items() if any(b >= 0xE0 for b, _ in o.leads))  # noqa: PLR2004
    more = "".join(re.escape(c) for c, o in options.items() if o.more)
    return re.compile(f"[{three}][{more}]{{2}}|[{two}][{more}]")


def share_of_sequences(text: str, codec: str) -> float:
    """Return how many of the characters outside ASCII come from UTF-8 if they were read by this encoding.

    Examples:
        >>> share_of_sequences("Ã©tÃ©", "cp1252"), share_of_sequences("¹úŒÊÐÂÎÅ", "cp1252")
        (1.0, 0.0)

    """
    sequences = _sequence(codec, lower=text == text.lower()).findall(text)
    return sum(map(len, sequences)) / max(1, len(text) - len(text.encode("ascii", "ignore")))
