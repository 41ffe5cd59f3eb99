"""Gates: what a run must not come to."""

import pytest

from cleaner.errors import UsageError
from cleaner.job import gates
from cleaner.report.tally import RuleTally, Tally


@pytest.fixture
def tallies():
    bad, good = Tally(read=10, kept=1), Tally(read=90, kept=89, changed=9)
    bad.dropped["empty"] = 6
    bad.duplicates = 1
    bad.quarantined["bad-json"] = 2
    good.duplicates = 1
    for tally, removed in ((bad, 75), (good, -25)):
        tally.rules["r/x"] = RuleTally(removed=removed)
        tally.characters_in = 100
    total = Tally()
    total.add(bad)
    total.add(good)
    total.check()
    return total, {"bad.jsonl": bad, "good.jsonl": good}


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ("drop_rate>0.05", "drop_rate of the whole run is 0.06"),
        ("drop_rate>0.06", ""),
        ("drop_rate>=0.06", "drop_rate"),
        ("duplicate_rate > 0.01", "duplicate_rate of the whole run is 0.02"),
        ("quarantine_rate>0", "quarantine_rate"),
        ("keep_rate<0.95", "keep_rate of the whole run is 0.9"),
        ("keep_rate<=.9", "keep_rate"),
        ("change_rate<0.05", ""),
        ("read<100", ""),
        ("read<101", "read of the whole run is 100"),
        ("source_drop_rate>0.5", "drop_rate of bad.jsonl is 0.6"),
        ("source_read<50", "read of bad.jsonl is 10"),
        ("source_keep_rate>0.99", ""),
        ("removed_rate>0.2", "removed_rate of the whole run is 0.25"),
        ("source_removed_rate>=0.75", "removed_rate of bad.jsonl is 0.75"),
        ("source_read>5", "read of good.jsonl is 90; it trips for 2 sources in all"),
        ("source_read<99", "read of bad.jsonl is 10; it trips for 2 sources in all"),
    ],
)
def test_a_gate_trips_or_not(tallies, condition, told):
    sentence = gates.parse(condition).tripped(*tallies)
    assert (told in sentence) if told else sentence == ""
    assert not told or sentence.startswith(f"--fail-on {condition}:")


@pytest.mark.parametrize(
    ("most", "told"),
    [
        (None, ""),
        (2, ""),
        (1, "--max-bad 1: 2 records are in quarantine, most of them, 2, from bad.jsonl"),
        (0, "--max-bad 0: 2 records"),
    ],
)
def test_too_many_bad_records_trip_and_are_placed(tallies, most, told):
    sentence = gates.too_many_bad(most, *tallies)
    assert sentence.startswith(told)
    assert bool(sentence) == bool(told)


@pytest.mark.parametrize("rate", [rate for rate in gates.RATES if rate != "read"])
def test_of_nothing_every_share_is_nought(rate):
    assert gates.parse(f"{rate}>0").tripped(Tally(), {}) == ""


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ("", "should read like"),
        ("drop_rate", "should read like"),
        ("drop_rate=0.5", "should read like"),
        ("drop_rate>", "should read like"),
        ("drop_rate>half", "should read like"),
        ("drop_rate>-1", "should read like"),
        ("drop_rat>0.5", "did you mean 'drop_rate'"),
        ("drop_rate>1.2.3", "1.2.3 is no number"),
    ],
)
def test_a_gate_that_makes_no_sense_is_said(condition, told):
    with pytest.raises(UsageError, match=told):
        gates.parse(condition)
