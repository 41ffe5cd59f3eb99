"""Lines that do not look like body text, taken out of texts that need it."""

import time
from itertools import accumulate
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.document import Document, Edit
from cleaner.markup import flatten
from cleaner.stages.density import Density, as_it_came

SEEDS = sorted((Path(__file__).parents[2] / ".." / "shared" / "seeds").glob("*.txt"))
GOLDEN = sorted((Path(__file__).parents[2] / "fixtures" / "articles").glob("*.out.txt"))
MENU = "Home\nNews\nSport\nCulture\nTravel\nWeather\nJobs\nLog in\n"
FOOT = (
    "Contact\nImprint\nPrivacy\nAbout us\nMost read\nTide tables\nSubscribe\nHelp\nTerms of use\nSite map\n"
    "Follow us\nPress\nAdvertise\nCareers\n"
)
TITLES = (
    "Harbour wall to be mended",
    "New boat for the rescue",
    "School closes early",
    "Fish market moves to the quay",
    "Band plays on the pier",
    "Lighthouse opens to visitors",
    "Council to vote on buses",
    "Swans are back",
)
TEASERS = "Most read\n" + "".join(f"{title}\n{day} May 2015 | 1{day}:30\n" for day, title in enumerate(TITLES, 1))
STORY = """The ferry to the island was late again on Monday, and nobody on the quay could say why it had not sailed.
The harbour office blamed the fog, which had come up after noon and stood in the sound until it was dark.
By eight o'clock two hundred people were waiting in the rain, some of them with dogs, all of them hungry.
"""
HEAD = "Fog keeps the island ferry in harbour\nBy Ann Lee\n3 May 2024\n"
PAGE = (
    "<title>Fog keeps the island ferry in harbour - Herald</title><nav class=menu><ul>"
    + "".join(f"<li><a href=/>{word}</a>" for word in MENU.split("\n") if word)
    + "</ul></nav><article><h1>Fog keeps the island ferry in harbour</h1>"
    + "".join(f"<p>{line}" for line in STORY.split("\n"))
    + "</article><footer>"
    + "".join(f"<div><a href=/>{word}</a></div>" for word in FOOT.split("\n") if word)
    + "</footer>"
)


def cleaned(text, stage=Density(), **fields):  # noqa: B008 - a value
    doc = Document("a", text, fields=fields)
    return doc.edit(stage(doc), "density").text


def test_what_stands_around_a_body_goes():
    assert cleaned(MENU + STORY + FOOT) == STORY


def test_a_body_stays():
    assert cleaned(STORY) == STORY


def test_a_body_with_little_around_it_stays_whole():
    assert cleaned(HEAD + STORY + "Contact\n") == HEAD + STORY + "Contact\n"


def test_headline_byline_and_dateline_stay():
    assert cleaned(MENU + HEAD + STORY + FOOT) == HEAD + STORY


def test_speech_stays():
    text = STORY.replace("\nBy eight", "\n“Why?”\n“Who knows.”\nBy eight")
    assert text in cleaned(MENU + text + FOOT)


def test_a_page_is_judged_by_its_places_too():
    page = flatten(PAGE)
    doc = Document("a", page.text, page.blocks, {"title": page.title})
    text = doc.edit(Density()(doc)).text
    assert all(line in text for line in ("Fog keeps the island ferry in harbour", *STORY.split("\n")))
    assert not any(word in text for word in ("News", "Sport", "Weather", "Imprint"))


@pytest.mark.parametrize("kind", ["article", "page"])
def test_a_second_run_changes_nothing(kind):
    for text in (MENU + HEAD + STORY + FOOT, MENU + STORY, MENU + FOOT, flatten(PAGE).text):
        once = cleaned(text, Density(kind))
        assert cleaned(once, Density(kind)) == once


def framed():
    """Return a story under a menu and above teasers and a foot, of which menu and foot have been taken away."""
    doc = Document("a", MENU + STORY + TEASERS + FOOT)
    foot = len(doc.text) - len(FOOT)
    return doc.edit([Edit(0, len(MENU), "", "x"), Edit(foot, len(doc.text), "", "x")], "templates")


def test_what_other_stages_took_counts_as_evidence():
    rest = framed()
    assert rest.edit(Density()(rest), "density").text == STORY


def test_what_rules_have_cleaned_is_left_alone():
    doc = Document("a", MENU + HEAD + STORY)
    rest = doc.edit([Edit(0, len(MENU), "", "en/navigation")], "boilerplate")
    assert not [*Density()(rest)]


