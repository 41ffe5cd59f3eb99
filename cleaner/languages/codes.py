"""The code by which a language is known here, however a record names it: ``en_US``, ``zh-CN``, ``no``, ``deu_Latn``.

A tag begins with a code of ISO 639; region and script do not matter to packs. Some languages have several codes: one of
two letters and one or two of three, an old one, one of their own where a larger language is meant.
"""

from __future__ import annotations

import re
from functools import lru_cache

_NAMES = {
    "ar": "ara arb",
    "bg": "bul",
    "cs": "ces cze",
    "da": "dan",
    "de": "deu ger",
    "el": "ell gre",
    "en": "eng",
    "es": "spa",
    "fa": "fas per pes",
    "fi": "fin",
    "fr": "fra fre",
    "he": "heb iw",
    "hi": "hin",
    "hu": "hun",
    "id": "ind in",
    "it": "ita",
    "ja": "jpn",
    "ko": "kor",
    "nb": "nob no nor nn nno",
    "nl": "nld dut",
    "pl": "pol",
    "pt": "por",
    "ro": "ron rum mo",
    "ru": "rus",
    "sv": "swe",
    "th": "tha",
    "tr": "tur",
    "uk": "ukr",
    "vi": "vie",
    "zh": "zho chi cmn",
}
"""The languages that have packs, and their other codes; both ways to write Norwegian share one pack."""
_CODES = {other: code for code, others in _NAMES.items() for other in others.split()}
_SUBTAG = re.compile(r"[A-Za-z]+")


@lru_cache(maxsize=1 << 10)
def code_of(tag: str) -> str:
    """Return the code by which a language is known here, empty if a tag names none.

    Examples:
        >>> [code_of(tag) for tag in ("en_US", "zh-CN", "pt-BR", "no", "iw", "deu_Latn", "mi", "")]
        ['en', 'zh', 'pt', 'nb', 'he', 'de', 'mi', '']

    """
    found = _SUBTAG.match(tag.strip())
    code = found[0].lower() if found else ""
    return _CODES.get(code, code)
