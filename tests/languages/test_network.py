"""The network of cld3, where it is installed, is asked what the words leave open."""

import pytest

from cleaner import languages

pytest.importorskip("gcld3")


@pytest.mark.parametrize(
    ("text", "language"), [("Niemand schlief heute Nacht", "de"), ("Ingen sov i natt på kaien", "nb")]
)
def test_a_short_text_is_told(text, language):
    assert languages.by_words(languages.words(text)) == ""
    assert languages.detect(text) == language


@pytest.mark.parametrize("text", ["", "\0", "a\ud800b", "x" * 10_000])
def test_odd_texts_do_no_harm(text):
    assert isinstance(languages.by_network(text), str)
