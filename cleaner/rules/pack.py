"""Packs of rules: read from TOML, and refused in a sentence where they do not hold."""

from __future__ import annotations

import difflib
import re
import tomllib
from dataclasses import fields
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cleaner import plugins
from cleaner.errors import RecipeError
from cleaner.rules.gate import normalised
from cleaner.rules.line import LETTERS, is_word, normalise
from cleaner.rules.match import Rules
from cleaner.rules.pattern import slow
from cleaner.rules.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

PLACES = ("top", "end", "edge")
OWN = Path(str(files("cleaner").joinpath("packs")))
"""The packs that come with this package, of which tests have made sure that they make sense."""

_HEADER = re.compile(r"^\s*\[\[\s*([\w-]+)\s*\]\]", re.MULTILINE)


def load(names: Sequence[str] = (), select: Sequence[str] = (), ignore: Sequence[str] = ()) -> Rules:
    """Return the rules of packs, by default of all that there are, ``any`` and ``en`` first.

    Args:
        names: packs by name, or the paths of files of your own (``site.toml``).
        select: codes, their beginnings (``en``, ``en/share``) or patterns (``*/share/*``) of the rules to take.
        ignore: the same, of the rules to leave.

    Raises:
        RecipeError: a pack does not hold, or a code means no rule.

    """
    return _load(tuple(names) or sorted_names(), tuple(select), tuple(ignore))


@cache
def sorted_names() -> tuple[str, ...]:
    """Return the names of all packs: ``any``, then ``en``, whose furniture stands everywhere, then the others."""
    return tuple(sorted(plugins.names("packs"), key=lambda name: (name != "any", name != "en", name)))


@cache
def _load(names: tuple[str, ...], select: tuple[str, ...], ignore: tuple[str, ...]) -> Rules:
    rules = [rule for name in names for rule in read(name)]
    codes = tuple(rule.code for rule in rules)
    for pattern in (*select, *ignore):
        if not any(_means(pattern, code) for code in codes):
            near = difflib.get_close_matches(pattern, codes, n=1)
            hint = f"did you mean {near[0]!r}?" if near else "`cleaner rules` lists them"
            msg = f"no rule is called {pattern!r}: {hint}"
            raise RecipeError(msg)
    return Rules(
        rule
        for rule in rules
        if (not select or any(_means(p, rule.code) for p in select)) and not any(_means(p, rule.code) for p in ignore)
    )


def _means(pattern: str, code: str) -> bool:
    return code == pattern or code.startswith(f"{pattern}/") or fnmatchcase(code, pattern)


@cache
def kinds() -> Mapping[str, str]:
    """Return the kinds of boilerplate, each with the reason why it is no part of a text."""
    return tomllib.loads(files("cleaner").joinpath("packs/_kinds.toml").read_text("utf-8"))


@cache
def read(name: str) -> tuple[Rule, ...]:
    """Return the rules of one pack, in the order of its file.

    Raises:
        RecipeError: there is no such pack, it is no TOML, or a rule in it does not hold.

    """
    path = _find(name)
    pack = path.stem
    try:
        text = path.read_text("utf-8")
        data = tomllib.loads(text)
    except FileNotFoundError as error:
        msg = f"there is no pack of rules at {path}"
        raise RecipeError(msg) from error
    except (OSError, ValueError) as error:
        msg = f"{path} is no pack of rules: {error}"
        raise RecipeError(msg) from error
    shared = data.pop("keeps", {})
    rules = []
    rows: dict[str, list[int]] = {}
    for header in _HEADER.finditer(text):
        rows.setdefault(header[1], []).append(text.count("\n", 0, header.start(1)) + 1)
    for kind, tables in data.items():
        if kind not in kinds():
            raise RecipeError(f"{path}: " + plugins.unknown("kind", kind, tuple(kinds())))
        if not isinstance(tables, list):
            msg = f"{path}: write [[{kind}]] with two brackets, one table a rule"
            raise RecipeError(msg)
        for table, row in zip(tables, rows[kind], strict=True):
            rules.append(_rule(table, pack, kind, tuple(shared.get(kind, ())), str(path), row))
    seen: set[str] = set()
    for rule in sorted(rules, key=lambda rule: rule.row):
        if rule.code in seen:
            msg = f"{path}, line {rule.row}: there are two rules {rule.code}; give one of them another id"
            raise RecipeError(msg)
        seen.add(rule.code)
    return tuple(sorted(rules, key=lambda rule: rule.row))


