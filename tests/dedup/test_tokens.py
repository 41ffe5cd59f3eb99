"""Words and their hashes, over whole batches."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.dedup.folding import UNSPACED
from cleaner.dedup.shingles import shingle_hash, shingles
from cleaner.dedup.tokens import utf8, word_hash, word_hashes, words

WORDS = [
    ("plain", "The mayor spoke.", ["the", "mayor", "spoke"]),
    ("quotes of any kind", '“It’s ‘it’s’ "it\'s"', ["it", "s", "it", "s", "it", "s"]),
    ("numbers stay", "up 3.2% to 1,450 in 2021", ["up", "3", "2", "to", "1", "450", "in", "2021"]),
    ("accents, capitals", "ÉCOLE Straße ÅNGSTRÖM", ["école", "straße", "ångström"]),
    ("Cyrillic and Greek", "МЭР Сказал, ΑΘΗΝΑ", ["мэр", "сказал", "αθηνα"]),
    ("signs and emoji separate", "yes→no 👍ok €5", ["yes", "no", "ok", "5"]),
    ("non-breaking space, dashes", "a\u00a0b—c–d", ["a", "b", "c", "d"]),
    ("Hindi marks stay in their word", "हिन्दी में", ["हिन्दी", "में"]),
    ("Korean has spaces", "서울 시장은", ["서울", "시장은"]),
    ("Chinese by twos", "市长说,好", ["市长", "长说", "说", "好"]),
    ("Japanese beside Latin", "NHKは東京", ["nhk", "は東", "東京", "京"]),
    ("Thai by fours", "กรุงเทพ", ["กรุง", "รุงเ", "ุงเท", "งเทพ", "เทพ", "ทพ", "พ"]),
    ("Greek read as Latin-1 keeps its words", "λόγος".encode().decode("latin-1"), 1),
    ("Russian read as cp1252 keeps its words", "глава".encode().decode("cp1252"), 1),
    ("lone surrogates separate", "a\ud800b", ["a", "b"]),
    ("nothing", " \n\t", []),
]


def listed(texts):
    batch = words(utf8(texts))
    found = [bytes(batch.data[a:b]).decode() for a, b in zip(batch.starts, batch.ends, strict=True)]
    return [found[a:b] for a, b in zip(batch.offsets[:-1], batch.offsets[1:], strict=True)]


@pytest.mark.parametrize(("text", "want"), [case[1:] for case in WORDS], ids=[case[0] for case in WORDS])
def test_words(text, want):
    (found,) = listed([text])
    assert (len(found) if isinstance(want, int) else found) == want


def one_by_one(text):
    """What a word is, said without arrays, for text in scripts with spaces."""
    found, word = [], ""
    for char in text + " ":
        if unicodedata.category(char)[0] in "LMN" or char in "\u200c\u200d":
            small = char.lower()
            word += small if len(small.encode()) == len(char.encode()) and len(small) == 1 else char
        elif word:
            found, word = [*found, word], ""
    return found


SPACED = st.characters(codec="utf-8", exclude_categories=["Cs", "Co", "Cn"]).filter(
    lambda c: not any(a <= ord(c) <= b for a, b, _ in UNSPACED) and not 0x80 <= ord(c) <= 0xDF and ord(c) < 0x20000
)


@settings(deadline=None)
@given(st.lists(st.text(SPACED, max_size=40), max_size=5))
def test_words_are_runs_of_letters_marks_and_digits(texts):
    assert listed(texts) == [one_by_one(text) for text in texts]


@settings(deadline=None)
@given(st.lists(st.text(max_size=60), max_size=6))
def test_a_batch_is_its_texts(texts):
    together = words(utf8(texts))
    hashes = word_hashes(together)
    for k, text in enumerate(texts):
        alone = words(utf8([text]))
        assert hashes[together.offsets[k] : together.offsets[k + 1]].tolist() == word_hashes(alone).tolist()


@settings(deadline=None)
@given(st.lists(st.from_regex(r"[a-zé0-9]{1,40}", fullmatch=True), min_size=1, max_size=8))
def test_hashes_said_word_by_word(found):
    batch = words(utf8([" ".join(found)]))
    assert word_hashes(batch).tolist() == [word_hash(word.encode()) for word in found]
    inside = shingles(word_hashes(batch), batch.offsets)
    want = [found[k : k + 3] for k in range(max(1, len(found) - 2))]
    assert inside.hashes.tolist() == [shingle_hash(" ".join(three).encode()) for three in want]


def test_a_word_of_a_megabyte_takes_no_longer_than_its_bytes():
    batch = words(utf8(["x" * 1_000_000 + " " + "x" * 1_000_001]))
    first, second = word_hashes(batch).tolist()
    assert first == second == word_hash(b"x" * 1_000_000)
