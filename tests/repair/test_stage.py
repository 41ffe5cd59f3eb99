"""The stage as a whole: what changes, what stays, and the laws that hold for any text."""

import gc
import time
from dataclasses import fields, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.document import Document, undo
from cleaner.stages.repair import KINDS, Repair


def repaired(text, **options):
    doc = Document("a", text)
    return doc.edit(Repair(**options)(doc)).text


CHANGES = {
    "UTF-8 read as windows-1252": ("El niÃ±o comiÃ³ en el cafÃ©.", "El niño comió en el café."),
    "twice": ("schÃƒÂ¶n", "schön"),
    "one garbled line among clean ones": ("Schöne Grüße\nSchÃ¶ne GrÃ¼ÃŸe", "Schöne Grüße\nSchöne Grüße"),
    "an entity, then a wrong decoding": ("d&Atilde;&copy;j&Atilde;&nbsp; vu", "déjà vu"),
    "entities": ("Tom &amp; Ren&eacute;e &#8212; &#x41F;", "Tom & Renée — П"),
    "entities escaped twice": ("Ren&amp;eacute;e &amp;amp; Tom", "Renée & Tom"),
    "an entity beside a heart": ("I <3 caf&eacute;s", "I <3 cafés"),
    "JSON": (r"\u201cDe l\u2019eau\u201d, \"dit\" il", '“De l’eau”, "dit" il'),
    "bytes": (r"caf\xc3\xa9", "café"),
    "a line of a list": (r"la dignit\xc3\xa9 de tous;", "la dignité de tous;"),
    "percent": ("caf%C3%A9 au lait %26 th%C3%A9", "café au lait & thé"),
    "quoted-printable": ("caf=C3=A9 au lai=\nt", "café au lait"),
    "C1": ("\x93Yes\x94\x85", "“Yes”…"),
    "C1 at the end of a word": ("caf\x85 au lait\x85", "caf… au lait…"),
    "C1 that is Mac Roman": ("un caf\x8e, deux caf\x8es", "un café, deux cafés"),
    "controls": ("\ufeffa\x00b\x07c", "abc"),
    "terminal": ("\x1b[1;31mred\x1b[0m", "red"),
    "line breaks": ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
    "surrogates": ("\ud83d\ude00 \udc00", "😀 \ufffd"),
    "zero width in a word": ("in\u200bvi\u200dsi\u2060ble", "invisible"),
    "direction marks": ("5\u200f pm\u200e", "5 pm"),
    "icon font": ("\uf09a Share\n\uf099", "Share\n"),
    "odd spaces": ("a\u2003b\u3000c", "a b c"),
    "ligatures": ("eﬃcient ﬂow", "efficient flow"),
    "decomposed": ("cafe\u0301 n\u0303", "café ñ"),
    "marks": ("a" + "\u0316" * 500, "a" + "\u0316" * 30),
    "second hand": ("锟斤拷 a ï¿½ b", "\ufffd\ufffd a \ufffd b"),
    "mixed quotes": ('He said: "What happens in the heart? ”', 'He said: "What happens in the heart?"'),
    "mixed quotes without the space": ('"Who knows?” he said.', '"Who knows?" he said.'),
}

