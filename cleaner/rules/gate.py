"""Lines normalised, and those found out that no rule can match, which are most: by the compiled twin, if there is one.

It normalises a line as `normalise` does, and knows of each rule the words that it asks for, the lengths and beginnings
of the lines that its pattern means, and the lines and entries of menus that it names. It holds them as hashes, so now
and then it lets a line through that no rule matches; but it stops none that a rule does. Without it every line goes
through.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from cleaner.rules.line import DASHES, INVISIBLE, LETTERS, PIPES, SIGNS, TRIM, WIDE, normalise

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from cleaner.rules.pattern import Beginning

try:
    from cleaner.rules import _twin
except ImportError:  # it was installed where there is no compiler
    _twin = None  # type: ignore[assignment]

END = 0x20000
"""Of code points from here on nothing is known; a line with one goes the other way."""
_CODE = 21
"""Bits of a code point."""
_KINDS: tuple[re.Pattern[str] | str, ...] = (
    *map(re.compile, (rf"[^\W{WIDE}]+", f"[{WIDE}]+")),
    SIGNS,
    *map(re.compile, (r"\s+", r"\d+")),
    TRIM,
    INVISIBLE,
    PIPES,
    DASHES,
)
"""The kinds of characters that the twin asks for, from the lowest bit on."""


class Gate:
    """What knows of lines whether some rule may match them.

    Examples:
        >>> from cleaner.rules.pattern import begins
        >>> gate = Gate(["read more"], ["read", "more"], ["read"], [], [(7, begins("see also .*"), ["also"])])
        >>> lines, asked = gate.through(["Read more »", "See also: fog", "It rained."])
        >>> lines[:2], asked.get("see also: fog", [7])
        (['read more', 'see also: fog'], [7])

    """

    def __init__(
        self,
        lines: Iterable[str],
        entering: Iterable[str],
        starting: Iterable[str],
        only: Iterable[str],
        patterns: Iterable[tuple[int, Beginning, Sequence[str]]],
    ) -> None:
        """Know the rules.

        Args:
            lines: lines that some rule names word for word.
            entering: the words of entries of menus.
            starting: those with which one starts.
            only: words of which lines consist.
            patterns: the numbers of rules with patterns, what the lines look like that they mean, and the words of
                which they have one.

        """
        told = [(i, shortest, longest, [*said], [*words]) for i, (said, shortest, longest), words in patterns]
        self._gate = _twin and _twin.gate([*lines], [*entering], [*starting], [*only], told)

    def through(self, lines: Sequence[str]) -> tuple[list[str], Mapping[str, Sequence[int]]]:
        """Return lines normalised, empty those that no rule can match; and what is known of some of the others.

        That is, by normalised line, the rules whose patterns may mean it; none but these has to be asked, and those
        that name lines whole.
        """
        return _normalised(lines, self._gate)


def normalised(lines: Sequence[str]) -> list[str]:
    """Return lines normalised.

    Examples:
        >>> normalised(["READ  MORE »", "1,000 shares"])
        ['read more', '0 shares']

    """
    return _normalised(lines, None)[0]


def _normalised(lines: Sequence[str], gate: object) -> tuple[list[str], Mapping[str, Sequence[int]]]:
    if _twin is None:
        return [*map(normalise, lines)], {}
    seen, asked = _twin.normalise("\n".join(map(str.casefold, lines)), _facts(), gate)
    if len(seen) != len(lines):  # one of them is several
        return [*map(normalise, lines)], {}
    return [normalise(line) if found is None else found for found, line in zip(seen, lines, strict=True)], asked


@cache
def _facts() -> bytes:
    """Return by code point the character that it counts as, and in the higher bits of what kinds that is."""
    facts = np.arange(END, dtype="<u4")
    every = facts.tobytes().decode("utf-32-le", "surrogatepass")
    for bit, kind in enumerate(_KINDS, _CODE):
        runs = (slice(ord(c), ord(c) + 1) for c in kind) if isinstance(kind, str) else _runs(kind, every)
        for run in runs:
            facts[run] |= np.uint32(1 << bit)
    for letter, meant in LETTERS.items():
        facts[letter] = facts[meant]
    return facts.tobytes()


def _runs(kind: re.Pattern[str], every: str) -> Iterator[slice]:
    """Yield where the characters of a kind stand among all of them."""
    return (slice(*found.span()) for found in kind.finditer(every))
