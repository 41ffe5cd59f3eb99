"""Which patterns a rule may have: those whose time is bounded, whatever line they meet."""

from __future__ import annotations

import re
from functools import cache
from re import _constants as sre  # type: ignore[attr-defined]  # the parse tree of a pattern has no public door
from re import _parser as sre_parser  # type: ignore[attr-defined]
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_REPEATS = 9
"""Times that a group in a pattern may repeat at most."""
LONG = 40
"""Length from which a repeat in a pattern is wide, and their number on one way through it."""
MOST_WIDE = 3


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
def begins(pattern: str) -> frozenset[str]:
    r"""Return the characters with which what a pattern means can begin, none if there is no telling.

    Examples:
        >>> sorted(begins(r"(?:please )?(?:share|tweet|e-?mail)(?: \w+)?")), begins(r"\w+ ago")
        (['e', 'p', 's', 't'], frozenset())

    """
    tree = sre_parser.parse(pattern)
    found, empty = _begins(tree)
    return frozenset() if empty or _ANY in found or tree.state.flags & re.IGNORECASE else frozenset(found)


_ANY = ""


def _begins(tree: Sequence[tuple[object, Any]]) -> tuple[set[str], bool]:
    """Return the characters that come first, `_ANY` if it may be anything, and whether there need not be one."""
    found: set[str] = set()
    for op, argument in tree:
        if op is sre.LITERAL:
            first, empty = {chr(argument)}, False
        elif op is sre.IN and all(kind is sre.LITERAL for kind, _ in argument):
            first, empty = {chr(code) for _, code in argument}, False
        elif op is sre.SUBPATTERN and not argument[1]:  # no flags of its own
            first, empty = _begins(argument[-1])
        elif op is sre.BRANCH:
            each = [_begins(branch) for branch in argument[1]]
            first, empty = {char for chars, _ in each for char in chars}, any(none for _, none in each)
        elif op is sre.MAX_REPEAT:
            first, empty = _begins(argument[-1])
            empty = empty or argument[0] == 0
        else:
            first, empty = {_ANY}, False
        found |= first
        if not empty:
            return found, False
    return found, True


def _is_word(item: tuple[object, Any]) -> bool:
    return item == (sre.IN, [(sre.CATEGORY, sre.CATEGORY_WORD)])


def _set_apart(tree: Sequence[tuple[object, Any]]) -> bool:
    """Tell whether a group begins or ends with a sign that is no part of a word."""
    ends = (tree[0], tree[-1])
    return any(op is sre.LITERAL and not (chr(what).isalnum() or chr(what) == "_") for op, what in ends)
