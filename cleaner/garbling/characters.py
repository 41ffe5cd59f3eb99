"""Characters that no reader was meant to meet, kind by kind, with an eye on the script they stand in."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

import numpy as np

from cleaner.document import Edit
from cleaner.garbling.signs import CHARACTERS, RANGES, Sign, code_points, table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# ---------------------------------------------------------------- scripts
RIGHT_TO_LEFT = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff"
"""Hebrew, Arabic, Syriac, Thaana, N'Ko and their neighbours: text in which a direction mark may be needed."""

EUROPEAN = "0-9A-Za-z\u00aa\u00b5\u00ba\u00c0-\u02af\u0370-\u03ff\u0400-\u052f\u0531-\u058f\u10a0-\u10ff\u1e00-\u1fff"
"""Latin, Greek, Cyrillic, Armenian and Georgian, and digits: letters that stand apart, and that nothing joins."""

WIDE = (
    "\u1100-\u11ff\u2e80-\u2fff\u3001-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef"
    "\U00020000-\U0003ffff"
)
"""Chinese, Japanese and Korean: text in which the ideographic space is the space."""


# ---------------------------------------------------------------- patterns
def _members(sign: Sign) -> str:
    """Return the characters of a sign as the inside of a class of a pattern."""
    singles = "".join(map(re.escape, CHARACTERS.get(sign, "")))
    return singles + "".join(f"{re.escape(chr(a))}-{re.escape(chr(b))}" for a, b in RANGES.get(sign, ()))


_SURROGATES = re.compile("([\ud800-\udbff])([\udc00-\udfff])|[\ud800-\udfff]")
_C1 = re.compile("[\x80-\x9f]+")
_TERMINAL = re.compile(r"\x1b\[[0-9;]*+[a-zA-Z]")
_CONTROL = re.compile(f"[{_members(Sign.CONTROL)}]+")
_BREAK = re.compile("\r\n?|[\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}]")
_ZERO_WIDTH = re.compile(f"[{_members(Sign.ZERO_WIDTH)}]+")
_EUROPEAN = re.compile(f"[{EUROPEAN}]")
_MARKS = re.compile("[\N{LEFT-TO-RIGHT MARK}\N{RIGHT-TO-LEFT MARK}\N{ARABIC LETTER MARK}]+")
_EMBEDDINGS = re.compile("[\u202a-\u202e\u2066-\u2069]+")
_RIGHT_TO_LEFT = re.compile(f"[{RIGHT_TO_LEFT}]")
_SOFT_HYPHEN = re.compile("\N{SOFT HYPHEN}+")
_ICONS = re.compile("[\ue000-\uf8fe]++(?:[ \t]|(?!\\S))")
_ODD_SPACE_BUT_WIDE = re.compile("[\u2000-\u200a\u202f\u205f]+")
_ODD_SPACE = re.compile(f"{_ODD_SPACE_BUT_WIDE.pattern}|\N{IDEOGRAPHIC SPACE}+")
_WIDE = re.compile(f"[{WIDE}]")
_NUMBER_OR_FRENCH = re.compile(r"(?<=[0-9«])\s|\s(?=[0-9;:!?»%€$£°])")
_NO_BREAK = re.compile("\N{NO-BREAK SPACE}+")
_LIGATURE = re.compile("[\ufb00-\ufb06]")
_PIECE = re.compile(r"[^ \n]+")
"""What can be composed apart: two spaces, U+2000 and U+2001, have a normal form of their own, so they belong to it."""
_SECOND_HAND = {
    "锟斤拷": "��",  # U+FFFD twice, as UTF-8, read as GBK
    "嚙踝蕭": "��",  # the same, read as Big5
    "ďż˝": "�",  # U+FFFD as UTF-8, read as windows-1250
    "ï¿½": "�",  # the same, read as windows-1252
    "пїЅ": "�",  # the same, read as windows-1251
}
_SECOND_HANDS = re.compile("|".join(_SECOND_HAND))
_HYPHEN_END = re.compile(r"(?<=[^\W\d_])-\n(?=[^\W\d_])")
_FULL_WIDTH = re.compile("[\uff01-\uff5e]+")
_PRESENTATION = re.compile("[\ufb50-\ufdff\ufe70-\ufefc]+")
_CURLY = re.compile("[\u2018-\u201f\u02bc]")
LONGEST_RUN_OF_MARKS = 30
"""UAX #15 calls text stream-safe in which no more marks follow each other; no script needs more."""


