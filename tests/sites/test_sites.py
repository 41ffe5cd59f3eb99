"""What a site repeats: counted in any order, learned, written and read again."""

import tomllib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner import sites
from cleaner.errors import RecipeError

PAGES = [
    ("herald.example", f"Home\nNews\nComments ({n})\nThe {noun} was late again on Monday.\nAll rights reserved")
    for n, noun in enumerate(("ferry", "train", "coach", "baker"))
]
LINES = st.sampled_from(["Home", "News", "home ", "Rain (3)", "Rain (4)", "12", "", "Sun"])
BATCH = st.lists(st.tuples(st.sampled_from(["a.example", "b.example", ""]), st.lists(LINES, max_size=4).map("\n".join)))


def texts(pages):
    known = sites.learn(sites.count(pages))
    return {name: sorted(lines.values()) for name, lines in sites.spell(known, pages).items()}


HOSTS = {
    "https://www.herald.example/news/1": "herald.example",
    "HTTP://Herald.Example.:80": "herald.example",
    "//herald.example/x": "herald.example",
    "file.txt": "",
    "": "",
    "http://[broken": "",
}


@pytest.mark.parametrize(("url", "name"), HOSTS.items())
def test_host(url, name):
    assert sites.host(url) == name


def test_what_pages_share_is_furniture_and_what_they_say_is_not():
    assert texts(PAGES) == {"herald.example": ["All rights reserved", "Comments (0)", "Home", "News"]}


def test_two_pages_are_enough():
    assert texts(PAGES[:2]) == {"herald.example": ["All rights reserved", "Comments (0)", "Home", "News"]}


def test_equal_pages_are_one_page():
    assert texts([PAGES[0]] * 5) == {}


def test_sites_do_not_know_each_other():
    assert texts([PAGES[0], ("mirror.example", PAGES[1][1])]) == {}


def test_a_long_sentence_is_spared():
    story = "The council voted on Tuesday night to rebuild the old bridge at Calder, whatever it may cost."
    assert texts([("a.example", f"Home\n{story}\n{end}") for end in "xyz"]) == {"a.example": ["Home"]}


def test_a_line_of_few_pages_is_spared():
    pages = [("a.example", f"{'Corrections' if n < 2 else 'Tides'}\nStory {chr(97 + n) * 3}") for n in range(26)]
    assert texts(pages) == {"a.example": ["Tides"]}


@given(BATCH, st.integers(0, 9))
def test_tallies_add_up_in_any_order(batch, cut):
    whole = sites.count(batch)
    one, two = sites.count(batch[:cut]), sites.count(batch[cut:])
    assert np.array_equal(sites.merge([one, two]), whole)
    assert np.array_equal(sites.merge([two, one, one]), whole)


@given(BATCH, st.integers(1, 4))
def test_parts_are_learned_from_alone(batch, parts):
    tally = sites.count(batch)
    found = {}
    for number in range(parts):
        found |= sites.learn(sites.part(tally, number, parts))
    assert found == sites.learn(tally)


@given(batch=BATCH)
def test_a_pack_is_read_as_it_was_learned(tmp_path_factory, batch):
    known = sites.learn(sites.count(batch))
    path = tmp_path_factory.mktemp("pack") / "site.toml"
    path.write_text(sites.write(known, sites.spell(known, batch)), "utf-8")
    assert sites.read(path) == known


ODD = ['a "quote"', "back\\slash", "tab\there", "bell\x07", "delete\x7f", "half \ud800", "\U0001f600", "Ümlaut"]


@pytest.mark.parametrize("line", ODD)
def test_odd_lines_make_a_pack_that_can_be_read(line):
    batch = [("a.example", f"{line}\none"), ("a.example", f"{line}\ntwo")]
    known = sites.learn(sites.count(batch))
    assert len(tomllib.loads(sites.write(known, sites.spell(known, batch)))["site"]["a.example"]["lines"]) == 1


WRONG = [
    "site = 3",
    "[site.a]\npages = 1",
    "[site.a]\npages = 'x'\nlines = {}",
    "[site",
    "[site.a]\npages = 1\nlines = ['x']",
]


@pytest.mark.parametrize("text", WRONG)
def test_a_wrong_pack_is_a_sentence(tmp_path, text):
    (tmp_path / "site.toml").write_text(text)
    with pytest.raises(RecipeError, match=r"site\.toml: no pack of sites"):
        sites.read(tmp_path / "site.toml")
    with pytest.raises(RecipeError, match="cannot be read"):
        sites.read(tmp_path / "none.toml")


def test_copies_of_a_story_are_one_page():
    story = [
        f"Paragraph {word} of the story goes on until the reader knows what has happened there, and to whom."
        for word in ("one", "two", "three")
    ]
    cookies = "We and our partners keep small files on your device, so that the page knows you when you come again."
    pages = [
        ("\n".join(["Home", "Lock closed", *story, cookies]), "first"),
        ("\n".join(["Home", "Lock closed", "Update", *story, "12 comments", cookies]), "copy"),
        (f"Home\nFerry late\nThe ferry was late.\n{cookies}", "other"),
        (f"Home\nBridge up\nThe bridge stayed up.\n{cookies}", "third"),
    ]
    (site,) = sites.learn(sites.count(("a.example", text) for text, _ in pages)).values()
    assert site.pages == 3
    assert site.lines == {sites.key("Home"): 3}
