"""Lines met by rules: looked up by their words, and judged by their place and company."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from cleaner import plugins
from cleaner.document import Document
from cleaner.languages.codes import code_of
from cleaner.rules.gate import Gate
from cleaner.rules.line import LONGEST, PROSE, normalise, parts_of, reads_like_prose, words_of
from cleaner.rules.pattern import begins

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from cleaner.document import Block
    from cleaner.rules.rule import Rule

SHARE = 0.6
"""Share of the parts of a piped line, three or more, that must match for the line to be a menu."""
FEW = 3
MANY = 5
MOST_PARTS = 24
"""Entries of a menu on one line."""
ITEM = 120
"""Characters of the longest line that hangs under the heading of a list."""
LINKED, LINK_GAP = 0.8, 2
"""Share of links from which a block is an entry of a list, and how many line breaks may stand before it."""
REMEMBERED = 1 << 16
"""Lines whose match is remembered: furniture comes again."""
TOGETHER = 1 << 12
"""New lines that are normalised together: a text may have millions of them."""

_CODE = 2
"""Letters of the name of a pack that is a language's."""
_MARKS = re.compile(r"^[^#.]+|[#.][^#.]+")
_PARAGRAPH = "The council met on Monday evening and talked for five hours about the two new schools of the town."


class Match(NamedTuple):
    """What a line matches: rules in the order of the packs, and how many lines it counts for (if piped, its parts)."""

    rules: tuple[Rule, ...]
    parts: int


NOTHING = Match((), 0)


