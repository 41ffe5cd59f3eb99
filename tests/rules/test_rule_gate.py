"""The compiled twin: it normalises a line as Python does, and stops no line that a rule matches."""

import gc
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner import rules
from cleaner.document import Document
from cleaner.rules import Rule, Rules, gate, match
from cleaner.rules.line import DASHES, INVISIBLE, LETTERS, PIPES, SIGNS, TRIM, normalise
from cleaner.rules.pattern import begins

compiled = pytest.mark.skipif(gate._twin is None, reason="nobody could compile it here")

LINES = {
    "nothing": ["", " \t", "\u200b", "»", "… | …"],
    "numbers": ["1,000.5 m", "1. 2.", "12.", ".5", "٣,٤ 1²", "a1b2", "1\u200b2", "3.,4"],
    "signs in one": ["(c) 2024", "((c))", "(C)", "wait...", "....", ".\u200b..", "......"],
    "white space": ["a\u00a0b\u3000c\x1cd\x85e", "\u2028a\r"],
    "letters of two ways": ["ΆΈ Ёлка İstanbul ‘a’ `b` ʼ＇ ı", "ß ŉ ﬁ"],
    "decorated": ["» Read more «", "[home] _ (x):", "| a |", "~…a…~"],
    "beyond what is known": ["\U00020000 share", "a\U0010ffff"],
    "halves of characters": ["\ud800 share", "share\udfff"],
    "several lines": ["a\nb", "c"],
}
SOME = "aA1 .,(c)©\u00a0\nßéİΆ分享かな\ud800\U00020000"
BITS = [*SOME, *SIGNS, *PIPES, *DASHES, *INVISIBLE, *TRIM, *map(chr, LETTERS)]
RULES = Rules(
    [
        Rule("x", "more", "lines", lines=("read more", "next", "home", "about us", "news", "©")),
        Rule("x", "more", "also", line="(?:see|read) also .{1,20}", words=("also",)),
        Rule("x", "more", "any", line=".{0,9}分享.{0,9}|a0?", words=("分享", "a", "a0")),
        Rule("x", "share", "only", only=("share", "x", "on x"), words=("share", "x")),
        Rule("x", "share", "sign", line="[#@]\\w+", words=("#", "@")),
    ]
)
WORDS = [
    "read",
    "more",
    "see",
    "also",
    "next",
    "home",
    "about",
    "us",
    "news",
    "share",
    "on",
    "x",
    "分享",
    "a",
    "1",
    "rain",
]
AS_RULES_SAY = st.lists(st.sampled_from([*WORDS, *" .|»-–/#@…"]), max_size=12).map(" ".join)
ANY = st.one_of(AS_RULES_SAY, st.text(st.one_of(st.sampled_from(BITS), st.characters())))


@pytest.mark.parametrize("lines", LINES.values(), ids=LINES)
def test_lines_together_are_normalised_as_each_by_itself(lines):
    assert gate.normalised(lines) == [*map(normalise, lines)]


@given(st.lists(ANY))
def test_any_lines_are(lines):
    assert gate.normalised(lines) == [*map(normalise, lines)]


@given(st.lists(ANY, min_size=1))
def test_the_gate_stops_no_line_that_a_rule_matches(lines):
    for line, seen in zip(lines, RULES._remembered._gate.through(lines)[0], strict=True):
        assert seen == normalise(line) or (seen == "" and RULES._look_up(normalise(line)).parts == 0)


@given(st.lists(ANY, min_size=1))
def test_lines_together_match_what_each_matches_by_itself(lines):
    RULES._remembered.clear()
    together = RULES._remembered.all(lines)
    RULES._remembered.clear()
    assert together == [*map(RULES.match, lines)]


def test_more_lines_than_are_remembered_match_all_the_same(monkeypatch):
    monkeypatch.setattr(match, "REMEMBERED", 5)
    monkeypatch.setattr(match, "TOGETHER", 2)
    lines = [line for i in range(9) for line in (f"Line {'x' * i}", "Read more", f"See also {i}")]
    assert [len(found.rules) for found in RULES._remembered.all(lines)] == [0, 1, 1] * 9


@compiled
@pytest.mark.parametrize(
    ("line", "passes"),
    [
        ("Read more »", True),
        ("Read more.", True),
        ("Read more of it", False),
        ("See also: fog", True),
        ("See also " + "fog " * 9, False),
        ("It is also fog", False),
        ("Share on X", True),
        ("Share on X today", False),
        ("Share", False),
        ("Home | Rain | News", True),
        ("Home | Rain", False),
        ("Home News Next", True),
        ("Rain fell.", False),
        ("他们分享了照片", True),
    ],
)
def test_it_stops_most_lines_that_no_rule_matches(line, passes):
    assert bool(RULES._remembered._gate.through([line])[0][0]) == passes


@compiled
@pytest.mark.parametrize("pack", rules.sorted_names())
def test_what_a_rule_removes_passes(pack):
    lines = [line for rule in rules.read(pack) for text in (*rule.removes, *rule.lines) for line in text.split("\n")]
    given = rules.load()
    for line, seen in zip(lines, given._remembered._gate.through(lines)[0], strict=True):
        assert seen or not given._look_up(normalise(line)).parts


@compiled
@pytest.mark.parametrize(
    "said",
    [
        ([1], [], [], [], []),
        ([], [], [], [], [1]),
        ([], [], [], [], [(0, 1, 2, [1], [])]),
        ([], [], [], [], [(0, 1, 2, [], [None])]),
        ([], [], [], [], [(0, "1", 2, [], [])]),
        ((), [], [], [], []),
    ],
)
def test_what_is_no_rule_is_refused(said):
    with pytest.raises((TypeError, SystemError)):
        gate._twin.gate(*said)


@compiled
def test_odd_calls_are_refused():
    with pytest.raises(ValueError, match="too long"):
        gate._twin.gate([], [], [], [], [(0, 1, 2, ["abcd"], [])])
    with pytest.raises(ValueError, match="too few"):
        gate._twin.normalise("a", b"", None)
    with pytest.raises(ValueError, match="PyCapsule"):
        gate._twin.normalise("a", gate._facts(), "no gate")
    gc.collect()


def test_without_it_all_is_the_same(monkeypatch):
    texts = [*(" ".join(lines) for lines in LINES.values()), "Home | News | Share\nIt rained.\nRead more", "1\n2"]

    def cuts():
        given = Rules([*rules.read("any"), *rules.read("en")])
        return [[*given.cuts(Document("", text))] for text in texts]

    with_it = cuts()
    monkeypatch.setattr(gate, "_twin", None)
    assert cuts() == with_it


@pytest.mark.parametrize("pack", rules.sorted_names())
def test_what_a_pattern_means_is_as_its_beginning_says(pack):
    for rule in rules.read(pack):
        said, shortest, longest = begins(rule.line)
        for line in map(normalise, rule.removes):
            if rule.line and re.fullmatch(rule.line, line):
                assert shortest <= len(line) <= longest
                assert line.startswith(tuple(said))
