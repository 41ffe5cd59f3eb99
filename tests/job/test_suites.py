"""Public suites of bad input go through whole runs: the counts add up, and no text is lost."""

import base64
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


def test_of_pages_no_letter_is_lost(put, do, audit, kept, bare, tmp_path):
    cases = list(tokens())
    rows = (json.dumps({"id": i, "html": f"<p>begin</p>{page}"}) for i, (page, _) in enumerate(cases))
    put("a.jsonl", "\n".join(rows))
    do(tmp_path / "a.jsonl", recipe=bare)
    assert audit(tmp_path / "out") == {
        "read": len(cases),
        "kept": len(cases),
        "dropped": 0,
        "duplicates": 0,
        "quarantined": 0,
    }
    found = {r["id"]: r["text"].removeprefix("begin") for r in kept(tmp_path / "out")}
    other = [page for i, (page, shown) in enumerate(cases) if letters(shown) != letters(found[i])]
    assert all(LONG_REFERENCE.search(page) or OPEN_COMMENT.match(page) for page in other), other
    assert len(other) < len(cases) / 1000


LONG_REFERENCE = re.compile(r"&#[xX]?[0-9a-fA-F]{9,}")
"""It becomes U+FFFD, and is counted."""
OPEN_COMMENT = re.compile("<!--(?!.*--!?>)", re.DOTALL)
"""What is in a comment that never ends is shown rather than lost."""


def test_pages_in_any_encoding_are_read_or_kept_as_they_are(do, audit, quarantined, bare, tmp_path):
    (tmp_path / "in").mkdir()
    pages = []
    for path in sorted((HOSTILE / "html5lib/encoding").rglob("*.dat")):
        pages += re.findall(rb"#data\n(.*?)\n#encoding\n", path.read_bytes(), re.DOTALL)
    pages += [path.read_bytes() for path in sorted((HOSTILE / "html5lib").rglob("*.txt"))]
    for number, page in enumerate(pages):
        (tmp_path / f"in/{number:04}.html").write_bytes(page)
    do(tmp_path / "in", recipe=bare)
    counts = audit(tmp_path / "out")
    assert (counts["read"], len(pages) > 50) == (len(pages), True)
    rows = quarantined(tmp_path / "out")
    assert [(row["reason"], base64.b64decode(row["raw"])) for row in rows] == [
        ("invalid-utf-8", pages[int(row["source"][:4])]) for row in rows
    ]


@pytest.mark.parametrize("path", sorted((HOSTILE / "csv/csvs").glob("*.csv")), ids=lambda path: path.stem)
def test_tables_are_read_as_their_answers_say(do, audit, kept, bare, tmp_path, path):
    answers = json.loads((HOSTILE / f"csv/json/{path.stem}.json").read_bytes())
    if not isinstance(answers, list):  # bytes that are no UTF-8
        do(path, recipe=bare)
        assert audit(tmp_path / "out")["quarantined"] == 1
        return
    do(path, recipe=bare, names={"text": next(iter(answers[0])), "id": "no such field"})
    assert audit(tmp_path / "out")["quarantined"] == 0
    assert sum(path.suffix == ".csv" for path in (tmp_path / "out/documents").iterdir()) == 1
    assert kept(tmp_path / "out") == answers


@pytest.mark.parametrize(("suite", "least"), [("parquet", 0), ("warc", 7)])
def test_archives_and_tables_cost_nobody_else(put, do, audit, kept, line, bare, tmp_path, suite, least):
    (tmp_path / "in").mkdir()
    for path in (HOSTILE / suite).rglob("*"):
        if path.suffix in (".parquet", ".warc", ".gz") and path.name.partition(".")[2] != "arc.gz":
            (tmp_path / f"in/m-{path.name}").symlink_to(path)
    put("in/a.jsonl", line(id="first", text="a"))
    put("in/z.jsonl", line(id="last", text="z"))
    do(*sorted((tmp_path / "in").iterdir()), recipe=bare)
    counts = audit(tmp_path / "out")
    ids = [r["id"] for r in kept(tmp_path / "out") if "id" in r]
    assert {"first", "last"} <= set(ids)
    assert counts["kept"] >= 2 + least
    assert counts["quarantined"] >= 1