STAYS = {
    "plain": "It rained, and then it didn't.",
    "Portuguese capitals": "A CONCLUSÃO DE SÃO JOÃO",
    "curly quotes": "“Yes,” she said, ‘no’ and „doch“",
    "full width": "ＡＢＣ（中文），日本語　テスト",
    "an indent before a quotation in Chinese": "　　“以前坐渡船要等四十分钟。”他说。",
    "a blank line of ideographic spaces": "他说：\n　　\n　　“OK” （笑）",
    "a list in Japanese": "1　A　B（第1位）",
    "Korean": "“서울”　“부산”　GDP",
    "letters that look like ligatures": "œuvre, æon, ĳs, Ǆ",
    "Persian": "می\u200cخواهم",
    "emoji": "👩\u200d👩\u200d👧",
    "Thai": "ภาษา\u200bไทย",
    "direction in Hebrew": "שלום\u200f!",
    "French spaces": "«\u202foui\u202f», 10\u2009000\u202f€\u202f?",
    "no-break spaces": "10\xa0km",
    "tags": "<p>caf&eacute;</p>",
    "about markup": "In HTML one writes &eacute; for it.",
    "not an entity": "AT&T; Q&A;x &nosuch; &#xZZ;",
    "a path": r"C:\new\table\u00e9t\x41",
    "code": r'print("\u00e9");',
    "a character in quotes": r"The letter '\u1234' is rare.",
    "a pattern": r"[\u00e0-\u00ff]+",
    "an address": "https://example.org/caf%C3%A9?q=%C3%A9",
    "JSON itself": r'{"name": "caf\u00e9", "n": 1}',
    "a path to another computer": r"\\server\share\u1234\north",
    "a call": 'printf("%C3%A9");',
    "a pattern of SQL": "WHERE name LIKE '%C3%A9%'",
    "a word of a mail header": "=?UTF-8?Q?Caf=C3=A9?=",
    "about Java": r"In Java the escape \u00e9 gives é; \n is a line feed.",
    "about Python": r"Type \u201c to get a curly quote in Python.",
    "about addresses": "The bytes %C3%A9 encode é in a URL.",
    "about markup, otherwise": "Use &nbsp; for such a space in your markup.",
    "a share": "%95ak, 100%25 off, Article=77911",
    "inches": 'A 5" pipe and the “other one ”',
    "nested": '"He said “yes ” and left," she wrote.',
    "German": "„Wer weiß?“ und „Niemand ”",
    "an apostrophe": '\'tis the players’ turn, "yes"',
    "tab and form feed": "a\tb\fc",
    "private use in a word": "日\ue000本",
}


@pytest.mark.parametrize(("before", "after"), CHANGES.values(), ids=CHANGES)
def test_changes(before, after):
    assert repaired(before) == after


@pytest.mark.parametrize("text", STAYS.values(), ids=STAYS)
def test_stays(text):
    assert repaired(text) == text


@pytest.mark.parametrize(("before", "after"), CHANGES.values(), ids=CHANGES)
def test_nothing_to_do_twice(before, after):
    assert not list(Repair()(Document("a", repaired(before))))
    assert repaired(after) == after


def test_edits_are_small_and_say_why():
    edits = list(Repair()(Document("a", "Das war schÃ¶n, sagte Ren&eacute;.\nSie sagte nichts. TschÃ¼ss!")))
    assert [(e.start, e.end, e.after, e.rule) for e in edits] == [
        (11, 13, "ö", "repair/mojibake"),
        (25, 33, "é", "repair/entity"),
        (57, 59, "ü", "repair/mojibake"),
    ]
    assert edits[0].reason.startswith("UTF-8 read as ")


def test_an_edit_that_covers_another_tells_both():
    (edit,) = Repair()(Document("a", "d&Atilde;&copy;tail"))
    assert edit.rule == "repair/mojibake"
    assert edit.reason.startswith("entity; then UTF-8 read as ")


OPTIONS = {
    "soft_hyphens": ("aan\xadvaar", "aanvaar"),
    "no_break_spaces": ("a\xa0b, 10\xa0km", "a b, 10\xa0km"),
    "direction_controls": ("a \u202ab\u202c", "a b"),
    "full_width": ("ＡＢＣ！", "ABC!"),
    "presentation_forms": ("\ufefb", "\u0644\u0627"),
    "hyphenation": ("a hyphen-\nated word", "a hyphenated word"),
    "straight_quotes": ("“it’s”", '"it\'s"'),
}


@pytest.mark.parametrize(("option", "before", "after"), [(k, *v) for k, v in OPTIONS.items()], ids=OPTIONS)
def test_what_is_asked_for(option, before, after):
    assert repaired(before) == before
    assert repaired(before, **{option: True}) == after


EACH_KIND = {
    "surrogates": "a \ud83d b",
    "line_breaks": "a\r\nb",
    "entities": "caf&eacute;",
    "escapes": r"caf\u00e9",
    "legacy": "Ночью прошёл сильный дождь, и река вышла из берегов".encode("koi8-r").decode("cp1251"),
    "mojibake": "schÃ¶n, MÃ¤dchen",
    "replacements": "锟斤拷",
    "c1": "\x93Yes\x94",
    "terminal_escapes": "\x1b[31mred\x1b[0m",
    "controls": "a\x07b",
    "zero_width": "in\u200bvisible",
    "direction_marks": "5\u200f pm",
    "direction_controls": "a \u202ab\u202c",
    "soft_hyphens": "aan\xadvaar",
    "icons": "\uf09a Share",
    "odd_spaces": "a\u2003b",
    "no_break_spaces": "a\xa0b",
    "ligatures": "ﬂow",
    "full_width": "ＡＢＣ",
    "presentation_forms": "\ufefb",
    "marks": "a" + "\u0316" * 50,
    "composition": "cafe\u0301",
    "quote_pairs": '"Who knows?” he said.',
    "straight_quotes": "“yes”",
    "hyphenation": "hyphen-\nated",
}
RULES = {kind.option: f"repair/{kind.rule}" for kind in KINDS}


