"""The encodings in which UTF-8 gets read by mistake, and one pass that says for each line which of them it could be.

Text that was UTF-8 and was read byte by byte shows UTF-8's own rule: each leading byte is followed by its
continuation bytes, and these stand nowhere else. Hence two neighbouring characters are enough to rule an encoding
out, for all encodings at once: the bits of one number, looked up by the classes of the two.
"""

from __future__ import annotations

import codecs
import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cleaner.garbling import signs
from cleaner.garbling.badness import pair_gate

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from cleaner.garbling.signs import CodePoints


try:
    from cleaner.garbling import _twin
except ImportError:  # it was installed where there is no compiler
    _twin = None  # type: ignore[assignment]


class Reader(NamedTuple):
    """An encoding by which bytes are read: Python's name, ours, and how unlikely it is that somebody read by it."""

    codec: str
    name: str
    cost: float


BYTE_BY_BYTE = (
    Reader("cp1252", "windows-1252", 1.0),
    Reader("latin-1", "ISO 8859-1", 1.0),
    Reader("cp1251", "windows-1251", 2.0),
    Reader("cp1250", "windows-1250", 2.0),
    Reader("cp1253", "windows-1253", 2.0),
    Reader("cp1254", "windows-1254", 2.0),
    Reader("cp1257", "windows-1257", 2.0),
    Reader("iso8859-2", "ISO 8859-2", 2.0),
    Reader("mac-roman", "Mac Roman", 2.0),
    Reader("cp437", "code page 437", 2.0),
    Reader("cp850", "code page 850", 3.0),
    Reader("cp866", "code page 866", 3.0),
    Reader("koi8-r", "KOI8-R", 3.0),
    Reader("iso8859-15", "ISO 8859-15", 3.0),
    Reader("iso8859-9", "ISO 8859-9", 3.0),
    Reader("cp1256", "windows-1256", 3.0),
    Reader("cp1255", "windows-1255", 3.0),
    Reader("cp874", "windows-874", 3.0),
    Reader("cp1258", "windows-1258", 4.0),
    Reader("cp852", "code page 852", 4.0),
    Reader("iso8859-5", "ISO 8859-5", 4.0),
    Reader("iso8859-7", "ISO 8859-7", 4.0),
    Reader("mac-cyrillic", "Mac Cyrillic", 4.0),
)
"""Encodings of one byte a character. Bytes that mean nothing are read as C1 controls, as browsers do."""

CHINESE_JAPANESE_KOREAN = (
    Reader("gb18030", "GB 18030", 3.0),
    Reader("cp932", "Shift JIS", 3.0),
    Reader("big5hkscs", "Big5", 3.0),
    Reader("cp949", "code page 949", 3.0),
)
"""Encodings in which several bytes make a character."""

HAS_WIDE = 1 << 29
OUTSIDE_ASCII = 1 << 30
BAD = 1 << 31
POSSIBLE = (1 << len(BYTE_BY_BYTE)) - 1
WIDE = tuple(1 << len(BYTE_BY_BYTE) + i for i in range(len(CHINESE_JAPANESE_KOREAN)))
ANY_WIDE = sum(WIDE)
SUSPICIOUS = POSSIBLE | ANY_WIDE | BAD
"""The facts one of which a line has to show that was decoded wrongly."""
SIGNS = 32
"""From this bit on stand the signs of `Sign`."""

_LINE_FEED = ord("\n")
_SHOWN = HAS_WIDE.bit_length() - 1
_RULED_OUT = np.array([0, ANY_WIDE, POSSIBLE, POSSIBLE | ANY_WIDE], np.int64)
"""For a line without and with wide characters, then for one with others outside ASCII, likewise: what turns the
encodings that its characters rule out into those that are left."""
_PIECE = 1 << 20
"""Characters that are looked at together: it takes 24 bytes for each, and a text may have millions of them."""
_LEADS = range(0xC2, 0xF5)
_CONTINUATIONS = range(0x80, 0xC0)
_PAIRS = [bytes((a, b)) for a in range(0x81, 0xFF) for b in range(0x40, 0xFF)]
_PAIRS_OF_UTF8 = [p for p in _PAIRS if p[0] in _CONTINUATIONS or (p[0] in _LEADS and p[1] in _CONTINUATIONS)]


