"""Two texts side by side."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.report.words import WORDS, side_by_side


def shown(pieces):
    return "".join(f"[{p.text}]" if p.own else f"({p.left_out})" if p.left_out else p.text for p in pieces)


@pytest.mark.parametrize(
    ("left", "right", "ours", "theirs"),
    [
        ("It rained.", "It rained.", "It rained.", "It rained."),
        ("It rained.", "It  snowed.", "It [rained.]", "It [snowed.]"),
        ("a b c", "a c", "a [b] c", "a c"),
        ("", "new", "", "[new]"),
        ("雨が降る", "雪が降る", "[雨]が降る", "[雪]が降る"),
        ("one\n\ntwo", "one two", "one\ntwo", "one two"),
        ("x" * 100, "y", f"[{'x' * 79}…]", "[y]"),
    ],
)
def test_table(left, right, ours, theirs):
    assert tuple(map(shown, side_by_side(left, right))) == (ours, theirs)


def test_long_stretches_that_both_have_are_cut_short():
    same = " ".join(f"w{n}" for n in range(100))
    ours, theirs = side_by_side(f"{same} old {same}", f"{same} new {same}")
    assert shown(ours).startswith("(88)")
    assert "w99 [old] w0" in shown(ours)
    assert "w99 [new] w0" in shown(theirs)
    assert shown(theirs).endswith("(88)")


words = st.lists(st.sampled_from(["a", "b", "c", "d", "rain", "snow\n", ".", "雨"]), max_size=40).map(" ".join)


@settings(deadline=None)
@given(left=words, right=words)
def test_each_side_says_all_that_it_has(left, right):
    for text, pieces in zip((left, right), side_by_side(left, right), strict=True):
        said = sum(p.left_out or len(p.text.replace("雨", " 雨 ").split()) for p in pieces)
        assert said == len(text.replace("雨", " 雨 ").split())


def test_texts_that_are_hard_to_compare_are_bounded():
    hard = ("a b " * 5_000, "b a " * 5_000)
    for pieces in side_by_side(*hard):
        assert sum(p.left_out or len(p.text.split()) for p in pieces) <= WORDS
