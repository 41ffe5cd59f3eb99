"""Garbled text that somebody then tidied, so that bytes are missing: the likeliest text that can have become it.

UTF-8 read as windows-1252 is full of odd spaces, quotes and controls, and programs on the way straighten the quotes,
turn no-break spaces into spaces, collapse spaces, drop controls, write U+FFFD for them, or lower-case the rest. Each
such loss leaves few bytes to choose from. The search goes through the line from left to right and keeps, for each pair
of last characters, the likeliest reading so far, under the character model.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from cleaner.garbling.model import model
from cleaner.garbling.readers import characters

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

BEAM = 5
"""Readings kept at each place."""
CHOICES = 8
"""Characters tried at each place; with all of them, up to a hundred, nothing more comes back."""

# Logarithms of how likely each accident is at a place where it can happen.
LOST_SPACE = -0.7
LOST_QUOTE = -0.7
LOST_CASE = -0.3
UNREADABLE = -0.7
DROPPED = -3.0
MOST_DROPPED = 2
"""Of one character, so many bytes."""
LEFT = -6.0
"""A character outside ASCII that stays as it is, in a line that is garbled otherwise."""

_LONG_ASCII = re.compile(r"[\x00-\x7f]{3,}+")
_QUOTES = {"'": "\u2018\u2019\u201a\u201b", '"': "\u201c\u201d\u201e\u201f"}


class Reading(NamedTuple):
    """A way to read a line up to some place: what was decoded last, how it stood there, and the reading before it."""

    score: float
    """How likely the characters are among which there was a choice, with what the accidents cost."""
    cost: float
    decoded: int
    """How many characters have been decoded."""
    before: Reading | None
    start: int
    end: int
    after: str


class Options(NamedTuple):
    """The bytes that a character of the garbled line can have been, each with the logarithm of its likelihood."""

    leads: tuple[tuple[int, float], ...]
    more: tuple[tuple[int, float], ...]


class Lossy(NamedTuple):
    """The table of one encoding, ready for the search."""

    options: Mapping[str, Options]
    dropped: tuple[int, ...]


@cache
def _lossy(codec: str, *, lower: bool, made_up: bool) -> Lossy:
    table = characters(codec)
    found: dict[str, dict[int, float]] = {}
    for byte in range(0x80, 0x100):
        character = table[byte]
        found.setdefault(character, {})[byte] = 0.0
        if made_up and lower and len(character.lower()) == 1 and character.lower() != character:
            found.setdefault(character.lower(), {})[byte] = LOST_CASE
        for straight, curly in _QUOTES.items():
            if made_up and character in curly:
                found.setdefault(straight, {})[byte] = LOST_QUOTE
        if byte == ord("\xa0") and character == "\xa0":
            found.setdefault(" ", {})[byte] = LOST_SPACE
    dropped = tuple(b for b in range(0x80, 0xA0) if "\x80" <= table[b] <= "\x9f") if made_up else ()
    for byte in dropped:
        found.setdefault("\ufffd", {})[byte] = UNREADABLE
    options = {
        c: Options(
            tuple((b, cost) for b, cost in bytes_.items() if 0xC2 <= b < 0xF5),  # noqa: PLR2004 - UTF-8's leads
            tuple((b, cost) for b, cost in bytes_.items() if b < 0xC0),  # noqa: PLR2004 - and its continuations
        )
        for c, bytes_ in found.items()
    }
    return Lossy(options, dropped)


@lru_cache(maxsize=1 << 14)
def choices(here: str, codec: str, *, lower: bool, made_up: bool) -> tuple[tuple[int, str, int, float], ...]:
    """Return the likeliest characters that can have become the beginning of some characters, at most eight.

    Each comes with how many of those it takes up, its number in the model, and what it costs. Bytes are dropped only
    where no sequence is complete.
    """
    lossy = _lossy(codec, lower=lower, made_up=made_up)
    options = lossy.options.get(here[0])
    if options is None or not options.leads:
        return ()
    complete = _decoded(here, options, lossy, 0)
    if not lossy.dropped or any(cost > LOST_SPACE for *_, cost in complete):
        return complete
    return _decoded(here, options, lossy, MOST_DROPPED)


def _decoded(here: str, options: Options, lossy: Lossy, most: int) -> tuple[tuple[int, str, int, float], ...]:
    best: dict[tuple[int, str], float] = {}
    for lead, cost in options.leads:
        size = 2 if lead < 0xE0 else 3 if lead < 0xF0 else 4  # noqa: PLR2004
        for end, data, total in _continued(here, 1, bytes([lead]), size, cost, lossy, most):
            try:
                key = end, data.decode("utf-8")
            except UnicodeDecodeError:
                continue
            best[key] = max(total, best.get(key, total))
    found = [(end, character, model().number(character), cost) for (end, character), cost in best.items()]
    found.sort(key=lambda one: -one[3] - model().likelihood(-1, -1, -1, one[2]))
    return tuple(found[:CHOICES])


def _continued(
    line: str, at: int, data: bytes, size: int, cost: float, lossy: Lossy, most: int
) -> Iterator[tuple[int, bytes, float]]:
    if len(data) == size:
        yield at, data, cost
        return
    here = lossy.options.get(line[at]) if at < len(line) else None
    if here is not None:
        for byte, more in here.more:
            yield from _continued(line, at + 1, data + bytes([byte]), size, cost + more, lossy, most)
    if most:
        for byte in lossy.dropped:
            yield from _continued(line, at, data + bytes([byte]), size, cost + DROPPED, lossy, most - 1)
    if len(data) == size - 1 and (at == len(line) or line[at] == " "):  # A0, collapsed with the space after it
        yield at, data + b"\xa0", cost + LOST_SPACE


@cache
def _sequence(codec: str, *, lower: bool) -> re.Pattern[str]:
    """Return the pattern of two or three characters that can come from one of UTF-8 without a loss."""
    options = {c: o for c, o in _lossy(codec, lower=lower, made_up=True).options.items() if c > "\x7f"}
    two = "".join(re.escape(c) for c, o in options.items() if any(b < 0xE0 for b, _ in o.leads))  # noqa: PLR2004
    three = "".join(re.escape(c) for c, o in options.items() if any(b >= 0xE0 for b, _ in o.leads))  # noqa: PLR2004
    more = "".join(re.escape(c) for c, o in options.items() if o.more)
    return re.compile(f"[{three}][{more}]{{2}}|[{two}][{more}]")


def share_of_sequences(text: str, codec: str) -> float:
    """Return how many of the characters outside ASCII come from UTF-8 if they were read by this encoding.

    Examples:
        >>> share_of_sequences("Ã©tÃ©", "cp1252"), share_of_sequences("¹úŒÊÐÂÎÅ", "cp1252")
        (1.0, 0.0)

    """
    sequences = _sequence(codec, lower=text == text.lower()).findall(text)
    return sum(map(len, sequences)) / max(1, sum(c > "\x7f" for c in text))


class Restored(NamedTuple):
    """The likeliest edits that undo a wrong decoding, what they gain, and how many characters come out of them."""

    edits: list[tuple[int, int, str]]
    gain: float
    characters: int
    left: int
    """How many are left that the encoding could have garbled."""


def restored(lines: Mapping[int, str], codec: str, *, made_up: bool) -> dict[int, Restored]:
    r"""Return for each line the likeliest way to undo a wrong decoding.

    Args:
        lines: which cost some ten microseconds a character outside ASCII.
        codec: by which they were read.
        made_up: whether bytes may be made up for other than those that have become spaces.

    Examples:
        >>> found = restored({0: "DÃ©jÃ , câ€™est lÃ  oÃ¹ il a Ã©tÃ©."}, "cp1252", made_up=False)[0]
        >>> "".join(after for _, _, after in found.edits), found.gain > 0, found.characters, found.left
        ('éà’àùéé', True, 7, 0)

    """
    readings = [_likeliest(line, codec, made_up=made_up) for line in lines.values()]
    told = [_edits(reading) for reading in readings]
    rests = [_between(line, edits) for line, edits in zip(lines.values(), told, strict=True)]
    before = model().sums(list(lines.values()))
    after = model().sums([_with(rest, edits) for rest, edits in zip(rests, told, strict=True)])
    found = {}
    for i, (start, line) in enumerate(lines.items()):
        options = _lossy(codec, lower=line == line.lower(), made_up=made_up).options
        left = sum(c > "\x7f" and c in options for c in "".join(rests[i]))
        found[start] = Restored(told[i], after[i] - before[i] + readings[i].cost, readings[i].decoded, left)
    return found


def _edits(best: Reading) -> list[tuple[int, int, str]]:
    """Return what was decoded in a reading; what touches is one edit."""
    edits: list[tuple[int, int, str]] = []
    step: Reading | None = best
    while step is not None and step.after:
        if edits and edits[-1][0] == step.end:
            edits[-1] = (step.start, edits[-1][1], step.after + edits[-1][2])
        else:
            edits.append((step.start, step.end, step.after))
        step = step.before
    edits.reverse()
    return edits


def _between(line: str, edits: Sequence[tuple[int, int, str]]) -> list[str]:
    """Return what stands before, between and after the edits."""
    ends, starts = [0, *(end for _, end, _ in edits)], [*(start for start, _, _ in edits), len(line)]
    return [line[a:b] for a, b in zip(ends, starts, strict=True)]


def _with(rest: Sequence[str], edits: Iterable[tuple[int, int, str]]) -> str:
    return rest[0] + "".join(new + kept for (_, _, new), kept in zip(edits, rest[1:], strict=True))


def _likeliest(line: str, codec: str, *, made_up: bool) -> Reading:
    """Return the likeliest reading of a line; where there is no choice, nothing is weighed."""
    lower = line == line.lower()
    knows = model().likelihood
    number = model().number
    space = number(" ")
    beams: list[dict[tuple[int, int, int], Reading]] = [{} for _ in range(len(line) + 1)]
    beams[0][space, space, space] = Reading(0.0, 0.0, 0, None, 0, 0, "")
    at, furthest = 0, 0
    while at < len(line):
        states = beams[at]
        is_sure = furthest <= at and len(states) == 1
        if is_sure and (run := _LONG_ASCII.match(line, at)):
            ((_, reading),) = states.items()
            at = furthest = run.end()
            beams[at][number(line[at - 3]), number(line[at - 2]), number(line[at - 1])] = reading
            continue
        if not states:
            at += 1
            continue
        if len(states) > BEAM:
            states = dict(sorted(states.items(), key=lambda item: -item[1].score)[:BEAM])
        beams[at] = {}
        character = line[at]
        possible: tuple[tuple[int, str, int, float], ...] = ()
        if character > "\x7f":
            possible = choices(line[at : at + 4], codec, lower=lower, made_up=made_up)
        if len(possible) != 1 or possible[0][-1] < 0:
            possible += ((1, character, number(character), LEFT if character > "\x7f" else 0.0),)
        is_sure = is_sure and len(possible) == 1
        for size, new, d, cost in possible:
            end = at + size
            furthest = max(furthest, end)
            target = beams[end]
            changes = size > 1 or new != character
            for (a, b, c), reading in states.items():
                score = reading.score if is_sure else reading.score + cost + knows(a, b, c, d)
                old = target.get((b, c, d))
                if old is None or old.score < score:
                    target[b, c, d] = (
                        Reading(score, reading.cost + cost, reading.decoded + 1, reading, at, end, new)
                        if changes
                        else reading._replace(score=score, cost=reading.cost + cost)
                    )
        at += 1
    return max(beams[-1].values(), key=lambda r: r.score)
