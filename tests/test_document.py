"""A document remembers its edits: whatever the stages ask for, the text that came in comes back."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.document import Block, Document, Edit, live, undo

TEXT = st.text("ab \né", max_size=40)


@st.composite
def edits_of(draw, text):
    """Draw edits of a text that do not overlap: gaps, cuts, replacements and insertions, side by side or apart."""
    edits, at = [], 0
    while at <= len(text) and len(edits) < 5 and draw(st.booleans()):
        start = at + draw(st.integers(0, 4))
        end = start + draw(st.integers(0, 5))
        if end > len(text):
            break
        last = edits[-1] if edits else Edit(-1, -1, "", "")
        if start == end and (last.end >= start - (end == len(text)) or not text):
            break  # an insertion needs a character beside it for itself
        edits.append(Edit(start, end, draw(st.text("xy\n", max_size=3)), f"rule/{len(edits)}"))
        at = end + (start == end)
    return edits


def plainly(text, edits):
    """Apply edits the plain way: from the last to the first."""
    for e in sorted(edits, key=lambda e: (e.start, e.end), reverse=True):
        text = text[: e.start] + e.after + text[e.end :]
    return text


@settings(max_examples=400, deadline=None)
@given(st.data(), TEXT)
def test_any_edits_of_any_stages_give_the_plain_text_and_can_be_undone(data, text):
    doc = Document("a", text)
    for stage in range(data.draw(st.integers(1, 4))):
        edits = data.draw(edits_of(doc.text))
        expected = plainly(doc.text, edits)
        doc = doc.edit(data.draw(st.permutations(edits)), f"stage{stage}")
        assert doc.text == expected
    assert doc.original == text
    assert undo(doc.text, doc.history) == text
    assert undo(doc.text, doc.live) == text
    assert live(doc.history) == list(doc.live)
    for e in doc.history:
        assert text[e.start : e.end] == e.before
    for i, late in enumerate(doc.history):
        for early in doc.history[:i]:
            apart = late.end <= early.start or early.end <= late.start
            assert apart or (late.start <= early.start and early.end <= late.end)


@settings(max_examples=400, deadline=None)
@given(st.data(), TEXT)
def test_blocks_of_a_page_stay_on_their_text(data, text):
    lines = Document("a", text).blocks
    doc = Document("a", text, tuple(b._replace(path=f"p{i}") for i, b in enumerate(lines)))
    for _ in range(data.draw(st.integers(1, 3))):
        edits = data.draw(edits_of(doc.text))
        done = doc.edit(edits)
        by_path = {b.path: b for b in done.page}
        for block in doc.page:
            if any(e.start <= block.end and e.end >= block.start for e in edits):
                continue
            shift = sum(len(e.after) - (e.end - e.start) for e in edits if e.end <= block.start)
            assert by_path[block.path] == block._replace(start=block.start + shift, end=block.end + shift)
            assert done.text[block.start + shift : block.end + shift] == doc.text[block.start : block.end]
        ends = [0, *(place for b in done.page for place in (b.start, b.end)), len(done.text)]
        assert ends == sorted(ends)
        assert all(b.start < b.end for b in done.page)
        doc = done


@pytest.mark.parametrize(
    ("edit", "blocks"),
    [
        pytest.param(Edit(0, 3, "ONE", "r"), ["ONE", "two", "six"], id="the whole of a block"),
        pytest.param(Edit(0, 4, "", "r"), ["two", "six"], id="a block and its line break"),
        pytest.param(Edit(2, 5, "-", "r"), ["on-", "wo", "six"], id="across a line break"),
        pytest.param(Edit(0, 7, "X", "r"), ["X", "six"], id="two blocks become one"),
        pytest.param(Edit(5, 5, "h", "r"), ["one", "thwo", "six"], id="an insertion"),
        pytest.param(Edit(11, 11, "th", "r"), ["one", "two", "sixth"], id="an insertion at the end"),
        pytest.param(Edit(0, 11, "", "r"), [], id="all of the text"),
    ],
)
def test_a_block_that_is_touched_holds_what_is_left_and_what_was_put_there(edit, blocks):
    page = (Block(0, 3, "p"), Block(4, 7, "p"), Block(8, 11, "p"))
    doc = Document("a", "one\ntwo\nsix", page).edit([edit])
    assert [doc.text[b.start : b.end] for b in doc.blocks] == blocks


def test_blocks_of_plain_text_are_its_lines_without_blank_ones():
    doc = Document("a", "one\n\n \ttwo \n \n\u2028three")
    assert [doc.text[b.start : b.end] for b in doc.blocks] == ["one", " \ttwo ", "\u2028three"]


@pytest.mark.parametrize(
    "edits",
    [
        pytest.param([Edit(0, 3, "", "a"), Edit(2, 4, "", "b")], id="overlap"),
        pytest.param([Edit(0, 5, "", "a"), Edit(1, 2, "", "b")], id="one inside another"),
        pytest.param([Edit(0, 6, "", "a")], id="past the end"),
        pytest.param([Edit(5, 7, "", "a")], id="from the end on"),
        pytest.param([Edit(8, 9, "", "a")], id="after the end, cutting nothing"),
        pytest.param([Edit(8, 8, "x", "a")], id="inserted after the end"),
        pytest.param([Edit(-1, 2, "", "a")], id="before the start"),
        pytest.param([Edit(-3, -1, "", "a")], id="counted from the end"),
        pytest.param([Edit(3, 2, "x", "a")], id="backwards"),
        pytest.param([Edit(0, 1, "", "a"), Edit(1, 1, "x", "b"), Edit(1, 2, "y", "c")], id="an insertion without room"),
    ],
)
def test_edits_that_make_no_sense_are_refused(edits):
    with pytest.raises(ValueError, match="overlaps its neighbour or leaves the text"):
        Document("a", "abcde").edit(edits)


def test_nothing_can_be_inserted_into_an_empty_text():
    with pytest.raises(ValueError, match="overlaps its neighbour or leaves the text"):
        Document("a", "").edit([Edit(0, 0, "x", "a")])


def test_two_insertions_in_one_place_keep_their_order():
    assert Document("a", "abc").edit([Edit(1, 1, "x", "r"), Edit(1, 1, "y", "r")]).text == "axybc"


def test_an_edit_that_changes_nothing_is_none():
    doc = Document("a", "abc")
    assert doc.edit([Edit(0, 1, "a", "r"), Edit(3, 3, "", "r")]) is doc


def test_history_names_stage_rule_and_reason():
    doc = Document("a", "abc").edit([Edit(1, 2, "", "x/y", 0.5, "because")], "stage")
    assert doc.history == (Edit(1, 2, "", "x/y", 0.5, "because", "b", "stage"),)