class Rules:
    """A set of rules, looked up by the words of a line; the first rule of the first pack wins.

    Examples:
        >>> from cleaner.rules import Rule
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
        self._by_only: dict[str, list[int]] = {}
        self._by_element: dict[str, list[int]] = {}
        for i, rule in enumerate(self.rules):
            for line in dict.fromkeys(rule.lines):
                self._literal.setdefault(line, []).append(i)
            for word in dict.fromkeys(words_of(word)[0] for word in rule.words if rule.line):
                self._by_word.setdefault(word, []).append(i)
            for word in dict.fromkeys(word for only in rule.only for word in words_of(only)):
                self._by_only.setdefault(word, []).append(i)
            for element in rule.inside:
                self._by_element.setdefault(element, []).append(i)
        tails = {tail: rule for rule in reversed(self.rules) for tail in rule.tails}
        self._tails = {tail: tails[tail] for tail in sorted(tails, key=len, reverse=True)}
        """The longest first: one may be the end of another."""
        self._closing = frozenset(tail[-1] for tail in tails)
        self._longest_start: dict[str, int] = {}
        for line in self._literal:
            first, *rest = line.split(" ")
            self._longest_start[first] = max(len(rest) + 1, self._longest_start.get(first, 0))
        self._telling = frozenset(self._by_word)
        """Words that may stand in a line that a pattern means."""
        self._entering = frozenset(word for line in self._literal for word in line.split(" "))
        """Words of entries of menus."""
        self._opening = _Opening(self.rules, self._by_word)
        self._patterns = _Patterns(self.rules)
        self._alone = [Match((rule,), 1) for rule in self.rules]
        """What a line matches that one rule means."""
        self._only = {
            i: (
                frozenset(word for only in rule.only for word in words_of(only)),
                frozenset(words_of(word)[0] for word in rule.words or rule.only),
            )
            for i, rule in enumerate(self.rules)
            if rule.only
        }
        """By rule: the words of which a line consists, and those of which it has one."""
        asking: dict[int, list[str]] = {}
        for word, asked in self._by_word.items():
            for i in asked:
                asking.setdefault(i, []).append(word)
        patterns = [(i, begins(self.rules[i].line), words) for i, words in asking.items()]
        gate = Gate(self._literal, self._entering, self._longest_start, self._by_only, patterns)
        self._remembered = _Memory(self._look_up, gate)
        self._at = lru_cache(maxsize=REMEMBERED)(self._look_at)
        self._within = lru_cache(maxsize=REMEMBERED)(self._look_within)
        self._in = lru_cache(maxsize=REMEMBERED)(self._look_in)

    def match(self, line: str) -> Match:
        """Return what a line matches, whatever stands around it."""
        return self._remembered[line]

    def tails(self, doc: Document) -> Iterator[tuple[Block, int, Rule]]:
        """Yield the blocks of a document that end in what is no part of them: where that begins, and the rule.

        Blanks before it go with it. A line that is nothing else is left to rules for whole lines.

        Examples:
            >>> from cleaner.rules import Rule
            >>> rules = Rules([Rule("x", "feedback", "edit", tails=("[edit]",))])
            >>> [at for _, at, _ in rules.tails(Document("", "History [edit]\\nIt rained."))]
            [7]

        """
        if self._closing.isdisjoint([line[-1:] for line in doc.lines]):
            return
        known = tuple(self._tails)
        for block, line in zip(doc.blocks, doc.lines, strict=True):
            if line.endswith(known):
                tail = next(tail for tail in known if line.endswith(tail))
                if rest := line.removesuffix(tail).rstrip():
                    yield block, block.start + len(rest), self._tails[tail]

    def cuts(self, doc: Document) -> Iterator[tuple[Block, Rule]]:
        """Yield the blocks of a document that are boilerplate, each with the rule that says so."""
        lines, matches = doc.lines, self._matches(doc)
        parts = [match.parts for match in matches]
        if not any(parts):
            return
        top, end = _edges(lines, matches)
        company = _company(parts)
        lang = code_of(doc.fields.get("lang", ""))
        strange = _strange(lang)
        head: Rule | None = None
        for i, (rules, _) in enumerate(matches):
            if not rules and not head:
                continue
            # a word that several languages share is the text's own
            for rule in sorted(rules, key=lambda rule: rule.pack not in {"any", lang}):
                if rule.pack in strange and company[i] == 1 and top <= i < end:
                    continue
                if _is_place(rule.where, i < top, i >= end) or (
                    rule.run <= company[i] and (rule.run > 1 or not rule.where)
                ):
                    yield doc.blocks[i], rule
                    head = rule if rule.below else None
                    break
            else:
                if head and (not _is_item(lines[i]) or not _hangs(doc, i)):
                    head = None
                if head:
                    yield doc.blocks[i], head

    def _matches(self, doc: Document) -> list[Match]:
        """Return what each line of a document matches, or in a page the elements in which it stands."""
        matches = self._remembered.all(doc.lines)
        if doc.page is None:
            return matches
        paths = [block.path for block in doc.page]
        places = {path: self._at(path) for path in {*paths}}
        if not any(place.parts for place in places.values()):
            return matches
        return [*map(_placed, doc.lines, matches, map(places.__getitem__, paths))]

    def _look_at(self, path: str) -> Match:
        """Return what every line at a path matches, whatever it says."""
        found = self._within(path)
        return Match(tuple(self.rules[i] for i in sorted(found)), 1) if found else NOTHING

    def _look_within(self, path: str) -> frozenset[int]:
        """Return the rules for any of the elements on a path."""
        above, _, step = path.rpartition("/")
        own = self._in(step)
        if not above:
            return own
        return self._within(above) | own if own else self._within(above)

    def _look_in(self, step: str) -> frozenset[int]:
        """Return the rules for an element, a step of a path."""
        known = self._by_element.keys() & elements(step)
        return frozenset([i for element in known for i in self._by_element[element]])

    def _look_up(self, line: str, asked: Iterable[int] | None = None) -> Match:
        """Return what a normalised line matches; an empty one, or one that the gate has stopped, matches nothing."""
        if not line:
            return NOTHING
        if found := self._whole(line, asked):
            return self._alone[found[0]] if len(found) == 1 else Match(tuple([self.rules[i] for i in found]), 1)
        parts = parts_of(line) or (self._menu(line) if line.partition(" ")[0] in self._longest_start else ())
        return self._all_of(parts) if parts else NOTHING

    def _all_of(self, parts: Sequence[str]) -> Match:
        """Return what the parts of a line match, if enough of them match something."""
        known = len(parts)
        least = SHARE * known if known >= FEW else known
        met: list[int] = []
        for part in parts:
            found = self._whole(part)
            met += found
            known -= not found
            if known < least:
                return NOTHING
        return Match(tuple(self.rules[i] for i in dict.fromkeys(met)), len(parts))

    def _menu(self, line: str) -> list[str]:
        """Return the entries of a menu that stands on one line without marks between them, none if it is no menu.

        All of it must be entries that rules know as whole lines: five at least, or three if one has several words. Of
        two ways to read it the longer entry counts.
        """
        words = line.split(" ")
        if len(words) < FEW or not self._entering.issuperset(words):
            return []
        parts: list[str] = []
        at = 0
        while at < len(words):
            for end in range(min(at + self._longest_start.get(words[at], 0), len(words)), at, -1):
                if (entry := " ".join(words[at:end])) in self._literal:
                    break
            else:
                return []
            if len(parts) == MOST_PARTS:
                return []
            parts.append(entry)
            at = end
        return parts if len(parts) >= (FEW if len(parts) < len(words) else MANY) else []

    def _whole(self, line: str, asked: Iterable[int] | None = None) -> list[int]:
        """Return the numbers of the rules that a whole normalised line matches.

        Args:
            line: the line.
            asked: the rules whose patterns may mean it, where these and its own text are all that has to be asked.

        """
        found = [*self._literal.get(line, ())]
        if line[-1:] == "." and line[:-1] in self._literal and len(words_of(line)) >= FEW:
            found += self._literal[line[:-1]]  # some sites close their buttons like sentences
        if asked is None:
            words = words_of(line)
            asked = self._asking(words, line)
            found += self._consisting(words)
        if asked:
            found += [i for i in {*asked} if self._patterns[i].fullmatch(line)]
        return sorted({*found}) if len(found) > 1 else found

    def _asking(self, words: Sequence[str], line: str) -> Iterator[int]:
        """Yield the rules that ask for one of the words of a line and whose patterns may mean it."""
        size = len(line)
        for word in self._telling.intersection(words):
            opening = self._opening[word]  # a beginning has three characters (`BEGINNING`), or fewer
            for i, shortest, longest in (
                opening.get(line[:3]) or opening.get(line[:2]) or opening.get(line[:1]) or opening[""]
            ):
                if shortest <= size <= longest:
                    yield i

    def _consisting(self, words: Sequence[str]) -> Iterator[int]:
        """Yield the rules that name all words of which a line consists."""
        if len(words) > 1:
            for i in self._by_only.get(words[0], ()):  # all must be named, and so the first
                every, some = self._only[i]
                if every.issuperset(words) and not some.isdisjoint(words):
                    yield i

    @property
    def codes(self) -> tuple[str, ...]:
        """The full names of the rules."""
        return tuple(rule.code for rule in self.rules)

    def check(self, rule: Rule) -> list[str]:
        """Hold a rule against its own examples and return what fails, in sentences.

        What it ``removes`` must go, all of it, by this rule or one that comes before it and knows the same lines; below
        a paragraph if its place is the end, above one if it is not. What it ``keeps`` must stay, alone and between
        paragraphs. A line of a rule that needs no company is an example too, and so are its ``tails``.
        """
        failures = []
        alone = rule.lines if rule.where or rule.run == 1 else ()
        for text in (*rule.removes, *alone):
            went = self._went(f"{_PARAGRAPH}\n{text}" if rule.where == "end" else f"{text}\n{_PARAGRAPH}")
            if [line for line, _ in went] != text.split("\n"):
                failures.append(f"{rule.code} should remove {text!r} and does not")
            elif all(rule not in self.match(line).rules for line in text.split("\n")):
                failures.append(f"{rule.code} should remove {text!r}; only {went[0][1].code} does")
        failures += [
            f"{rule.code} should take {tail!r} off the end of a line and does not"
            for tail in rule.tails
            if [at for _, at, _ in self.tails(Document("", f"{_PARAGRAPH} {tail}"))] != [len(_PARAGRAPH)]
        ]
        for text in rule.keeps:
            for whole in (text, f"{_PARAGRAPH}\n{text}\n{_PARAGRAPH}"):
                failures += [f"{by.code} should keep {text!r} and does not" for _, by in self._went(whole)]
        for text in rule.misses:
            if [line for line, _ in self._went(f"{text}\n{_PARAGRAPH}")] == text.split("\n"):
                failures.append(f"{rule.code} now removes {text!r}: move it from `misses` to `removes`")
        return list(dict.fromkeys(failures))

    def _went(self, text: str) -> list[tuple[str, Rule]]:
        return [(text[block.start : block.end], rule) for block, rule in self.cuts(Document("", text))]


class _Memory(dict[str, Match]):
    """What lines match, each looked up once; a line that is too long for rules matches nothing."""

    def __init__(self, look_up: Callable[[str, Iterable[int] | None], Match], gate: Gate) -> None:
        super().__init__()
        self._look_up, self._gate = look_up, gate

    def __missing__(self, line: str) -> Match:
        if len(line) > LONGEST:
            return NOTHING
        self._make_room()
        found = self[line] = self._look_up(normalise(line), None)
        return found

    def all(self, lines: Sequence[str]) -> list[Match]:
        """Return what each of some lines matches; those that are new are looked up together."""
        new = [*dict.fromkeys([line for line in lines if line not in self and len(line) <= LONGEST])]
        for start in range(0, len(new), TOGETHER):
            some = new[start : start + TOGETHER]
            self._make_room()
            seen, asked = self._gate.through(some)
            found = [self._look_up(line, asked.get(line)) if line else NOTHING for line in seen]
            self.update(zip(some, found, strict=True))
        return [*map(self.__getitem__, lines)]

    def _make_room(self) -> None:
        if len(self) >= REMEMBERED:
            self.clear()


_Asked = tuple[int, int, int]
"""A rule by its number, and the lengths of the shortest and of the longest line that its pattern means."""


class _Opening(dict[str, "Mapping[str, Sequence[_Asked]]"]):
    """By word: which of the rules that ask for it may mean a line, by what it begins with.

    The longest beginning counts that there is; the empty one is always there.
    """

    def __init__(self, rules: Sequence[Rule], by_word: Mapping[str, Sequence[int]]) -> None:
        super().__init__()
        self._rules, self._by_word = rules, by_word

    def __missing__(self, word: str) -> Mapping[str, Sequence[_Asked]]:
        own: dict[str, list[_Asked]] = {"": []}
        for i in self._by_word[word]:
            said, shortest, longest = begins(self._rules[i].line)
            for start in said:
                own.setdefault(start, []).append((i, shortest, longest))
        found = self[word] = {
            start: sorted(asked for size in range(len(start) + 1) for asked in own.get(start[:size], ()))
            for start in own
        }
        return found


class _Patterns(dict[int, re.Pattern[str]]):
    """The patterns of rules by their numbers, each compiled on first need."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        super().__init__()
        self._rules = rules

    def __missing__(self, i: int) -> re.Pattern[str]:
        pattern = self[i] = re.compile(self._rules[i].line)
        return pattern


