"""What a first guess says of a document: a row of numbers for each line, so that it can be looked at again.

Once it is roughly known where the body is, much can be told that no line shows by itself: whether it stands inside,
before or after the body, how much of all that looks like body text stands in one place, and which lines share their
words with it. Teasers of other stories look like body text, but they speak of other things.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cleaner.lines import keep, twin
from cleaner.lines.shape import LONG

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.lines.counts import Kin

NAMES = (
    "first guess", "inside the body", "before the body", "after the body", "distance from where the body begins",
    "distance from where the body ends", "share of the body", "how sure the body is", "dirt of the document",
    "dirt within the body", "words shared with the body",
)  # fmt: skip
"""What each number of a row says, in order."""
SHARED = NAMES.index("words shared with the body")
_STRICT = 0.7
"""How much evidence a line of the body needs."""


def guess(odds: NDArray[np.float32], words: NDArray[np.float32], kin: Kin) -> NDArray[np.float32]:
    """Return what the first guess says: lines times `NAMES`.

    Args:
        odds: log-odds that each line is body text, by that guess.
        words: words of each line.
        kin: which words the lines share.

    Examples:
        >>> from cleaner.lines.shape import shape
        >>> found = shape(["Home", "The rain had stopped by noon, and nobody minded.", "Imprint"])
        >>> rows = guess(np.float32([-4, 5, -4]), found.words, found.kin)
        >>> [NAMES[1:4][i] for i in rows[:, 1:4].argmax(1)]
        ['before the body', 'inside the body', 'after the body']

    """
    start, end, share, sure = keep.stretch(odds, words, _STRICT)
    order = np.arange(len(odds), dtype=np.float32)
    chances = keep.chance(odds)
    likely = (odds > 0) & (words >= LONG)
    likely[:start] = likely[end:] = False
    rows = np.zeros((len(NAMES), len(odds)), np.float32)
    np.tanh(odds / 2, out=rows[0])
    rows[1, start:end] = 1
    rows[2, :start] = 1
    rows[3, end:] = 1
    np.abs(order - start, out=rows[4])
    np.abs(order - end, out=rows[5])
    np.log1p(rows[4:6], out=rows[4:6])
    rows[4:6] /= 5
    rows[6] = share
    rows[7] = np.tanh(sure / 4)
    rows[8] = keep.dirt(chances, words)
    rows[9] = keep.dirt(chances[start:end], words[start:end])
    rows[10] = twin.shared(kin, likely)
    return rows.T
