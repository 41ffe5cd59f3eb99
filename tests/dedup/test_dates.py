"""Dates as people write them, and the dateline of a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.dedup.dates import UNDATED, dateline_of, second_of

DAY = second_of("2020-11-21")
DATELINES = [
    ("a line of its own", "Bridge opens\n21 November 2020\nThe mayor said …", DAY),
    ("with a label and a time", "Published: Nov 21, 2020 | Updated 10:15\n\nThe mayor said …", DAY),
    ("ISO", "2020-11-21 10:15\nThe mayor said …", DAY),
    ("German", "Stand: 21.11.2020, 10:15 Uhr\nDie Brücke …", DAY),
    ("place, date and agency", "LONDON, Nov. 21, 2020 (AFP) - The mayor said …", DAY),
    ("place, date and dash", "KABUL (Nov 21, 2020) — The mayor said …", DAY),
    ("what the text speaks of", "On January 6, 2021, the bridge opened, the mayor said on Monday.", UNDATED),
    ("a short sentence", "It opened on 21 November 2020.\nThe mayor said …", UNDATED),
    ("no year", "LONDON, Nov 21 (AFP) - The mayor said …", UNDATED),
    ("no day", "November 2020\nThe mayor said …", UNDATED),
    ("no such day", "2020-13-45\nThe mayor said …", UNDATED),
    ("far down", "The mayor said … \n" * 40 + "21 November 2020", UNDATED),
    ("nothing", "", UNDATED),
]


@pytest.mark.parametrize(("text", "want"), [case[1:] for case in DATELINES], ids=[case[0] for case in DATELINES])
def test_datelines(text, want):
    assert dateline_of(text) == want


@given(st.text(st.sampled_from("12 90-./,()\nNnov—"), max_size=80) | st.text(max_size=80))
def test_no_text_is_refused(text):
    assert isinstance(dateline_of(text), int)
    assert isinstance(second_of(text), int)


def test_a_hostile_head_takes_no_time():
    assert dateline_of("2020 (" * 100_000) == UNDATED