@cache
def characters(codec: str) -> str:
    """Return the 256 characters that an encoding reads, byte by byte."""
    return "".join(bytes([b]).decode(codec, "ignore") or chr(b) for b in range(256))


@cache
def _encoding_map(codec: str) -> object:
    return codecs.charmap_build(characters(codec))


def byte_by_byte(text: str, codec: str, errors: str = "strict") -> bytes | None:
    """Return the bytes that were read as this text, or None where one of its characters comes from none."""
    try:
        return codecs.charmap_encode(text, errors, _encoding_map(codec))[0]  # type: ignore[arg-type]
    except UnicodeError:
        return None


UTF8 = re.compile(rb"[\xc3-\xdf][\x80-\xbf]|\xc2[\xa0-\xbf]|[\xe0-\xef][\x80-\xbf]{2}")
"""A sequence of UTF-8 that stands for some character outside ASCII, in the Basic Multilingual Plane."""


class Look(NamedTuple):
    """What one look at a text outside ASCII tells: where its lines start, the facts of each, and those of any."""

    places: NDArray[np.intp]
    facts: NDArray[np.int64]
    any: int

    @property
    def signs(self) -> int:
        """The signs of the text."""
        return self.any >> SIGNS


class LineGate(NamedTuple):
    """For each code point its class, and for two classes after each other what that rules out or shows."""

    classes: NDArray[np.intp]
    facts: NDArray[np.int64]
    kinds: int

    def look(self, text: str) -> Look:
        """Look at each line of a text.

        The lowest bits of its facts say which encodings of `BYTE_BY_BYTE` the line could have been read by, then come
        those of `CHINESE_JAPANESE_KOREAN`, if there is some character of East Asia at all (`HAS_WIDE`), then
        `OUTSIDE_ASCII`, `BAD` (ftfy's pattern might match), and the signs.
        """
        if _twin is None:
            return self.by_numpy(text)
        places, lines, any_ = _twin.look(text, self.classes, self.facts, self.kinds, _RULED_OUT, _SHOWN)
        return Look(np.frombuffer(places, np.intp), np.frombuffer(lines, np.int64), any_)

    def by_numpy(self, text: str) -> Look:
        """Do the same without the compiled twin."""
        points = signs.code_points(f"\n{text}\n")
        places = (points == _LINE_FEED).nonzero()[0]
        if len(points) <= _PIECE:
            lines = np.bitwise_or.reduceat(self._facts(points), places[:-1])
        else:
            lines = np.zeros(len(places) - 1, np.int64)
            for start in range(0, len(points) - 1, _PIECE):
                stop = min(start + _PIECE, len(points) - 1)
                first, last = places.searchsorted(start, "right") - 1, places[:-1].searchsorted(stop)
                begins = np.maximum(places[first:last] - start, 0)
                lines[first:last] |= np.bitwise_or.reduceat(self._facts(points[start : stop + 1]), begins)
        lines ^= _RULED_OUT.take((lines >> _SHOWN) & 3)
        return Look(places, lines, int(np.bitwise_or.reduce(lines)))

    def _facts(self, points: CodePoints) -> NDArray[np.int64]:
        """Return the facts of each character but the first, and the one before it."""
        kinds = self.classes.take(points, mode="clip")
        pairs = kinds[:-1] * self.kinds
        pairs += kinds[1:]
        return self.facts.take(pairs)


