"""The place of a block in its page: a row of numbers for each, from its path and its links.

What the authors of pages call their elements says a lot: the words of ids and classes are looked for in a few families.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cleaner.lines import twin
from cleaner.lines.paths import ABOVE, HINTS, TAGS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

NAMES = (
    "links", "all links", *TAGS, *(f"in {tag}" for tag in ABOVE), *HINTS, *(f"{hint} close by" for hint in HINTS),
    "depth", "path as before", "path as after", "share of the path", "share of the element above",
    "words a line on the path", "links on the path", "links of the element above", "share of paragraphs there",
)  # fmt: skip
"""What each number of a row says, in order."""


def place(paths: Sequence[str], links: Sequence[float], words: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the place of the lines of a page as numbers: lines times `NAMES`.

    Args:
        paths: the elements in which each line stands.
        links: the share of each that is links.
        words: words of each.

    Examples:
        >>> rows = place(["body/nav.top/ul/li", "body/p"], [1.0, 0.0], np.float32([1, 6]))
        >>> [NAMES[i] for i in np.flatnonzero(rows[0, :20])]
        ['links', 'all links', 'li', 'in nav']

    """
    n = len(paths)
    known = {path: i for i, path in enumerate(dict.fromkeys(paths))}
    path = np.fromiter(map(known.__getitem__, paths), np.intp, n)
    same = np.zeros(n + 1, np.bool_)
    np.equal(path[1:], path[:-1], out=same[1:-1])
    rows = np.empty((n, len(NAMES)), np.float32)
    linked = np.array(links, np.float32)
    rows[:, 0], rows[:, 1] = linked, linked > _ALL
    rows[:, _OF_PATH] = _marked([*known])[path]
    rows[:, _SAME[0]], rows[:, _SAME[1]] = same[:-1], same[1:]
    rows[:, _COUNTED] = _counted([*known], path, linked, words)[path]
    return rows


def _counted(
    paths: Sequence[str], path: NDArray[np.intp], links: NDArray[np.float32], words: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return what is counted of each path and of the element above it.

    Args:
        paths: the paths, each once.
        path: which of them each line has.
        links: the share of each line that is links.
        words: words of each line.

    """
    elements: dict[str, int] = {}
    up = np.array([elements.setdefault(of.rpartition("/")[0], len(elements)) for of in paths], np.intp)
    size, above = len(paths), len(elements)
    total = max(float(words.sum()), 1.0)
    on_path = np.bincount(path, words, size)
    under = np.bincount(up, on_path, above)
    linked = np.bincount(path, words * links, size)
    linked_under = np.bincount(up, linked, above)
    long = np.bincount(up, np.bincount(path, words * (words >= _LONG) * (links < _MOSTLY), size), above)
    lines = np.bincount(path, minlength=size)
    some, some_under = np.maximum(on_path, 1), np.maximum(under, 1)
    rows = np.empty((6, size), np.float32)
    rows[0] = on_path / total
    rows[1] = (under / total)[up]
    rows[2] = np.log1p(on_path / np.maximum(lines, 1)) / 4
    rows[3] = linked / some
    rows[4] = (linked_under / some_under)[up]
    rows[5] = (long / some_under)[up]
    return rows.T


_LONG = 15
_MOSTLY = 0.5
_ALL = 0.9
_OF_PATH, _SAME, _COUNTED = slice(2, -8), (-8, -7), slice(-6, None)
"""Where in a row stands what the path alone says, whether it is the path before and after, what is counted of it."""


def _marked(paths: Sequence[str]) -> NDArray[np.float32]:
    """Return what paths alone say: a row for each."""
    sets, depths = twin.marks(paths)
    rows = np.empty((len(paths), _MARKS + 1), np.float32)
    rows[:, :-1] = np.unpackbits(sets.astype("<u8")[:, None].view(np.uint8), 1, _MARKS, "little")
    rows[:, -1] = np.minimum(depths, _DEEP)
    rows[:, -1] /= _SCALE
    return rows


_MARKS = len(TAGS) + len(ABOVE) + 2 * len(HINTS)
_DEEP, _SCALE = 30, 15
