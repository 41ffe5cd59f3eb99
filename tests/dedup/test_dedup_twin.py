"""The compiled twin: what it reads is what numpy reads, whatever the text; without it all is the same."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.dedup import Options, sketch, twin
from cleaner.dedup.tokens import utf8

compiled = pytest.mark.skipif(twin._twin is None, reason="nobody could compile it here")

TEXTS = {
    "nothing": [],
    "empty": ["", " \n\t", "…!"],
    "few words": ["one", "one two", "one two three", "one two three four"],
    "upper case": ["ÄÖÜ ÉCOLE ΑΒΓ ДОМ İstanbul DŽ ẞ"],
    "long words": ["x" * n + " y" for n in (7, 8, 9, 63, 64, 65, 72, 1000)],
    "Chinese and others": ["東京都 and カタカナ, abc漢字abc"],
    "Thai, Lao, Burmese, Khmer": ["สวัสดี ชาวโลก a", "ສະບາຍດີ", "မြန်မာ", "ភាសាខ្មែរ"],
    "four bytes": ["𠀀𠀁𠀂 𐐀𐐨 😀 a😀b", "𠀀"],
    "garbled": ["caf\u00c3\u00a9 \u00e2\u20ac\u2122s \u00c3\u2014 \u00c3 \u00a9"],
    "joiners": ["می\u200cخواهم क्\u200dष"],
    "surrogates": ["a\ud800b \udfff\ud800"],
    "many pages of characters": ["".join(map(chr, range(0x80, 0x3000, 7)))],
}
CHARACTERS = st.one_of(st.sampled_from("aB1 .\n\u00a0ÄßÃ©’東カกက\ud800𠀀😀"), st.characters())


def same(texts):
    """Tell whether the twin reads some texts as numpy does."""
    read, expected = twin.read(utf8(texts)), twin.by_numpy(utf8(texts))
    return all(np.array_equal(a, b) and a.dtype == b.dtype for a, b in zip(read, expected, strict=True))


@compiled
@pytest.mark.parametrize("texts", TEXTS.values(), ids=TEXTS)
def test_it_reads_what_numpy_reads(texts):
    assert same(texts)


@compiled
@given(st.lists(st.text(CHARACTERS)))
def test_it_reads_any_text_as_numpy_does(texts):
    assert same(texts)


@compiled
@pytest.mark.parametrize("text", [b"\x80", b"a\xff", b"\xe6\x9d", b"\xf7\xbf\xbf\xbf"])
def test_what_is_no_utf8_is_refused(text):
    with pytest.raises(ValueError, match="no UTF-8"):
        twin.read([b"fine", text])


@compiled
def test_what_is_no_text_is_refused():
    with pytest.raises(TypeError):
        twin.read(["a"])


@pytest.mark.parametrize("level", ["exact", "near", "story"])
def test_without_it_the_sketches_are_the_same(level, monkeypatch):
    texts = [text for some in TEXTS.values() for text in some]
    options = Options(level=level)
    drawn = sketch(texts, options=options).pieces()
    monkeypatch.setattr(twin, "_twin", None)
    assert list(map(bytes, sketch(texts, options=options).pieces())) == list(map(bytes, drawn))
