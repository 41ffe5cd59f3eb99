"""How likely a line is body text: two small networks over the rows of `shape` and `place`, in a few matrix products.

Each line sees itself, its neighbours up to fifteen lines away, and the whole document at once. CARD.md says what it was
trained on; benchmarks/train_lines.py trains it.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cleaner.lines import place, shape

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from cleaner.document import Block

    Floats = NDArray[np.float32]

STEPS = (1, 2, 4, 8)
"""How far apart the three lines are that each layer looks at."""
WHOLE_AFTER = 1
"""The layer after which each line learns what the document is like as a whole."""
SOME = 0.1
"""Words that a line without words counts for."""
REASONS = 3


class Judged(NamedTuple):
    """What the model says of the lines of a document."""

    words: NDArray[np.float32]
    """Words of each line."""
    odds: NDArray[np.float32]
    """Log-odds that a line is body text: above 0 it rather is, below it rather is not."""
    rows: NDArray[np.float32]
    """What it saw of each line: the numbers that `shape.NAMES` and `place.NAMES` name."""
    table: str
    """Which table was used, `text` or `page`."""
    lit: tuple[NDArray[np.bool_], ...]
    """Which units answered, layer by layer."""


def judge(text: str, blocks: Sequence[Block]) -> Judged:
    """Judge the lines of a text; blocks of a page are judged by their place in it, too.

    Examples:
        >>> from cleaner.document import Document
        >>> story = "The ferry was late again on Monday, and nobody on the quay could say why.\\n"
        >>> doc = Document("a", "Home\\nNews\\nSport\\nArts\\nJobs\\n" + 2 * story + "Contact\\nImprint\\nAbout")
        >>> odds = judge(doc.text, doc.blocks).odds
        >>> bool(odds[5:7].min() > odds[:5].max())
        True

    """
    known = shape.shape(text, blocks)
    rows, table = known.rows, "text"
    if any(block.path for block in blocks):
        rows, table = np.concatenate([rows, place.place(blocks, known.words)], 1), "page"
    weights = _weights(table)
    usual: Floats = (rows - weights["mean"]) / weights["spread"]
    state = _relu(usual @ _turned(weights["enter.weight"]) + weights["enter.bias"][:, None])
    lit = [state > 0]
    for i, step in enumerate(STEPS):
        look = weights[f"look.{i}.weight"]
        seen = state @ _turned(look[..., 1]) + weights[f"look.{i}.bias"][:, None]
        if len(rows) > step:
            seen[:, step:] += state[:, :-step] @ _turned(look[..., 0])
            seen[:, :-step] += state[:, step:] @ _turned(look[..., 2])
        lit.append(seen > 0)
        state = state + _relu(seen)
        if i == WHOLE_AFTER and len(rows):
            weight = known.words + np.float32(SOME)
            means = np.concatenate([state.mean(1), weight @ state / weight.sum()], -1)[:, None]
            state = state + _relu(means @ _turned(weights["whole.weight"]) + weights["whole.bias"][:, None])
    hidden = _relu(state @ _turned(weights["weigh.weight"]) + weights["weigh.bias"][:, None])
    odds = hidden @ _turned(weights["leave.weight"]) + weights["leave.bias"][:, None]
    return Judged(known.words, odds[..., 0].mean(0).astype(np.float32), rows, table, (*lit, hidden > 0))


def reasons(judged: Judged, lines: NDArray[np.int64]) -> list[str]:
    """Return for each of some lines what spoke most against it: its own numbers times their slope.

    Examples:
        >>> from cleaner.document import Document
        >>> doc = Document("a", "Home | News | Log in\\nThe ferry was late again, and nobody on the quay knew why.")
        >>> reasons(judge(doc.text, doc.blocks), np.array([0]))[0].count(", ")
        2

    """
    weights = _weights(judged.table)
    enter, *looks, last = (layer[:, lines] for layer in judged.lit)
    slope = (last * weights["leave.weight"]) @ weights["weigh.weight"]
    for i, seen in reversed([*enumerate(looks)]):
        slope = slope + (seen * slope) @ weights[f"look.{i}.weight"][..., 1]
    against = ((enter * slope) @ weights["enter.weight"]).sum(0)
    usual = (judged.rows[lines] - weights["mean"]) / weights["spread"]
    against *= usual
    names = (*shape.NAMES, *place.NAMES)
    worst = np.argsort(against, 1)[:, :REASONS].tolist()
    high = (usual > 0).tolist()
    return [
        ", ".join(f"{names[i]} {'high' if up[i] else 'low'}" for i in row) for row, up in zip(worst, high, strict=True)
    ]


def _relu(values: NDArray[np.floating]) -> NDArray[np.floating]:
    np.maximum(values, 0, out=values)
    return values


def _turned(weights: Floats) -> Floats:
    """Turn the matrix of each member, so that rows can be multiplied by it."""
    return weights.swapaxes(-1, -2)


@cache
def _weights(table: str) -> Mapping[str, NDArray[np.float32]]:
    with files("cleaner.lines").joinpath(f"{table}.npz").open("rb") as file, np.load(file) as found:
        return {name: found[name].astype(np.float32) for name in found.files}
