"""The counts of a run as a Prometheus text file, for the textfile collector of a node exporter."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cleaner.report.tally import Tally

_ESCAPED = str.maketrans({"\\": "\\\\", "\n": "\\n", '"': '\\"'})


def render(tally: Tally, seconds: float, code: int) -> str:
    """Return the text of the file.

    Args:
        tally: what the run has come to.
        seconds: how long it took.
        code: with which exit code it ends.

    """
    outcomes = {
        "kept": tally.kept,
        "dropped": tally.dropped.total(),
        "duplicate": tally.duplicates,
        "quarantined": tally.quarantined.total(),
    }
    characters = {"in": tally.characters_in, "out": tally.characters_out}
    lines = [
        *_metric("records_read", "Records that were read.", {"": tally.read}),
        *_metric("records", "Records by what became of them.", outcomes, "outcome"),
        *_metric("dropped_records", "Dropped records by reason.", tally.dropped, "reason"),
        *_metric("duplicate_records", "Duplicates by level; a story is marked and kept.", tally.levels, "level"),
        *_metric("quarantined_records", "Quarantined records by reason.", tally.quarantined, "reason"),
        *_metric("damaged_sources", "Sources that are missing or damaged.", {"": tally.damaged_sources}),
        *_metric("changed_records", "Records whose text was changed.", {"": tally.changed}),
        *_metric("refused_stages", "Times that a stage was kept from taking too much.", {"": tally.refused}),
        *_metric("capped_pages", "Pages that were out of bounds, by what it was.", tally.capped, "reason"),
        *_metric("characters", "Characters that came in, and those of kept documents.", characters, "direction"),
        *_metric("lost_characters", "Replacement characters (U+FFFD) in kept documents.", {"": tally.lost}),
        *_metric("edits", "Edits by rule.", {code: rule.edits for code, rule in tally.rules.items()}, "rule"),
        *_metric("run_seconds", "How long the last run took.", {"": round(seconds, 3)}),
        *_metric("exit_code", "With which exit code the last run ended.", {"": code}),
    ]
    return "".join(f"{line}\n" for line in lines)


def _metric(name: str, about: str, values: Mapping[str, float], label: str = "") -> Iterable[str]:
    """Yield the lines of one metric; each is a gauge, for a file tells of one run, and the next may count less."""
    yield f"# HELP cleaner_{name} {about}"
    yield f"# TYPE cleaner_{name} gauge"
    for value, number in sorted(values.items()):
        shown = value.encode("utf-8", "replace").decode().translate(_ESCAPED)
        yield f'cleaner_{name}{{{label}="{shown}"}} {number}' if label else f"cleaner_{name} {number}"
