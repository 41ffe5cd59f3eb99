"""What a line looks like, as numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.document import Document
from cleaner.lines import shape
from cleaner.lines.counts import FARTHEST

LINE = "The ferry to the island was late again on Monday, and nobody on the quay could say why it had not sailed."


def lines_of(text):
    return [text[block.start : block.end] for block in Document("a", text).blocks]


def shaped(text):
    return shape.shape(lines_of(text))


def column(text, name):
    return shaped(text).rows[:, shape.NAMES.index(name)].tolist()


@pytest.mark.parametrize(
    ("name", "line", "other"),
    [
        ("words", LINE, "Home"),
        ("word length", "International correspondents", "go to it"),
        ("short words", "go to it now", "International correspondents"),
        ("capitalised words", "Terms And Conditions", "terms and conditions"),
        ("lower-case words", "terms and conditions", "Terms And Conditions"),
        ("capitals", "LOG IN", "Log in"),
        ("begins with a capital", "Log in", "log in"),
        ("begins with a digit", "7 comments", "Seven comments"),
        ("begins with a sign", "» More", "More"),
        ("ends a sentence", "It rained.", "It rained"),
        pytest.param("ends a sentence", "“It rained.”", "“It rained”", id="a full stop within quotes"),
        pytest.param("ends a sentence", "雨が降った。", "雨が降った", id="an ideographic full stop"),
        pytest.param("ends a sentence", "It rained.", "It rained...", id="dots are no full stop"),
        ("ends with dots", "It rained and rained…", "It rained and rained."),
        ("ends with a comma or colon", "Contents:", "Contents"),
        ("sentences", "It rained. It poured. It stopped.", "It rained and it poured and it stopped"),
        ("commas", "fog, rain, snow", "fog or rain or snow"),
        ("digits", "12 May 2015", "a day in May"),
        ("has signs", "Home | News", "Home and News"),
        ("quotes and brackets", "(“what?”)", "what"),
        ("other than letters", "12:45 #3", "a quarter to one"),
    ],
)
def test_a_number_tells_one_line_from_the_other(name, line, other):
    assert column(line, name) > column(other, name)


def test_a_line_that_stands_elsewhere_is_known_whatever_its_case():
    assert [value > 0 for value in column("Log in\nHome\nLOG IN\nLogin", "repeated in the document")] == [1, 0, 1, 0]


def test_words_are_shared_by_how_they_begin():
    text = f"Ferries delayed on islands\nApple harvest in valleys\n{LINE}"
    ferry, apple, _ = column(text, "words shared with the long lines")
    assert ferry > apple == 0


def test_ideographs_are_shared_in_pairs():
    long = "河水涨到了市政厅的第三级台阶，市长说没有人睡着，天亮以前雨一直在下，港口的船都没有开出去。"
    river, other = column(f"市政厅\n天氣預報\n{long}", "words shared with the long lines")[:2]
    assert river > other == 0


def test_a_line_does_not_share_words_with_itself():
    assert column(LINE, "words shared with the long lines") == [0]


def test_shares_depend_on_the_lines_asked_for():
    kin = shaped("ferry late\nferry again\nferry island").kin
    assert kin.shared(np.array([False, True, False])).tolist() == [0.5, 0, 0.5]


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\u200b", "\ud800", "…", "\U00020000" * 3])
def test_texts_with_hardly_anything_in_them(text):
    known = shaped(text)
    assert known.rows.shape == (len(lines_of(text)), len(shape.NAMES))
    assert np.isfinite(known.rows).all()


def test_lines_are_of_one_pattern_whatever_their_words_and_numbers():
    text = "Fog on the quay\n12.03.2012 | Rain (3)\nHail\n1.1.2013 | More rain (12)\n12.03.2012"
    times = column(text, "others of its pattern")
    assert [value > 0 for value in times] == [0, 1, 0, 1, 0]


@pytest.mark.parametrize(("gap", "name"), [*enumerate(shape.NAMES[-FARTHEST:])])
def test_patterns_come_in_beats(gap, name):
    lines = ["09:30 Rain", *["Fog and nothing else"] * gap, "10:15 Hail and snow"]
    assert column("\n".join(lines), name) == [1, *[0] * gap, 1]


def test_lines_of_words_alone_have_no_pattern_to_speak_of():
    assert not any(column("Fog\nRain\nHail", "others of its pattern"))


def test_years_and_times_of_day():
    text = "2012\n12012\n2112\nin 1899, perhaps\n12:30\nat: 30"
    assert column(text, "years") == [1, 0, 0, 1, 0, 0]
    assert column(text, "times of day") == [0, 0, 0, 0, 1, 0]


@given(st.lists(st.text(st.characters(exclude_characters="\n")), max_size=8))
def test_numbers_are_finite_and_of_every_line(lines):
    text = "\n".join(lines)
    known = shaped(text)
    assert len(known.rows) == len(known.words) == len(lines_of(text))
    assert known.rows.dtype == known.words.dtype == np.float32
    assert np.isfinite(known.rows).all()
    assert ((known.rows >= 0) | np.isclose(known.rows, 0, atol=1e-5)).all()
