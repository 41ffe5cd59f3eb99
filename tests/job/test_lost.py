"""Characters that were lost before a text came here: they stay, and are counted."""

import json

import pytest

from cleaner.report import summary
from cleaner.report.tally import Tally

LOST = "\N{REPLACEMENT CHARACTER}"


@pytest.mark.parametrize("annotate", ["on", "all", "off"])
def test_what_is_lost_is_kept_counted_and_told(put, do, kept, line, article, tmp_path, annotate):
    text = f"caf{LOST} {article(1)}"
    rows = [
        line(id="untouched", text=text),
        line(id="changed", text=f"{article(2)}  \n{LOST}{LOST}"),
        line(id="copy", text=text),
        line(id="second-hand", text=f"{article(3)} 锟斤拷"),
        line(id="sound", text=article(4) + "  "),
        line(id="dropped", text=" \n"),
    ]
    result = do(put("a.jsonl", b"".join(rows)), annotate=annotate)
    found = {record["id"]: record for record in kept(tmp_path / "out")}
    lost = {key: record["text"].count(LOST) for key, record in found.items()}
    assert lost.keys() == {"untouched", "changed", "second-hand", "sound"}
    assert (lost["untouched"], lost["changed"], lost["sound"]) == (1, 2, 0)
    assert lost["second-hand"] > 0
    assert result.tally.lost == sum(lost.values())
    told = {key: record.get("_cleaner", {}).get("lost", 0) for key, record in found.items()}
    silent = {"on": {"untouched"}, "all": set(), "off": set(lost)}[annotate]
    assert told == {key: 0 if key in silent else n for key, n in lost.items()}
    assert json.loads((tmp_path / "out/report.json").read_bytes())["total"]["lost"] == result.tally.lost
    assert f"{result.tally.lost:,} of them are U+FFFD" in summary.render(result.tally, tmp_path, 1)

    again = do(tmp_path / "out/documents", out="again", annotate=annotate)
    assert kept(tmp_path / "again") == kept(tmp_path / "out")
    assert again.tally.lost == result.tally.lost


def test_where_nothing_is_lost_nothing_is_said(tmp_path):
    assert LOST not in summary.render(Tally(read=1, kept=1), tmp_path, 1)
    assert "U+FFFD" not in summary.render(Tally(read=1, kept=1), tmp_path, 1)
