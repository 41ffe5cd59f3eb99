"""No text is lost on the pages of html5lib's tests of tokenizers, where they are at hand."""

import json
import re
from pathlib import Path

import pytest

from cleaner.markup import flatten

SUITE = Path(__file__).parents[3] / "shared/data/hostile/html5lib/tokenizer"
LEFT_OUT = {"script", "style", "title", "textarea", "svg", "head", "select", "template"}
LETTERS = re.compile(r"[^\W_]")
LONG = re.compile(r"&#[xX]?[0-9a-fA-F]{9}")


def cases(path):
    for test in json.loads(path.read_text("utf-8")).get("tests", []):
        tags = {token[1] for token in test["output"] if token[0] == "StartTag"}
        plain = not test.get("doubleEscaped") and test.get("initialStates", ["Data state"]) == ["Data state"]
        if plain and not tags & LEFT_OUT and not LONG.search(test["input"]):
            yield test["input"], "".join(token[1] for token in test["output"] if token[0] == "Character")


@pytest.mark.skipif(not SUITE.is_dir(), reason="the suite is not here")
def test_no_text_is_lost():
    known = [case for path in sorted(SUITE.glob("*.test")) for case in cases(path)]
    assert len(known) > 5_000
    short = [
        (page, text) for page, text in known if len(LETTERS.findall(flatten(page).text)) < len(LETTERS.findall(text))
    ]
    assert short == []
