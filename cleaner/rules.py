"""What boilerplate looks like, as data: packs of rules, found by the words of a line and held against their own examples.

A pack is a TOML file, and its tables are rules. A rule's full name is ``PACK/KIND/ID``, for instance ``en/share/bar``.
It says what a whole line looks like once the line has been normalised, in one of three ways:

    lines = ["share this"]                     these lines, word for word
    line  = 'share on (?:\\w+)'                 a pattern for the whole line; ``words = ["share"]`` must stand beside it,
                                               and a line without one of these words never meets the pattern
    only  = ["share", "facebook", "email"]     lines of two or more words that consist of these words and no others
                                               (and hold one of ``words``, if there are any)

and, if that is not enough to be sure, what must speak for it: its place (``where``: ``top``, above the first paragraph;
``end``, below the last; ``edge``, either) or its company (``run``: how many lines in unbroken sequence match some rule,
itself among them). If a rule names both, either will do. A piped line, "Home | News | Contact", is a run that lies on its side.

However many rules there are, a line only meets those that share a word with it.
"""

from __future__ import annotations

import difflib
import re
import tomllib
import unicodedata
from dataclasses import dataclass, fields
from fnmatch import fnmatchcase
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from pathlib import Path
from re import _constants as sre  # type: ignore[attr-defined]  # the parse tree of a pattern has no public door
from re import _parser as sre_parser  # type: ignore[attr-defined]
from typing import TYPE_CHECKING, Any, NamedTuple

from cleaner import plugins
from cleaner.document import Document
from cleaner.errors import RecipeError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from cleaner.document import Block

LONGEST = 400
"""Characters of the longest line that rules look at: it bounds the time of every pattern."""
PROSE = 80
"""Weight (a wide character weighs two) from which a line with a full stop counts as a paragraph."""
_PARAGRAPH = "The council met on Monday evening and talked for five hours about the two new schools of the town."
MOST_REPEATS = 9
"""Times that a group in a pattern may repeat at most."""
WIDE = 40
"""Length from which a repeat in a pattern is wide, and their number on one way through it."""
MOST_WIDE = 3
SHARE = 0.6
"""Share of the parts of a piped line, three or more, that must match for the line to be a menu."""

_WIDE = "\u1100-\u11ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
_WORD = re.compile(rf"[{_WIDE}]+|[^\W{_WIDE}]+|[#@©®€$£%]")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_STOPS = frozenset(".!?…。！？؟।:：")
_CLOSERS = "\"'”’»)]）」』"
_LETTERS = str.maketrans("άέήίόύώϊϋΐΰςё’‘ʼ`＇ı", "αεηιουωιυιυσе'''''i")  # capitals lose accents in Greek, dots in Russian; i has none in Turkish
_FOLDS = _LETTERS | dict.fromkeys(map(ord, "\u0307\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\ufe0f"))
_TRIM = " |¦·►▶▸▹▷◀◄■□●○◦★☆✓✔✕✖×»«›‹→←↑↓↗↘⟶⇒⌄˅▼▲△▽∨…~_<>[]():：/【】（）｜"
_PIPES = re.compile(r"\s*[|¦｜•·»›>→]\s*|\s+[/–-]\s+")
_HEADER = re.compile(r"^\s*\[\[\s*([\w-]+)\s*\]\]", re.MULTILINE)
_PLACES = ("top", "end", "edge")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a pack: what a line looks like, why it goes, and the examples that prove it."""

    pack: str
    kind: str
    id: str
    why: str = ""
    """Why such a line is no part of the text; where the rule says nothing, its kind's reason."""
    lines: tuple[str, ...] = ()
    """Whole lines, normalised."""
    line: str = ""
    """A pattern for the whole normalised line; needs ``words``."""
    words: tuple[str, ...] = ()
    """Words, signs (``# @ © %`` …) or two and more wide characters, one of which stands in every line that ``line`` means."""
    only: tuple[str, ...] = ()
    """Words of which such a line, of two or more, consists."""
    where: str = ""
    """``top``, ``end`` or ``edge`` of the text; empty for anywhere."""
    run: int = 1
    """Lines in unbroken sequence that must match some rule, this one among them."""
    removes: tuple[str, ...] = ()
    """Texts of which nothing is left; the ``lines`` need not be said again."""
    keeps: tuple[str, ...] = ()
    """Texts of which nothing goes."""
    misses: tuple[str, ...] = ()
    """Texts that should go and do not, until somebody mends it."""
    file: str = ""
    row: int = 0
    """Where the rule stands."""

    @property
    def code(self) -> str:
        """Its full name.

        Examples:
            >>> Rule("en", "share", "bar").code
            'en/share/bar'

        """
        return f"{self.pack}/{self.kind}/{self.id}"


