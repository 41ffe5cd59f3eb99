"""The spacing stage: white space between lines, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.document import Document, undo
from cleaner.stages import spacing
from cleaner.stages.spacing import Spacing


def tidy(text):
    doc = Document("a", text)
    return doc.edit(Spacing()(doc))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("", ""),
        ("a", "a"),
        ("a\n", "a\n"),
        ("a\n\n\n", "a\n"),
        ("a \t", "a"),
        ("a  \n", "a\n"),
        ("\n\n a", " a"),
        ("  a", "  a"),
        ("a\n\n\n\nb", "a\n\nb"),
        ("a\n \n\t\n  b", "a\n\n  b"),
        ("a\n\nb", "a\n\nb"),
        ("a\nb", "a\nb"),
        ("a   b", "a   b"),
        ("a \r\n\r\n\r\nb", "a\n\nb"),
        ("a\u2028b\u00a0c", "a\u2028b\u00a0c"),
        ("\n \n", ""),
        ("\u3000\u3000a\n\n\n\u3000\u3000b", "\u3000\u3000a\n\n\u3000\u3000b"),
    ],
)
def test_table(text, left):
    assert tidy(text).text == left


def test_a_final_newline_is_the_originals():
    doc = Document("a", "a\n\nShare")
    doc = doc.edit([*Spacing()(doc)])
    cut = doc.edit([*[]])
    assert cut.text == "a\n\nShare"


@given(st.text(alphabet=" \n\t\r\u00a0\u2028ab"))
def test_laws(text):
    doc = tidy(text)
    assert undo(doc.text, doc.history) == text
    assert tidy(doc.text).text == doc.text
    assert "".join(doc.text.split()) == "".join(text.split())
    assert "\n\n\n" not in doc.text


@given(st.text(alphabet=" \n\t\r\u00a0\u2028ab"), st.sampled_from(["", "\n"]))
def test_what_looks_tidy_at_a_glance_is(text, end):
    edits = list(Spacing()(Document("a", text + end)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(spacing, "is_tidy", lambda _: False)
        assert list(Spacing()(Document("a", text + end))) == edits
