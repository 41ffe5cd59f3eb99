"""The language of a text: told by its script where that is enough, else by its commonest words.

The words of each language weigh as their ranks say (Zipf's law), so that a text is held against a unigram model of each
language (naive Bayes); where no language is clearly ahead, none is named, or, with the extra ``language``, the neural
network of cld3 is asked.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections import Counter, defaultdict
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from cleaner.languages.codes import code_of

if TYPE_CHECKING:
    from collections.abc import Mapping

SAMPLE = 3_000
"""Characters that are looked at, from the middle of the text: furniture stands at its ends."""
SCRIPTS = {
    "A-Za-z\u00c0-\u024f\u1e00-\u1eff": "",
    "\u0400-\u04ff": "",
    "\u0600-\u06ff": "",
    "\u0900-\u097f": "",
    "\u0370-\u03ff": "el",
    "\u0530-\u058f": "hy",
    "\u0590-\u05ff": "he",
    "\u0980-\u09ff": "bn",
    "\u0a00-\u0a7f": "pa",
    "\u0a80-\u0aff": "gu",
    "\u0b00-\u0b7f": "or",
    "\u0b80-\u0bff": "ta",
    "\u0c00-\u0c7f": "te",
    "\u0c80-\u0cff": "kn",
    "\u0d00-\u0d7f": "ml",
    "\u0d80-\u0dff": "si",
    "\u0e00-\u0e7f": "th",
    "\u0e80-\u0eff": "lo",
    "\u1000-\u109f": "my",
    "\u10a0-\u10ff": "ka",
    "\u1200-\u137f": "am",
    "\u1780-\u17ff": "km",
    "\uac00-\ud7a3": "ko",
    "\u3040-\u30ff": "ja",
    "\u4e00-\u9fff": "zh",
}
"""Scripts as ranges of characters, each with its language; empty where several languages share it."""
KANA_OF_JAPANESE = 0.05
"""Share of kana among the letters from which Chinese characters are Japanese."""
SCRIPT_SHARE = 0.5
"""Share of its letters that the script of a text has."""
CLEAR = 4.0
"""By how much the log-likelihood of the best language must lead the next one's."""
HITS = 3
"""Different common words of the best language that a text must have."""
SEEN_SHARE = 0.1
"""Share of the words that must be common ones; running text has 0.3 and more, a list of names next to none."""
_SELDOM = math.log(1e-4)
"""The log-likelihood of a word that is not among a language's common ones."""
_COMMONEST = 0.06
"""Share of the running words that the commonest one has; the others follow by their ranks."""
SHORTEST = 20
"""Characters that the network needs: it is sure of single letters, too."""
_WORD = re.compile(r"(?:[^\W\d_]++|[\u0300-\u036f\u064b-\u0655\u0900-\u0963]++)++(?:['’][^\W\d_]++)*+")
_ASCII_WORD = re.compile(r"[a-z]++(?:'[a-z]++)*+")
_LETTERS = [(re.compile(f"[{chars}]"), language) for chars, language in SCRIPTS.items()]


def detect(text: str) -> str:
    """Return the language of a text as its ISO 639 code, empty where that is not clear.

    Examples:
        >>> [detect(text) for text in ("Es regnete, und niemand schlief in der Nacht.", "夜里下了雨。", "Kabul 2024")]
        ['de', 'zh', '']

    """
    spare = max(0, len(text) - SAMPLE) // 2
    sample = text[spare : spare + SAMPLE]
    told = by_script(sample)
    return by_words(words(sample)) or by_network(sample) if told is None else told


def by_script(text: str) -> str | None:
    """Return the language that the script of a text tells, empty if it has none, None if several languages share it."""
    if text.isascii():
        return None if any(map(str.isalpha, text)) else ""
    numbers = [0] * (len(_LETTERS) + 1)
    for char, n in Counter(text).items():
        numbers[_script(char)] += n
    counts = [(n, language) for n, (_, language) in zip(numbers, _LETTERS, strict=False)]
    total = sum(n for n, _ in counts)
    of = {language: n for n, language in counts if language}
    if of["ja"] >= KANA_OF_JAPANESE * (of["ja"] + of["zh"]):  # they are written together
        counts = [(0 if language == "zh" else n + of["zh"] * (language == "ja"), language) for n, language in counts]
    most, language = max(counts, key=lambda found: found[0])
    return (language or None) if most and most >= SCRIPT_SHARE * total else ""


@lru_cache(maxsize=1 << 16)
def _script(char: str) -> int:
    """Return which of the scripts a character is of, one past the last if it is of none."""
    return next((i for i, (letters, _) in enumerate(_LETTERS) if letters.match(char)), len(_LETTERS))


def words(text: str) -> list[str]:
    """Return the words of a text in lower case."""
    return (_ASCII_WORD if text.isascii() else _WORD).findall(text.lower())


def by_words(found: list[str]) -> str:
    """Return the language whose common words are those of a text, empty if none is clearly ahead."""
    known = _table()
    gains: defaultdict[str, float] = defaultdict(float)
    hits: Counter[str] = Counter()
    different: Counter[str] = Counter()
    for word, n in Counter(found).items():
        for language, gain in known.get(word, ()):
            gains[language] += n * gain
            hits[language] += n
            different[language] += 1
    if not gains:
        return ""
    best = max(gains, key=lambda language: (gains[language], language))
    second = max((gain for language, gain in gains.items() if language != best), default=0.0)
    enough = different[best] >= HITS and hits[best] >= SEEN_SHARE * len(found)
    return best if enough and gains[best] - second >= CLEAR else ""


def by_network(text: str) -> str:
    """Return the language that cld3 is sure of, empty if it is of none, or is not installed."""
    network = _network() if len(text) >= SHORTEST else None
    found = network.FindLanguage(text=text.encode("utf-8", "replace").decode()) if network else None
    if not found or not found.is_reliable:
        return ""
    return code_of(str(found.language))


def _listed() -> Mapping[str, str]:
    """Return the common words of each language, commonest first, as one string each."""
    return tomllib.loads(files("cleaner").joinpath("languages/words.toml").read_text("utf-8"))


@cache
def _table() -> Mapping[str, tuple[tuple[str, float], ...]]:
    """Return for each common word the languages that have it, and what it speaks for each."""
    table: defaultdict[str, list[tuple[str, float]]] = defaultdict(list)
    for language, common in _listed().items():
        for rank, word in enumerate(common.split(), 1):
            table[word].append((language, math.log(_COMMONEST / rank) - _SELDOM))
    return {word: tuple(languages) for word, languages in table.items()}


@cache
def _network() -> Any:  # noqa: ANN401  it says nothing of its types
    """Return cld3's network, None if it is not installed."""
    try:
        import gcld3
    except ImportError:
        return None
    return gcld3.NNetLanguageIdentifier(min_num_bytes=0, max_num_bytes=SAMPLE)