class Match(NamedTuple):
    """What a line matches: rules in the order of the packs, and how many lines it counts for (a piped line: its parts)."""

    rules: tuple[Rule, ...]
    parts: int


NOTHING = Match((), 0)


def normalise(line: str) -> str:
    """Return a line as rules see it: case-folded, tidied, without what decorates it, every number written 0.

    A bullet at the beginning stays: the items of a list are not for rules.

    Examples:
        >>> normalise("» Read  MORE …"), normalise("Updated 14:05, 1.200 shares:"), normalise("- Print")
        ('read more', 'updated 0:0, 0 shares', '- print')

    """
    line = line.casefold().replace("(c)", "©").replace("...", "…").translate(_FOLDS)
    return " ".join(_NUMBER.sub("0", line).split()).strip(_TRIM)


def words_of(line: str) -> list[str]:
    """Return the words of a normalised line; for scripts without spaces, every two characters that follow each other.

    Examples:
        >>> words_of("share on x © 分享到 qq")
        ['share', 'on', 'x', '©', '分享', '享到', 'qq']

    """
    words: list[str] = []
    for word in _WORD.findall(line):
        if len(word) > 1 and word[0] > "\u1000" and re.match(rf"[{_WIDE}]", word):
            words += [word[i : i + 2] for i in range(len(word) - 1)]
        else:
            words.append(word)
    return words


def reads_like_prose(line: str) -> bool:
    """Tell whether a line is a paragraph: long enough, and closed like a sentence.

    Examples:
        >>> reads_like_prose("Read more"), reads_like_prose("The council met on Monday evening. " * 3)
        (False, True)

    """
    line = line.rstrip().rstrip(_CLOSERS)
    if not line or line[-1] not in _STOPS:
        return False
    return len(line) >= PROSE or 2 * len(line) >= PROSE <= sum(1 + (unicodedata.east_asian_width(c) in "WF") for c in line)


class Rules:
    """A set of rules, looked up by the words of a line; the first rule of the first pack wins.

    Examples:
        >>> rules = Rules([Rule("en", "share", "bar", only=("share", "facebook", "twitter"))])
        >>> [rule.code for rule in rules.match("Share: Facebook Twitter").rules]
        ['en/share/bar']
        >>> rules.match("Share prices fell on Monday.").rules
        ()

    """

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = tuple(rules)
        self._literal: dict[str, list[int]] = {}
        self._by_word: dict[str, list[int]] = {}
        for i, rule in enumerate(self.rules):
            for line in dict.fromkeys(rule.lines):
                self._literal.setdefault(line, []).append(i)
            for word in dict.fromkeys(words_of(word)[0] for word in rule.words or rule.only):
                self._by_word.setdefault(word, []).append(i)
        self._patterns: dict[int, re.Pattern[str]] = {}
        self._bags = {i: frozenset(word for only in rule.only for word in words_of(only)) for i, rule in enumerate(self.rules) if rule.only}
        self._remembered = lru_cache(maxsize=1 << 16)(self._look_up)

    def match(self, line: str) -> Match:
        """Return what a line matches, whatever stands around it."""
        return self._remembered(line) if len(line) <= LONGEST else NOTHING

    def cuts(self, doc: Document) -> Iterator[tuple[Block, Rule]]:
        """Yield the blocks of a document that are boilerplate, each with the rule that says so."""
        blocks = doc.blocks
        lines = [doc.text[block.start : block.end] for block in blocks]
        matches = [self.match(line) for line in lines]
        if not any(match.rules for match in matches):
            return
        top, end = _edges(lines, matches)
        company = _company(matches)
        for i, match in enumerate(matches):
            places = {"top": i < top, "end": i >= end, "edge": i < top or i >= end, "": False}
            for rule in match.rules:
                if places[rule.where] or (rule.run <= company[i] and (rule.run > 1 or not rule.where)):
                    yield blocks[i], rule
                    break

    def _look_up(self, line: str) -> Match:
        line = normalise(line)
        if found := self._whole(line):
            return Match(tuple(self.rules[i] for i in found), 1)
        parts = [part for part in (part.strip(_TRIM) for part in _PIPES.split(line)) if part]
        if len(parts) < 2:  # noqa: PLR2004  # one part is the line itself
            return NOTHING
        each = [self._whole(part) for part in parts]
        if len(parts) < 3 and not all(each) or sum(map(bool, each)) < SHARE * len(parts):
            return NOTHING
        return Match(tuple(self.rules[i] for i in dict.fromkeys(i for found in each for i in found)), len(parts))

    def _whole(self, line: str) -> list[int]:
        """Return the numbers of the rules that a whole normalised line matches."""
        words = words_of(line)
        found = list(self._literal.get(line, ()))
        for i in {i for word in words for i in self._by_word.get(word, ())}:
            if (len(words) > 1 and i in self._bags and self._bags[i].issuperset(words)) or (
                self.rules[i].line and self._pattern(i).fullmatch(line)
            ):
                found.append(i)
        return sorted(set(found))

    def _pattern(self, i: int) -> re.Pattern[str]:
        pattern = self._patterns.get(i)
        if pattern is None:
            pattern = self._patterns[i] = re.compile(self.rules[i].line)
        return pattern

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """The full names of the rules."""
        return tuple(rule.code for rule in self.rules)

    def check(self, rule: Rule) -> list[str]:
        """Hold a rule against its own examples and return what fails, in sentences.

        What it ``removes`` must go, all of it, by this rule or one that comes before it and knows the same lines; below
        a paragraph if its place is the end, above one if it is not. What it ``keeps`` must stay, alone and between
        paragraphs. A line of a rule that needs no company is an example too.
        """
        failures = []
        alone = rule.lines if rule.where or rule.run == 1 else ()
        for text in (*rule.removes, *alone):
            went = self._went(f"{_PARAGRAPH}\n{text}" if rule.where == "end" else f"{text}\n{_PARAGRAPH}")
            if [line for line, _ in went] != text.split("\n"):
                failures.append(f"{rule.code} should remove {text!r} and does not")
            elif all(rule not in self.match(line).rules for line in text.split("\n")):
                failures.append(f"{rule.code} should remove {text!r}; only {went[0][1].code} does")
        for text in rule.keeps:
            for whole in (text, f"{_PARAGRAPH}\n{text}\n{_PARAGRAPH}"):
                failures += [f"{by.code} should keep {text!r} and does not" for _, by in self._went(whole)]
        for text in rule.misses:
            if [line for line, _ in self._went(f"{text}\n{_PARAGRAPH}")] == text.split("\n"):
                failures.append(f"{rule.code} now removes {text!r}: move it from `misses` to `removes`")
        return list(dict.fromkeys(failures))

    def _went(self, text: str) -> list[tuple[str, Rule]]:
        return [(text[block.start : block.end], rule) for block, rule in self.cuts(Document("", text))]