@cache
def _strange(lang: str) -> frozenset[str]:
    """Return the packs of other languages than that of a text: alone between its paragraphs, their words are names.

    English furniture stands on pages of any language.
    """
    return (
        frozenset(name for name in plugins.names("packs") if len(name) == _CODE and name not in {"en", lang})
        if lang
        else frozenset()
    )


def _placed(line: str, match: Match, place: Match) -> Match:
    """Return what a line of a page matches, last of all the rules for the elements in which it stands."""
    if not place.rules or reads_like_prose(line):
        return match
    return match._replace(rules=(*match.rules, *place.rules)) if match.rules else place


def _is_place(where: str, at_top: bool, at_end: bool) -> bool:  # noqa: FBT001  two answers of one question
    return (at_top and where in {"top", "edge"}) or (at_end and where in {"end", "edge"})


def _is_item(line: str) -> bool:
    return len(line) <= ITEM and not line.rstrip().endswith((".", "。", "”", '"', "»"))


def _hangs(doc: Document, i: int) -> bool:
    """Tell whether a block stands right under the one before it; in a page, a link may stand a blank line off."""
    above, block = doc.blocks[i - 1 : i + 1]
    gap = doc.text.count("\n", above.end, block.start)
    return gap == 1 or (gap <= LINK_GAP and block.links >= LINKED)


def elements(step: str) -> list[str]:
    """Return the element that a step of a path names, its id and its classes.

    Examples:
        >>> elements("div#top.wide")
        ['div', '#top', '.wide']

    """
    return _MARKS.findall(step.casefold())


def _edges(lines: Sequence[str], matches: Sequence[Match]) -> tuple[int, int]:
    """Return where the top of a text ends and where its end begins, in lines; without a paragraph it has neither."""

    def prose(i: int) -> bool:
        return 2 * len(lines[i]) >= PROSE and not matches[i].rules and reads_like_prose(lines[i])

    top = next(filter(prose, range(len(lines))), None)
    return (0, len(lines)) if top is None else (top, next(filter(prose, reversed(range(len(lines))))) + 1)


def _company(parts: Sequence[int]) -> list[int]:
    """Return for each line how long the run of matching lines is in which it stands, from what each counts for.

    Examples:
        >>> _company([0, 1, 3, 0])
        [0, 4, 4, 0]

    """
    company = [*parts]
    run = members = 0
    for i, count in enumerate((*parts, 0)):
        if count:
            run, members = run + count, members + 1
        elif members:
            company[i - members : i] = [run] * members
            run = members = 0
    return company