@pytest.mark.parametrize(("option", "text"), EACH_KIND.items(), ids=EACH_KIND)
def test_each_kind_is_a_rule_with_a_switch_of_its_own(option, text):
    none = dict.fromkeys(RULES, False)
    alone = Repair(**{**none, option: True})
    assert {e.rule for e in alone(Document("a", text))} == {RULES[option]}
    every = Repair(**dict.fromkeys(RULES, True))
    without = every.acting(lambda rule: rule != RULES[option])
    assert without == replace(every, **{option: False})
    assert not list(Repair(**none)(Document("a", text)))


def test_no_kind_is_left_out():
    assert EACH_KIND.keys() == RULES.keys() == {field.name for field in fields(Repair)}
    assert len(set(RULES.values())) == len(RULES)


PIECES = st.sampled_from(
    [
        "Ã©",
        "Ã",
        "Â",
        "â€œ",
        "â€",
        "\x9d",
        "Ð¿",
        "&eacute;",
        "&amp;",
        "&#128;",
        "amp;",
        "\\u00e9",
        "\\xc3\\xa9",
        "%C3%A9",
        "=C3=A9",
        "=\n",
        "\\",
        '"',
        " ”",
        "\u0301",
        "\u200b",
        "\u202e",
        "\ufeff",
        "\r",
        "\n",
        "\x1b[0m",
        "\ud83d",
        "\ude00",
        "\x85",
        "\xa0",
        " ",
        "a",
        "é",
        "я",
        "中",
        "锟斤拷",
        "ﬁ",
        "\ufffd",
        "<b>",
        "<",
    ]
)
TEXTS = st.lists(PIECES | st.text(st.characters(), max_size=4), max_size=12).map("".join)


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_any_text_comes_back_and_a_second_run_finds_nothing(text):
    doc = Document("a", text)
    done = doc.edit(Repair()(doc), stage="repair")
    assert undo(done.text, done.history) == text
    assert not list(Repair()(Document("a", done.text)))


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_edits_lie_apart_and_inside(text):
    at = 0
    for e in Repair()(Document("a", text)):
        assert at <= e.start < e.end <= len(text)
        assert e.after != text[e.start : e.end]
        assert e.rule.startswith("repair/")
        at = e.end


FLOODS = {
    "ampersands": "&",
    "escaped ampersands": "&amp;",
    "one entity, escaped often": "amp;",
    "backslashes": "\\u00e9\\",
    "percents": "%C3",
    "equals": "=E2=80",
    "marks": "\u0301\u0316",
    "mojibake": "ÃÃ©",
    "lines of mojibake": "ÃÃ©tat dâ€\n",
    "words of mojibake": "pÃ©rÃ©, ",
    "lost bytes": "Ã\ufffdÃ© â\ufffd\ufffd\n",
    "lower-cased": "ã©ã¨ã©\n",
    "quotes": '"a ',
    "closing quotes": '"a” ”',
    "tags": "<a ",
    "nulls": "\x00",
    "surrogates": "\ud83d",
    "icons": "\uf09a",
    "spaces": "\u2003\u3000",
    "wide": "涓枃",
}


@pytest.mark.parametrize("unit", FLOODS.values(), ids=FLOODS)
def test_floods_cost_linear_time(unit):
    def cost(size):
        text = "&" + unit * (size // len(unit))
        gc.collect()
        gc.disable()  # else the heap of the whole test session is looked through at somebody's expense
        try:
            start = time.process_time()
            list(Repair()(Document("a", text)))
            return time.process_time() - start
        finally:
            gc.enable()

    cost(1000)
    most = 8 * max(cost(20_000), cost(20_000)) + 0.2
    assert any(cost(80_000) < most for _ in range(3))
