"""Text that was UTF-8 and was read in another encoding, once or more often, found by the document and undone by the line.

A noisy channel: for each way in which a line can have been garbled, the line before it was garbled must be so much
likelier, under a model of the characters of many languages, that this outweighs how seldom that way is taken. Ways are
weighed over the whole document, so that a line with one garbled letter profits from its neighbours. What is left goes
to ftfy, line by line.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cleaner.document import Edit
from cleaner.garbling import readers
from cleaner.garbling.badness import is_bad
from cleaner.garbling.differences import differences
from cleaner.garbling.lossy import restored
from cleaner.garbling.model import model
from cleaner.garbling.readers import BYTE_BY_BYTE, CHINESE_JAPANESE_KOREAN, Reader, byte_by_byte, line_gate
from cleaner.garbling.signs import code_points

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import numpy.typing as npt
    from ftfy import TextFixerConfig

LAYERS = 4
"""Garbled more often than this, text is too long to be worth it."""
LEAST_GAIN = 8.0
"""A document has to become e^8 times as likely before anything is decoded: 1 in 3,000."""
LEAST_SEQUENCES = 2
"""One sequence alone may be chance; it is decoded only if ftfy, which looks for what never is, decodes it too."""
LEAST_LIKELY = -12.0
"""Characters outside ASCII more seldom than this, on average, are no known language; the more of them come out of
valid UTF-8, the more seldom they may be, by the logarithm of their number."""

LEAST_SEQUENCES_OF_A_LOSS = 30
"""Lost bytes are made up for only if the document shows at least so many decoded characters."""
LEAST_GAIN_OF_A_PATCH = 2.0
"""Where ftfy decodes a few characters of a line that does not decode as a whole, the line has to become likelier."""

_ASCII = re.compile(r"[\x00-\x7f]+")
_FIRST_RUN = re.compile(r"[^\x00-\x7f]{1,8}")
_LOST_SPACE = re.compile(r"[ÃÂ][ ].*")

Way = tuple[Reader, ...]


class Version(NamedTuple):
    """A line as it may have been before it was garbled, and what is gained by it."""

    text: str
    gain: float
    likely: float


def mojibake(text: str) -> Iterator[Edit]:
    r"""Decode again what was decoded wrongly.

    Examples:
        >>> [(e.after, e.reason) for e in mojibake("schÃ¶n, MÃ¤dchen")]
        [('ö', 'UTF-8 read as windows-1252'), ('ä', 'UTF-8 read as windows-1252')]

    """
    if text.isascii():
        return
    places, facts = line_gate().facts_of_lines(code_points(text))
    suspects = facts & (readers.POSSIBLE | readers.WIDE | readers.BAD) != 0
    if not suspects.any():
        return
    lines = {}
    for i in suspects.nonzero()[0].tolist():
        lines[int(places[i])] = (text[places[i] : places[i + 1] - 1], int(facts[i]))
    decoded = dict(_decoded(lines))
    rest = {start: line for start, (line, fact) in lines.items() if start not in decoded and fact & readers.BAD}
    patched = dict(_restored(rest, decoded)) if rest else {}
    for start, (line, _) in lines.items():
        if start in decoded:
            way, version = decoded[start]
            yield from differences(start, line, version.text, "repair/mojibake", round(version.gain, 1), _words(way))
        elif start in patched:
            yield from patched[start]
        elif start in rest:
            yield from _by_ftfy(start, line)


def _restored(rest: Mapping[int, str], decoded: Mapping[int, tuple[Way, Version]]) -> Iterator[tuple[int, list[Edit]]]:
    """Yield the lines that have lost bytes, mended, where the document shows enough of what happened to it."""
    known = Counter(way[0] for way, _ in decoded.values() if len(way) == 1)
    reader = known.most_common(1)[0][0] if known else BYTE_BY_BYTE[0]
    outside = sum(len(_outside_ascii(version.text)) for way, version in decoded.values() if way == (reader,))
    found = {start: restored(line, reader.codec) for start, line in rest.items() if is_bad(line)}
    outside += sum(count for _, gain, count in found.values() if gain > 0)
    if outside < LEAST_SEQUENCES_OF_A_LOSS:
        return
    reason = f"{_words((reader,))}; then bytes were lost"
    for start, (edits, gain, _) in found.items():
        if gain > LEAST_GAIN:
            yield start, [Edit(start + a, start + b, new, "repair/mojibake", round(gain, 1), reason) for a, b, new in edits]


# ---------------------------------------------------------------- ways
def _decoded(lines: Mapping[int, tuple[str, int]]) -> Iterator[tuple[int, tuple[Way, Version]]]:
    """Yield the lines that can be decoded whole, each with the best way over the document."""
    ways = _weighed({start: line for start, (line, _) in lines.items()}, _ways(lines, 1))
    open_lines = set(lines)
    while ways:
        way, versions = max(ways.items(), key=lambda item: _total(*item))
        if _total(way, versions) < LEAST_GAIN or not _is_sure(versions, lines):
            del ways[way]
            continue
        for start, version in versions.items():
            if start in open_lines and version.gain > 0:
                open_lines.discard(start)
                yield start, (way, version)
        del ways[way]
        for other in list(ways):
            ways[other] = {s: v for s, v in ways[other].items() if s in open_lines}
            if not ways[other]:
                del ways[other]


def _total(way: Way, versions: Mapping[int, Version]) -> float:
    return sum(v.gain for v in versions.values() if v.gain > 0) - sum(reader.cost for reader in way)


def _is_sure(versions: Mapping[int, Version], lines: Mapping[int, tuple[str, int]]) -> bool:
    """Tell whether a way has decoded enough, and into what looks like language."""
    good = {s: v for s, v in versions.items() if v.gain > 0}
    outside = sum(len(_outside_ascii(v.text)) for v in good.values())
    if not outside or sum(v.likely for v in good.values()) / outside < LEAST_LIKELY - math.log(outside):
        return False
    return outside >= LEAST_SEQUENCES or all(_ftfy(lines[s][0])[0] == v.text for s, v in good.items())


def _ways(lines: Mapping[int, tuple[str, int]], layer: int) -> dict[Way, dict[int, str]]:
    """Return the lines decoded in every way that decodes them whole."""
    ways: dict[Way, dict[int, str]] = {}
    seen = set()
    for reader, decoded in _one_layer(lines):
        key = tuple(decoded.items())
        if key in seen:
            continue
        seen.add(key)
        ways[(reader,)] = decoded
        if layer < LAYERS:
            inner = {s: (line, _facts(line)) for s, line in decoded.items()}
            for way, version in _ways(inner, layer + 1).items():
                ways[(*way, reader)] = version
    return ways


def _facts(line: str) -> int:
    return 0 if line.isascii() else int(line_gate().facts_of_lines(code_points(line))[1][0])


def _one_layer(lines: Mapping[int, tuple[str, int]]) -> Iterator[tuple[Reader, dict[int, str]]]:
    """Yield each encoding with the lines that it can have garbled, decoded."""
    for i, reader in enumerate(BYTE_BY_BYTE):
        asked = {s: line for s, (line, facts) in lines.items() if facts >> i & 1}
        if asked and (decoded := _utf8(asked, reader.codec)):
            yield reader, decoded
    wide = {s: line for s, (line, facts) in lines.items() if facts & readers.WIDE}
    for reader in CHINESE_JAPANESE_KOREAN if wide else ():
        decoded = {}
        for start, line in wide.items():
            if _begins_as_utf8(line, reader.codec):
                try:
                    decoded[start] = line.encode(reader.codec).decode("utf-8")
                except UnicodeError:
                    continue
        if decoded:
            yield reader, decoded


def _begins_as_utf8(line: str, codec: str) -> bool:
    """Tell whether the first few characters outside ASCII can come from UTF-8, read in that encoding."""
    run = _FIRST_RUN.search(line)
    try:
        data = run.group().encode(codec) if run else b""
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start > len(data) - 4
    except UnicodeEncodeError:
        return False
    return True


def _utf8(lines: Mapping[int, str], codec: str) -> dict[int, str]:
    decoded = {}
    for start, line in lines.items():
        data = byte_by_byte(line, codec)
        if data is not None:
            try:
                decoded[start] = data.decode("utf-8")
            except UnicodeDecodeError:
                continue
    return decoded


def _weighed(lines: Mapping[int, str], ways: Mapping[Way, Mapping[int, str]]) -> dict[Way, dict[int, Version]]:
    """Return what each way gains on each line."""
    asked = sorted({start for decoded in ways.values() for start in decoded})
    before = dict(zip(asked, _sums(model().scores, [lines[s] for s in asked]), strict=True))
    weighed: dict[Way, dict[int, Version]] = {}
    for way, decoded in ways.items():
        sound = {start: new for start, new in decoded.items() if _is_text(new)}
        after = _sums(model().scores, list(sound.values()))
        likely = _sums(model().alone, [_outside_ascii(new) for new in sound.values()])
        weighed[way] = {
            start: Version(new, gained - before[start], alone)
            for (start, new), gained, alone in zip(sound.items(), after, likely, strict=True)
        }
    return {way: versions for way, versions in weighed.items() if versions}


def _sums(score: Callable[[str], npt.NDArray[np.float32]], texts: Sequence[str]) -> list[float]:
    """Return the sum of the scores of each text, asked for all at once: one space stands after each."""
    if not texts:
        return []
    starts = np.cumsum([0, *(len(text) + 1 for text in texts[:-1])])
    sums: list[float] = np.add.reduceat(score(" ".join(texts) + " "), starts, dtype=np.float64).tolist()
    return sums


def _is_text(text: str) -> bool:
    return all(c == "\t" or unicodedata.category(c) not in {"Cc", "Cn", "Co", "Cs"} for c in set(text) if c > "\x7f")


def _outside_ascii(text: str) -> str:
    return _ASCII.sub("", text)


# ---------------------------------------------------------------- ftfy
@cache
def _config() -> TextFixerConfig:
    """Return the configuration by which ftfy mends encodings and nothing else, on its one path that heeds every field."""
    from ftfy import TextFixerConfig  # noqa: PLC0415 - ftfy is loaded where it is used

    return TextFixerConfig(unescape_html=False, normalization=None, explain=True)


def _ftfy(line: str) -> tuple[str, Sequence[tuple[str, str]]]:
    from ftfy import fix_encoding_and_explain  # noqa: PLC0415

    text, plan = fix_encoding_and_explain(line, _config())
    return text, plan or []


def _by_ftfy(start: int, line: str) -> Iterator[Edit]:
    if is_bad(line):
        new, plan = _ftfy(line)
        if new == line:
            return
        if all(operation == "apply" for operation, _ in plan) and not _is_patch(new, line):
            return
        yield from differences(start, line, new, "repair/mojibake", None, told(plan))


def _is_patch(new: str, old: str) -> bool:
    """Tell whether it is sound to decode some characters of a line that does not decode as a whole.

    The line has to become likelier, and one à lost in one space is not enough where other letters are in order.
    """
    edits = list(differences(0, old, new, ""))
    rest = old[: edits[0].start] + old[edits[0].end :]
    if len(edits) == 1 and _LOST_SPACE.fullmatch(old, edits[0].start) and any(c.isalpha() for c in _outside_ascii(rest)):
        return False
    return float(model().scores(new).sum() - model().scores(old).sum()) > LEAST_GAIN_OF_A_PATCH


_NAMES = {"latin-1": "ISO 8859-1", "macroman": "Mac Roman", "cp437": "code page 437"}


def told(plan: Sequence[tuple[str, str]]) -> str:
    """Return ftfy's plan in words.

    Examples:
        >>> told([("encode", "sloppy-windows-1252"), ("decode", "utf-8")] * 2)
        'UTF-8 read as windows-1252, twice'

    """
    encoded = [name for operation, name in plan if operation == "encode"]
    names = [_NAMES.get(name, name.removeprefix("sloppy-")) for name in encoded]
    return _in_words(names[::-1]) if names else "UTF-8 read as something else, here and there"


def _words(way: Way) -> str:
    return _in_words([reader.name for reader in way])


def _in_words(names: Sequence[str]) -> str:
    if len(set(names)) == 1 and len(names) > 1:
        times = {2: "twice", 3: "three times"}.get(len(names), f"{len(names)} times")
        return f"UTF-8 read as {names[0]}, {times}"
    return "UTF-8 read as " + ", then as ".join(names)
