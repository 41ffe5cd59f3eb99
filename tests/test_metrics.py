"""Metrics: what Prometheus itself reads out of the file is what the run has counted."""

import json

from prometheus_client.parser import text_string_to_metric_families
from typer.testing import CliRunner

from cleaner.cli import app
from cleaner.report import metrics
from cleaner.report.tally import RuleTally, Tally


def read(text):
    """Return the samples of a file, by name and labels."""
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_every_count_is_there():
    tally = Tally(read=10, kept=5, duplicates=2, changed=4, characters_in=100, characters_out=60)
    tally.dropped["empty"] = 1
    tally.quarantined["bad-json"] = 2
    tally.levels.update(near=2, story=3)
    tally.rules["en/share/on"] = RuleTally(edits=7)
    found = read(metrics.render(tally, 1.23456, 1))
    assert found["cleaner_records_read",] == 10
    assert [found["cleaner_records", name] for name in ("kept", "dropped", "duplicate", "quarantined")] == [5, 1, 2, 2]
    assert found["cleaner_duplicate_records", "story"] == 3
    assert found["cleaner_quarantined_records", "bad-json"] == 2
    assert found["cleaner_characters", "out"] == 60
    assert found["cleaner_edits", "en/share/on"] == 7
    assert (found["cleaner_run_seconds",], found["cleaner_exit_code",]) == (1.235, 1)


def test_no_name_breaks_the_file():
    odd = 'site/"a\\b\nc\ud800}'
    tally = Tally(rules={odd: RuleTally(edits=1)})
    assert read(metrics.render(tally, 0, 0))["cleaner_edits", odd.replace("\ud800", "?")] == 1


def test_a_run_leaves_a_file_that_agrees_with_its_summary(corpus, tmp_path):
    args = ["run", str(corpus), "-o", str(tmp_path / "out"), "-c", "repair-only", "-q", "--engine", "serial"]
    done = CliRunner().invoke(app, [*args, "--json", "--metrics", str(tmp_path / "m/clean.prom")])
    facts, found = json.loads(done.stdout), read((tmp_path / "m/clean.prom").read_text())
    assert found["cleaner_records_read",] == facts["read"] > 0
    assert found["cleaner_exit_code",] == facts["exit"] == done.exit_code
    assert [path.name for path in (tmp_path / "m").iterdir()] == ["clean.prom"]
