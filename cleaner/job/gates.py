"""Gates: what a run must not come to, said as ``drop_rate>0.5``; a gate that trips ends it with exit code 1."""

from __future__ import annotations

import operator
import re
from typing import TYPE_CHECKING, NamedTuple

from cleaner.errors import UsageError
from cleaner.plugins import unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cleaner.report.tally import Tally

_CONDITION = re.compile(r"\s*(source_)?(\w+?)\s*(>=|<=|>|<)\s*([0-9.]+)\s*")
_SIGNS: dict[str, Callable[[float, float], bool]] = {
    ">": operator.gt,
    "<": operator.lt,
    ">=": operator.ge,
    "<=": operator.le,
}
RATES: dict[str, Callable[[Tally], float]] = {
    "drop_rate": lambda t: _share(t.dropped.total(), t.read),
    "duplicate_rate": lambda t: _share(t.duplicates, t.read),
    "quarantine_rate": lambda t: _share(t.quarantined.total(), t.read),
    "keep_rate": lambda t: _share(t.kept, t.read),
    "change_rate": lambda t: _share(t.changed, t.read),
    "removed_rate": lambda t: _share(sum(rule.removed for rule in t.rules.values()), t.characters_in),
    "read": lambda t: t.read,
}
"""What a gate can look at: shares of the records, the share of the characters that rules removed, or a number."""


class Gate(NamedTuple):
    """One condition."""

    text: str
    rate: str
    sign: str
    bound: float
    by_source: bool

    def tripped(self, total: Tally, parts: Mapping[str, Tally]) -> str:
        """Return the sentence that says who tripped it, empty if nobody did."""
        held = parts if self.by_source else {"the whole run": total}
        found = [(name, value) for name, t in held.items() if self.bad(value := RATES[self.rate](t))]
        if not found:
            return ""
        name, value = min(found, key=lambda one: (-abs(one[1] - self.bound), one[0]))
        others = f"; it trips for {len(found)} sources in all" if len(found) > 1 else ""
        return f"--fail-on {self.text}: {self.rate} of {name} is {value:.4g}{others}"

    def bad(self, value: float) -> bool:
        """Tell whether a value is one that trips the gate."""
        return _SIGNS[self.sign](value, self.bound)


def too_many_bad(most: int | None, total: Tally, parts: Mapping[str, Tally]) -> str:
    """Return the sentence that says that more records than that are in quarantine, and from where most of them are."""
    bad = total.quarantined.total()
    if most is None or bad <= most:
        return ""
    worst, tally = min(parts.items(), key=lambda part: (-part[1].quarantined.total(), part[0]))
    return f"--max-bad {most}: {bad} records are in quarantine, most of them, {tally.quarantined.total()}, from {worst}"


def parse(text: str) -> Gate:
    """Return the gate that a condition describes; with ``source_`` before it, it holds for each part by itself.

    Raises:
        UsageError: it cannot be read.

    Examples:
        >>> parse("source_drop_rate > 0.9").by_source
        True

    """
    match = _CONDITION.fullmatch(text)
    if match is None:
        raise UsageError(f"--fail-on {text!r}: it should read like 'drop_rate>0.5'")
    source, rate, sign, bound = match.groups()
    if rate not in RATES:
        raise UsageError(f"--fail-on {text!r}: {unknown('rate', rate, tuple(RATES))}")
    try:
        return Gate(text, rate, sign, float(bound), bool(source))
    except ValueError:
        raise UsageError(f"--fail-on {text!r}: {bound} is no number") from None


def _share(some: int, of: int) -> float:
    return some / of if of else 0.0