# ---------------------------------------------------------------- kinds
def _each(
    text: str, pattern: re.Pattern[str], rule: str, after: Callable[[re.Match[str]], str], reason: str = ""
) -> Iterator[Edit]:
    """Yield an edit for each match that its replacement changes."""
    for match in pattern.finditer(text):
        new = after(match)
        if new != match.group():
            yield Edit(match.start(), match.end(), new, f"repair/{rule}", None, reason)


def surrogates(text: str) -> Iterator[Edit]:
    r"""Join the two halves of a character beyond U+FFFF; a half that stands alone says that something is lost.

    Examples:
        >>> [e.after for e in surrogates("\ud83d\ude00 \ud83d")]
        ['😀', '�']

    """

    def joined(match: re.Match[str]) -> str:
        if not match[1]:
            return "\N{REPLACEMENT CHARACTER}"
        return match.group().encode("utf-16-le", "surrogatepass").decode("utf-16-le")

    return _each(text, _SURROGATES, "surrogate", joined)


def c1(text: str) -> Iterator[Edit]:
    r"""Read C1 controls, which nobody writes, as the windows-1252 characters of the same bytes, as browsers do.

    Examples:
        >>> [e.after for e in c1("wait\x85")]
        ['…']

    """

    def read(match: re.Match[str]) -> str:
        return "".join(c.encode("latin-1").decode("cp1252", "ignore") or c for c in match.group())

    return _each(text, _C1, "c1", read, "windows-1252 read as ISO 8859-1")


def terminal_escapes(text: str) -> Iterator[Edit]:
    r"""Remove the sequences that colour a terminal.

    Examples:
        >>> len(list(terminal_escapes("\x1b[31mred\x1b[0m")))
        2

    """
    return _each(text, _TERMINAL, "terminal", lambda _: "")


def controls(text: str) -> Iterator[Edit]:
    """Remove control characters other than tab, line feed and form feed, byte order marks, and their deprecated kin."""
    return _each(text, _CONTROL, "control", lambda _: "")


def line_breaks(text: str) -> Iterator[Edit]:
    r"""Write every line break as a line feed: CR LF, CR alone, and the two separators of Unicode.

    Examples:
        >>> [e.after for e in line_breaks("a\r\nb\u2028c")]
        ['\n', '\n']

    """
    return _each(text, _BREAK, "line-break", lambda _: "\n")


def zero_width(text: str) -> Iterator[Edit]:
    r"""Remove what has no width from inside words of scripts that join nothing.

    Beside Arabic, Indic and emoji a joiner is spelling; between Thai, Khmer, Lao, Burmese or Chinese letters a
    zero-width space is the space.

    Examples:
        >>> len(list(zero_width("in\u200bvisible")))
        1
        >>> list(zero_width("می\u200cخواهم"))
        []

    """

    def without(match: re.Match[str]) -> str:
        start, end = match.span()
        joins_nothing = start and _EUROPEAN.match(text, start - 1) and _EUROPEAN.match(text, end)
        return "" if joins_nothing else match.group().replace("\N{WORD JOINER}", "")

    return _each(text, _ZERO_WIDTH, "zero-width", without)


def direction_marks(text: str) -> Iterator[Edit]:
    """Remove left-to-right and right-to-left marks from a text without any letter that runs from right to left."""
    if _RIGHT_TO_LEFT.search(text.replace("\N{ARABIC LETTER MARK}", "")):
        return iter(())
    return _each(text, _MARKS, "direction", lambda _: "")


def direction_controls(text: str) -> Iterator[Edit]:
    """Remove embeddings, overrides and isolates from a text without any letter that runs from right to left."""
    return iter(()) if _RIGHT_TO_LEFT.search(text) else _each(text, _EMBEDDINGS, "direction-control", lambda _: "")


def soft_hyphens(text: str) -> Iterator[Edit]:
    """Remove the places at which a word could have been divided."""
    return _each(text, _SOFT_HYPHEN, "soft-hyphen", lambda _: "")


def icons(text: str) -> Iterator[Edit]:
    """Remove words of private-use characters alone: the glyphs of an icon font, which say nothing in any other."""

    def without(match: re.Match[str]) -> str:
        at = match.start()
        return "" if at == 0 or text[at - 1].isspace() else match.group()

    return _each(text, _ICONS, "private-use", without)


