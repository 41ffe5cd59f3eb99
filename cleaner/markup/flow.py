"""From the elements of a page, one after the other, to its lines and the gaps between them.

`Flow` is told what begins, what ends and what is written; it decides where a line breaks and what no reader sees. Block
elements break lines, inline ones never do; whitespace collapses as in a browser; the cells of a row share a line as
long as each of them has no more than one. It is called some thousand times a page, so what it does most often comes
first, and that has been compiled, too (`twin.py`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from cleaner.markup.elements import BLOCK, CONTROL, FACT, INLINE, ITEM, KINDS, LINK, PART, SPARE, UNSEEN
from cleaner.markup.facts import Notes

if TYPE_CHECKING:
    from collections.abc import Mapping

NO_GAP, NEXT_LINE, BLANK_LINE = 0, 1, 2
DEEPEST = 250
"""How deep elements may stand in each other; the deepest pages of the web have about sixty."""

_SPACE = re.compile(r"[\t\n\r\f][ \t\n\r\f]*| [ \t\n\r\f]+")
_EDGES = " \t\n\r\f\xa0"
_NONE = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_NO_NAME, _NO_NAMES = re.compile(r"[^\w.-]+"), re.compile(r"[^\w.\s-]+")
PATH_LENGTH = 160
_MARK_LENGTH = 32
_MARKS = 4
_STEPS = 1 << 14
"""Steps of paths that are remembered: the pages of a site share theirs."""
_ROW_LENGTH = 2_000
_ROW_CELLS = 64


class Line(NamedTuple):
    """A line of a page: its text, where it stood, how much of it is links, and the gap before it."""

    text: str
    path: str
    links: float
    gap: int


@dataclass(slots=True)
class _Spare:
    """Where a page was when what is for readers without scripts began."""

    depth: int
    lines: int
    parts: list[str]
    line: tuple[int, int, bool, int, int]
    twin: bool = False
    """Whether a picture stands in it."""


class TooDeep(Exception):  # noqa: N818  it ends the reading of a page that is then read in another way
    """Elements stand in each other deeper than `DEEPEST`."""


class Flow:
    """Takes a page element by element, and holds its lines: what lxml calls the target of a parser.

    Args:
        show: whether to show what is hidden.

    Examples:
        >>> flow = Flow()
        >>> for tag in ("p", "b"):
        ...     flow.start(tag, {})
        ...     flow.data(f"in {tag} ")
        >>> flow.end("b"), flow.end("p"), flow.close()
        (None, None, [Line(text='in p in b', path='p', links=0.0, gap=2)])

    """

    def __init__(self, *, show: bool = False) -> None:
        self.lines: list[Line] = []
        self.notes = Notes()
        self.hidden: list[str] = []
        """The text that is hidden."""
        self._show = show
        self._depth = 0
        self._open: list[tuple[str, Mapping[str, str]]] = []
        """The elements that the path of a line is made of …"""
        self._paths = [""]
        """… and the paths of the first of them, as far as lines have asked for them."""
        self._gap = NO_GAP
        """What is to stand before the next line."""
        self._parts: list[str] = []
        """The line that is open."""
        self._linked = 0
        self._links = 0
        self._link_at = 0
        """The part with which the open link began."""
        self._after_inline = False
        self._in_pre = 0
        self._item_at = -1
        self._rows: list[list[int]] = []
        self._left_out = 0
        """How deep the element stands that is left out, 0 if none is."""
        self._unseen = 0
        """How deep the element stands that holds no text at all, 0 if none does."""
        self._caught: list[str] | None = None
        """The text of an element that is left out and says something of the page."""
        self._spare: _Spare | None = None

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:  # noqa: C901, PLR0912  a branch for each kind
        """Begin an element.

        Raises:
            TooDeep: it stands deeper than `DEEPEST`.

        """
        self._depth += 1
        if self._depth > DEEPEST:
            raise TooDeep
        if self._left_out:
            self._pass_by(tag, attributes)
            return
        kind = KINDS[tag]
        if attributes and ("hidden" in attributes or "style" in attributes) and self._hides(attributes):
            self._leave_out(tag, attributes)
        elif kind == BLOCK:
            if self._parts:
                self._set_line()
                self._gap = BLANK_LINE
            elif self._item_at == len(self.lines):  # it begins an item, which has asked for the gap
                self._gap = self._gap or NEXT_LINE
            else:
                self._gap = BLANK_LINE
            self._after_inline = False
            self._open.append((tag, attributes))
            if tag == "pre":
                self._in_pre += 1
            elif self._depth == 1:
                self.notes.element(tag, attributes)
        elif kind == INLINE:
            pass
        elif kind == LINK:
            if self._after_inline:  # <span>Share</span><a>Facebook</a>: what keeps them apart is the style sheet
                self._parts.append(" ")
            if not self._links:
                self._link_at = len(self._parts)
            self._links += 1
        elif kind == ITEM:
            self._break(NEXT_LINE)
            self._open.append((tag, attributes))
            self._item_at = len(self.lines)
            if tag == "tr":
                self._rows.append([len(self.lines)])
        elif kind == PART:
            again = tag == "br" and not self._parts and self._gap and self._item_at != len(self.lines)
            self._break(BLANK_LINE if again else NEXT_LINE)
        else:
            self._start_rare(tag, kind, attributes)

    def end(self, tag: str) -> None:
        """End the element that was begun last and has not ended."""
        self._depth -= 1
        if self._left_out:
            self._pass_out(tag)
            return
        kind = KINDS[tag]
        if kind < BLOCK:
            self._after_inline = True
            if kind == LINK and self._links:
                self._links -= 1
                if not self._links:
                    self._linked += _size("".join(self._parts[self._link_at :]))
        elif kind == BLOCK:
            if self._parts:
                self._set_line()
            self._after_inline = False
            self._gap = BLANK_LINE
            self._open.pop()
            del self._paths[len(self._open) + 1 :]
            if tag == "pre":
                self._in_pre -= 1
        elif kind == ITEM:
            self._break(NEXT_LINE)
            self._gap = NEXT_LINE
            self._open.pop()
            del self._paths[len(self._open) + 1 :]
            if tag in {"td", "th", "tr"}:
                self._end_cells(tag)
        else:
            self._end_rare(kind)

    def data(self, text: str) -> None:
        """Write text at the present place."""
        if self._left_out:
            if self._caught is not None:
                self._caught.append(text)
            elif not self._unseen:
                self.hidden.append(text)
        elif self._in_pre:
            self._preformatted(text)
        else:
            self._after_inline = False
            if self._parts or text.strip(_EDGES):
                self._parts.append(text)

    def close(self) -> list[Line]:
        """End the page and return its lines."""
        self._break(NEXT_LINE)
        return self.lines

    def _preformatted(self, text: str) -> None:
        """Write text whose line breaks count."""
        self._after_inline = False
        first, *rest = text.replace("\r", "").split("\n")
        if first:
            self._parts.append(first)
        for line in rest:
            self._break(BLANK_LINE if not self._parts and self._gap == NEXT_LINE else NEXT_LINE)
            if line:
                self._parts.append(line)

    def _break(self, gap: int) -> None:
        """End the line, if one is open, and ask for a gap before the next."""
        if self._parts:
            self._set_line()
        self._after_inline = False
        self._gap = max(self._gap, gap)

    def _set_line(self) -> None:
        text = "".join(self._parts)
        text = text.replace("\n", " ").rstrip() if self._in_pre else _collapsed(text)
        if text and not text.isspace():
            links = 0.0
            if self._linked or self._links:
                in_open_link = _size("".join(self._parts[self._link_at :])) if self._links else 0
                links = round((self._linked + in_open_link) / _size(text), 3)
            self.lines.append(Line(text, self._path(), links, self._gap))
            self._gap = NO_GAP
        self._parts.clear()
        self._linked = self._link_at = 0

    def _path(self) -> str:
        """Return the path of the present place."""
        paths = self._paths
        for tag, attributes in self._open[len(paths) - 1 :]:
            paths.append(_path(paths[-1], tag, attributes))
        return paths[-1]

    def _start_rare(self, tag: str, kind: int, attributes: Mapping[str, str]) -> None:
        """Begin an element of a kind that few elements are of."""
        if kind == FACT:
            self.notes.element(tag, attributes)
            return
        if self._spare and tag in {"img", "iframe"}:
            self._spare.twin = True
        if kind == UNSEEN or (kind == CONTROL and not self._show):
            self._leave_out(tag, attributes)
        elif kind == SPARE:
            if not self._show and self._spare is None:
                line = (self._linked, self._link_at, self._after_inline, self._gap, self._item_at)
                self._spare = _Spare(self._depth, len(self.lines), [*self._parts], line)
        elif self._parts:  # PADDED
            self._parts.append(" ")

    def _end_cells(self, tag: str) -> None:
        """End a cell of a table, or a row of them."""
        if tag == "tr":
            self._join_cells(self._rows.pop())
        elif self._rows:
            self._rows[-1].append(len(self.lines))

    def _end_rare(self, kind: int) -> None:
        """End an element of a kind that fewer elements are of."""
        if kind == PART:
            self._break(NEXT_LINE)
        else:
            self._after_inline = True
            if self._spare and self._depth < self._spare.depth:
                if self._spare.twin:
                    self._take_back(self._spare)
                self._spare = None

    def _hides(self, attributes: Mapping[str, str]) -> bool:
        """Tell whether an element is to be left out since its attributes hide it."""
        return not self._show and ("hidden" in attributes or _NONE.search(attributes["style"]) is not None)

    def _leave_out(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Leave out an element with all that it holds."""
        self._left_out = self._depth
        self._pass_by(tag, attributes)

    def _pass_by(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Begin an element that is left out, or stands in one."""
        kind = KINDS[tag]
        if kind == UNSEEN:
            self._unseen = self._unseen or self._depth
            if self.notes.element(tag, attributes):
                self._caught = []
        elif kind == FACT:
            self.notes.element(tag, attributes)

    def _pass_out(self, tag: str) -> None:
        """End an element that is left out, or stands in one."""
        if self._caught is not None:
            self.notes.text(tag, "".join(self._caught))
            self._caught = None
        if self._depth < self._unseen:
            self._unseen = 0
        if self._depth < self._left_out:
            self._left_out = 0

    def _take_back(self, spare: _Spare) -> None:
        """Be again where the page was when an element began; what was written since is hidden."""
        self.hidden.extend(line.text for line in self.lines[spare.lines :])
        self.hidden.extend(self._parts[len(spare.parts) if len(self.lines) == spare.lines else 0 :])
        del self.lines[spare.lines :]
        self._parts[:] = spare.parts
        self._linked, self._link_at, self._after_inline, self._gap, self._item_at = spare.line

    def _join_cells(self, marks: list[int]) -> None:
        """Put the cells of a row on one line, a tab between them, unless a cell has several lines."""
        first, last = marks[0], marks[-1]
        row = self.lines[first:last]
        if not 1 < len(row) <= _ROW_CELLS or sum(len(line.text) for line in row) > _ROW_LENGTH:
            return
        if len(self.lines) != last or any(b - a > 1 for a, b in pairwise(marks)):
            return
        letters = sum(len(line.text) for line in row)
        linked = sum(len(line.text) * line.links for line in row)
        joined = Line("\t".join(line.text for line in row), row[0].path, round(linked / letters, 3), row[0].gap)
        self.lines[first:last] = [joined]


def _collapsed(text: str) -> str:
    """Return a text with its white space as a browser shows it."""
    text = text.strip(_EDGES)
    return text if "  " not in text and text.isprintable() else _SPACE.sub(" ", text)  # line breaks are not printable


def _size(text: str) -> int:
    """Return how many characters a text has, white space left out."""
    return len("".join(text.split()))


def _path(above: str, tag: str, attributes: Mapping[str, str]) -> str:
    """Return the path of an element below another, its oldest part cut when it grows long."""
    own = step(tag, attributes.get("id"), attributes.get("class")) if attributes else tag
    path = f"{above}/{own}" if above else own
    return path if len(path) <= PATH_LENGTH else path[-PATH_LENGTH:].partition("/")[2] or tag


@lru_cache(maxsize=_STEPS)
def step(tag: str, name: str | None, kind: str | None) -> str:
    """Return the step of a path that an element is: its tag with its id and classes."""
    mark = "#" + _NO_NAME.sub("-", name)[:_MARK_LENGTH] if name else ""
    if kind:
        mark += "." + ".".join([word[:_MARK_LENGTH] for word in _NO_NAMES.sub("-", kind[:400]).split()[:_MARKS]])
    return tag + mark
