"""The repeats stage: what is said twice, and what is said twice on purpose."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.document import Block, Document, undo
from cleaner.stages.repeats import Repeats

CAPTION = "Workers clear the road near Lindenau on Monday."
PARAGRAPH = "The council met on Monday evening and talked for five hours about the two new schools of the town."
OTHER = "Nobody was hurt, the fire service said, but the road will stay closed until the end of the week at least."


def said(text):
    doc = Document("a", text)
    return doc.edit(Repeats()(doc))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        pytest.param(f"{CAPTION}\n{CAPTION}", CAPTION, id="caption"),
        pytest.param(
            f"{PARAGRAPH}\n\n{CAPTION}\n\n{CAPTION}\n\n{OTHER}",
            f"{PARAGRAPH}\n\n{CAPTION}\n\n\n{OTHER}",
            id="blank lines between",
        ),
        pytest.param(f"{PARAGRAPH}\n{CAPTION}  \n {CAPTION}\n", f"{PARAGRAPH}\n{CAPTION}  \n", id="other spaces"),
        pytest.param(
            f"Bridge to close for a year\nBridge to close for a year\nBy Jane Doe\n{PARAGRAPH}",
            f"Bridge to close for a year\nBy Jane Doe\n{PARAGRAPH}",
            id="headline",
        ),
        pytest.param(
            f"{CAPTION}\nPhoto: J. Doe\n{CAPTION}\nPhoto: J. Doe\n{PARAGRAPH}",
            f"{CAPTION}\nPhoto: J. Doe\n{PARAGRAPH}",
            id="pair",
        ),
        pytest.param(f"{CAPTION} {CAPTION}", CAPTION, id="halves"),
        pytest.param(f"{CAPTION}{CAPTION}", CAPTION, id="halves without a space"),
        pytest.param(
            "清河新桥十八日清晨正式通车，许多居民步行过桥。\n" * 2 + PARAGRAPH,
            "清河新桥十八日清晨正式通车，许多居民步行过桥。\n" + PARAGRAPH,
            id="chinese",
        ),
        pytest.param(
            "清河新桥十八日清晨正式通车，许多居民步行过桥。" * 2,
            "清河新桥十八日清晨正式通车，许多居民步行过桥。",
            id="chinese halves",
        ),
        pytest.param(
            f"It rained. {PARAGRAPH} {PARAGRAPH} Then it stopped.",
            f"It rained. {PARAGRAPH} Then it stopped.",
            id="sentence",
        ),
    ],
)
def test_goes(text, left):
    assert said(text).text == left


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("“No.”\n“No.”", id="dialogue"),
        pytest.param(
            "“I have nothing to say about the harbour.”\n“I have nothing to say about the harbour.”", id="quotation"
        ),
        pytest.param("No comment.\nNo comment.", id="short"),
        pytest.param("12,400 12,400 12,400 12,400 12,400\n12,400 12,400 12,400 12,400 12,400", id="numbers"),
        pytest.param(
            "Lindenau\t12\tnot yet decided by the town\nLindenau\t12\tnot yet decided by the town", id="table"
        ),
        pytest.param(
            "| Lindenau | not yet decided by the town |\n| Lindenau | not yet decided by the town |", id="piped table"
        ),
        pytest.param("- a spoon of the good butter\n- a spoon of the good butter", id="list"),
        pytest.param("The river runs under the old town bridge\n" * 3 + PARAGRAPH, id="refrain"),
        pytest.param(
            "Down by the water the lanterns burn low\n"
            + "Oh let the river run home to the sea\n" * 2
            + "Nobody knows where the ferrymen go",
            id="chorus",
        ),
        pytest.param("Fast, fast, fast, fast.", id="word"),
        pytest.param(f"{PARAGRAPH}\n{CAPTION}\n{OTHER}\n{CAPTION}", id="far apart"),
        pytest.param("分享\n分享", id="chinese button"),
    ],
)
def test_stays(text):
    assert said(text).text == text


def test_least():
    text = "Rain in the north\nRain in the north\n" + PARAGRAPH
    doc = Document("a", text)
    assert said(text).text == text
    assert doc.edit(Repeats(least=10)(doc)).text == "Rain in the north\n" + PARAGRAPH


@given(st.lists(st.sampled_from([CAPTION, PARAGRAPH, OTHER, "", "Photo: J. Doe", f"{CAPTION} {CAPTION}"])))
def test_laws(lines):
    text = "\n".join(lines)
    doc = said(text)
    assert undo(doc.text, doc.history) == text
    assert set(doc.text.split("\n")) <= {*lines, CAPTION, ""}


def test_a_long_line_takes_linear_time():
    assert said("ab " * 50_000).text
    assert said("Yes. " * 20_000).text


def test_a_block_of_a_page_may_be_empty():
    doc = Document("a", f"{CAPTION}\n{CAPTION}", (Block(0, 0), Block(0, 47), Block(48, 95), Block(95, 95)))
    assert [edit.rule for edit in Repeats()(doc)] == ["repeats/line"]
