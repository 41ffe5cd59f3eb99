"""Which lines to keep, once it is known how likely each of them is body text."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.lines import keep

ODDS = st.floats(-12, 12, width=32)
WORDS = st.integers(0, 80)
DOCUMENTS = st.lists(st.tuples(ODDS, WORDS), min_size=1, max_size=7).map(
    lambda rows: (np.float32([odds for odds, _ in rows]), np.float32([words for _, words in rows]))
)


def expected(odds, words, kept):
    """What `best` is to make large: the expected F1, as its definition says."""
    chances = keep.chance(odds)
    return (chances * words)[kept].sum() / max(words[kept].sum() + (chances * words).sum(), 1e-6)


@given(DOCUMENTS)
def test_no_other_lines_promise_more(document):
    odds, words = document
    found = expected(odds, words, keep.best(odds, words))
    choices = itertools.product([False, True], repeat=len(odds))
    assert found >= max(expected(odds, words, np.array(choice)) for choice in choices) - 1e-5


def test_the_likelier_line_stays():
    odds, words = np.float32([3, -1, 2, -6, 1]), np.float32([30, 5, 8, 3, 40])
    kept = keep.best(odds, words)
    assert odds[kept].min() > odds[~kept].max()


@pytest.mark.parametrize(
    ("odds", "words", "dirt"),
    [
        ([50, 50], [10, 10], 0),
        ([-50, 50], [10, 30], 0.25),
        ([-50, -50], [10, 30], 1),
        pytest.param([], [], 0, id="no line"),
        pytest.param([-50], [0], 0, id="no word"),
    ],
)
def test_dirt_is_the_share_of_words_that_is_no_body_text(odds, words, dirt):
    assert keep.dirt(keep.chance(np.float32(odds)), np.float32(words)) == pytest.approx(dirt)


@given(DOCUMENTS)
def test_no_other_stretch_has_more_evidence(document):
    odds, words = document
    start, end, share, _ = keep.stretch(odds, words, 0.7)
    evidence = np.sqrt(words + 1) * np.tanh(odds / 2 - 0.7)
    n = len(odds)
    best = max(evidence[a:b].sum() for a in range(n + 1) for b in range(a, n + 1))
    assert evidence[start:end].sum() == pytest.approx(best, abs=1e-3)
    assert 0 <= share <= 1 + 1e-5


def test_a_document_without_a_line():
    none = np.zeros(0, np.float32)
    assert keep.stretch(none, none, 0.7) == (0, 0, 0, 0)
