"""Which of the ways in which lines can have been garbled is the right one: a noisy channel over the whole document.

A line before it was garbled must be so much likelier, under a model of the characters of many languages, that this
outweighs how seldom that way is taken. Ways are weighed over the document, so that a line with one garbled letter
profits from its neighbours.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, NamedTuple

from cleaner.garbling import by_ftfy
from cleaner.garbling.model import model
from cleaner.garbling.readers import CHINESE_JAPANESE_KOREAN
from cleaner.garbling.ways import ways

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cleaner.garbling.ways import Way

LEAST_GAIN = 8.0
"""A document has to become e^8 times as likely before anything is decoded: 1 in 3,000."""
LEAST_SEQUENCES = 2
"""One sequence alone may be chance; it is decoded only if ftfy, which looks for what never is, decodes it too."""
SHORT = 200
"""In a text with fewer suspicious characters than this, each is looked at together with its neighbours."""
CLEAR_GAIN = 24.0
"""Unless the characters one by one make it as much likelier as this, which clean text was never seen to do."""
CLOSE = 4.0
"""Versions of a line whose gains differ by less than this need a closer look."""
GAIN_OF_ONE = 12.0
"""What one sequence alone has to gain if ftfy has nothing to say."""
LEAST_LIKELY = -12.0
"""Characters outside ASCII more seldom than this, on average, are no known language; the more of them come out of
valid UTF-8, the more seldom they may be, by the logarithm of their number."""

_FAR = re.compile(r"([\x00-\x7f]{3})[\x00-\x7f]{2,}([\x00-\x7f]{3})")
"""ASCII of which the middle is the same in every version of a line, and adds nothing to what one gains over another."""
_ONE = re.compile(r"[a-z][^\W\d_a-zA-Z]|[¿¡][A-Za-z]")
"""Where one character outside ASCII is a matter of course: a letter in or after a word, or Spanish signs."""


class Version(NamedTuple):
    """A line as it may have been before it was garbled, and what is gained by it."""

    text: str
    gain: float
    alone: float
    """How likely its characters outside ASCII are, each by itself."""
    outside: int
    """How many those are."""


Weighed = dict["Way", dict[int, Version]]
"""For each way the versions of the lines, by where they start."""


def decoded(lines: Mapping[int, str], facts: Mapping[int, int]) -> Iterator[tuple[int, Way, Version]]:
    """Yield the lines that can be decoded whole, each with the best way over the document.

    Args:
        lines: by where they start.
        facts: by the same, what `readers.look` tells of each.

    """
    weighed = _weighed(lines, facts)
    while weighed:
        total, way = max(((_total(*item), item[0]) for item in weighed.items()), key=lambda one: one[0])
        versions = weighed.pop(way)
        if total < LEAST_GAIN or not _is_sure(versions, lines):
            continue
        closed = {start for start, version in versions.items() if version.gain > 0}
        for start in closed:
            yield start, way, versions[start]
        left = ((w, {s: v for s, v in others.items() if s not in closed}) for w, others in weighed.items())
        weighed = {w: others for w, others in left if others}


def _total(way: Way, versions: Mapping[int, Version]) -> float:
    return sum(v.gain for v in versions.values() if v.gain > 0) - sum(reader.cost for reader in way)


def _is_sure(versions: Mapping[int, Version], lines: Mapping[int, str]) -> bool:
    """Tell whether a way has decoded enough, and into what looks like language."""
    good = {s: v for s, v in versions.items() if v.gain > 0}
    outside = sum(v.outside for v in good.values())
    if not outside or sum(v.alone for v in good.values()) / outside < LEAST_LIKELY - math.log(outside):
        return False
    if outside >= LEAST_SEQUENCES:
        return True
    ((start, version),) = good.items()
    if _ONE.search(version.text) is not None and version.gain > GAIN_OF_ONE:
        return True
    return by_ftfy.fixed(lines[start])[0] == version.text


def _weighed(lines: Mapping[int, str], facts: Mapping[int, int]) -> Weighed:
    """Return what each way gains on each line.

    Characters are looked at one by one where that tells the ways apart, else together with their neighbours.
    """
    weighed = _one_by_one(lines, ways(lines, facts))
    if not weighed:
        return {}
    if sum(map(len, lines.values())) < SHORT and max(_total(*item) for item in weighed.items()) < CLEAR_GAIN:
        return _with_neighbours(lines, weighed, {start for versions in weighed.values() for start in versions})
    disputed = _disputed(weighed)
    return _with_neighbours(lines, weighed, disputed) if disputed else weighed


def _disputed(weighed: Weighed) -> set[int]:
    """Return the lines of which there are different versions, if those of some line gain about as much."""
    best: dict[int, Version] = {}
    disputed, are_close = set(), False
    for versions in weighed.values() if len(weighed) > 1 else ():
        for start, version in versions.items():
            other = best.setdefault(start, version)
            if other.text != version.text:
                disputed.add(start)
                are_close |= abs(other.gain - version.gain) < CLOSE
                best[start] = max(other, version, key=lambda v: v.gain)
    return disputed if are_close else set()


def _one_by_one(lines: Mapping[int, str], found: Mapping[Way, Mapping[int, str]]) -> Weighed:
    """Weigh each character outside ASCII by itself; the others are the same before and after."""
    order = list({start: None for versions in found.values() for start in versions})
    texts = [lines[start] for start in order] + [text for versions in found.values() for text in versions.values()]
    alone = zip(texts, *model().alone(texts), strict=True)
    before = {start: likely for start, (_, likely, _) in zip(order, alone, strict=False)}
    weighed: Weighed = {}
    for way, versions in found.items():
        weighed[way] = {
            start: Version(text, likely - before[start], likely, outside)
            for start, (text, likely, outside) in zip(versions, alone, strict=False)
        }
    return weighed


def _with_neighbours(lines: Mapping[int, str], weighed: Weighed, asked: set[int]) -> Weighed:
    """Weigh, in the lines asked for, each character together with those before it."""
    order = sorted(asked)
    closer = [(way, start) for way, versions in weighed.items() for start in versions if start in asked]
    texts = [lines[start] for start in order] + [weighed[way][start].text for way, start in closer]
    if not any(reader in CHINESE_JAPANESE_KOREAN for way, _ in closer for reader in way):
        texts = [_FAR.sub(r"\1 \2", text) for text in texts]
    sums = model().sums(texts)
    before = dict(zip(order, sums, strict=False))
    for (way, start), after in zip(closer, sums[len(order) :], strict=True):
        weighed[way][start] = weighed[way][start]._replace(gain=after - before[start])
    return weighed
