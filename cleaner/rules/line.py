"""A line as rules see it: normalised, in words, in parts, and whether it is a paragraph."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 400
"""Characters of the longest line that rules look at: it bounds the time of every pattern."""
PROSE = 80
"""Weight (a wide character weighs two) from which a line with a full stop counts as a paragraph."""
WIDE = "\u1100-\u11ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
"""Characters of scripts that are written without spaces, or of which two make a word."""

INVISIBLE = "\u0301\u0307\u0308\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\ufe0f"
"""Characters that count for nothing."""
TRIM = " |¦·►▶▸▹▷◀◄■□●○◦★☆✓✔✕✖×»«›‹→←↑↓↗↘⟶⇒⌄˅▼▲△▽∨…~_<>[]():：/【】（）｜"
"""What decorates a line at its ends."""
SIGNS = "#@©®€$£%"
"""Signs that are words."""
PIPES, DASHES = "|¦｜•·»›>→", "/–-"
"""What stands between the parts of a piped line: as it is, and between two spaces."""

_SCRIPT = re.compile(f"[{WIDE}]")
_WORD = re.compile(rf"[{WIDE}]+|[^\W{WIDE}]+|[{SIGNS}]")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_ASCII_NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)*")
"""The same for lines in ASCII alone, in which they are found sooner."""
_APART = str.maketrans(
    {c: f" {c} " if c in SIGNS else " " for c in map(chr, range(128)) if not (c.isalnum() or c == "_")}
)
"""Sets the words of a line in ASCII apart from each other, and signs that are words."""
_STOPS = frozenset(".!?…。！？؟।:：")
_CLOSERS = "\"'”’»)]）」』"
_PIPES = re.compile(f"[{PIPES}] ?| [{DASHES}] ")
_PIPE = re.compile(f"[{PIPES}{DASHES}]")
"""What stands in every line that `_PIPES` cuts."""

LETTERS = str.maketrans("άέήίόύώϊϋΐΰςё’‘ʼ`＇ı", "αεηιουωιυιυσе'''''i")
"""Letters written in two ways: Greek capitals lose accents, Russian ё its dots, and Turkish has two i."""
_FOLDS = LETTERS | dict.fromkeys(map(ord, INVISIBLE))
_FOLDED = re.compile(f"[{''.join(map(chr, _FOLDS))}]")


def normalise(line: str) -> str:
    """Return a line as rules see it: case-folded, tidied, without what decorates it, every number written 0.

    A bullet at the beginning stays: the items of a list are not for rules.

    Examples:
        >>> normalise("» Read  MORE …"), normalise("Updated 14:05, 1.200 shares:"), normalise("- Print")
        ('read more', 'updated 0:0, 0 shares', '- print')

    """
    line = line.casefold().replace("(c)", "©").replace("...", "…")
    if line.isascii():
        line = _ASCII_NUMBER.sub("0", line.replace("`", "'"))
    else:
        line = _NUMBER.sub("0", line.translate(_FOLDS) if _FOLDED.search(line) else line)
    return " ".join(line.split()).strip(TRIM)


def parts_of(line: str) -> list[str]:
    """Return the parts of a normalised line that is piped, without what decorates them; none if it is not.

    Examples:
        >>> parts_of("home » news | sport"), parts_of("home")
        (['home', 'news', 'sport'], [])

    """
    if not _PIPE.search(line):
        return []
    parts = [part for found in _PIPES.split(line) if (part := found.strip(TRIM))]
    return parts if len(parts) > 1 else []


def words_of(line: str) -> list[str]:
    """Return the words of a normalised line; for scripts without spaces, every two characters that follow each other.

    Examples:
        >>> words_of("share on x © 分享到 qq")
        ['share', 'on', 'x', '©', '分享', '享到', 'qq']

    """
    if line.isascii():
        return line.translate(_APART).split()
    found: list[str] = _WORD.findall(line)
    if not _SCRIPT.search(line):
        return found
    words: list[str] = []
    for word in found:
        if len(word) > 1 and _SCRIPT.match(word):
            words += [word[i : i + 2] for i in range(len(word) - 1)]
        else:
            words.append(word)
    return words


def is_word(word: str) -> bool:
    """Tell whether a rule may name this as a word: one word, one sign, or some characters of a script without spaces.

    Examples:
        >>> [is_word(word) for word in ("share", "分享到", "©", "share this", "")]
        [True, True, True, False, False]

    """
    return len(words_of(word)) == 1 or re.fullmatch(rf"[{WIDE}]{{2,}}", word) is not None


def reads_like_prose(line: str) -> bool:
    """Tell whether a line is a paragraph: long enough, and closed like a sentence.

    Examples:
        >>> reads_like_prose("Read more"), reads_like_prose("The council met on Monday evening. " * 3)
        (False, True)

    """
    if 2 * len(line) < PROSE:
        return False
    line = line.rstrip().rstrip(_CLOSERS)
    if not line or line[-1] not in _STOPS or 2 * len(line) < PROSE:
        return False
    return len(line) >= PROSE or sum(1 + (unicodedata.east_asian_width(c) in "WF") for c in line) >= PROSE
