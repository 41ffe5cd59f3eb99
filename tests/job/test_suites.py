"""Public suites of bad input go through whole runs: the counts add up, and no text is lost."""

import html
import json
import re
from pathlib import Path

import pytest

HOSTILE = Path(__file__).parents[3] / "shared/data/hostile"
pytestmark = pytest.mark.skipif(not HOSTILE.is_dir(), reason="the suites are not here")


def tokens():
    """Yield the pages of the tokenizer's suite, each with the text that it shows."""
    for path in sorted((HOSTILE / "html5lib/tokenizer").glob("*.test")):
        for case in json.loads(path.read_bytes()).get("tests", []):
            page, output = case["input"], case["output"]
            if case.get("doubleEscaped"):
                page, output = (json.loads(json.dumps(v).replace("\\\\u", "\\u")) for v in (page, output))
            if "Data state" in case.get("initialStates", ["Data state"]):
                yield page, "".join(token[1] for token in output if token[0] == "Character")


def letters(text):
    return [c for c in text if c.isalnum()]


def test_of_pages_no_letter_is_lost(put, do, audit, kept, line, bare, tmp_path):
    cases = list(tokens())
    put("a.jsonl", b"".join(line(id=i, html=f"<p>begin</p>{page}") for i, (page, _) in enumerate(cases)))
    do(tmp_path / "a.jsonl", recipe=bare)
    assert audit(tmp_path / "out") == {
        "read": len(cases), "kept": len(cases), "dropped": 0, "duplicates": 0, "quarantined": 0,
    }
    found = {r["id"]: r["text"].removeprefix("begin") for r in kept(tmp_path / "out")}
    lost = {page: (shown, found[i]) for i, (page, shown) in enumerate(cases) if letters(shown) != letters(found[i])}
    assert lost == {}
