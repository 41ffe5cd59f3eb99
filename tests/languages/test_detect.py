"""The language of a text."""

import json
import lzma
import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner import languages, plugins

LINES = Path(__file__).parents[3] / "shared" / "data" / "repair" / "clean_lines.jsonl.xz"


@pytest.fixture(autouse=True)
def words_alone(monkeypatch):
    """Leave out the network, whether it is installed or not."""
    monkeypatch.setattr(languages, "_network", lambda: None)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The ferry was late again on Monday, and nobody on the quay could say why it had not sailed.", "en"),
        ("Die Fähre kam am Montag wieder zu spät, und niemand konnte sagen, warum sie nicht gefahren war.", "de"),
        ("Le bac était encore en retard lundi, et personne sur le quai ne savait pourquoi.", "fr"),
        ("El transbordador volvió a llegar tarde el lunes, y nadie en el muelle sabía por qué.", "es"),
        ("Il traghetto era di nuovo in ritardo lunedì, e nessuno sul molo sapeva perché non era partito.", "it"),
        ("O barco chegou de novo atrasado na segunda-feira, e ninguém no cais sabia por que não tinha saído.", "pt"),
        ("De veerboot was maandag weer te laat en niemand op de kade wist waarom hij niet was gevaren.", "nl"),
        ("Prom znowu się spóźnił w poniedziałek i nikt na nabrzeżu nie wiedział, dlaczego nie wypłynął.", "pl"),
        ("Паром опять опоздал в понедельник, и никто на причале не знал, почему он не вышел.", "ru"),
        ("Пором знову запізнився, і ніхто на причалі не знав, чому він не вийшов. Це не те, що було до цього.", "uk"),
        ("Färjan var sen igen i måndags, och ingen på kajen kunde säga varför den inte hade gått.", "sv"),
        ("Lautta oli taas myöhässä maanantaina, eikä kukaan laiturilla tiennyt, miksi se ei ollut lähtenyt.", "fi"),
        (
            "Feribot yine geç kaldı ve kimse nedenini bilmiyordu. Bu çok uzun bir gün oldu, ama bir gemi daha var.",
            "tr",
        ),
        ("Το πλοίο άργησε ξανά τη Δευτέρα.", "el"),
        ("渡轮星期一又晚点了，码头上没有人知道为什么。", "zh"),
        ("月曜日、フェリーはまた遅れたが、理由は誰も知らなかった。", "ja"),
        ("월요일에 배가 또 늦었다.", "ko"),
        ("เรือข้ามฟากมาสายอีกแล้ว", "th"),
        ("המעבורת שוב איחרה ביום שני", "he"),
        ("تأخرت العبارة مرة أخرى يوم الاثنين ولم يعرف أحد على الرصيف ما هو السبب في ذلك", "ar"),
        ("फेरी सोमवार को फिर देर से आई और घाट पर कोई नहीं जानता था कि क्यों", "hi"),
    ],
)
def test_a_language_is_told(text, language):
    assert languages.detect(text) == language


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n",
        "12.4.2024",
        "Kabul",
        "Jane Doe, Sandvik Harbour Office",
        "🙂🙂🙂",
        "\ud800",
        "HW 04:12 (3.8 m)",
        "x = [1, 2]",
    ],
)
def test_where_nothing_is_clear_none_is_named(text):
    assert languages.detect(text) == ""


def test_names_and_quotations_of_other_scripts_do_not_count():
    text = (
        "The ferry was late again on Monday, and nobody on the quay could say why: “Не знаю,” said the harbour master."
    )
    assert languages.detect(text) == "en"


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300))
def test_any_text_has_a_language_or_none(text):
    assert languages.detect(text) == languages.detect(text)
    assert languages.detect(text) == "" or 2 <= len(languages.detect(text)) <= 3


LETTERS_AND_OTHERS = st.one_of(st.sampled_from("aé’'_1ʼ\u0301\u064b\U00010400\U0001f600ꭰ日ß "), st.characters())


@settings(max_examples=300, deadline=None)
@given(st.text(LETTERS_AND_OTHERS))
def test_letters_written_out_find_the_same_words(text):
    assert languages.words(text) == languages._WORD.findall(text.lower())


@pytest.mark.parametrize("ranges", languages.SCRIPTS)
def test_each_character_of_a_script_counts_for_it(ranges):
    number = [*languages.SCRIPTS].index(ranges)
    characters = re.compile(f"[{ranges}]")
    for code, script in enumerate(languages._scripts().tolist()):
        assert (script == number) == (characters.match(chr(code)) is not None)


def test_every_pack_is_of_a_language_that_can_be_told():
    known = {*languages._listed(), *languages.SCRIPTS.values()}
    assert {*plugins.names("packs")} - {"any"} <= known


@pytest.mark.skipif(not LINES.exists(), reason="needs the development data")
def test_ten_sentences_are_enough_for_nearly_all_of_many_languages():
    texts = defaultdict(list)
    with lzma.open(LINES, "rt", encoding="utf-8", newline="\n") as file:
        for line in file:
            rec = json.loads(line)
            texts[rec["lang"]].append(rec["text"])
    told = Counter()
    for language, lines in texts.items():
        for at in range(0, len(lines) - 9, 50):
            told[{language: "right", "": "none"}.get(languages.detect("\n".join(lines[at : at + 10])), "wrong")] += 1
    assert told["right"] >= 0.95 * told.total()
    assert told["wrong"] <= 0.03 * told.total()
