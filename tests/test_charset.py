"""Bytes to text: every answer in its turn, and none of them a crash."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.charset import codec_of, decode
from cleaner.errors import RecordError


@pytest.mark.parametrize(
    ("data", "declared", "text", "how"),
    [
        (b"", None, "", "utf-8"),
        ("Grüße".encode(), "iso-8859-1", "Grüße", "utf-8"),  # valid UTF-8 outweighs what is declared
        ("Grüße".encode("utf-8-sig"), None, "Grüße", "bom utf-8"),
        ("Grüße".encode("utf-16"), None, "Grüße", "bom utf-16-le"),
        ("Grüße aus Köln".encode("utf-16-le"), None, "Grüße aus Köln", "detected utf-16-le"),
        ("Grüße aus Köln".encode("utf-16-be"), "utf-8", "Grüße aus Köln", "detected utf-16-be"),
        ("Cologne, by rail".encode("utf-16-le"), None, "Cologne, by rail", "detected utf-16-le"),
        (b"a\0b\0c\0", None, "a\0b\0c\0", "utf-8"),  # too short to tell
        (b"a\0\0bc\0\0d" * 9, None, "a\0\0bc\0\0d" * 9, "utf-8"),
        ("Grüße".encode("cp1252"), "latin1", "Grüße", "declared windows-1252"),
        ("“Grüße”".encode("cp1252"), "ISO-8859-1", "“Grüße”", "declared windows-1252"),
        ("Привет".encode("koi8-r"), "koi8-r", "Привет", "declared koi8-r"),
        ("你好".encode("gbk"), "gb2312", "你好", "declared gb18030"),
        ("こんにちは".encode("cp932"), "Shift_JIS", "こんにちは", "declared cp932"),
    ],
)
def test_answers(data, declared, text, how):
    assert decode(data, declared) == (text, how)


@pytest.mark.parametrize("declared", [None, "utf-8", "klingon", "base64", "rot13", "", "\x00", "ascii\ud800", "euc-jp"])
def test_what_fits_nothing_names_the_byte(declared):
    with pytest.raises(RecordError, match="0xFF at offset 2 ") as caught:
        decode(b"ab\xff\xff\xff", declared)
    assert caught.value.reason == "invalid-utf-8"


RUSSIAN = "Ночью прошёл сильный дождь, и река вышла из берегов. Утром жители перебрались на другой берег."
UNDECLARED = {
    "Russian": (RUSSIAN, "koi8-r", "koi8-r"),
    "Russian on Windows": (RUSSIAN, "cp1251", "cp1251"),
    "Chinese": ("昨天晚上下了一场大雨，河水上涨，大桥已经关闭。学校今天停课。", "gb18030", "gb18030"),
    "Japanese": ("昨夜は大雨が降り、川の水があふれました。橋は閉鎖されています。", "cp932", "cp932"),
    "French": ("L’été fut très chaud, où qu’on allât, et la forêt brûlait déjà.", "cp1252", "cp1252"),
    "Czech": ("Včera večer byl most uzavřen, řeka se vylila z břehů a děti nešly do školy.", "iso8859-2", "iso8859-2"),
    "Polish": ("Wczoraj wieczorem most został zamknięty. Jeździli objazdem przez łąki.", "iso8859-2", "iso8859-2"),
    "Polish on Windows": ("Wczoraj wieczorem most został zamknięty. Jeździli przez łąki.", "cp1250", "cp1250"),
    "Greek": ("Χθες το βράδυ έβρεξε πολύ και το ποτάμι ξεχείλισε.", "cp1253", "cp1253"),
}


@pytest.mark.parametrize(("text", "written", "found"), UNDECLARED.values(), ids=UNDECLARED)
def test_what_is_not_declared_is_detected(text, written, found):
    pytest.importorskip("chardet", reason="the extra charset is not installed")
    assert decode(text.encode(written)) == (text, f"detected {found}")


NOT_SURE = {
    "UTF-8 with one broken byte": RUSSIAN.encode()[:-5] + b"\xff.",
    "UTF-8 with its last character cut": RUSSIAN.encode()[:-2],
    "UTF-8 with many broken bytes": (RUSSIAN.encode() + b"\xff") * 20,
    "ASCII with one broken byte": b"It rained all night, and the r\xefver rose." * 7,
    "no text": bytes(range(256)) * 4,
}


@pytest.mark.parametrize("data", NOT_SURE.values(), ids=NOT_SURE)
def test_where_nothing_is_sure_nothing_is_guessed(data):
    with pytest.raises(RecordError, match="no UTF-8") as caught:
        decode(data)
    assert caught.value.reason == "invalid-utf-8"


def test_without_the_library_nothing_is_detected(monkeypatch):
    monkeypatch.setitem(sys.modules, "chardet", None)
    with pytest.raises(RecordError):
        decode(RUSSIAN.encode("koi8-r"))


@given(st.binary(max_size=60), st.none() | st.text(max_size=12))
def test_any_bytes_are_text_or_a_sentence(data, declared):
    try:
        text, _ = decode(data, declared)
    except RecordError as error:
        assert str(error)  # noqa: PT017 - either way is fine
    else:
        assert isinstance(text, str)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_utf_8_comes_back(text):
    assert decode(text.encode())[0] == text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")


@given(st.text(max_size=20))
def test_any_label_has_an_answer(label):
    codec_of(label)
