"""The kernel gives what datasketch gives, bit for bit."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.dedup.kernel import minhash
from cleaner.dedup.shingles import shingle_hash, shingles
from cleaner.dedup.tokens import utf8, word_hashes, words


def theirs(values, num_perm=128, seed=1):
    datasketch = pytest.importorskip("datasketch")
    sketch = datasketch.MinHash(num_perm=num_perm, seed=seed, scheme="affine32", hashfunc=int)
    sketch.update_batch(values)
    return sketch.hashvalues.tolist()


@settings(deadline=None, max_examples=30)
@given(
    st.lists(st.lists(st.integers(0, 2**32 - 1), max_size=40), max_size=8),
    st.sampled_from([1, 16, 128]),
    st.integers(0, 5),
)
def test_signatures_equal_those_of_datasketch(sets, num_perm, seed):
    offsets = np.cumsum([0, *map(len, sets)])
    hashes = np.array([h for values in sets for h in values], dtype=np.uint32)
    ours = minhash(hashes, offsets, num_perm, seed)
    assert ours.dtype == np.uint32
    assert ours.tolist() == [theirs(values, num_perm, seed) for values in sets]


def test_a_set_larger_than_a_block():
    hashes = np.arange(100_000, dtype=np.uint32)
    assert minhash(hashes, np.array([0, 5, 100_000])).tolist()[1] == theirs(hashes[5:].tolist())


def test_datasketch_given_our_hash_function_and_plain_bytes_makes_our_signature():
    datasketch = pytest.importorskip("datasketch")
    batch = words(utf8(["The mayor said on Monday that the bridge, closed since May, will open again."]))
    found = shingles(word_hashes(batch), batch.offsets)
    text = b"the mayor said on monday that the bridge closed since may will open again".split()
    sketch = datasketch.MinHash(num_perm=128, scheme="affine32", hashfunc=shingle_hash)
    sketch.update_batch([b" ".join(text[k : k + 3]) for k in range(len(text) - 2)])
    assert minhash(found.hashes, found.offsets)[0].tolist() == sketch.hashvalues.tolist()
