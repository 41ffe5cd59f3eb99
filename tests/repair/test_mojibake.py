"""Wrong decodings undone: by every encoding, in layers, with bytes lost, and what must not be touched."""

import pytest

from cleaner.document import Document
from cleaner.garbling.readers import BYTE_BY_BYTE, CHINESE_JAPANESE_KOREAN, characters
from cleaner.stages.repair import Repair

FRENCH = "L’été dernier, la forêt était déjà très sèche.\nÀ l’aube, nous avons traversé le gué à côté du château."
RUSSIAN = "Ночью прошёл сильный дождь, и река вышла из берегов.\nУтром жители перебрались на другой берег."
POLISH = "Wczoraj wieczorem most został zamknięty.\nMieszkańcy będą musieli jeździć objazdem przez łąki."
CHINESE = "昨天晚上下了一场大雨。\n河水上涨,大桥已经关闭。"


def repaired(text, **options):
    doc = Document("a", text)
    return doc.edit(Repair(**options)(doc)).text


def read(text, codec):
    return "".join(characters(codec)[byte] for byte in text.encode())


@pytest.mark.parametrize("text", [FRENCH, RUSSIAN, POLISH, CHINESE], ids=["fr", "ru", "pl", "zh"])
@pytest.mark.parametrize("reader", BYTE_BY_BYTE, ids=lambda reader: reader.codec)
def test_read_byte_by_byte(text, reader):
    assert repaired(read(text, reader.codec)) == text


@pytest.mark.parametrize("codec", [reader.codec for reader in CHINESE_JAPANESE_KOREAN])
def test_read_as_chinese_japanese_or_korean(codec):
    lines = []
    for line in RUSSIAN.split("\n"):
        try:
            lines.append(line.encode().decode(codec))
        except UnicodeDecodeError:
            continue
    assert all(line in RUSSIAN for line in repaired("\n".join(lines)).split("\n"))


@pytest.mark.parametrize(
    "codecs", [("cp1252", "cp1252"), ("cp1252", "cp1252", "cp1252"), ("latin-1", "cp1252"), ("cp1251", "cp1251")]
)
def test_layers(codecs):
    text = FRENCH
    for codec in codecs:
        text = read(text, codec)
    assert repaired(text) == FRENCH


LOSSES = {
    "no-break spaces became spaces": lambda s: s.replace("\xa0", " "),
    "controls were dropped": lambda s: s.translate(dict.fromkeys(range(0x80, 0xA0))),
    "unreadable became U+FFFD": lambda s: s.translate(dict.fromkeys(range(0x80, 0xA0), "\ufffd")),
}


@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
def test_lost_bytes(loss):
    text = "\n".join([FRENCH] * 3)
    assert repaired(loss(read(text, "cp1252"))) == text


def test_the_document_decides():
    """The second line alone could be anything."""
    assert repaired(read(FRENCH + "\nDe la crème.", "cp850")).endswith("De la crème.")


STAYS = {
    "one garbled letter of a name": "Connect with Āø here",
    "mathematics": "(−1/2)! = √π",
    "line art": "├┤a┼┐a┼┐a┼┐a┼┐a",
    "leet": "SÃO PAULO É MÁGICA",
    "box": "┌──┬──┐\n│a │b │\n└──┴──┘",
    "Portuguese": "NÃO À VIOLÊNCIA",
    "two hanzi that are valid UTF-8 in GBK": "联通",
    "quotes in Greek": "Η ¨λέξη¨ αυτή",
    "Catalan": "L·L i l·l, ço és",
    "symbols": "© 2020 ™ ® § ¶ † ‡ • ¿",
}


@pytest.mark.parametrize("text", STAYS.values(), ids=STAYS)
def test_stays(text):
    assert repaired(text) == text


@pytest.mark.parametrize(
    ("text", "written", "read_by"),
    [(RUSSIAN, "koi8-r", "cp1251"), (RUSSIAN, "cp1251", "latin-1"), (FRENCH.replace("’", "'"), "mac-roman", "cp1252")],
)
def test_old_encodings_on_request(text, written, read_by):
    garbled = "".join(characters(read_by)[byte] for byte in text.encode(written))
    assert repaired(garbled, legacy=True) == text


UNKNOWN_LANGUAGES = {
    "Khasi": "Ki khynnah ki ïaid sha ka ïew bad ki ïoh ïa ki ñiam.\nU kñi u ïathuh ïa ka jingïaid jong ki briew.",
    "Quechua": "Ñukanchik llaktapi ñawpa runakuna ñanta purirkakuna.\nChay wasipi ñaña puñurka, ñuka kaypi.",
    "an apostrophe of its own": "Ka’a pu’u ’ē, ’o ka mea ’ē a’e.\n’A’ole i ’ike ’ia ka ’ōlelo.",
}


@pytest.mark.parametrize("text", [*UNKNOWN_LANGUAGES.values(), FRENCH, RUSSIAN, POLISH, CHINESE])
def test_old_encodings_are_not_seen_in_clean_text(text):
    assert repaired(text, legacy=True) == text


@pytest.mark.parametrize("text", STAYS.values(), ids=STAYS)
def test_what_stays_stays_where_old_encodings_are_looked_for(text):
    assert repaired(text, legacy=True) == text


@pytest.mark.parametrize("reader", BYTE_BY_BYTE, ids=lambda reader: reader.codec)
def test_old_encodings_come_after_utf8(reader):
    for text in FRENCH, RUSSIAN, POLISH, CHINESE:
        assert repaired(read(text, reader.codec), legacy=True) == text
