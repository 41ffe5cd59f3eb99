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

from cleaner.lines import guess, known, place, shape, twin

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Places = tuple[Sequence[str], Sequence[float]]

STEPS = (1, 2, 4, 8)
"""How far apart the three lines are that each layer looks at before the first guess."""
LATE = (1, 4)
"""The same after it."""
WHOLE_AFTER = 1
"""The layer after which each line learns what the document is like as a whole."""
_LAYERS = {
    name: i
    for i, name in enumerate(
        ["enter", *(f"look.{i}" for i in range(len(STEPS))), "again", *(f"late.{i}" for i in range(len(LATE))), "weigh"]
    )
}
"""The layers whose units answer line by line, in order."""
_MOST = 524_287
"""Multiplications that OpenBLAS makes by one thread; from one more on it takes a second one."""
_PART = 64
"""Lines whose products it makes by one thread, whatever the layer."""
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
    lit: NDArray[np.bool_]
    """Which units answered: layers times lines times units."""


def judge(lines: Sequence[str], places: Places | None = None, rules: Floats | None = None) -> Judged:
    """Judge the lines of a text; those of a page are judged by their place in it, too.

    Args:
        lines: the lines, none of them blank.
        places: where they stand in a page, if they do: the path of each, and the share of each that is links.
        rules: what rules know of them, as `known.known` says it; nothing if left out.

    Examples:
        >>> story = "The ferry was late again on Monday, and nobody on the quay could say why."
        >>> odds = judge(["Home", "News", "Sport", "Arts", "Jobs", story, story, "Contact", "Imprint", "About"]).odds
        >>> bool(odds[5:7].min() > odds[:5].max())
        True

    """
    seen = shape.shape(lines)
    columns, table = [seen.rows], "text"
    if places:
        columns, table = [seen.rows, place.place(*places, seen.words)], "page"
    net = _weights(table)
    n, size = len(lines), len(net["enter.bias"])
    columns.append(np.zeros((n, len(known.NAMES)), np.float32) if rules is None else rules)
    rows = np.concatenate(columns, 1)
    rows -= net["mean"]
    rows /= net["spread"]
    share = _shares(seen.words)
    lit = np.empty((len(_LAYERS), n, size), np.bool_)
    state, last = np.zeros((2, n, size), np.float32)
    _answer(net, "enter", rows, state, lit)
    for i, step in enumerate(STEPS):
        _answer(net, f"look.{i}", twin.near(state, step), state, lit)
        if i == WHOLE_AFTER and n:
            whole = (share @ state).reshape(1, -1)
            state += np.maximum(whole @ net["whole.weight"] + net["whole.bias"], 0)
    first = (product(state, net["guess.weight"]) + net["guess.bias"])[:, 0]
    guessed = guess.guess(first, seen.words, seen.kin)
    _answer(net, "again", np.concatenate([state, guessed], 1), state, lit)
    for i, step in enumerate(LATE):
        _answer(net, f"late.{i}", twin.near(state, step), state, lit)
    _answer(net, "weigh", state, last, lit)
    odds = (product(last, net["leave.weight"]) + net["leave.bias"])[:, 0]
    clean = float(((share @ state).ravel() @ net["clean.weight"] + net["clean.bias"])[0]) if n else 0.0
    return Judged(seen.words, odds, rows, guessed, clean, table, lit)


def product(rows: Floats, weight: Floats, part: int = _PART) -> Floats:
    """Return a matrix product, in parts so small that BLAS gives none of them to several threads.

    Threads that wait for each other cost a machine that has other things to do many times what they do for so little.

    Examples:
        >>> product(np.ones((100, 2), np.float32), np.float32([[1], [2]])).tolist() == 100 * [[3.0]]
        True

    """
    (n, many), (_, few) = rows.shape, weight.shape
    found = np.empty((n, few), np.float32)
    whole = n // part * part
    if whole:
        np.matmul(rows[:whole].reshape(-1, part, many), weight, out=found[:whole].reshape(-1, part, few))
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
    size = judged.lit.shape[2]

    def back(name: str, slope: Floats) -> Floats:
        weight = net[f"{name}.back"]
        return product(twin.lent(slope, judged.lit[_LAYERS[name]], lines), weight, _MOST // weight.size)

    slope = back("weigh", np.repeat(net["leave.weight"].T, len(lines), 0))
    for i in reversed(range(len(LATE))):
        slope += back(f"late.{i}", slope)
    again = back("again", slope)
    slope += again[:, :size]
    for i in reversed(range(len(STEPS))):
        slope += back(f"look.{i}", slope)
    values = np.concatenate([judged.rows[lines], judged.seen[lines]], 1)
    against = np.concatenate([back("enter", slope), again[:, size:]], 1)
    against *= values
    against[:, judged.rows.shape[1]] = 0  # that it was guessed is no reason
    return twin.worst(against, values, _names(judged.table), REASONS)


def _shares(words: Floats) -> Floats:
    """Return what each line counts for in the mean of all lines, and what it does in that of all words."""
    found = np.empty((2, len(words)), np.float32)
    found[0] = 1 / max(len(words), 1)
    np.add(words, np.float32(SOME), out=found[1])
    found[1] /= found[1].sum()
    return found


def _answer(net: Mapping[str, Floats], name: str, rows: Floats, state: Floats, lit: NDArray[np.bool_]) -> None:
    """Add to the state of the lines what the units of a layer answer, and note which ones do."""
    twin.settle(product(rows, net[f"{name}.weight"]), net[f"{name}.bias"], state, lit[_LAYERS[name]])


@cache
def _names(table: str) -> list[str]:
    """Return what is said of each number that a table's model sees, where it is low and where it is high."""
    names = (*shape.NAMES, *(place.NAMES if table == "page" else ()), *known.NAMES, *guess.NAMES)
    return [f"{name} {level}" for name in names for level in ("low", "high")]


@cache
def _weights(table: str) -> Mapping[str, Floats]:
    """Return the weights of a table, and those that lead back from the answers of a layer to a line itself."""
    with TABLES.joinpath(f"{table}.npz").open("rb") as file, np.load(file) as found:
        weights = {name: found[name].astype(np.float32) for name in found.files}
    weights = {name: value * weights.get(f"{name}.step", np.float32(1)) for name, value in weights.items()}
    size = len(weights["enter.bias"])
    for name in _LAYERS:
        weight = weights[f"{name}.weight"]
        own = weight[size : 2 * size] if len(weight) == 3 * size else weight
        weights[f"{name}.back"] = np.ascontiguousarray(own.T)
    return weights
