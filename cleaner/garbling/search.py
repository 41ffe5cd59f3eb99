"""The likeliest text that can have become a garbled line from which bytes are missing: a beam search.

The search goes through the line from left to right and keeps, for each three last characters, the likeliest reading so
far, under the character model.
"""

from __future__ import annotations

import re
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from cleaner.garbling.choices import Choice, choices
from cleaner.garbling.likelihoods import likelihoods
from cleaner.garbling.model import BITS, model

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

BEAM = 4
"""Readings kept at each place."""
LEFT = -6.0
"""What it costs that a character outside ASCII stays as it is, in a line that is garbled otherwise."""

_LAST_THREE = (1 << 3 * BITS) - 1
_LONG_ASCII = re.compile(r"[\x00-\x7f]{3,}+")


class Step(NamedTuple):
    """What was decoded in a reading, where it stood, and the step before."""

    before: Step | None
    start: int
    end: int
    after: str


Reading = tuple[float, float, int, Step | None]
"""A way to read a line up to some place: how likely the characters are among which there was a choice, with what the
accidents cost; this cost alone; how many characters have been decoded; and the last step."""


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
    told = [_edits(step) for *_, step in readings]
    rests = [_between(line, edits) for line, edits in zip(lines.values(), told, strict=True)]
    before = model().sums(list(lines.values()))
    after = model().sums([_with(rest, edits) for rest, edits in zip(rests, told, strict=True)])
    found = {}
    for i, (start, line) in enumerate(lines.items()):
        options = choices(codec, lower=line == line.lower(), made_up=made_up).options
        left = sum(c > "\x7f" and c in options for c in "".join(rests[i]))
        _, cost, decoded, _ = readings[i]
        found[start] = Restored(told[i], after[i] - before[i] + cost, decoded, left)
    return found


def _edits(step: Step | None) -> list[tuple[int, int, str]]:
    """Return what was decoded up to a step; what touches is one edit."""
    edits: list[tuple[int, int, str]] = []
    while step is not None:
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
    known = choices(codec, lower=line == line.lower(), made_up=made_up)
    reach, likelihood = known.reach, likelihoods()
    numbers = model().numbered(f"   {line}")
    beams: list[dict[int, Reading]] = [{} for _ in range(len(line) + 1)]
    beams[0][_packed(numbers, 0)] = (0.0, 0.0, 0, None)
    at, furthest = 0, 0
    while at < len(line):
        if not (states := beams[at]):
            at += 1
            continue
        is_sure = furthest <= at and len(states) == 1
        if is_sure and (run := _LONG_ASCII.match(line, at)):
            (reading,) = states.values()
            at = furthest = run.end()
            beams[at][_packed(numbers, at)] = reading
            continue
        if len(states) > BEAM:
            states = dict(sorted(states.items(), key=lambda item: -item[1][0])[:BEAM])
        beams[at] = {}
        character = line[at]
        size = reach.get(character, 0) if character > "\x7f" else 0
        possible = known[line[at : at + size]] if size else ()
        if len(possible) != 1 or possible[0].cost < 0:
            is_sure = is_sure and not possible
            possible = (*possible, Choice(1, "", numbers[at + 3], LEFT if character > "\x7f" else 0.0))
        for size, new, number, cost in possible:
            end = at + size
            furthest = max(furthest, end)
            target = beams[end]
            for before, (score, paid, decoded, step) in states.items():
                key = before << BITS | number
                total = score if is_sure else score + cost + likelihood[key]
                key &= _LAST_THREE
                if key not in target or target[key][0] < total:
                    if new:
                        target[key] = total, paid + cost, decoded + 1, Step(step, at, end, new)
                    else:
                        target[key] = total, paid + cost, decoded, step
        at += 1
    return max(beams[-1].values(), key=itemgetter(0))


def _packed(numbers: Sequence[int], at: int) -> int:
    """Return the numbers of the three characters before a place, packed into one."""
    a, b, c = numbers[at : at + 3]
    return (a << BITS | b) << BITS | c
