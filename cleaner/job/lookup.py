"""Some documents of a run, looked up all at once for its report."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cleaner.dedup.dates import UNDATED, second_of
from cleaner.report.facts import Seen
from cleaner.report.tally import site_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet

    from cleaner.job.finished import Finished, Told
    from cleaner.record import Record
    from cleaner.report.facts import Key


def fetch(run: Finished, wanted: AbstractSet[Key]) -> dict[Key, Seen]:
    """Return what a run tells of some documents; of several with one id, the first."""
    found: dict[Key, Seen] = {}
    for part, told in run.find_all(wanted):
        if told.place.id not in found and told.record is not None:
            found[told.place.id] = _seen(told, told.record, run.names_of(part))
    return found


def _seen(told: Told, record: Record, names: Mapping[str, str]) -> Seen:
    about = {
        name: str(record.get(name, names) or record.annotation.get(name) or "") for name in ("title", "date", "url")
    }
    site = site_of(about["url"], record.get("source", names))
    return Seen(told.original(), told.text, about["title"], site, _day(about["date"]))


def _day(said: str) -> str:
    second = second_of(said)
    return "" if second == UNDATED else datetime.fromtimestamp(second, UTC).date().isoformat()
