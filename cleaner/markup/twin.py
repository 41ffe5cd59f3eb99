"""A page's lines as its elements are told, by `Flow` and its compiled twin, if there is one; and the text set of them.

The twin does what is called some thousand times a page, in a fifth of the time; all else it has from `Flow`.
"""

from __future__ import annotations

from cleaner.document import Block
from cleaner.markup.elements import KINDS
from cleaner.markup.facts import Notes
from cleaner.markup.flow import BLANK_LINE, DEEPEST, PATH_LENGTH, Flow, Line, TooDeep, step

try:
    from cleaner.markup import _twin
except ImportError:  # it was installed where there is no compiler
    _twin = None  # type: ignore[assignment]

if _twin is not None:

    class Twin(_twin.Flow, Flow):
        """`Flow`, some methods and most fields of which are compiled."""

        _lent = KINDS, Line, TooDeep, step, DEEPEST, PATH_LENGTH

        def __init__(self, *, show: bool = False) -> None:
            self.notes = Notes()
            self._show = show


def flow(*, show: bool = False) -> Flow:
    """Return a `Flow`, compiled if that can be.

    >>> page = flow()
    >>> page.start("p", {})
    >>> page.data(" It  rained. ")
    >>> page.end("p")
    >>> page.close()
    [Line(text='It rained.', path='p', links=0.0, gap=2)]
    """
    return Flow(show=show) if _twin is None else Twin(show=show)


def set_lines(lines: list[Line]) -> tuple[str, tuple[Block, ...]]:
    """Set lines as one text with the gaps they ask for.

    >>> set_lines([Line("One", "p", 0.0, 2), Line("Two", "p", 0.0, 2)])
    ('One\\n\\nTwo', (Block(start=0, end=3, path='p', links=0.0), Block(start=5, end=8, path='p', links=0.0)))
    """
    if _twin is not None:
        return _twin.set_lines(lines, Block)
    parts: list[str] = []
    blocks = []
    at = 0
    for line, path, links, gap in lines:
        if at:
            parts.append("\n\n" if gap >= BLANK_LINE else "\n")
            at += len(parts[-1])
        parts.append(line)
        end = at + len(line)
        blocks.append(Block(at, end, path, links))
        at = end
    return "".join(parts), tuple(blocks)
