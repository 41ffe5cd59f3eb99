"""Every way in which lines can have been garbled, with what they were before: encodings read as others, in layers."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from cleaner.garbling.readers import (
    ANY_WIDE,
    BYTE_BY_BYTE,
    CHINESE_JAPANESE_KOREAN,
    POSSIBLE,
    WIDE,
    Reader,
    byte_by_byte,
    line_gate,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Way = tuple[Reader, ...]
"""The encodings by which UTF-8 was read, the first one first."""

LAYERS = 4
"""Garbled more often than this, text is too long to be worth it."""

_FIRST_RUN = re.compile(r"[^\x00-\x7f]{1,8}")


def ways(lines: Mapping[int, str], facts: Mapping[int, int]) -> dict[Way, dict[int, str]]:
    """Return the lines that each way decodes whole, decoded, and without controls or anything unassigned.

    A way is left out if another one goes on where it ends, and takes all its lines along.

    Args:
        lines: by where they start.
        facts: by the same, what `readers.look` tells of each.

    Examples:
        >>> for way, decoded in ways({0: "MÃ¤dchen"}, {0: POSSIBLE}).items():
        ...     print([reader.codec for reader in way], decoded)
        ['cp1252'] {0: 'Mädchen'}

    """
    found = {way: sound for way, decoded in _all(lines, facts, 1) if (sound := _sound(decoded))}
    return {way: decoded for way, decoded in found.items() if not _is_inner(way, found)}


def _is_inner(way: Way, found: Mapping[Way, Mapping[int, str]]) -> bool:
    return any(
        len(other) > len(way) and other[-len(way) :] == way and decoded.keys() == found[way].keys()
        for other, decoded in found.items()
    )


def _all(lines: Mapping[int, str], facts: Mapping[int, int], layer: int) -> Iterator[tuple[Way, dict[int, str]]]:
    for reader, decoded in _one_layer(lines, facts):
        yield (reader,), decoded
        if layer < LAYERS:
            for way, inner in _all(decoded, _facts(decoded), layer + 1):
                yield (*way, reader), inner


def _facts(lines: Mapping[int, str]) -> dict[int, int]:
    """Return the facts of decoded lines; mostly there are none any more."""
    joined = "\n".join(lines.values())
    if joined.isascii():
        return {}
    return dict(zip(lines, line_gate().look(joined).facts.tolist(), strict=True))


def _one_layer(lines: Mapping[int, str], facts: Mapping[int, int]) -> Iterator[tuple[Reader, dict[int, str]]]:
    """Yield each encoding with the lines that it can have garbled, decoded; of encodings that agree, the first."""
    possible = 0
    for fact in facts.values():
        possible |= fact
    seen: set[tuple[int, str]] = set()
    for i, reader in enumerate(BYTE_BY_BYTE if possible & POSSIBLE else ()):
        if not possible >> i & 1:
            continue
        asked = [start for start, fact in facts.items() if fact >> i & 1]
        data = byte_by_byte("\n".join([lines[start] for start in asked]), reader.codec)
        decoded = _as_utf8(asked, data) if data is not None else {}
        if not seen.issuperset(decoded.items()):
            seen.update(decoded.items())
            yield reader, decoded
    if possible & ANY_WIDE:
        yield from _wide(lines, facts)


def _as_utf8(starts: Sequence[int], data: bytes) -> dict[int, str]:
    """Return the lines that are UTF-8, all at once where all of them are."""
    try:
        return dict(zip(starts, data.decode("utf-8").split("\n"), strict=True))
    except UnicodeDecodeError:
        decoded = {}
        for start, line in zip(starts, data.split(b"\n"), strict=True):
            try:
                decoded[start] = line.decode("utf-8")
            except UnicodeDecodeError:
                continue
        return decoded


def _wide(lines: Mapping[int, str], facts: Mapping[int, int]) -> Iterator[tuple[Reader, dict[int, str]]]:
    """Yield each encoding of several bytes a character with the lines that it can have garbled, decoded."""
    for bit, reader in zip(WIDE, CHINESE_JAPANESE_KOREAN, strict=True):
        decoded = {}
        for start in (start for start, fact in facts.items() if fact & bit):
            if _begins_as_utf8(lines[start], reader.codec):
                try:
                    decoded[start] = lines[start].encode(reader.codec).decode("utf-8")
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


def _sound(decoded: Mapping[int, str]) -> dict[int, str]:
    """Return the lines that hold no controls, and nothing private or unassigned."""
    if _is_text("".join(decoded.values())):
        return dict(decoded)
    return {start: line for start, line in decoded.items() if _is_text(line)}


def _is_text(text: str) -> bool:
    return text.isprintable() or all(
        unicodedata.category(c) not in {"Cc", "Cn", "Co", "Cs"} for c in set(text) if c > "\x7f"
    )
