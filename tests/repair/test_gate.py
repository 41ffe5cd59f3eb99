"""What the gates let pass: whatever they call clean, ftfy would leave alone, and no encoding can have garbled."""

import json
import lzma
import unicodedata
from pathlib import Path

import ftfy
import numpy as np
import pytest
from ftfy.badness import MOJIBAKE_CATEGORIES, is_bad
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cleaner.document import Document
from cleaner.garbling import readers
from cleaner.garbling.readers import (
    ANY_WIDE,
    BAD,
    BYTE_BY_BYTE,
    CHINESE_JAPANESE_KOREAN,
    HAS_WIDE,
    POSSIBLE,
    WIDE,
    byte_by_byte,
    characters,
    line_gate,
    look,
)
from cleaner.garbling.signs import Sign, signs
from cleaner.stages.repair import Repair

SAFE = ftfy.TextFixerConfig(
    uncurl_quotes=False, fix_character_width=False, fix_latin_ligatures=False, unescape_html=False, explain=True
)
DATA = Path(__file__).parents[3] / "shared/data/repair"

CLEAN = {
    "ASCII": "It rained all night; 3 + 4 = 7.",
    "German": "Schöne Grüße aus Köln, „wirklich“!",
    "French": "L’été fut très chaud, où qu’on allât…",
    "Russian": "Всё смешалось в доме, где жили «они» — и мы.",
    "Greek": "Η θάλασσα ήταν ήρεμη.",
    "Arabic": "كانت السماء صافية.",
    "Hindi": "रात भर बारिश हुई।",
    "Chinese": "昨夜下了一整夜的雨。",
    "Vietnamese": "Trời mưa suốt đêm.",
}


@pytest.mark.parametrize("text", CLEAN.values(), ids=CLEAN)
def test_clean_lines_never_meet_a_pattern(text):
    facts = line_gate().look(text).facts
    assert not facts[0] & (POSSIBLE | BAD)


TABLED = st.sampled_from(sorted(set("".join(MOJIBAKE_CATEGORIES.values()) + "ÂÃÎÐØÙаяВГРСЂ√≈‚āβ€ \nab[]^-")))
LINES = st.text(TABLED | st.characters(), max_size=30)


@settings(max_examples=500, deadline=None)
@given(LINES)
def test_lines_are_marked_one_by_one(text):
    facts = line_gate().look(text).facts
    lines = text.split("\n")
    assert len(facts) == len(lines)
    for line, fact in zip(lines, facts.tolist(), strict=True):
        assert not is_bad(line) or fact & BAD
        assert bool(fact & HAS_WIDE) <= any(c >= "\u2e80" for c in line)


@settings(max_examples=300, deadline=None)
@given(LINES | st.text(st.characters()))
def test_one_look_shows_the_same_signs(text):
    assert look(text).signs == signs(text)


def same(one, other):
    """Tell whether two looks are the same, with the types of their numbers."""
    return [(np.asarray(value).tolist(), np.asarray(value).dtype) for value in one] == [
        (np.asarray(value).tolist(), np.asarray(value).dtype) for value in other
    ]


