"""Characters as numbers, and what kind each of them is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.lines import letters


@pytest.mark.parametrize(
    ("char", "kind"),
    [
        ("a", letters.LOWER),
        ("Ж", letters.UPPER),
        ("ß", letters.LOWER),
        ("ש", letters.UNCASED),
        ("あ", letters.IDEOGRAPH),
        ("河", letters.IDEOGRAPH),
        pytest.param("\U00020000", letters.IDEOGRAPH, id="an ideograph beyond the basic plane"),
        pytest.param("\U0001f600", letters.SIGN, id="a picture beyond it"),
        ("7", letters.DIGIT),
        ("\u00a0", letters.SPACE),
        pytest.param("\u200b", letters.SPACE, id="a character without a shape"),
        ("。", letters.STOP),
        ("、", letters.COMMA),
        ("…", letters.ELLIPSIS),
        ("»", letters.SIGN),
        ("“", letters.QUOTE),
        pytest.param("\ud800", letters.SPACE, id="half a character"),
    ],
)
def test_each_character_is_of_a_kind(char, kind):
    assert letters.kinds(letters.codes(char)).tolist() == [kind]


@given(st.text(st.characters(exclude_categories=())))
def test_characters_are_numbered_one_by_one(text):
    points = letters.codes(text)
    assert "".join(map(chr, points.tolist())) == text
    assert len(letters.kinds(points)) == len(letters.lowered(points)) == len(text)


@given(st.text(st.characters(categories=["Lu", "Ll"], max_codepoint=0xFFFF)))
def test_case_does_not_matter_once_it_is_lowered(text):
    points = letters.lowered(letters.codes(text))
    assert [chr(point) for point in points.tolist()] == [char.lower()[0] for char in text]
