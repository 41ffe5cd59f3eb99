"""Which patterns a rule may have: those whose time is bounded, whatever line they meet."""

from __future__ import annotations

import re
import sys
from functools import cache
from re import _constants as sre  # type: ignore[attr-defined]  # the parse tree of a pattern has no public door
from re import _parser as sre_parser  # type: ignore[attr-defined]
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MOST_REPEATS = 9
"""Times that a group in a pattern may repeat at most."""
LONG = 40
"""Length from which a repeat in a pattern is wide, and their number on one way through it."""
MOST_WIDE = 3
BEGINNING = 3
"""Characters with which a line begins that patterns are told apart by."""
MOST_BEGINNINGS = 2_000
"""Beginnings that a pattern may have before nobody looks for them any more."""


class Beginning(NamedTuple):
    """With what a line begins that a pattern means, and how long it is."""

    said: frozenset[str]
    """Its first characters, all alike in number; the empty text alone where there is no telling."""
    shortest: int
    longest: int


def slow(pattern: str) -> str:
    """Return what is wrong with a pattern whose time could grow out of bounds, and what to write instead; else "".

    A group repeats a few times at most, and holds no repeat but words that something sets apart, ``(?: \\w+){0,3}``;
    of wide repeats (``.*``, ``.{0,80}``) there are three at most on any way through. So a pattern's time is bounded,
    for a line is never longer than `LONGEST`.

    Examples:
        >>> slow("share (?:this|it)( now)?"), slow(r"by(?: \\w+){1,3} .*")
        ('', '')
        >>> slow("(?:a+)+")
        'repeats a group too often: write {0,9} in place of * or +, or name the words in `only`'

    """
    try:
        tree = sre_parser.parse(pattern)
        if _wide(tree, within=False) > MOST_WIDE:
            return f"has more than {MOST_WIDE} wide repeats: bound some of them, .{{0,{LONG}}} in place of .*"
    except re.error as error:
        return f"is no regular expression: {error}"
    except _SlowError as fault:
        return str(fault)
    return ""


class _SlowError(Exception):
    """What makes a pattern slow; it never leaves `slow`."""


def _wide(tree: Sequence[tuple[object, Any]], *, within: bool) -> int:
    """Count the wide repeats on one way through a parse tree; ``within`` a repeated group there may be none."""
    count = 0
    for op, argument in tree:
        if op in (sre.GROUPREF, sre.GROUPREF_EXISTS):
            msg = "refers back to a group, whose time has no bound: write out what may stand there"
            raise _SlowError(msg)
        if op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            _, most, what = argument
            one = len(what) == 1 and what[0][0] in (sre.IN, sre.LITERAL, sre.NOT_LITERAL, sre.ANY, sre.CATEGORY)
            if most > 1 and within and not (one and _is_word(what[0]) and _set_apart(tree)):
                msg = "has a repeat inside a repeated group, other than words set apart: (?: \\w+){0,3}"
                raise _SlowError(msg)
            if not one and most > MOST_REPEATS:
                bound = f"{{0,{MOST_REPEATS}}}"
                msg = f"repeats a group too often: write {bound} in place of * or +, or name the words in `only`"
                raise _SlowError(msg)
            count += int(one and most > LONG and not within) + _wide(what, within=within or most > 1)
        elif op is sre.BRANCH:
            count += max(_wide(branch, within=within) for branch in argument[1])
        elif op in (sre.SUBPATTERN, sre.ASSERT, sre.ASSERT_NOT):
            count += _wide(argument[-1], within=within)
        elif op is sre.ATOMIC_GROUP:
            count += _wide(argument, within=within)
    return count


@cache
def begins(pattern: str) -> Beginning:
    r"""Return with what a line begins that a pattern means, and how long it is.

    Examples:
        >>> begins(r"(?:please )?(?:share|tweet|e-?mail)(?: \w{1,9})?")._replace(said=())
        Beginning(said=(), shortest=5, longest=23)
        >>> sorted(begins("(?:please )?(?:share|e-?mail)").said), begins(r"\w+ ago").said
        (['e-m', 'ema', 'ple', 'sha'], frozenset({''}))

    """
    tree = sre_parser.parse(pattern)
    said = {""} if tree.state.flags & re.IGNORECASE else {start for start, _ in _beginnings(tree)}
    least = min(map(len, said))
    shortest, longest = tree.getwidth()
    return Beginning(frozenset(start[:least] for start in said), shortest, min(longest, sys.maxsize))


_Start = tuple[str, bool]
"""The first characters of what a pattern means, and whether what comes after them may be anything."""
_ANYTHING: _Start = ("", True)
_NOTHING: _Start = ("", False)


def _beginnings(tree: Iterable[tuple[object, Any]]) -> set[_Start]:
    """Return with what the text that a parse tree means may begin, up to `BEGINNING` characters."""
    found = {_NOTHING}
    for op, argument in tree:
        unsaid = {start for start in found if len(start[0]) < BEGINNING and not start[1]}
        if not unsaid:
            break
        nexts = _starts(op, argument)
        found -= unsaid
        found |= {((start + more)[:BEGINNING], anything) for start, _ in unsaid for more, anything in nexts}
        if len(found) > MOST_BEGINNINGS:
            return {_ANYTHING}
    return found


def _starts(op: object, argument: Any) -> set[_Start]:  # noqa: ANN401  each kind has its own
    """Return with what the text that one item of a parse tree means may begin."""
    if op is sre.LITERAL:
        return {(chr(argument), False)}
    if op is sre.IN and all(kind is sre.LITERAL for kind, _ in argument):
        return {(chr(code), False) for _, code in argument}
    if op is sre.SUBPATTERN and not argument[1]:  # no flags of its own
        return _beginnings(argument[-1])
    if op is sre.BRANCH:
        return {start for branch in argument[1] for start in _beginnings(branch)}
    if op is sre.MAX_REPEAT:
        least, most, what = argument
        once = _beginnings(what)
        more = once if most == 1 else {(start, True) for start, _ in once}
        return more | {_NOTHING} if least == 0 else more
    return {_ANYTHING}


def _is_word(item: tuple[object, Any]) -> bool:
    return item == (sre.IN, [(sre.CATEGORY, sre.CATEGORY_WORD)])


def _set_apart(tree: Sequence[tuple[object, Any]]) -> bool:
    """Tell whether a group begins or ends with a sign that is no part of a word."""
    ends = (tree[0], tree[-1])
    return any(op is sre.LITERAL and not (chr(what).isalnum() or chr(what) == "_") for op, what in ends)
