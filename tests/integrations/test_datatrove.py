"""datatrove runs the block between a reader and a writer."""

import gzip
import json

import pytest

pytest.importorskip("datatrove")

from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers import JsonlWriter

from cleaner.integrations.datatrove import Cleaner

TEXT = "It rained all night in Sandvik, and nobody slept."


def lines(folder):
    return [
        json.loads(line) for path in sorted(folder.glob("*.gz")) for line in gzip.open(path, "rt", encoding="utf-8")
    ]


def test_a_pipeline_runs_it(tmp_path):
    (tmp_path / "in").mkdir()
    rows = [
        {"id": "a", "text": f"Skip to content\n\n{TEXT}", "url": "https://a.example"},
        {"id": "b", "text": "Skip to content"},
    ]
    (tmp_path / "in" / "0.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    block = Cleaner("strip-only", JsonlWriter(str(tmp_path / "dropped")))
    steps = [JsonlReader(str(tmp_path / "in")), block, JsonlWriter(str(tmp_path / "out"))]
    stats = LocalPipelineExecutor(steps, logging_dir=str(tmp_path / "logs")).run()
    (kept,), (dropped,) = lines(tmp_path / "out"), lines(tmp_path / "dropped")
    assert (kept["id"], kept["text"]) == ("a", TEXT)
    assert kept["metadata"]["_cleaner"]["edits"] >= 1
    assert dropped["id"] == "b"
    told = next(stat for stat in json.loads(stats.to_json()) if "cleaner" in stat["name"])["stats"]
    assert (told["total"], told["forwarded"], told["dropped_empty"]) == (2, 1, 1)
