"""Stock datasketch objects, equal to those that datasketch makes itself."""

import subprocess
import sys

import pytest

from cleaner.dedup.interop import signatures, to_datasketch, to_lean
from cleaner.dedup.shingles import shingle_hash

from .corpus import VOCABULARY, article, edited

datasketch = pytest.importorskip("datasketch")


def theirs(text):
    words = [word.strip(".").lower() for word in text.split()]
    sketch = datasketch.MinHash(num_perm=128, scheme="affine32", hashfunc=shingle_hash)
    sketch.update_batch([" ".join(words[k : k + 3]).encode() for k in range(len(words) - 2)])
    return sketch


def test_equal_to_what_datasketch_makes():
    assert all(word.isascii() for word in VOCABULARY)
    texts = [article("one"), edited(article("one"), 1, 0.2)]
    rows = signatures(texts)
    for text, row in zip(texts, rows, strict=True):
        assert to_datasketch(row) == theirs(text)
        assert to_lean(row) == datasketch.LeanMinHash(theirs(text))
    assert to_datasketch(rows[0]).jaccard(to_datasketch(rows[1])) == theirs(texts[0]).jaccard(theirs(texts[1]))


def test_updated_further_as_its_own():
    ours, own = to_datasketch(signatures([article("one")])[0]), theirs(article("one"))
    ours.update(b"one more shingle")
    own.update(b"one more shingle")
    assert ours == own


def test_the_search_itself_loads_neither_datasketch_nor_scipy():
    code = """if True:
        import sys, cleaner.dedup
        cleaner.dedup.near_duplicates(["a b c"] * 2)
        print({"datasketch", "scipy"} & set(sys.modules))"""
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"
