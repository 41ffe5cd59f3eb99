"""``cleaner dedup``: what people ask of it, and what stands in OUT."""

import json

import pytest

from .corpus import article, cut, edited

BASE = article("base", 600)


def rows(path):
    return [json.loads(row) for row in path.read_bytes().splitlines()]


@pytest.fixture
def dedup(call, put, line, tmp_path):
    """Run over some records, given as fields; returns the exit code, what was said, and OUT."""

    def dedup(records, *options):
        put("in.jsonl", b"".join(line(**{"id": f"r{k}", **fields}) for k, fields in enumerate(records)))
        code, _, said = call("dedup", "in.jsonl", "-o", "out", "-j", "1", "--engine", "serial", *options)
        return code, said, tmp_path / "out"

    return dedup


def test_pairs_are_all_that_were_verified(dedup):
    copies = [{"text": BASE}, {"text": article("other")}, {"text": edited(BASE, 1, 0.1)}, {"text": cut(BASE, 0.5)}]
    code, _, out = dedup(copies, "--pairs")
    assert code == 0
    pairs = {(pair["a"], pair["b"]): pair for pair in rows(out / "pairs.jsonl")}
    assert list(pairs) == [("r0", "r2"), ("r0", "r3"), ("r2", "r3")], "also those between two that are gone"
    assert {pair["level"] for pair in pairs.values()} == {"near"}
    halves = pairs["r0", "r3"]
    assert halves["containment"] > 0.95
    assert halves["resemblance"] == pytest.approx(0.5, abs=0.05)
    assert halves["similarity"] >= 0.32
    assert {row["id"]: row["kept"] for row in rows(out / "duplicates.jsonl")} == {"r2": "r0", "r3": "r0"}


def test_no_pairs_unless_asked(dedup):
    assert not (dedup([{"text": BASE}, {"text": edited(BASE, 1, 0.1)}])[2] / "pairs.jsonl").exists()


def test_a_small_part_is_reported_and_kept(dedup, kept, ledger_rows):
    part = " ".join(BASE.split()[:90])
    code, _, out = dedup(
        [{"text": part}, {"text": article("frame", 300) + "\n\n" + part + "\n\n" + article("end", 300)}]
    )
    assert code == 0
    assert [record["id"] for record in kept(out)] == ["r0", "r1"]
    assert rows(out / "duplicates.jsonl") == []
    (row,) = ledger_rows(out)
    assert (row["doc"], row["action"], row["rule"], row["ref"]) == ("r0", "part-of", "dedup/part", "r1")
    assert row["score"] > 0.95


def test_one_text_that_is_most_of_a_corpus_ends_it_with_a_sentence(dedup, kept):
    page = {"text": "404 Not Found. The page that you asked for is gone, or never was."}
    others = [{"text": article(f"article {k}", 40)} for k in range(100)]
    code, said, out = dedup([*others, *[page] * 1000])
    assert code == 1
    assert "1,000 of 1,100 texts are duplicates of one: more than max_share = 0.2." in said
    assert "Look at r100." in said
    assert len(kept(out)) == 101, "all is written, so that one can look"
    assert dedup([*others, *[page] * 1000], "--set", "dedup.max_share=1", "--fresh")[0] == 0


def test_a_source_that_loses_nearly_all_ends_it_with_a_sentence(dedup):
    texts = [article(f"article {k}", 40) for k in range(120)]
    sites = [{"text": text, "url": f"https://{site}.example/{k}"} for site in "ab" for k, text in enumerate(texts)]
    code, said, _ = dedup(sites)
    assert (code, "Source b.example loses 120 of its 120 texts" in said) == (1, True)
    assert dedup(sites, "--set", "dedup.max_source_loss=1", "--fresh")[0] == 0