def odd_spaces(text: str) -> Iterator[Edit]:
    r"""Write spaces of odd widths as spaces, but not in numbers and French.

    The ideographic space stays in every text that holds Chinese, Japanese or Korean: it is the space there, and the
    indent of a paragraph, whatever stands beside it.

    Examples:
        >>> [e.after for e in odd_spaces("a\u2003b, 10\u2009000 et «\u202foui\u202f»")]
        [' ']

    """
    return _spaces(text, _ODD_SPACE_BUT_WIDE if _WIDE.search(text) else _ODD_SPACE, "space")


def no_break_spaces(text: str) -> Iterator[Edit]:
    """Write no-break spaces as spaces, but not in numbers and French."""
    return _spaces(text, _NO_BREAK, "no-break-space")


def _spaces(text: str, pattern: re.Pattern[str], rule: str) -> Iterator[Edit]:
    for match in pattern.finditer(text):
        start, end = match.span()
        if not _NUMBER_OR_FRENCH.search(text, max(0, start - 1), end + 1):
            yield Edit(start, end, " " * (end - start), f"repair/{rule}")


def ligatures(text: str) -> Iterator[Edit]:
    """Take the seven typesetter's ligatures of Latin apart; letters such as æ or ĳ are no ligatures.

    Examples:
        >>> [e.after for e in ligatures("ﬁne œuvre")]
        ['fi']

    """
    return _each(text, _LIGATURE, "ligature", lambda m: unicodedata.normalize("NFKC", m.group()))


def long_runs_of_marks(text: str) -> Iterator[Edit]:
    r"""Cut runs of combining marks to 30.

    Examples:
        >>> [(e.start, e.end) for e in long_runs_of_marks("a" + "\u0316" * 40)]
        [(31, 41)]

    """
    are_marks = table().take(code_points(text), mode="clip") & np.uint32(Sign.COMBINING) != 0
    if b"\1" * (LONGEST_RUN_OF_MARKS + 1) not in are_marks.tobytes():
        return
    others = np.flatnonzero(np.pad(are_marks, 1) == 0)
    for i in np.flatnonzero(np.diff(others) > LONGEST_RUN_OF_MARKS + 1).tolist():
        start, end = int(others[i]) + LONGEST_RUN_OF_MARKS, int(others[i + 1]) - 1
        yield Edit(start, end, "", "repair/marks", None, "more than 30 combining marks in a row")


def composition(text: str) -> Iterator[Edit]:
    r"""Compose characters as Unicode's normal form C says: e and an accent are one é.

    Examples:
        >>> [e.after for e in composition("cafe\u0301")]
        ['é']

    """
    if unicodedata.is_normalized("NFC", text):
        return
    for match in _PIECE.finditer(text):
        word = match.group()
        if not unicodedata.is_normalized("NFC", word):
            new = unicodedata.normalize("NFC", word)
            same = next(
                (i for i, (a, b) in enumerate(zip(word, new, strict=False)) if a != b), min(len(word), len(new))
            )
            yield Edit(match.start() + same, match.end(), new[same:], "repair/nfc")


def replacements(text: str) -> Iterator[Edit]:
    """Map the second-hand forms of U+FFFD back to it: something is lost here, and it should say so in one way."""
    return _each(text, _SECOND_HANDS, "replacement", lambda m: _SECOND_HAND[m.group()])


# ---------------------------------------------------------------- kinds that are asked for
def full_width(text: str) -> Iterator[Edit]:
    """Write full-width Latin letters, digits and signs in the usual width."""
    return _each(text, _FULL_WIDTH, "full-width", lambda m: unicodedata.normalize("NFKC", m.group()))


def presentation_forms(text: str) -> Iterator[Edit]:
    """Write Arabic letters as letters, not as the shapes that they take in a word."""
    return _each(text, _PRESENTATION, "presentation", lambda m: unicodedata.normalize("NFKC", m.group()))


def hyphenation(text: str) -> Iterator[Edit]:
    """Join words that were divided at the end of a line."""
    return _each(text, _HYPHEN_END, "hyphenation", lambda _: "")


def straight_quotes(text: str) -> Iterator[Edit]:
    """Write curly quotes and apostrophes straight."""
    return _each(text, _CURLY, "straight-quote", lambda m: '"' if m.group() in "“”„‟" else "'")
