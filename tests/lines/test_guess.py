"""What a first guess says of a document."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cleaner.lines import guess
from cleaner.lines.shape import shape

BODY = "The ferry had drifted off before anybody on the quay saw that it was gone, the harbour master said on Monday."
TEXT = f"Home\nFerry drifts off quay\n{BODY}\n{BODY}\nApple harvest begins early"


def guessed(odds, text=TEXT):
    known = shape(text.split("\n") if text else [])
    rows = guess.guess(np.float32(odds), known.words, known.kin)
    return {name: rows[:, i].tolist() for i, name in enumerate(guess.NAMES)}


def test_where_the_body_is():
    found = guessed([-5, 0.5, 5, 5, -5])
    assert found["inside the body"] == [0, 0, 1, 1, 0]
    assert found["before the body"] == [1, 1, 0, 0, 0]
    assert found["after the body"] == [0, 0, 0, 0, 1]


def test_words_shared_with_it_tell_its_headline_from_others():
    shared = guessed([-5, 0, 5, 5, 0])["words shared with the body"]
    assert shared[1] > shared[4] == 0


def test_what_looks_like_body_text_elsewhere_makes_it_less_sure():
    text = "\n".join([BODY, *["Home"] * 20, BODY, BODY])
    alone, beside = guessed([-5] + [-5] * 20 + [5, 5], text), guessed([5] + [-5] * 20 + [5, 5], text)
    assert alone["share of the body"][0] > beside["share of the body"][0]


@given(st.lists(st.floats(-40, 40, width=32), max_size=6))
def test_any_guess_can_be_read(odds):
    text = "\n".join(["word"] * len(odds))
    assert all(np.isfinite(column).all() for column in map(np.array, guessed(odds, text).values()))
