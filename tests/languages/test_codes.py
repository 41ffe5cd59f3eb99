"""The codes of languages: what records call them, and the pack that this means."""

import pytest

from cleaner import rules
from cleaner.document import Document
from cleaner.languages import codes
from cleaner.rules import pack

PARAGRAPH = "The council met on Monday evening and talked for five hours about the two new schools of the town."


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("de", "de"),
        ("DE", "de"),
        (" de ", "de"),
        ("de-AT", "de"),
        ("en_US", "en"),
        ("en_US.UTF-8", "en"),
        ("zh-CN", "zh"),
        ("zh-Hant-TW", "zh"),
        ("zho_Hans", "zh"),
        ("cmn_Hani", "zh"),
        ("pt-BR", "pt"),
        pytest.param("no", "nb", id="Norwegian"),
        pytest.param("nn-NO", "nb", id="the other way to write Norwegian"),
        pytest.param("nor", "nb", id="Norwegian in three letters"),
        pytest.param("iw", "he", id="an old code for Hebrew"),
        pytest.param("in", "id", id="an old code for Indonesian"),
        pytest.param("mo", "ro", id="Moldavian"),
        ("arb_Arab", "ar"),
        ("ger", "de"),
        pytest.param("sw-KE", "sw", id="one without a pack"),
        pytest.param("", "", id="none"),
        pytest.param("-", "", id="no tag"),
        pytest.param("inn", "inn", id="a code that only begins like an old one"),
    ],
)
def test_code(tag, code):
    assert codes.code_of(tag) == code


def test_the_table_names_packs_and_each_code_once():
    others = [other for names in codes._NAMES.values() for other in names.split()]
    assert set(codes._NAMES) == {path.stem for path in pack.OWN.glob("[a-z]*.toml")} - {"any"}
    assert len({*others, *codes._NAMES}) == len(others) + len(codes._NAMES)


@pytest.mark.parametrize("tag", ["nb", "no", "nn", "nb-NO", "nor"])
def test_alone_between_paragraphs_furniture_of_the_text_s_own_language_goes(tag):
    text = f"{PARAGRAPH}\nDel på Facebook\n{PARAGRAPH}"
    cut = [text[block.start : block.end] for block, _ in rules.load().cuts(Document("", text, fields={"lang": tag}))]
    assert cut == ["Del på Facebook"]