def _edges(lines: Sequence[str], matches: Sequence[Match]) -> tuple[int, int]:
    """Return where the top of a text ends and where its end begins, in lines; without a paragraph it has neither."""
    prose = [i for i, line in enumerate(lines) if not matches[i].rules and reads_like_prose(line)]
    return (prose[0], prose[-1] + 1) if prose else (0, len(lines))


def _company(matches: Sequence[Match]) -> list[int]:
    """Return for each line how long the run of matching lines is in which it stands.

    Examples:
        >>> _company([Match((), 0), Match((), 1), Match((), 3), Match((), 0)])
        [0, 4, 4, 0]

    """
    company: list[int] = []
    run = members = 0
    for match in (*matches, NOTHING):
        if match.parts:
            run, members = run + match.parts, members + 1
            continue
        company += [run] * members + [0]
        run = members = 0
    return company[:-1]


def load(names: Sequence[str] = (), select: Sequence[str] = (), ignore: Sequence[str] = ()) -> Rules:
    """Return the rules of packs, by default of all that there are, ``any`` first.

    Args:
        names: packs by name, or the paths of files of your own (``site.toml``).
        select: codes, their beginnings (``en``, ``en/share``) or patterns (``*/share/*``) of the rules to take.
        ignore: the same, of the rules to leave.

    Raises:
        RecipeError: a pack does not hold, or a code means no rule.

    """
    return _load(tuple(names) or sorted_names(), tuple(select), tuple(ignore))


def sorted_names() -> tuple[str, ...]:
    """Return the names of all packs, ``any`` first."""
    return tuple(sorted(plugins.names("packs"), key=lambda name: (name != "any", name)))


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
    own = Path(str(files("cleaner").joinpath(f"packs/{name}.toml")))
    return own if own.exists() else Path(str(plugins.module("packs", name)))


_TEXT = ("id", "why", "line", "where")
_LISTS = ("lines", "words", "only", "removes", "keeps", "misses")
_KEYS = tuple(f.name for f in fields(Rule) if f.name not in ("pack", "kind", "file", "row"))