def _bytes_of_utf8() -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Return by which encodings each code point can begin a sequence of UTF-8, and by which it can continue one.

    The encodings are the bits of a number, in the order of `BYTE_BY_BYTE`.
    """
    lead, more = np.zeros((2, signs.END), np.uint32)
    for i, reader in enumerate(BYTE_BY_BYTE):
        table = [ord(c) for c in characters(reader.codec)]
        lead[[table[b] for b in _LEADS]] |= np.uint32(1 << i)
        more[[table[b] for b in _CONTINUATIONS]] |= np.uint32(1 << i)
    return lead, more


@cache
def line_gate() -> LineGate:
    """Build the gate from the encodings' own tables, with ftfy's pairs and the signs beside them."""
    lead, more = _bytes_of_utf8()
    known = np.zeros(signs.END, np.uint32)
    known[:128] = POSSIBLE
    known |= lead | more
    shown = np.zeros(signs.END, np.uint32)
    shown[128:] = OUTSIDE_ASCII
    wide = np.zeros(signs.END, np.bool_)
    wide[0x2E80:0xD800] = wide[0xE000:] = True
    shown[wide] |= np.uint32(HAS_WIDE)
    for bit, reader in zip(WIDE, CHINESE_JAPANESE_KOREAN, strict=True):
        shown[wide & ~_can_come_from_utf8(reader.codec)] |= np.uint32(bit)
    bad = pair_gate()
    classes_of_bad = np.pad(bad.classes, (0, signs.END - len(bad.classes)), "edge").astype(np.uint32)
    rows = np.ascontiguousarray(np.stack([lead, more, known, shown, classes_of_bad, signs.table()], axis=1))
    _, first, classes = np.unique(rows.view(f"V{rows.shape[1] * 4}").ravel(), return_index=True, return_inverse=True)
    lead, more, known, shown, kinds, signed = rows[first].T
    x, y = np.ix_(range(len(first)), range(len(first)))
    ruled_out = (POSSIBLE & ~known[y]) | (lead[x] & ~more[y]) | (more[y] & ~(lead[x] | more[x]))
    is_bad = bad.pairs[kinds[x], kinds[y]] | bad.singles[kinds[y]]
    facts = (ruled_out | shown[y] | np.where(is_bad, BAD, 0)).astype(np.int64)
    facts |= signed[y].astype(np.int64) << SIGNS
    return LineGate(classes.reshape(-1).astype(np.intp), facts.ravel(), len(first))


def _can_come_from_utf8(codec: str) -> NDArray[np.bool_]:
    """Tell of each character whether its bytes can stand in UTF-8: after a lead the second one has to go on."""
    possible = np.zeros(signs.END, np.bool_)
    if codec == "gb18030":  # has four bytes for what has no two
        possible[_members(_PAIRS, codec)] = True
        possible = ~possible
    possible[_members([*_PAIRS_OF_UTF8, *(bytes([b]) for b in range(0x80, 0x100))], codec)] = True
    possible[-1] = True  # stands for all that have no place in the table
    return possible


def _members(codes: Iterable[bytes], codec: str) -> list[int]:
    """Return the characters that some codes stand for."""
    found = b"\n".join(codes).decode(codec, "replace").split("\n")
    return [point for c in found if len(c) == 1 and (point := ord(c)) < signs.END]


@lru_cache(maxsize=1)
def look(text: str) -> Look:
    """Look at a text; of the last one looked at, the answer is remembered, for several kinds ask.

    Examples:
        >>> signs.Sign(look("à\xa0la Q&A").signs)
        <Sign.AMPERSAND|NO_BREAK_SPACE: 8193>

    """
    return line_gate().look(text)


def lines_with(text: str, asked: int) -> tuple[dict[int, int], dict[int, str]]:
    """Return the lines of which one of the facts that are asked for is true: their facts and they, by where they start.

    Examples:
        >>> lines_with("a\\né\\n", OUTSIDE_ASCII)[1]
        {2: 'é'}

    """
    seen = look(text)
    facts, lines = {}, {}
    if seen.any & asked:
        places = seen.places.tolist()
        for i in np.flatnonzero(seen.facts & asked).tolist():
            start, end = places[i : i + 2]
            facts[start], lines[start] = int(seen.facts[i]), text[start : end - 1]
    return facts, lines
