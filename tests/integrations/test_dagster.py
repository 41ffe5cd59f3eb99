"""The example for Dagster runs."""

import importlib.util
import json
from pathlib import Path

import pytest

dagster = pytest.importorskip("dagster")

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "dagster_corpus.py"


@pytest.mark.parametrize(("copies", "passed"), [(0, True), (3, False)])
def test_the_corpus_is_materialised_and_checked(tmp_path, monkeypatch, copies, passed):
    spec = importlib.util.spec_from_file_location("dagster_corpus", EXAMPLE)
    example = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(example)
    rows = [{"id": n, "text": "It rained all night in Sandvik, and nobody slept."} for n in range(1 + copies)]
    (tmp_path / "crawl.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    monkeypatch.setenv("CRAWL", str(tmp_path / "*.jsonl"))
    monkeypatch.setenv("CLEAN", str(tmp_path / "clean"))
    done = dagster.materialize([example.clean_corpus, example.few_are_dropped])
    assert done.success
    (event,) = done.asset_materializations_for_node("clean_corpus")
    assert event.metadata["kept"].value == 1
    (check,) = done.get_asset_check_evaluations()
    assert check.passed is passed
