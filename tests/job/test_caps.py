"""What input may hold at most: each bound has a name of its own under which the run counts what was beyond it."""

import gzip
import json
import random

import pytest

from cleaner import storage
from cleaner.markup import caps

WORD = "It rained all night in the harbour. "
PAGES = {
    "html-too-large": f"<p>{WORD}</p><!--{'x' * caps.LARGEST_TREE}-->",
    "html-too-deep": f"{'<div>' * 300}{WORD}",
    "html-many-attributes": f"<p {' '.join(f'a{i}' for i in range(1001))}>{WORD}",
    "html-long-reference": f"<p>{WORD}&#000000065;",
    "html-nul": f"<p>{WORD}\0",
    "html-lone-surrogate": f"<p>{WORD}\ud800",
}
"""Pages that are read more simply, by the name under which they are counted."""
TEXTS = {
    "repair/marks": WORD + "a" + "\u0332" * 31,
    "repair/control": WORD + "\0\x01\x08",
    "repair/mojibake": WORD + "It was \x93fine.",
    "repair/surrogate": WORD + "\udc00",
}
"""Texts that are mended, by the rule."""
RECORDS = {
    "too-deep": b'{"text": "a", "x": ' + b"[" * 200 + b"]" * 200 + b"}",
    "too-large": json.dumps({"text": WORD * 30_000}).encode(),
}
"""Records that go to quarantine, by the reason."""


@pytest.fixture(autouse=True)
def _small(monkeypatch):
    """Bounds of bytes that a test can reach."""
    monkeypatch.setattr("cleaner.formats.jsonl.LARGEST", 1_000_000)
    monkeypatch.setattr(storage, "MOST", 20 << 20)


def test_each_bound_is_counted_under_its_name(put, do, audit, kept, tmp_path):
    pages = [json.dumps({"id": name, "html": page}).encode() for name, page in PAGES.items()]
    texts = [json.dumps({"id": name, "text": text}).encode() for name, text in TEXTS.items()]
    put("in/a.jsonl", b"\n".join([*texts, *RECORDS.values()]))
    for number, page in enumerate(PAGES.values()):
        put(f"in/{number}.html", page.encode("utf-8", "surrogatepass" if "\ud800" in page else "strict"))
    put("in/pages.jsonl", b"\n".join(page for page in pages if len(page) < 1_000_000))
    bomb = b'{"id": "before", "text": "a"}\n' + bytes(17 << 20)
    (tmp_path / "in/bomb.jsonl.gz").write_bytes(gzip.compress(bomb, 9))
    noise = random.Random(1).randbytes(1 << 16)  # noqa: S311  no secret
    large = b'{"id": "before it", "text": "b"}\n' + (noise.replace(b"\n", b" ") + bytes(1 << 20)) * 20
    (tmp_path / "in/large.jsonl.gz").write_bytes(gzip.compress(large, 1))
    tally = do(tmp_path / "in", recipe='stages = ["repair"]\n[dedup]\nlevel = "off"').tally
    audit(tmp_path / "out")
    twice = {"html-too-large", "html-lone-surrogate"}  # one is no record of JSON, the other no file in UTF-8
    assert tally.capped == {name: 1 if name in twice else 2 for name in PAGES}
    assert tally.quarantined == {"too-deep": 1, "too-large": 2, "bomb": 1, "invalid-utf-8": 1}
    assert {rule: tally.rules[rule].edits for rule in TEXTS} == dict.fromkeys(TEXTS, 1)
    found = {r["id"]: r["text"] for r in kept(tmp_path / "out")}
    assert {"before", "before it"} <= found.keys()
    assert all(WORD.strip() in found[name] for name in (PAGES | TEXTS) if name != "html-too-large")
    assert all(f"{number}.html" in found for number, name in enumerate(PAGES) if name != "html-lone-surrogate")
    assert found["repair/marks"].count("\u0332") == 30
