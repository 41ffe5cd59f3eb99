"""Lines that ftfy would look at: a gate derived from ftfy's own pattern, so that it follows ftfy's upgrades.

Every alternative of ftfy's badness pattern asks for some character right after some other one. A text in which no such
pair of neighbours occurs cannot match, and whether one occurs is a question for a table: vectorised, it costs a few
nanoseconds a character, where the pattern costs a hundred.
"""

from __future__ import annotations

import itertools
import re
from functools import cache
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray


_END = 0x10000
"""ftfy's tables name no character beyond the Basic Multilingual Plane; all of those are alike, and stand for one."""


def is_bad(line: str) -> bool:
    """Tell whether ftfy calls a line bad."""
    from ftfy.badness import is_bad as ftfy_calls_bad

    return ftfy_calls_bad(line)


class PairGate(NamedTuple):
    """For each code point its class, and which classes may follow which in text that ftfy calls bad."""

    classes: NDArray[np.intp]
    pairs: NDArray[np.bool_]
    singles: NDArray[np.bool_]


@cache
def pair_gate() -> PairGate:
    """Derive the gate from ftfy's pattern by the standard library's own parser of patterns."""
    from ftfy.badness import BADNESS_RE

    tree = parser.parse(BADNESS_RE.pattern, BADNESS_RE.flags)
    conditions = [_rarest(list(branch)) for branch in _branches(tree)]
    sets = list(dict.fromkeys(s for condition in conditions for s in condition))
    signature = np.zeros((len(sets), _END), np.bool_)
    for row, members in zip(signature, sets, strict=True):
        row[list(members)] = True
    packed = np.ascontiguousarray(np.packbits(signature, axis=0).T)
    _, first, classes = np.unique(packed.view(f"V{packed.shape[1]}").ravel(), return_index=True, return_inverse=True)
    kinds = signature[:, first]
    pairs = np.zeros((kinds.shape[1],) * 2, np.bool_)
    singles = np.zeros(kinds.shape[1], np.bool_)
    for condition in conditions:
        rows = [kinds[sets.index(members)] for members in condition]
        if len(rows) == 1:
            singles |= rows[0]
        else:
            pairs |= np.outer(*rows)
    return PairGate(classes.reshape(-1).astype(np.intp), pairs, singles)


def _branches(tree: Iterable[tuple[Any, Any]]) -> Iterator[Iterable[tuple[Any, Any]]]:
    """Yield the alternatives of a pattern, with the beginning that they share put back to each."""
    items = list(tree)
    for i, (op, value) in enumerate(items):
        if op is sre.BRANCH:
            for branch in value[1]:
                yield from _branches([*items[:i], *branch, *items[i + 1 :]])
            return
        if op is sre.SUBPATTERN:
            yield from _branches([*items[:i], *value[3], *items[i + 1 :]])
            return
    yield items


def _rarest(branch: list[tuple[Any, Any]]) -> tuple[frozenset[int], ...]:
    """Return the two neighbours (or the one character) that an alternative needs and that few texts have."""
    sets = [_members(op, value) for op, value in branch if op is not sre.AT]
    couples = [(a, b) for a, b in itertools.pairwise(sets) if a is not None and b is not None]
    if couples:
        return min(couples, key=lambda couple: len(couple[0]) * len(couple[1]))
    return (min((s for s in sets if s is not None), key=len),)


def _members(op: object, value: Any) -> frozenset[int] | None:  # noqa: ANN401 - the parser's own trees have no types
    """Return the characters that one item of a pattern matches, or None where it may match more or nothing."""
    if op is sre.LITERAL:
        return frozenset([value])
    if op is sre.IN:
        return _class(tuple(value))
    if op in (sre.ANY, sre.NOT_LITERAL):
        return _class(((sre.NEGATE, None), (sre.LITERAL, ord("\n") if op is sre.ANY else value)))
    return None


@cache
def _class(parts: tuple[tuple[Any, Any], ...]) -> frozenset[int]:
    """Return the members of a class of characters, written as the parser writes it."""
    members: set[int] = set()
    for part, value in parts:
        if part is sre.LITERAL:
            members.add(value)
        elif part is sre.RANGE:
            members.update(range(value[0], value[1] + 1))
        elif part is sre.CATEGORY:
            members.update(c for c in range(_END) if _CATEGORIES[value].match(chr(c)))
    return frozenset(range(_END)) - members if parts[0][0] is sre.NEGATE else frozenset(members)


_CATEGORIES = {
    sre.CATEGORY_WORD: re.compile(r"\w"),
    sre.CATEGORY_SPACE: re.compile(r"\s"),
    sre.CATEGORY_DIGIT: re.compile(r"\d"),
}
