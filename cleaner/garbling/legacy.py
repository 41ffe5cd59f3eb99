"""One old encoding read as another: Russian in KOI8-R read as windows-1251, or French in Mac Roman as windows-1252.

Nothing but the look of the words tells here, so the whole document decides: the pair of encodings under which it
becomes likeliest by far is undone on the lines that gain by it. It is done only where it is asked for, and where no
line decodes as UTF-8.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from cleaner.garbling.differences import differences
from cleaner.garbling.model import model
from cleaner.garbling.readers import SUSPICIOUS, UTF8, byte_by_byte, characters, lines_with
from cleaner.garbling.weighing import decoded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cleaner.document import Edit

READ = ("cp1252", "latin-1", "cp1251", "koi8-r", "cp1250", "cp1253", "mac-roman", "cp437")
"""Encodings by which text is read by mistake."""

SEVERAL_BYTES = ("gb18030", "cp932", "euc-jp", "cp949", "big5hkscs")
WRITTEN = (
    *("cp1252", "cp1251", "koi8-r", "cp866", "cp1253", "cp1255", "cp1256", "cp1250", "cp1254", "cp1257", "cp874"),
    *("mac-roman", "cp850"),
    *SEVERAL_BYTES,
)
"""Encodings in which it can have been written."""

LEAST_GAIN = 50.0
"""What a document has to gain: e^50 leaves no room for chance."""
LEAST_GAIN_OF_ONE = 4.5
"""What each character outside ASCII has to gain, on average."""
LEAST_DIFFERENT = 3
"""One odd character may be an odd apostrophe; it takes some different ones to show an encoding."""
MOST_ODD = 0.1
"""A capital right after a small letter is a sign of the wrong pair; more than one to ten characters are too many."""
LEAST_LIKELY, LEAST_LIKELY_OUTSIDE = -2.8, -7.0
"""What comes out has to be a language that the model knows, or the gain means little: so likely must a character be on
average, or one outside ASCII. Languages that it was not trained on gain at most -2.9 and -7.6 by wrong pairs. Encodings
of several bytes a character need no such proof: hardly anything decodes by them."""
MOST_UTF8 = 0.6
"""A line more of which than this can be sequences of UTF-8 is left to be read as such."""
WORTH_A_LOOK = 16
"""Of the many pairs, so many are looked at closely: those whose characters are likeliest, one by one."""

_OUTSIDE = re.compile(r"[^\x00-\x7f]")
_OF_WORDS = re.compile(r"(?<=[a-zA-Z])[^\x00-\x7f]|[^\x00-\x7f](?=[a-zA-Z])|[^\x00-\x7f\W]")
"""Characters that may stand for others: letters outside ASCII, and what stands beside letters."""


def legacy(text: str) -> Iterator[Edit]:
    """Undo that a text in one old encoding was read as another.

    Examples:
        >>> garbled = "Ночью прошёл сильный дождь, и река вышла из берегов".encode("koi8-r").decode("cp1251")
        >>> [e.after[:5] for e in legacy(garbled)]
        ['Ночью']

    """
    starts, lines, at = [], [], 0
    for line in text.split("\n"):
        if not line.isascii() and not _is_utf8(line):
            starts.append(at)
            lines.append(line)
        at += len(line) + 1
    joined = "\n".join(lines)
    if len(set(_OF_WORDS.findall(joined))) < LEAST_DIFFERENT or _decodes(text):
        return
    gain, (read, written), new = _likeliest(joined)
    rows = [row for row in zip(starts, lines, new.split("\n"), _gains(joined, new), strict=False) if row[-1] > 0]
    before = "\n".join(old for _, old, _, _ in rows)
    after = "\n".join(line for _, _, line, _ in rows)
    is_much = gain > LEAST_GAIN and gain >= LEAST_GAIN_OF_ONE * len(_OUTSIDE.findall(before))
    if not is_much or len(set(_OF_WORDS.findall(before))) < LEAST_DIFFERENT or _is_odd(after):
        return
    if len(set(_OUTSIDE.findall(after))) >= LEAST_DIFFERENT if written in SEVERAL_BYTES else _is_known(after):
        for start, old, line, one in rows:
            yield from differences(start, old, line, "repair/legacy", round(one, 1), f"{written} read as {read}")


def _likeliest(text: str) -> tuple[float, tuple[str, str], str]:
    """Return what is gained at most, by which pair of encodings, and what comes out."""
    pairs = [(read, written) for read in READ for written in WRITTEN if read != written]
    versions = [(pair, new) for pair in pairs if (new := _read_again(text, *pair)) is not None and new != text]
    likely, _ = model().alone([new for _, new in versions])
    best = sorted(zip(likely, versions, strict=True), key=lambda row: -row[0])[:WORTH_A_LOOK]
    gains = ((sum(gain for gain in _gains(text, new) if gain > 0), pair, new) for _, (pair, new) in best)
    return max(gains, key=lambda one: one[0], default=(0.0, ("", ""), text))


def _gains(text: str, new: str) -> list[float]:
    """Return by how much each line gets likelier; a no-break space is none here, but perhaps a letter."""
    before, after = (model().sums(version.replace("\xa0", "\ufffd").split("\n")) for version in (text, new))
    return [b - a for a, b in zip(before, after, strict=True)]


def _decodes(text: str) -> bool:
    """Tell whether some line is UTF-8 that was read in another encoding."""
    facts, lines = lines_with(text, SUSPICIOUS)
    return next(decoded(lines, facts), None) is not None


def _is_odd(text: str) -> bool:
    """Tell whether many capitals stand right after small letters, one of the two outside ASCII."""
    odd = sum(a.islower() and b.isupper() and not (a.isascii() and b.isascii()) for a, b in pairwise(text))
    return odd > MOST_ODD * len(_OUTSIDE.findall(text))


def _is_known(text: str) -> bool:
    """Tell whether a text is in a language that the model knows."""
    scores = model().scores(text)
    outside = np.array([c > "\x7f" for c in text])
    return bool(scores.mean() >= LEAST_LIKELY or (outside.any() and scores[outside].mean() >= LEAST_LIKELY_OUTSIDE))


def _is_utf8(line: str) -> bool:
    data = byte_by_byte(line, "cp1252", "replace") or b""
    high = sum(byte > 0x7F for byte in data)  # noqa: PLR2004 - the end of ASCII
    return sum(map(len, UTF8.findall(data))) > MOST_UTF8 * high


def _read_again(text: str, read: str, written: str) -> str | None:
    """Return a text read as it was written, or None where it cannot have been written so."""
    data = byte_by_byte(text, read)
    if data is None:
        return None
    if written in SEVERAL_BYTES:
        try:
            new = data.decode(written)
        except UnicodeDecodeError:
            return None
    else:
        new = data.decode("latin-1").translate(dict(enumerate(characters(written))))
    if new.count("\n") != text.count("\n") or any(
        unicodedata.category(c) in {"Cc", "Cn", "Co"} for c in set(new) - {"\n", "\t"}
    ):
        return None
    return new