def _find(name: str) -> Path:
    """Return the file of a pack: one of the user's, one of ours, or the one that an entry point names."""
    if name.endswith(".toml"):
        return Path(name)
    if name not in plugins.names("packs"):
        raise RecipeError(plugins.unknown("pack", name, plugins.names("packs")))
    return plugins.file("packs", name)


_TEXT = ("id", "why", "line", "where")
_LISTS = ("lines", "words", "only", "inside", "tails", "removes", "keeps", "misses")
_KEYS = tuple(f.name for f in fields(Rule) if f.init and f.name not in ("pack", "kind", "file", "row"))


def _rule(table: Mapping[str, Any], pack: str, kind: str, keeps: tuple[str, ...], file: str, row: int) -> Rule:
    """Return the rule that a table of a pack describes."""
    fault = next(_faults_of_keys(table), "") or ("" if Path(file).parent == OWN else next(faults(table), ""))
    if fault:
        msg = f"{file}, line {row}, rule {pack}/{kind}/{table.get('id', '?')}: {fault}"
        raise RecipeError(msg)
    said: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in table.items()}
    for key in ("lines", "words", "only"):
        said[key] = tuple(dict.fromkeys(normalised(said.get(key, ()))))
    said["line"] = said.get("line", "").translate(LETTERS)
    said["keeps"] = (*said.get("keeps", ()), *keeps)
    said["why"] = said.get("why") or kinds()[kind]
    return Rule(pack=pack, kind=kind, file=file, row=row, **said)


def _faults_of_keys(table: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong with the keys of a table, and with the types of their values."""
    for key, value in table.items():
        if key not in _KEYS:
            yield plugins.unknown("key", key, _KEYS)
        elif key in _TEXT and not isinstance(value, str):
            yield f"`{key}` is a text in quotes"
        elif key in _LISTS and not (isinstance(value, list) and all(isinstance(v, str) and v for v in value)):
            yield f"`{key}` is a list of texts: {key} = ['…', '…']"
        elif key == "below" and not isinstance(value, bool):
            yield "`below` is true or false"
        elif key == "run" and not (isinstance(value, int) and value >= 1):
            yield "`run` is a number of lines, 1 or more"
    if not table.get("id"):
        yield "it needs an `id`, a short name of its own"


def faults(table: Mapping[str, Any]) -> Iterator[str]:
    """Yield what the keys of a rule's table say together that cannot be."""
    if table.get("where", "") not in ("", *PLACES):
        yield plugins.unknown("place", table["where"], PLACES)
    if not any(table.get(way) for way in ("lines", "line", "only", "inside", "tails")):
        yield "it says nothing of a line: give it `lines`, `line` with `words`, `only`, `inside`, or `tails`"
    if ("line" in table and not table.get("words")) or ("words" in table and not {"line", "only"} & set(table)):
        yield "`line` and `words` go together: a line without one of the words never meets the pattern"
    for word in (*table.get("words", ()), *table.get("only", ())):
        if not is_word(normalise(word)):
            yield f"{word!r} is not one word (a script without spaces needs two characters)"
    for line in table.get("lines", ()):
        if normalise(line) in ("", "0"):
            yield f"of the line {line!r} nothing is left but a number or nothing at all: tables are full of them"
    if fault := slow(table.get("line", "").translate(LETTERS)):
        yield f"the pattern {table['line']!r} {fault}"
