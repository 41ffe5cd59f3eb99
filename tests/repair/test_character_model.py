"""The character model: asked for a whole text or for one place, it says the same; packed and unpacked, it is itself."""

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cleaner.garbling.index import Index
from cleaner.garbling.likelihoods import likelihoods
from cleaner.garbling.model import BITS, ORDER, model
from cleaner.garbling.packing import packed, unpacked

LETTERS = st.sampled_from("aeinrstdolc éèêäöüñã’“ÃÂ©аоиентпяѐ漢字 ,.\n0\U0001f600")
TEXTS = st.text(LETTERS | st.characters(), min_size=1, max_size=40)


@settings(max_examples=300, deadline=None)
@given(TEXTS)
@example("the \U0001f600 cat")
def test_one_place_at_a_time_is_the_same(text):
    numbers = model().numbered("   " + text)
    one_by_one = []
    for i in range(len(text)):
        key = 0
        for number in numbers[i : i + ORDER]:
            key = key << BITS | number
        one_by_one.append(likelihoods()[key])
    assert one_by_one == model().scores(text).tolist()


@settings(max_examples=200, deadline=None)
@given(st.lists(TEXTS, max_size=8))
def test_several_texts_at_once_are_the_same(texts):
    assert model().sums(texts) == [model().sums([text])[0] for text in texts]
    assert model().alone(texts) == tuple(map(list, zip(*(_alone(text) for text in texts), strict=True))) or not texts


def _alone(text):
    (likely,), (outside,) = model().alone([text])
    assert outside == sum(c > "\x7f" for c in text)
    return likely, outside


def test_it_is_itself_when_unpacked():
    shipped = model()
    arrays = [tuple(array[:500] for array in kind) for kind in (shipped.keys, shipped.logs, shipped.rests)]
    for before, after in zip(arrays, unpacked(packed(*arrays)), strict=True):
        assert all(np.array_equal(a, b) for a, b in zip(before, after, strict=True))


@settings(max_examples=200, deadline=None)
@given(st.sets(st.integers(0, 1 << 52), min_size=1, max_size=300), st.lists(st.integers(0, 1 << 52), max_size=300))
def test_an_index_finds_what_is_there_and_nothing_else(keys, others):
    stored = sorted(keys)
    index = Index(np.array(stored, np.uint64))
    asked = [*stored, *others]
    place = {key: i for i, key in enumerate(stored)}
    expected = [place.get(key, -1) for key in asked]
    assert index.find(np.array(asked, np.int64)).tolist() == expected
    assert [index.lookup(key) for key in asked] == expected
