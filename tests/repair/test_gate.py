"""What the gates let pass: whatever they call clean, ftfy would leave alone, and no encoding can have garbled."""

import json
import lzma
import unicodedata
from pathlib import Path

import ftfy
import pytest
from ftfy.badness import MOJIBAKE_CATEGORIES, is_bad
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cleaner.document import Document
from cleaner.garbling import readers
from cleaner.garbling.plain import plain_signs
from cleaner.garbling.readers import (
    ANY_WIDE,
    BAD,
    BYTE_BY_BYTE,
    CHINESE_JAPANESE_KOREAN,
    HAS_WIDE,
    POSSIBLE,
    SUSPICIOUS,
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
    _, facts = line_gate().facts_of_lines(text)
    assert not facts[0] & (POSSIBLE | BAD)


TABLED = st.sampled_from(sorted(set("".join(MOJIBAKE_CATEGORIES.values()) + "ÂÃÎÐØÙаяВГРСЂ√≈‚āβ€ \nab[]^-")))
LINES = st.text(TABLED | st.characters(), max_size=30)


@settings(max_examples=500, deadline=None)
@given(LINES)
def test_lines_are_marked_one_by_one(text):
    _, facts = line_gate().facts_of_lines(text)
    lines = text.split("\n")
    assert len(facts) == len(lines)
    for line, fact in zip(lines, facts.tolist(), strict=True):
        assert not is_bad(line) or fact & BAD
        assert bool(fact & HAS_WIDE) <= any(c >= "\u2e80" for c in line)


@settings(max_examples=300, deadline=None)
@given(LINES | st.text(st.characters()))
def test_one_look_shows_the_same_signs(text):
    assert look(text).signs == signs(text)


@settings(max_examples=300, deadline=None)
@given(LINES, st.integers(1, 12))
def test_a_text_looked_at_in_pieces_shows_the_same(text, piece):
    at_once = line_gate().facts_of_lines(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(readers, "_PIECE", piece)
        for one, other in zip(line_gate().facts_of_lines(text), at_once, strict=True):
            assert one.tolist() == other.tolist()


ALPHABETS = ["abcé çŠŽ\n", "«где-то в Ярославле»\n", "ΐ«ΒΞΓβ\n ", "ยฤกฟ \n", "Łódź „ą” \n", "ЂГўВ “є” é\n", "中ア한 \n"]
TAME = st.one_of([st.text(alphabet, max_size=20) for alphabet in ALPHABETS])


@settings(max_examples=1000, deadline=None)
@given(st.lists(TAME | LINES, max_size=3).map("".join))
@example("Ã©")
@example("и вй")
def test_a_plain_text_is_one_in_which_nothing_is_found(text):
    found = plain_signs(text)
    if found is not None and not text.isascii():
        assert not look(text).any & SUSPICIOUS
        assert not look(text).signs & ~found


@pytest.mark.parametrize("name", CLEAN.keys() - {"ASCII", "Hindi", "Chinese"})
def test_what_is_plain(name):
    assert plain_signs(CLEAN[name]) is not None


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
        fact = int(line_gate().facts_of_lines(garbled)[1][0])
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
    fact = int(line_gate().facts_of_lines(garbled)[1][0])
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
    _, facts = line_gate().facts_of_lines(text)
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
