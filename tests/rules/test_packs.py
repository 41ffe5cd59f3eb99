"""The law of the packs: each rule holds against its examples, and all together keep what any of them keeps."""

import pytest

from cleaner import rules
from cleaner.document import Document

RULES = rules.load()
PARAGRAPH = "The council met on Monday evening and talked for five hours about the two new schools of the town."
KEEPS = sorted({text for rule in RULES.rules for text in rule.keeps})


@pytest.mark.parametrize("rule", RULES.rules, ids=lambda rule: rule.code)
def test_rule_holds_against_its_examples(rule):
    assert RULES.check(rule) == []


@pytest.mark.parametrize("rule", RULES.rules, ids=lambda rule: rule.code)
def test_rule_says_why_and_proves_it(rule):
    assert rule.why.endswith(".")
    assert rule.removes or (rule.lines and (rule.where or rule.run == 1))
    assert rule.keeps


@pytest.mark.parametrize("text", KEEPS)
def test_what_one_rule_keeps_all_keep(text):
    for whole in (text, f"{PARAGRAPH}\n\n{text}\n\n{PARAGRAPH}"):
        assert [(whole[b.start : b.end], rule.code) for b, rule in RULES.cuts(Document("", whole))] == []


def test_every_kind_is_used():
    assert {rule.kind for rule in RULES.rules} | {"site"} == set(rules.kinds())
