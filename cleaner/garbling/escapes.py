r"""Escapes that nobody decoded: ``\u201c``, ``\xc3\xa9``, ``%C3%A9`` and ``=C3=A9``.

They are decoded where they stand for something outside ASCII, for then nobody meant them, but not in code, paths and
addresses. Once a text turns out to be escaped, so are its ASCII characters (``\"``, ``%26``, ``=3D``).
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from cleaner.document import Edit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_BACKSLASH = re.compile(
    r"""\\ (?: u (?P<u>[0-9a-fA-F]{4} (?:\\u[0-9a-fA-F]{4})*+)
           | U (?P<long>000[0-9a-fA-F]{5} | 0010[0-9a-fA-F]{4})
           | x (?P<x>[0-9a-fA-F]{2} (?:\\x[0-9a-fA-F]{2})*+)
           | (?P<simple>["'\\/bfnrt])
           | (?P<other>.?) )""",
    re.VERBOSE | re.DOTALL,
)
_SIMPLE = {"b": "", "f": "\n", "n": "\n", "r": "\n", "t": "\t"}
_CODE = re.compile(
    r"""[{}]\s*$ | [\])}"'0-9]\s*;\s*$ | => | == | := | ->            # punctuation of programs
        | \w\(\s*[a-zA-Z]{0,2}["']                # a call with a string
        | \w\s*=\s*[a-zA-Z]{0,2}["']              # a string given a name
        | \[[^\]\s]{0,40}\\[ux][0-9a-fA-F]+-\\[ux]    # a range of characters
        | ["']\\[ux][0-9a-fA-F]+["']              # a character in quotes
        | \br["'] | \\[uU]\+?\{                  # other ways to write escapes
        | "[\w.-]{1,40}"\s*:                      # a key of JSON
    | (?<![A-Za-z])[A-Za-z]:\\               # a path
    | (?<!\S)\\\\(?![uUx][0-9a-fA-F])[\w.$-]{1,40}\\   # a path to another computer
    """,
    re.VERBOSE,
)
_PERCENT = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_EQUALS = re.compile(r"(?:=[0-9A-F]{2}(?:=\n(?==[0-9A-F]))?)+|=\n")
_ANY_BACKSLASH = re.compile(r"\\(?:u[0-9a-fA-F]{4}|U00|x[89a-fA-F][0-9a-fA-F])")
_ANY_PERCENT = re.compile(r"%[89a-fA-F][0-9a-fA-F]")
_ANY_EQUALS = re.compile(r"=[89A-F][0-9A-F]")
"""What each has to hold somewhere before anything can stand for a character outside ASCII."""
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_ENCODED_WORD = re.compile(r"=\?[\w-]+\?[QqBb]\?")
_ABOUT_ESCAPES = re.compile(
    r"\b(?:Unicode|UTF-?8|ASCII|UR[LI]s?|JSON|Python|Java(?:Script)?|hex(?:adecimal)?|escap(?:e|es|ed|ing)|bytes?"
    r"|encod(?:e|es|ed|ing)|backslash(?:es)?|code points?)\b",
    re.IGNORECASE,
)
_OPENS, _CLOSES = "\"'`(“‘«", "\"'`)”’».,:;"
_TOKEN = re.compile(r"\S+")
_ADDRESS = re.compile(r"://|^www\.|^\W?/|[?&][\w.-]{1,40}=|\w\.[a-z]{2,6}/|%[sdif]\b")


def backslashes(text: str) -> Iterator[Edit]:
    r"""Decode ``\u…`` and ``\x…`` of lines that are no code, and their ``\"`` where all backslashes are escapes.

    Examples:
        >>> [e.after for e in backslashes(r"\u201cYes\u201d, caf\xc3\xa9")]
        ['“', '”', 'é']
        >>> list(backslashes(r"C:\new, \d+ and \u0041"))
        []

    """
    if not _ANY_BACKSLASH.search(text):
        return
    found = list(_BACKSLASH.finditer(text))
    decoded = {m.start(): _unescaped(m) for m in found}
    prose = _in_prose(text, [(m.start(), m.end(), decoded[m.start()] or "") for m in found])
    good = {start for start in prose if _gains(decoded[start] or "")}
    if not good:
        return
    escaped = not any(m["other"] is not None for m in found)
    for match in found:
        after = decoded[match.start()]
        if after is not None and match.start() in (prose if escaped else good):
            yield Edit(match.start(), match.end(), after, "repair/escape", None, "a backslash escape")


def percents(text: str) -> Iterator[Edit]:
    """Decode ``%C3%A9`` outside of addresses.

    Examples:
        >>> [e.after for e in percents("caf%C3%A9 %26 bar")]
        ['é', '&']
        >>> list(percents("https://example.org/caf%C3%A9 100%"))
        []

    """
    if not _ANY_PERCENT.search(text):
        return
    runs = [
        (match.start() + run.start(), run.group())
        for match in _TOKEN.finditer(text)
        if "%" in match.group() and not _ADDRESS.search(match.group()) and not _STRAY_PERCENT.search(match.group())
        for run in _PERCENT.finditer(match.group())
    ]
    yield from _decoded_runs(text, runs, "%", "a percent escape")


def quoted_printable(text: str) -> Iterator[Edit]:
    """Decode ``=C3=A9``, and with it the breaks by which a mail program kept its lines short.

    Examples:
        >>> [e.after for e in quoted_printable("caf=C3=A9 2 =3D 2")]
        ['é', '=']

    """
    if not _ANY_EQUALS.search(text):
        return
    runs = [(m.start(), m.group()) for m in _EQUALS.finditer(text)]
    yield from _decoded_runs(text, runs, "=", "quoted-printable")


def _decoded_runs(text: str, runs: list[tuple[int, str]], mark: str, reason: str) -> Iterator[Edit]:
    decoded = [(at, run, _utf8(run.replace("=\n", "").replace(mark, ""))) for at, run in runs]
    prose = _in_prose(text, [(at, at + len(run), new or "") for at, run, new in decoded])
    if not any(at in prose and _gains(new or "") for at, _, new in decoded):
        return
    for at, run, new in decoded:
        if new is not None and at in prose:
            yield Edit(at, at + len(run), new, "repair/escape", None, reason)


def _unescaped(match: re.Match[str]) -> str | None:
    """Return what a backslash escape stands for, or None where it is none."""
    if match["u"]:
        units = bytes.fromhex(match["u"].replace("\\u", ""))
        return units.decode("utf-16-be", "replace")
    if match["long"]:
        return chr(int(match["long"], 16))
    if match["x"]:
        return _utf8(match["x"].replace("\\x", ""))
    if match["simple"]:
        return _SIMPLE.get(match["simple"], match["simple"])
    return None


def _utf8(digits: str) -> str | None:
    try:
        return bytes.fromhex(digits).decode("utf-8")
    except ValueError:
        return None


def _gains(decoded: str) -> bool:
    """Tell whether what was decoded is text, and not all ASCII: no controls, nothing unassigned, nothing private."""
    return not decoded.isascii() and all(unicodedata.category(c) not in {"Cc", "Cn", "Co", "Cs"} for c in decoded)


def _in_prose(text: str, found: Iterable[tuple[int, int, str]]) -> set[int]:
    """Return where those escapes start whose line is no code, and does not speak of escapes.

    Args:
        text: in which they stand.
        found: where each starts and ends, and what it stands for, by place.

    """
    prose: set[int] = set()
    until, is_code, is_about, here = -1, False, False, set[int]()
    for start, end, after in found:
        if start > until:
            prose |= here
            first, until = text.rfind("\n", 0, start) + 1, text.find("\n", start)
            until = len(text) if until < 0 else until
            line = text[first:until]
            is_code = _CODE.search(line) is not None or _ENCODED_WORD.search(line) is not None
            is_about = not is_code and _ABOUT_ESCAPES.search(line) is not None
            here = set()
        if is_about and _is_mentioned(text, start, end, after):
            is_code = True
            here = set()
        if not is_code:
            here.add(start)
    return prose | here


def _is_mentioned(text: str, start: int, end: int, after: str) -> bool:
    """Tell whether an escape of a letter or quote stands for itself, like a word; dashes and the like often do."""
    stands_alone = text[max(0, start - 1) : start].strip() in _OPENS and text[end : end + 1].strip() in _CLOSES
    return stands_alone and len(after) == 1 and unicodedata.category(after) in {"Ll", "Lu", "Lo", "Pi", "Pf"}
