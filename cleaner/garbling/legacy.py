"""One old encoding read as another: Russian in KOI8-R read as windows-1251, or French in Mac Roman as windows-1252.

Nothing but the look of the words tells here, so the whole document decides: the pair of encodings under which it
becomes likeliest by far is undone on the lines that gain by it. It is done only where it is asked for.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

import numpy as np

from cleaner.garbling.differences import differences
from cleaner.garbling.model import model
from cleaner.garbling.readers import byte_by_byte, characters

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cleaner.document import Edit

READ = ("cp1252", "latin-1", "cp1251", "koi8-r", "cp1250", "cp1253", "mac-roman", "cp437")
"""Encodings by which text is read by mistake."""

WRITTEN = (
    *("cp1252", "cp1251", "koi8-r", "cp866", "cp1253", "cp1255", "cp1256", "cp1250", "cp1254", "cp1257", "cp874"),
    *("mac-roman", "cp850", "gb18030", "cp932", "euc-jp", "cp949", "big5hkscs"),
)
"""Encodings in which it can have been written."""

LEAST_GAIN = 20.0
"""What a document has to gain: e^20 is one in half a billion."""
LEAST_GAIN_OF_ONE = 1.5
"""What each character outside ASCII has to gain, on average."""
WORTH_A_LOOK = 6
"""Of the many pairs, so many are looked at closely: those whose characters are likeliest, one by one."""

_OUTSIDE = re.compile(r"[^\x00-\x7f]")


def legacy(text: str) -> Iterator[Edit]:
    """Undo that a text in one old encoding was read as another.

    Examples:
        >>> [e.after for e in legacy("оПХБЕР, ЛХП! йЮЙ ДЕКЮ?")]
        ['Привет, мир! Как дела']

    """
    starts, lines, at = [], [], 0
    for line in text.split("\n"):
        if not line.isascii():
            starts.append(at)
            lines.append(line)
        at += len(line) + 1
    if not lines:
        return
    joined = "\n".join(lines)
    pairs = [(read, written) for read in READ for written in WRITTEN if read != written]
    versions = [(pair, new) for pair in pairs if (new := _read_again(joined, *pair)) is not None and new != joined]
    versions.sort(key=lambda version: -float(model().alone(version[1]).sum()))
    before = _by_line(joined)
    best: tuple[float, tuple[str, str], str] = (LEAST_GAIN, ("", ""), "")
    for pair, new in versions[:WORTH_A_LOOK]:
        gain = float((_by_line(new) - before).clip(0).sum())
        if gain > best[0]:
            best = gain, pair, new
    gain, (read, written), new = best
    if not new or gain < LEAST_GAIN_OF_ONE * len(_OUTSIDE.findall(joined)):
        return
    gains = (_by_line(new) - before).tolist()
    for start, old, line, one in zip(starts, lines, new.split("\n"), gains, strict=True):
        if one > 0:
            yield from differences(start, old, line, "repair/legacy", round(one, 1), f"{written} read as {read}")


def _read_again(text: str, read: str, written: str) -> str | None:
    """Return a text read as it was written, or None where it cannot have been written so."""
    data = byte_by_byte(text, read)
    if data is None:
        return None
    if written in ("gb18030", "cp932", "euc-jp", "cp949", "big5hkscs"):
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


def _by_line(text: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    ends = [len(line) + 1 for line in text.split("\n")]
    starts = np.cumsum([0, *ends[:-1]])
    sums: np.ndarray[tuple[int], np.dtype[np.float64]] = np.add.reduceat(
        model().scores(text + "\n"), starts, dtype=np.float64
    )
    return sums