def test_a_text_in_which_rules_find_nothing_is_left_alone():
    doc = Document("a", MENU + STORY + TEASERS + FOOT)
    assert not [*Density(evidence=0.01)(doc)]
    first = doc.edit([Edit(0, MENU.index("\n") + 1, "", "en/navigation")], "boilerplate")
    assert not [*Density(evidence=0.01)(first)]
    assert [*Density(evidence=0.01)(framed())]
    assert not [*Density(evidence=0.9)(framed())]


def test_doubt_fades_as_other_stages_find_more():
    rest = framed()  # more than half of its lines are gone
    enough, not_enough = (len([*Density(evidence=0.01, doubt=12, dirty=dirty)(rest)]) for dirty in (0.5, 1.0))
    assert enough > not_enough == 0


@pytest.mark.parametrize("dirty", [0, -0.5, 2])
def test_a_share_that_there_cannot_be(dirty):
    with pytest.raises(ValueError, match="should be a share above 0, up to 1"):
        Density(dirty=dirty)


def test_it_acts_once_where_rules_come_first():
    rest, stage = framed(), Density(evidence=0.01)
    done = rest.edit(stage(rest), "density")
    assert not [*stage(done)]
    assert not [*stage(Document("a", done.text))]


def test_each_cut_says_why():
    edits = [*Density()(Document("a", MENU + STORY + FOOT))]
    assert {edit.rule for edit in edits} == {"density/line"}
    assert all(0 <= edit.score < 1 and edit.reason.count(", ") == 2 for edit in edits)


def test_a_kind_that_does_not_exist():
    with pytest.raises(ValueError, match="kind is 'poem'"):
        Density("poem")


@pytest.mark.parametrize("path", [*SEEDS, *GOLDEN], ids=lambda path: path.stem)
def test_texts_that_were_extracted_before_lose_no_sentence(path):
    text = path.read_text("utf-8")
    kept = cleaned(text).split("\n")
    assert all(line in kept for line in text.split("\n") if len(line.split()) > 8)


@given(st.lists(st.one_of(st.text(max_size=30), st.sampled_from([*MENU.split("\n"), *STORY.split("\n")])), max_size=30))
def test_any_text_can_be_judged(lines):
    text = "\n".join(lines)
    doc = Document("a", text)
    done = doc.edit(Density(clean=0.0)(doc), "density")
    assert done.original == text
    assert not [*Density(clean=0.0)(done)]


@given(st.text(st.sampled_from("ab \t\u2028\n")))
def test_what_nobody_took_stands_where_it_stands(text):
    doc = Document("a", text)
    lines = as_it_came(doc)
    blocks = [(block.start, text[block.start : block.end]) for block in doc.blocks]
    assert [*zip(lines.at, lines.texts, strict=True)] == blocks


@given(st.lists(st.sampled_from(["a\n", "b\n", " \n", "\n", "aa b\n"]), max_size=12), st.data())
def test_lines_that_were_taken_stand_where_they_stood(pieces, data):
    text = "".join(pieces)
    starts = [*accumulate(map(len, pieces), initial=0)]
    some = data.draw(st.sets(st.sampled_from(range(len(pieces))))) if pieces else ()
    doc = Document("a", text)
    rest = doc.edit([Edit(starts[i], starts[i + 1], "", "en/share/bar") for i in some], "boilerplate")
    lines = as_it_came(rest)
    assert [*lines.texts] == [piece[:-1] for piece in pieces if piece.strip()]
    taken = [i in some for i, piece in enumerate(pieces) if piece.strip()]
    assert [at < 0 for at in lines.at] == taken
    assert [kind == "share" for kind in lines.kinds] == taken


def test_a_part_of_a_line_that_was_taken_is_no_line():
    doc = Document("a", "It rained\nand poured\nall day\n")
    rest = doc.edit([Edit(3, 14, "", "x")], "repair")
    assert as_it_came(rest).texts == ("It poured", "all day")


def test_time_is_linear():
    start = time.process_time()
    cleaned("Home\n" * 100_000)
    cleaned("word " * 400_000)
    assert time.process_time() - start < 20


@pytest.mark.parametrize(("more", "judged"), [("", True), ("\n" * 50_000, False), (" " * 1_000_000, False)])
def test_what_is_too_long_to_be_a_page_is_left_alone(more, judged):
    """Judging takes memory by the character and by the line, and what a text may hold is hostile."""
    doc = Document("a", MENU * 2 + STORY + FOOT + more)
    assert bool([*Density()(doc)]) == judged
