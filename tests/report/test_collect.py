"""The facts, read from a run of 100,000 documents that was never made: its files alone are there."""

import json
from collections import Counter

import pytest

from cleaner.job.finished import Finished
from cleaner.job.report import render
from cleaner.places import Place
from cleaner.report.tally import RuleTally, SiteTally, Tally

MANY = 100_000
SITES = 20_000
LARGEST = 2 << 20


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """Write the files of a run: every tenth document is a copy, every fifth tells a story, each has two edits."""
    out = tmp_path_factory.mktemp("large")
    for room in ("documents", "removed", "ledger", "places"):
        (out / room).mkdir()
    ends = Counter()
    sites = Counter(f"s{n % SITES}.example" for n in range(MANY))
    with (
        (out / "documents/a.jsonl").open("w") as kept,
        (out / "removed/a.jsonl").open("w") as removed,
        (out / "ledger/a.jsonl").open("w") as ledger,
        (out / "places/a.jsonl").open("w") as places,
        (out / "duplicates.jsonl").open("w") as duplicates,
    ):
        for n in range(MANY):
            copy = n % 10 == 9
            text = f"It rained for {n // 10} nights in the village, and the river rose by {n} inches."
            record = (
                f'{{"id": "d{n}", "url": "https://s{n % SITES}.example/{n}", "date": "2024-05-01", "text": "{text}"}}\n'
            )
            rows = f'{{"doc": "d{n}", "stage": "b", "rule": "en/a/{n % 300}", "action": "remove", "start": 0, '
            rows += '"end": 9, "before": "Share it\\n", "after": "", "source": "a.jsonl"}\n'
            if copy:
                rows += f'{{"doc": "d{n}", "stage": "dedup", "rule": "dedup/near", "action": "duplicate", "start": 0, '
                rows += f'"end": {len(text) + 9}, "before": "Share it\\n{text}", "after": "", "ref": "d{n - 9}"}}\n'
                duplicates.write(f'{{"id": "d{n}", "kept": "d{n - 9}", "level": "near", "similarity": 0.9}}\n')
            elif n % 5 == 3:
                duplicates.write(
                    f'{{"id": "d{n}", "kept": "d{n // 100 * 100}", "level": "story", "similarity": 0.4}}\n'
                )
            what, file = ("duplicate", removed) if copy else ("kept", kept)
            places.write(Place(f"d{n}", n, what, ends[what], ends["ledger"], 2 if copy else 1, "").line() + "\n")
            file.write(record)
            ledger.write(rows)
            ends[what] += len(record)
            ends["ledger"] += len(rows)
    tally = Tally(
        read=MANY,
        kept=MANY - MANY // 10,
        duplicates=MANY // 10,
        levels=Counter(near=MANY // 10, story=MANY // 5),
        rules={f"en/a/{n}": RuleTally(MANY // 300 + n, 1, 1, ["Share it"]) for n in range(300)},
        sites={site: SiteTally(n, 0, 0, 100, 90) for site, n in sites.items()},
        lengths_in=Counter({70: MANY}),
        lengths_out=Counter({70: MANY}),
    )
    report = {"total": tally.as_json(), "parts": {"a.jsonl": tally.as_json()}, "guard": ""}
    (out / "report.json").write_text(json.dumps(report))
    job = {"dry": False, "fields": {}, "version": "1", "stages": [], "allow": []}
    part = {"format": "jsonl", "to": "jsonl", "ledger": "a.jsonl", "renamed": []}
    return Finished(out, {"job": job, "parts": {"a.jsonl": part}})


def test_the_page_of_a_large_run_is_small_and_always_the_same(large):
    data = render(large)
    assert len(data) <= LARGEST
    assert render(large) == data
    text = data.decode()
    assert "Of 100,000 documents 90,000 were kept." in text
    assert "10,000 clusters of copies; 9 of the largest are shown" in text
    assert "1,000 stories are told" in text
    assert "<del>Share it ⏎</del>It rained for" in text
    assert "Sites by number of documents: the first 100 of 20,000" in text
