"""The place of a block in its page, as numbers."""

import numpy as np
import pytest

from cleaner.lines import place


def placed(*paths, links=0.0):
    return place.place(paths, [links] * len(paths), np.full(len(paths), 5, np.float32))


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("body/p", {"p"}),
        ("body/nav/ul/li", {"li", "in nav", "in ul"}),
        ("body/div.main-menu/span", {"span", "navigation close by", "main close by"}),
        ("body/div#comments/div/div/p", {"p", "comments"}),
        ("body/footer/div.legal/p", {"p", "in footer", "foot close by"}),
        pytest.param(
            "body/DIV.Cookie-Banner/p", {"p", "overlay close by", "head close by", "advertising close by"}, id="case"
        ),
        pytest.param("", set(), id="no path"),
    ],
)
def test_a_path_says_what_a_block_is(path, names):
    row = placed(path)[0]
    known = (*place.TAGS, *(f"in {tag}" for tag in place.ABOVE), *place.HINTS, *(f"{h} close by" for h in place.HINTS))
    assert {name for name in known if row[place.NAMES.index(name)]} == names


def test_blocks_of_one_path_are_of_a_kind():
    rows = placed("body/p", "body/p", "body/ul/li")
    assert rows[:, place.NAMES.index("path as before")].tolist() == [0, 1, 0]
    assert rows[:, place.NAMES.index("path as after")].tolist() == [1, 0, 0]
    assert rows[0, place.NAMES.index("share of the path")] == pytest.approx(2 / 3)


def test_links_count():
    assert placed("body/p", links=0.95)[0, :2].tolist() == [pytest.approx(0.95), 1]
