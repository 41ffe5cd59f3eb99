"""A sketch: the same whatever the batches, and whole again after it was written."""

import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.dedup import Options, Sketch, detect, normal_hash, sketch
from cleaner.dedup.dates import UNDATED, second_of
from cleaner.dedup.samples import RATE
from cleaner.dedup.shelf import Shelf
from cleaner.errors import InputError, UsageError

from .corpus import corpus


def equal(a, b):
    return all(np.array_equal(getattr(a, name), getattr(b, name)) for name in Sketch.__dataclass_fields__)


def test_batches_make_no_difference(monkeypatch):
    texts = [*corpus(12), "", "Zwei Wörter", "東京都"]
    whole = sketch(texts, titles=texts, options=Options())
    monkeypatch.setattr(sys.modules["cleaner.dedup.drawing"], "BATCH", 700)
    assert equal(whole, sketch(texts, titles=texts, options=Options()))


def test_saved_and_opened(tmp_path):
    made = sketch(["One two three.", ""], dates=["2020-11-21", ""], sources=["b", "a"], options=Options())
    made.save(tmp_path / "s")
    assert (tmp_path / "s").read_bytes() == b"".join(made.pieces())
    with Shelf([tmp_path / "s"] * 2) as shelf:
        assert len(shelf) == 4
        for name in Sketch.__dataclass_fields__:
            assert shelf.column(name).tolist() == getattr(made, name).tolist() * 2
    assert made.date.tolist() == [second_of("2020-11-21"), UNDATED]


def test_no_texts(tmp_path):
    sketch([], options=Options()).save(tmp_path / "s")
    with Shelf([tmp_path / "s"]) as shelf:
        assert len(shelf) == 0


def test_a_file_that_is_no_sketch(tmp_path):
    (tmp_path / "s").write_bytes(b"PK")
    with pytest.raises(InputError, match="not a sketch"):
        detect([tmp_path / "s"], Options(), tmp_path)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(st.integers(1, 400), st.integers(0, 900)), min_size=1, max_size=4), st.integers(2, 70))
def test_a_sample_is_the_smallest_different_hashes(shapes, least):
    texts = [" ".join(f"w{k % different}" for k in range(words)) for different, words in shapes]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys.modules["cleaner.dedup.samples"], "SAMPLE", least)
        made = sketch(texts, options=Options())
    for k in range(len(texts)):
        shingles = made.shingles[made.offsets[k] : made.offsets[k + 1]].tolist()
        want = sorted(set(shingles))[: max(least, len(shingles) // RATE)]
        assert made.samples[made.sample_offsets[k] : made.sample_offsets[k + 1]].tolist() == want


def test_the_order_of_words_counts_even_where_all_shingles_are_the_same():
    assert normal_hash("a b c x a b c y a b c") != normal_hash("a b c y a b c x a b c")


def test_normal_hash():
    assert normal_hash("A – b!") == normal_hash("a\nB") != normal_hash("ab")
    assert normal_hash("3.5 percent") != normal_hash("35 percent")
    assert normal_hash("👍 👍") == normal_hash("👍\n👍") != normal_hash("👎 👎")
    assert normal_hash(" \n") == bytes(16)


@pytest.mark.parametrize(
    "wrong", [{"level": "fuzzy"}, {"keep": "best"}, {"threshold": 0.0}, {"threshold": 1.5}, {"story_days": -1}]
)
def test_options_that_make_no_sense(wrong):
    with pytest.raises(UsageError, match=next(iter(wrong))):
        Options(**wrong)


DATES = [
    ("2020-11-21T08:00:00Z", "2020-11-21 08:00"),
    ("2020-11-21T08:00:00.5-05:00", "2020-11-21 13:00"),
    ("Sat, 21 Nov 2020 08:00:00 GMT", "2020-11-21 08:00"),
    ("21-NOV-2020 08:15:01.79", "2020-11-21"),
    ("Nov. 21st, 2020", "2020-11-21"),
    ("20201121", "2020-11-21"),
    ("2020/11/21", "2020-11-21"),
]


@pytest.mark.parametrize(("written", "plain"), DATES)
def test_dates(written, plain):
    assert second_of(written) == second_of(plain) != UNDATED


@pytest.mark.parametrize("written", ["", "last week", "2020-13-45", "99999999999", "0000-00-00", "31 Feb 2020"])
def test_no_dates(written):
    assert second_of(written) == UNDATED
