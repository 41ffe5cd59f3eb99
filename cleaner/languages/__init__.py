"""The language of a text: told by its script where that is enough, else by its commonest words.

The words of each language weigh as their ranks say (Zipf's law), so that a text is held against a unigram model of each
language (naive Bayes); where no language is clearly ahead, none is named, or, with the extra ``language``, the neural
network of cld3 is asked.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections import Counter
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from cleaner.languages.codes import code_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

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
_BEYOND = 0x10000
"""The first code point that is of none of the scripts."""
_MARKS = "\u0300-\u036f\u064b-\u0655\u0900-\u0963"
"""What stands on letters without being one."""
_LETTER = r"[^\W\d_]"
_WORD = re.compile(rf"(?:{_LETTER}++|[{_MARKS}]++)++(?:['’]{_LETTER}++)*+")
_ASCII_WORD = re.compile(r"[a-z]++(?:'[a-z]++)*+")
"""The same for texts in ASCII alone, in which they are found sooner."""
_ODD = re.compile(f"[{_MARKS}{chr(_BEYOND)}-\U0010ffff]")
"""What only the first of them can do with; see `_plain_word`."""


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
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    numbers = np.bincount(_scripts().take(codes, mode="clip"), minlength=len(SCRIPTS) + 1).tolist()
    counts = [(n, language) for n, language in zip(numbers, SCRIPTS.values(), strict=False)]
    total = sum(n for n, _ in counts)
    of = {language: n for n, language in counts if language}
    if of["ja"] >= KANA_OF_JAPANESE * (of["ja"] + of["zh"]):  # they are written together
        counts = [(0 if language == "zh" else n + of["zh"] * (language == "ja"), language) for n, language in counts]
    most, language = max(counts, key=lambda found: found[0])
    return (language or None) if most and most >= SCRIPT_SHARE * total else ""


@cache
def _scripts() -> NDArray[np.uint8]:
    """Return by code point which of the scripts a character is of, one past the last if it is of none."""
    scripts = np.full(_BEYOND + 1, len(SCRIPTS), np.uint8)
    for i, ranges in enumerate(SCRIPTS):
        for first, last in zip(ranges[::3], ranges[2::3], strict=True):
            scripts[ord(first) : ord(last) + 1] = i
    return scripts


@cache
def _plain_word() -> re.Pattern[str]:
    """Return the pattern of a word for texts without marks: its letters, written out, are found sooner."""
    every = np.arange(_BEYOND, dtype=np.uint32).tobytes().decode("utf-32-le", "surrogatepass")
    runs = (found[0] for found in re.finditer(f"{_LETTER}+", every))
    letter = "[" + "".join(f"{run[0]}-{run[-1]}" for run in runs) + "]"
    return re.compile(f"{letter}++(?:['’]{letter}++)*+")


def words(text: str) -> list[str]:
    """Return the words of a text in lower case."""
    text = text.lower()
    if text.isascii():
        return _ASCII_WORD.findall(text)
    return (_WORD if _ODD.search(text) else _plain_word()).findall(text)


def by_words(found: list[str]) -> str:
    """Return the language whose common words are those of a text, empty if none is clearly ahead."""
    known = _table()
    counts = Counter([row for row in map(known.rows.get, found) if row is not None])
    if not counts:
        return ""
    times = np.array([*counts.values()])
    speaks = known.gains[[*counts]]
    gains = times @ speaks
    second, best = np.argsort(gains, kind="stable")[-2:].tolist()
    own = speaks[:, best] > 0
    enough = own.sum() >= HITS and times[own].sum() >= SEEN_SHARE * len(found)
    return known.languages[best] if enough and gains[best] - gains[second] >= CLEAR else ""


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


class _Table(NamedTuple):
    """The common words of all languages."""

    languages: tuple[str, ...]
    rows: Mapping[str, int]
    """The row of each word."""
    gains: NDArray[np.float64]
    """What a word speaks for each language: words times languages, 0 where it is none of its common words."""


@cache
def _table() -> _Table:
    listed = {language: common.split() for language, common in sorted(_listed().items())}
    rows = {word: i for i, word in enumerate(dict.fromkeys(word for common in listed.values() for word in common))}
    gains = np.zeros((len(rows), len(listed)))
    for i, common in enumerate(listed.values()):
        for rank, word in enumerate(common, 1):
            gains[rows[word], i] = math.log(_COMMONEST / rank) - _SELDOM
    return _Table((*listed,), rows, gains)


@cache
def _network() -> Any:  # noqa: ANN401  it says nothing of its types
    """Return cld3's network, None if it is not installed."""
    try:
        import gcld3
    except ImportError:
        return None
    return gcld3.NNetLanguageIdentifier(min_num_bytes=0, max_num_bytes=SAMPLE)
