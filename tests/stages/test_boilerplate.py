"""The boilerplate stage: lines by rule, with their line breaks, and all that must stay."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.document import Block, Document, undo
from cleaner.stages.boilerplate import Boilerplate
from cleaner.stages.repeats import Repeats
from cleaner.stages.spacing import Spacing

SEEDS = Path(__file__).parents[3] / "shared/seeds"
PARAGRAPH = "The council met on Monday evening and talked for five hours about the two new schools of the town."
FURNITURE = [
    "Skip to content",
    "Home",
    "News",
    "Sport",
    "Share on Facebook",
    "update",
    "XS",
    "SM",
    "MD",
    "Back to top",
    "© 2024 Herald",
    "Teilen",
    "分享到微信",
    "",
]


def clean(text):
    doc, before = Document("a", text), None
    while before != doc.text:
        before = doc.text
        for name, stage in (("boilerplate", Boilerplate()), ("repeats", Repeats()), ("spacing", Spacing())):
            doc = doc.edit(stage(doc), name)
    return doc


def boil(text):
    doc = Document("a", text)
    return doc.edit(Boilerplate()(doc)).text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Skip to content\nIt rained.", "It rained."),
        ("It rained.\nBack to top", "It rained."),
        ("It rained.\nBack to top\n", "It rained.\n"),
        ("It rained.\n\nXS\nSM\nMD\nLG", "It rained.\n"),
        ("It rained.\nXS\nSM\nMD", "It rained."),
        ("Share on Facebook", ""),
        ("Share on Facebook\nShare on X", ""),
        ("One.\nShare on Facebook\nTwo.", "One.\nTwo."),
        ("One.\n\nShare on Facebook\n\nTwo.", "One.\n\n\nTwo."),
    ],
)
def test_a_line_goes_with_its_line_break(text, left):
    assert boil(text) == left


@pytest.mark.parametrize(
    "line",
    [
        "Share prices fell on Monday.",
        "Update your maps",
        "Print",
        "Cookies",
        "Related work",
        "Sign up for classes opened on Monday, said the school.",
        "The words Breaking News ran along the foot of the screen.",
        "“Share this with your friends,” she said.",
        "- Print",
        "• Share",
        "“Accept all”",
        "Share the road, share the load",
        "By Jane Doe",
        "12 March 2021",
        "Photo: Jane Doe / Harbour Herald",
        "LONDON (Reuters) -",
        "Mehr als 300 Menschen kamen.",
        "Teilen und herrschen",
        "他们在网上分享了照片，也分享了快乐。",
    ],
)
def test_what_only_looks_like_furniture_stays(line):
    for text in (line, f"{PARAGRAPH}\n\n{line}\n\n{PARAGRAPH}", f"{line}\n\n{PARAGRAPH}"):
        assert clean(text).text == text


def test_the_faults_of_real_scrapes():
    text = (
        "Accessibility links\n\nBreaking News\n\nFerry runs aground off Calder Quay\n\nupdate\n\n"
        "Passengers wait on the deck of the ferry off Calder Quay on Monday.\n"
        "Passengers wait on the deck of the ferry off Calder Quay on Monday.\n\n"
        f"{PARAGRAPH}\n\nXS\nSM\nMD\nLG"
    )
    caption = "Passengers wait on the deck of the ferry off Calder Quay on Monday."
    left = f"Ferry runs aground off Calder Quay\n\n{caption}\n\n{PARAGRAPH}"
    doc = clean(text)
    assert doc.text == left
    assert undo(doc.text, doc.history) == text

    notice = "Sorry, you need to enable JavaScript to visit this website."
    text = f"{notice}\n\nFerry runs aground\n\n{PARAGRAPH}\n\n\nShariff share buttons\n"
    assert clean(text).text == f"Ferry runs aground\n\n{PARAGRAPH}\n"


@pytest.mark.skipif(not SEEDS.exists(), reason="the seeds are not in this checkout")
@pytest.mark.parametrize(
    ("begins", "gone"),
    [
        (
            "000",
            ["Accessibility links", "Breaking News", "update", "An Afghan security officer", "XS", "SM", "MD", "LG"],
        ),
        (
            "003",
            [
                "Sorry, you need to enable JavaScript",
                "A truck in its bed",
                "Carrying a boy's body",
                "Shariff share buttons",
            ],
        ),
    ],
)
def test_seeds(begins, gone):
    (path,) = SEEDS.glob(f"{begins}*")
    text = path.read_text("utf-8")
    lines = [line for line in text.split("\n") if line]
    for start in gone:
        lines.remove(next(line for line in lines if line.startswith(start)))
    assert [line for line in clean(text).text.split("\n") if line] == lines


def test_select_and_ignore():
    doc = Document("a", "Skip to content\nShare this article\nIt rained.")
    went = [e.rule for e in Boilerplate(packs=("en",))(doc)]
    assert [code.rpartition("/")[0] for code in went] == ["en/skip", "en/share"]
    assert [e.rule for e in Boilerplate(packs=("en",), ignore=("en/skip",))(doc)] == ["en/share/lines"]
    assert [e.rule for e in Boilerplate(packs=("en",), select=("en/skip",))(doc)] == ["en/skip/links"]


@given(st.lists(st.sampled_from([*FURNITURE, PARAGRAPH, "It rained."])), st.sampled_from(["\n", "\n\n"]))
def test_laws(lines, joint):
    text = joint.join(lines)
    doc = clean(text)
    assert undo(doc.text, doc.history) == text
    assert clean(doc.text).text == doc.text
    assert doc.text.count(PARAGRAPH) >= (PARAGRAPH in lines)


@given(st.text())
def test_any_text_comes_back(text):
    doc = clean(text)
    assert undo(doc.text, doc.history) == text
    assert clean(doc.text).text == doc.text


def test_what_hangs_at_the_end_of_a_line_goes_and_the_line_stays():
    text = "History[edit | edit source]\nIt was built in 1802.\nShare on Facebook\nSources [edit]  \n[edit]"
    doc = Document("a", text)
    assert doc.edit(Boilerplate()(doc)).text.split("\n")[:2] == ["History", "It was built in 1802."]
    assert "Sources" in doc.edit(Boilerplate()(doc)).text


def test_a_block_of_a_page_may_be_empty():
    doc = Document("a", "Skip to content\nIt rained.", (Block(0, 0), Block(0, 15), Block(16, 26), Block(26, 26)))
    assert [edit.rule for edit in Boilerplate()(doc)] == ["en/skip/links"]
