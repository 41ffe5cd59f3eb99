"""How likely a line is body text: a small network over the rows of `shape` and `place`, in a few matrix products.

Each line sees itself, its neighbours up to fifteen lines away, and the whole document at once. From that comes a first
guess; what the guess says of the document (`guess`) is looked at again for the final word. CARD.md says what it was
trained on; benchmarks/train_lines.py trains it.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cleaner.lines import guess, known, place, shape

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

STEPS = (1, 2, 4, 8)
"""How far apart the three lines are that each layer looks at before the first guess."""
LATE = (1, 4)
"""The same after it."""
WHOLE_AFTER = 1
"""The layer after which each line learns what the document is like as a whole."""
_PART = 64
"""Lines whose products OpenBLAS makes by one thread: from 524,288 multiplications on it takes a second one."""
SOME = 0.1
"""Words that a line without words counts for."""
REASONS = 3
TABLES = files("cleaner.lines")
"""The folder of the tables."""


class Judged(NamedTuple):
    """What the model says of the lines of a document."""

    words: Floats
    """Words of each line."""
    odds: Floats
    """Log-odds that a line is body text: above 0 it rather is, below it rather is not."""
    rows: Floats
    """What it saw of each line, as differences from the usual; named by `shape.NAMES`, `place.NAMES`, `known.NAMES`."""
    seen: Floats
    """What the first guess said of each line, which `guess.NAMES` names."""
    clean: float
    """Log-odds that what other stages have left of the document is body text alone."""
    table: str
    """Which table was used, `text` or `page`."""
    lit: tuple[NDArray[np.bool_], ...]
    """Which units answered, layer by layer."""


def judge(lines: Sequence[str], blocks: Sequence[place.Placed] = (), rules: Floats | None = None) -> Judged:
    """Judge the lines of a text; those of a page are judged by their place in it, too.

    Args:
        lines: the lines, none of them blank.
        blocks: where they stand in a page, if they do.
        rules: what rules know of them, as `known.known` says it; nothing if left out.

    Examples:
        >>> story = "The ferry was late again on Monday, and nobody on the quay could say why."
        >>> odds = judge(["Home", "News", "Sport", "Arts", "Jobs", story, story, "Contact", "Imprint", "About"]).odds
        >>> bool(odds[5:7].min() > odds[:5].max())
        True

    """
    seen = shape.shape(lines)
    columns, table = [seen.rows], "text"
    if blocks:
        columns, table = [seen.rows, place.place(blocks, seen.words)], "page"
    net = _weights(table)
    columns.append(np.zeros((len(lines), len(known.NAMES)), np.float32) if rules is None else rules)
    rows = (np.concatenate(columns, 1) - net["mean"]) / net["spread"]
    state = _layer(net, "enter", rows)
    lit = [state > 0]
    for i, step in enumerate(STEPS):
        answer = _layer(net, f"look.{i}", near(state, step))
        lit.append(answer > 0)
        state = state + answer
        if i == WHOLE_AFTER and len(rows):
            state = state + _layer(net, "whole", _means(state, seen.words)[None])
    first = (product(state, net["guess.weight"]) + net["guess.bias"])[:, 0]
    guessed = guess.guess(first, seen.words, seen.kin)
    answer = _layer(net, "again", np.concatenate([state, guessed], 1))
    lit.append(answer > 0)
    state = state + answer
    for i, step in enumerate(LATE):
        answer = _layer(net, f"late.{i}", near(state, step))
        lit.append(answer > 0)
        state = state + answer
    answer = _layer(net, "weigh", state)
    lit.append(answer > 0)
    odds = (product(answer, net["leave.weight"]) + net["leave.bias"])[:, 0]
    clean = float((_means(state, seen.words) @ net["clean.weight"] + net["clean.bias"])[0]) if len(rows) else 0.0
    return Judged(seen.words, odds, rows, guessed, clean, table, tuple(lit))


def near(state: Floats, step: int) -> Floats:
    """Return each line's state between those of the lines so many steps before and after it.

    Examples:
        >>> near(np.float32([[1], [2], [3]]), 1).tolist()
        [[0.0, 1.0, 2.0], [1.0, 2.0, 3.0], [2.0, 3.0, 0.0]]

    """
    n, size = state.shape
    found = np.zeros((n, 3, size), np.float32)
    found[:, 1] = state
    if n > step:
        found[step:, 0] = state[:-step]
        found[:-step, 2] = state[step:]
    return found.reshape(n, 3 * size)


def product(rows: Floats, weight: Floats) -> Floats:
    """Return a matrix product, in parts so small that BLAS gives none of them to several threads.

    Threads that wait for each other cost a machine that has other things to do many times what they do for so little.

    Examples:
        >>> product(np.ones((100, 2), np.float32), np.float32([[1], [2]])).tolist() == 100 * [[3.0]]
        True

    """
    (n, many), (_, few) = rows.shape, weight.shape
    found = np.empty((n, few), np.float32)
    whole = n // _PART * _PART
    np.matmul(rows[:whole].reshape(-1, _PART, many), weight, out=found[:whole].reshape(-1, _PART, few))
    np.matmul(rows[whole:], weight, out=found[whole:])
    return found


def reasons(judged: Judged, lines: NDArray[np.intp]) -> list[str]:
    """Return for each of some lines what spoke most against it: its own numbers times their slope.

    Examples:
        >>> found = judge(["Home | News | Log in", "The ferry was late again, and nobody on the quay knew why."])
        >>> reasons(found, np.array([0]))[0].count(", ")
        2

    """
    net = _weights(judged.table)
    enter, *looks, last = (layer[lines] for layer in judged.lit)
    looks, again, late = looks[: len(STEPS)], looks[len(STEPS)], looks[len(STEPS) + 1 :]
    size = enter.shape[1]
    own = slice(size, 2 * size)  # what a layer makes of the line itself, not of those around it
    slope = product(last * net["leave.weight"][:, 0], net["weigh.weight"].T)
    for i in reversed(range(len(LATE))):
        slope = slope + product(late[i] * slope, net[f"late.{i}.weight"][own].T)
    back = product(again * slope, net["again.weight"].T)
    slope, guessed = slope + back[:, :size], back[:, size:]
    guessed[:, 0] = 0  # that it was guessed is no reason
    for i in reversed(range(len(STEPS))):
        slope = slope + product(looks[i] * slope, net[f"look.{i}.weight"][own].T)
    values = np.concatenate([judged.rows[lines], judged.seen[lines]], 1)
    against = np.concatenate([product(enter * slope, net["enter.weight"].T), guessed], 1) * values
    worst = _least(against)
    high = np.take_along_axis(values, worst, 1) > 0
    said = _names(judged.table)
    return [", ".join([said[i] for i in row]) for row in (2 * worst + high).tolist()]


def _least(numbers: Floats) -> NDArray[np.intp]:
    """Return which of each row's numbers are the least, the least first; `numbers` are used up."""
    found = np.empty((len(numbers), REASONS), np.intp)
    for i in range(REASONS):
        found[:, i] = numbers.argmin(1)
        numbers[np.arange(len(numbers)), found[:, i]] = np.inf
    return found


def _means(state: Floats, words: Floats) -> Floats:
    """Return the mean state of a document's lines, and that of its words."""
    weight = words + np.float32(SOME)
    found: Floats = np.stack([np.full_like(weight, 1 / len(state)), weight / weight.sum()]) @ state
    return found.ravel()


def _layer(net: Mapping[str, Floats], name: str, rows: Floats) -> Floats:
    """Return what the units of a layer answer, none of them less than 0."""
    found = product(rows, net[f"{name}.weight"])
    found += net[f"{name}.bias"]
    np.maximum(found, 0, out=found)
    return found


@cache
def _names(table: str) -> tuple[str, ...]:
    """Return what is said of each number that a table's model sees, where it is low and where it is high."""
    names = (*shape.NAMES, *(place.NAMES if table == "page" else ()), *known.NAMES, *guess.NAMES)
    return tuple(f"{name} {level}" for name in names for level in ("low", "high"))


@cache
def _weights(table: str) -> Mapping[str, Floats]:
    with TABLES.joinpath(f"{table}.npz").open("rb") as file, np.load(file) as found:
        weights = {name: found[name].astype(np.float32) for name in found.files}
    return {name: value * weights.get(f"{name}.step", np.float32(1)) for name, value in weights.items()}