def _rule(table: Mapping[str, object], pack: str, kind: str, keeps: tuple[str, ...], file: str, row: int) -> Rule:
    """Return the rule that a table of a pack describes."""

    def refuse(sentence: str) -> RecipeError:
        return RecipeError(f"{file}, line {row}, rule {pack}/{kind}/{table.get('id', '?')}: {sentence}")

    for key, value in table.items():
        if key not in _KEYS:
            raise refuse(plugins.unknown("key", key, _KEYS))
        if key in _TEXT and not isinstance(value, str):
            raise refuse(f"`{key}` is a text in quotes")
        if key in _LISTS and not (isinstance(value, list) and all(isinstance(v, str) and v for v in value)):
            raise refuse(f"`{key}` is a list of texts: {key} = ['…', '…']")
    text = {key: str(table.get(key, "")) for key in _TEXT}
    lists = {key: tuple(table[key]) for key in _LISTS if key in table}  # type: ignore[arg-type]  # looked at above
    run = table.get("run", 1)
    if not text["id"]:
        raise refuse("it needs an `id`, a short name of its own")
    if not isinstance(run, int) or run < 1:
        raise refuse("`run` is a number of lines, 1 or more")
    if text["where"] not in ("", *_PLACES):
        raise refuse(plugins.unknown("place", text["where"], _PLACES))
    ways = [way for way in ("lines", "line", "only") if table.get(way)]
    if not ways:
        raise refuse("it says nothing of a line: give it `lines`, `line` with `words`, or `only`")
    if ("words" in lists and ways == ["lines"]) or ("line" in ways and "words" not in lists):
        raise refuse("`line` and `words` go together: a line without one of the words never meets the pattern")
    for key in ("words", "only"):
        lists[key] = tuple(normalise(word) for word in lists.get(key, ()))
        for word in lists[key]:
            if len(words_of(word)) != 1 and not re.fullmatch(rf"[{_WIDE}]{{2,}}", word):
                raise refuse(f"{word!r} in `{key}` is not one word (a script without spaces needs two characters)")
    text["line"] = text["line"].translate(_LETTERS)
    if "line" in ways and (fault := slow(text["line"])):
        raise refuse(f"the pattern {text['line']!r} {fault}")
    lists["lines"] = tuple(normalise(line) for line in lists.get("lines", ()))
    lists["keeps"] = (*lists.get("keeps", ()), *keeps)
    text["why"] = text["why"] or kinds()[kind]
    return Rule(pack=pack, kind=kind, run=run, file=file, row=row, **text, **lists)  # type: ignore[arg-type]


def slow(pattern: str) -> str:
    """Return what is wrong with a pattern whose time could grow out of bounds, and what to write instead; else "".

    A group repeats a few times at most, and holds no repeat but words that something else sets apart, ``(?: \\w+){0,3}``;
    of wide repeats (``.*``, ``.{0,80}``) there are three at most on any way through. So a pattern's time is bounded, for
    a line is never longer than `LONGEST`.

    Examples:
        >>> slow("share (?:this|it)( now)?"), slow(r"by(?: \\w+){1,3} .*")
        ('', '')
        >>> slow("(?:a+)+")
        'repeats a group too often: write {0,9} in place of * or +, or name the words in `only`'

    """
    try:
        tree = sre_parser.parse(pattern)
        if _wide(tree, within=False) > MOST_WIDE:
            return f"has more than {MOST_WIDE} wide repeats: bound some of them, .{{0,{WIDE}}} in place of .*"
    except re.error as error:
        return f"is no regular expression: {error}"
    except _Slow as fault:
        return str(fault)
    return ""


class _Slow(Exception):  # noqa: N818  # it never leaves `slow`
    """What makes a pattern slow."""


def _wide(tree: Sequence[tuple[object, Any]], *, within: bool) -> int:
    """Count the wide repeats on one way through the parse tree of a pattern; ``within`` a repeated group there may be none."""
    count = 0
    for op, argument in tree:
        if op in (sre.GROUPREF, sre.GROUPREF_EXISTS):
            raise _Slow("refers back to a group, whose time has no bound: write out what may stand there")
        if op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            _, most, what = argument
            one = len(what) == 1 and what[0][0] in (sre.IN, sre.LITERAL, sre.NOT_LITERAL, sre.ANY, sre.CATEGORY)
            if most > 1 and within and not (one and _is_word(what[0]) and _set_apart(tree)):
                raise _Slow("has a repeat inside a repeated group, other than words set apart: (?: \\w+){0,3}")
            if not one and most > MOST_REPEATS:
                raise _Slow(f"repeats a group too often: write {{0,{MOST_REPEATS}}} in place of * or +, or name the words in `only`")
            count += int(one and most > WIDE and not within) + _wide(what, within=within or most > 1)
        elif op is sre.BRANCH:
            count += max(_wide(branch, within=within) for branch in argument[1])
        elif op in (sre.SUBPATTERN, sre.ASSERT, sre.ASSERT_NOT):
            count += _wide(argument[-1], within=within)
        elif op is sre.ATOMIC_GROUP:
            count += _wide(argument, within=within)
    return count


def _is_word(item: tuple[object, Any]) -> bool:
    return item == (sre.IN, [(sre.CATEGORY, sre.CATEGORY_WORD)])


def _set_apart(tree: Sequence[tuple[object, Any]]) -> bool:
    """Tell whether a group begins or ends with a sign that is no part of a word."""
    return any(op is sre.LITERAL and not (chr(what).isalnum() or chr(what) == "_") for op, what in (tree[0], tree[-1]))
