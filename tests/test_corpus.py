"""The small corpus in fixtures/: what is known to be in it is found, and nothing else."""

import json
from pathlib import Path

import pytest

from cleaner import Pipeline
from cleaner.record import Record

FIXTURES = Path(__file__).parent.parent / "fixtures"
COPIES = ("exact", "near")


def rows(path):
    return [json.loads(line) for line in path.read_bytes().split(b"\n") if line]


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    folder = tmp_path_factory.mktemp("corpus") / "out"
    Pipeline.from_recipe("news").run([FIXTURES / "corpus"], folder, processes=1)
    return folder


def test_the_duplicates_that_are_known_are_found_and_no_others(out):
    gold = {row["id"]: row for row in rows(FIXTURES / "corpus-duplicates.jsonl")}
    found = {row["id"]: row for row in rows(out / "duplicates.jsonl")}
    assert set(found) == set(gold)
    for key, row in gold.items():
        assert found[key]["kept"] == row["kept"]
        # a copy in other furniture is an exact one only if all of the furniture was recognised
        assert found[key]["level"] == row["level"] or {found[key]["level"], row["level"]} == set(COPIES)


def test_what_looks_alike_and_is_not_stays_apart(out):
    joined = {frozenset((row["id"], row["kept"])) for row in rows(out / "duplicates.jsonl")}
    for row in rows(FIXTURES / "corpus-apart.jsonl"):
        assert frozenset((row["id"], row["other"])) not in joined


def test_bad_records_are_in_quarantine_with_their_reasons(out):
    reasons = [row["reason"] for row in rows(out / "quarantine" / "news.jsonl")]
    assert reasons == ["bad-json", "missing-text", "invalid-utf-8"]


def test_unknown_fields_come_out_as_they_went_in(out):
    def others(path):
        found = {}
        for line in path.read_bytes().split(b"\n"):
            try:
                record = Record(line.decode(), "", 0)
            except ValueError:
                continue
            except Exception:  # noqa: BLE001, S112  the bad records of the input
                continue
            found[record.get("id")] = record.replaced({"text": "", "_cleaner": {}})
        return found

    before, after = others(FIXTURES / "corpus" / "news.jsonl"), others(out / "documents" / "news.jsonl")
    assert after
    for key, line in after.items():
        assert line.partition(', "_cleaner"')[0] == before[key].partition(', "_cleaner"')[0]


def test_no_headline_is_lost(out):
    for record in rows(out / "documents" / "news.jsonl"):
        assert record["title"] in record["text"]


def test_a_second_run_over_the_documents_changes_nothing(out, tmp_path):
    Pipeline.from_recipe("news").run([out / "documents"], tmp_path / "again", processes=1)
    again = tmp_path / "again" / "documents"
    for path in (p for p in (out / "documents").rglob("*") if p.is_file()):
        assert (again / path.relative_to(out / "documents")).read_bytes() == path.read_bytes()