@settings(max_examples=300, deadline=None)
@given(LINES, st.integers(1, 12))
def test_a_text_looked_at_in_pieces_shows_the_same(text, piece):
    at_once = line_gate().by_numpy(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(readers, "_PIECE", piece)
        assert same(line_gate().by_numpy(text), at_once)


@pytest.mark.skipif(readers._twin is None, reason="nobody could compile it here")
@settings(max_examples=500, deadline=None)
@given(LINES | st.text(st.characters()) | st.sampled_from(["", "\n\n", "\U0010ffff\ud800\n", *CLEAN.values()]))
def test_the_twin_shows_the_same(text):
    assert same(line_gate().look(text), line_gate().by_numpy(text))


def test_without_the_twin_numpy_is_asked(monkeypatch):
    monkeypatch.setattr(readers, "_twin", None)
    assert same(line_gate().look(CLEAN["German"]), line_gate().by_numpy(CLEAN["German"]))


@pytest.mark.skipif(readers._twin is None, reason="nobody could compile it here")
@pytest.mark.parametrize(
    ("classes", "facts", "kinds", "ruled_out", "at"),
    [(9, 1, 1, 4, 0), (99, 3, 2, 4, 0), (99, 4, 0, 4, 0), (99, 9, 1 << 62, 4, 0), (99, 1, 1, 3, 0), (99, 1, 1, 4, 62)],
)
def test_tables_that_are_too_small_are_refused(classes, facts, kinds, ruled_out, at):
    tables = np.zeros(classes, np.intp), np.zeros(facts, np.int64), kinds, np.zeros(ruled_out, np.int64), at
    with pytest.raises(ValueError, match="too small"):
        readers._twin.look("a", *tables)


@pytest.mark.skipif(readers._twin is None, reason="nobody could compile it here")
@pytest.mark.parametrize(("kind", "at"), [(2, ord("a")), (-1, ord("a")), (2, ord("\n"))])
def test_a_class_that_is_none_is_refused(kind, at):
    classes = np.zeros(128, np.intp)
    classes[at] = kind
    with pytest.raises(ValueError, match="class"):
        readers._twin.look("a", classes, np.zeros(4, np.int64), 2, np.zeros(4, np.int64), 0)


MARKED = st.text(
    st.characters(categories=["Mn", "Mc", "Lo"]) | st.sampled_from("aeé각ᄀ\u1161\u11a8\u09c7\u09be\U0002f800")
)


@settings(max_examples=500, deadline=None)
@given(MARKED | st.text())
def test_what_is_not_composed_bears_the_sign(text):
    assert unicodedata.is_normalized("NFC", text) or signs(text) & Sign.UNCOMPOSED


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=20), st.sampled_from(BYTE_BY_BYTE))
def test_an_encoding_that_garbled_a_line_is_never_ruled_out(text, reader):
    garbled = "".join(characters(reader.codec)[byte] for byte in text.replace("\n", " ").encode())
    if not garbled.isascii() and "\n" not in garbled:
        fact = int(line_gate().look(garbled).facts[0])
        assert fact >> BYTE_BY_BYTE.index(reader) & 1
        assert byte_by_byte(garbled, reader.codec) == text.replace("\n", " ").encode()


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=8), st.sampled_from(range(len(WIDE))))
@example("中文", 0)
@example("й", 1)
def test_an_encoding_of_several_bytes_that_garbled_a_line_is_never_ruled_out(text, i):
    try:
        garbled = text.replace("\n", " ").encode().decode(CHINESE_JAPANESE_KOREAN[i].codec)
        whole = garbled.encode(CHINESE_JAPANESE_KOREAN[i].codec).decode()
    except UnicodeError:
        return
    fact = int(line_gate().look(garbled).facts[0])
    if whole == text.replace("\n", " ") and fact & HAS_WIDE:
        assert fact & WIDE[i]


def _same_as_ftfy(text):
    """Return both answers where our gates are shut; the kinds that ftfy does not know are off."""
    stage = Repair(entities=False, escapes=False, zero_width=False, direction_marks=False, icons=False,
                   odd_spaces=False, ligatures=False, marks=False, quote_pairs=False, replacements=False)  # fmt: skip
    doc = Document("a", text)
    return doc.edit(stage(doc)).text, ftfy.fix_text(text, SAFE)


@settings(max_examples=300, deadline=None)
@given(LINES)
@example("\u2000")
@example("a\u2001\u2000b")
def test_shut_gates_mean_that_ftfy_changes_nothing(text):
    facts = line_gate().look(text).facts
    if not (facts & (POSSIBLE | BAD | ANY_WIDE)).any():
        ours, theirs = _same_as_ftfy(text)
        assert ours == theirs


@pytest.mark.skipif(not DATA.exists(), reason="the development data are not here")
@pytest.mark.parametrize("name", ["clean_lines", "damage_udhr"])
def test_clean_text_of_many_languages_is_neither_touched_nor_called_bad(name):
    stage = Repair(composition=False)
    with lzma.open(DATA / f"{name}.jsonl.xz", "rt", encoding="utf-8", newline="\n") as file:
        lines = [json.loads(line)["text"] for line in file][::7]
    for i in range(0, len(lines), 10):
        text = "\n".join(lines[i : i + 10])
        assert not list(stage(Document("a", text)))
