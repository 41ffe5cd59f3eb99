"""From the elements of a page, one after the other, to its lines and the gaps between them.

`Flow` is told what begins, what ends and what is written; it decides where a line breaks. Block elements break lines,
inline ones never do; whitespace collapses as in a browser; the cells of a row share a line as long as each of them
has no more than one.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

NO_GAP, NEXT_LINE, BLANK_LINE = 0, 1, 2


def _tags(names: str) -> frozenset[str]:
    return frozenset(names.split())


UNSEEN = _tags("script style template iframe noembed noframes title textarea head svg")
"""Elements whose content is no text of the page. Parsers read most of them up to their end tag, unclosed or not."""
CONTROLS = _tags("select datalist canvas audio video object rp")
"""Elements whose content stands in for a thing that is not text: a control's choices, what old browsers see."""

ITEMS = _tags("li tr dt dd td th option")
"""Parts of a whole: a list's, a table's. They follow each other line by line, without blank lines."""
PARTS = _tags("br button legend label summary caption thead tbody tfoot colgroup optgroup")
"""What takes a line of its own without standing off from the next one."""
BLOCKS = _tags(
    "address article aside blockquote body center details dialog dir div dl fieldset figcaption figure footer form "
    "frameset h1 h2 h3 h4 h5 h6 header hgroup hr html main menu nav ol p pre search section table ul",
)
"""What stands apart: a blank line before it and after it."""
PADDED = _tags("img input video audio object canvas select picture")
"""Inline, but never part of a word."""

_SPACE = re.compile(r"[ \t\n\r\f]+")
_EDGES = " \t\n\r\f\xa0"
_MARK = re.compile(r"[^\w.-]+")
_PATH_LENGTH = 160
_MARK_LENGTH = 32
_MARKS = 4
_ROW_LENGTH = 2_000
_ROW_CELLS = 64


class Line(NamedTuple):
    """A line of a page: its text, where it stood, how much of it is links, and the gap before it."""

    text: str
    path: str
    links: float
    gap: int


class Flow:
    """Takes a page element by element, and holds its lines.

    Examples:
        >>> flow = Flow()
        >>> for tag in ("p", "b"):
        ...     flow.start(tag, "", "")
        ...     flow.data(f"in {tag} ")
        >>> flow.end("b"), flow.end("p"), flow.finish()
        (None, None, [Line(text='in p in b', path='p', links=0.0, gap=2)])

    """

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self._parts: list[str] = []
        self._gap = NO_GAP
        self._paths = [""]
        self._in_link = 0
        self._in_pre = 0
        self._letters = 0
        self._linked = 0
        self._after_inline = False
        self._item_at = -1
        self._rows: list[list[int]] = []

    def start(self, tag: str, name: str, kind: str) -> None:
        """Begin an element; ``name`` and ``kind`` are its attributes id and class."""
        if tag in BLOCKS or "-" in tag:
            self._break(NEXT_LINE if self._item_at == len(self.lines) and not self._parts else BLANK_LINE)
            self._paths.append(_path(self._paths[-1], tag, name, kind))
            self._in_pre += tag == "pre"
        elif tag in ITEMS:
            self._break(NEXT_LINE)
            self._paths.append(_path(self._paths[-1], tag, name, kind))
            self._item_at = len(self.lines)
            if tag == "tr":
                self._rows.append([len(self.lines)])
        elif tag in PARTS:
            again = tag == "br" and not self._parts and self._gap
            self._break(BLANK_LINE if again and self._item_at != len(self.lines) else NEXT_LINE)
        elif tag == "a":
            if self._after_inline:  # <span>Share</span><a>Facebook</a>: what keeps them apart is the style sheet
                self._parts.append(" ")
            self._in_link += 1
        elif tag in PADDED and self._parts:
            self._parts.append(" ")

    def end(self, tag: str) -> None:
        """End the element that was begun last with this tag."""
        if tag in BLOCKS or "-" in tag:
            self._break(BLANK_LINE)
            self._paths.pop()
            self._in_pre -= tag == "pre"
        elif tag in ITEMS:
            self._break(NEXT_LINE)
            self._paths.pop()
            self._gap = NEXT_LINE
            if tag in {"td", "th"} and self._rows:
                self._rows[-1].append(len(self.lines))
            elif tag == "tr":
                self._join_cells(self._rows.pop())
        elif tag in PARTS:
            self._break(NEXT_LINE)
        else:
            self._in_link -= tag == "a"
            self._after_inline = True

    def data(self, text: str) -> None:
        """Write text at the present place."""
        self._after_inline = False
        if self._in_pre and "\n" in text:
            first, *rest = text.replace("\r", "").split("\n")
            self._write(first)
            for line in rest:
                self._break(BLANK_LINE if not self._parts and self._gap == NEXT_LINE else NEXT_LINE)
                self._write(line)
        else:
            self._write(text)

    def finish(self) -> list[Line]:
        """Return the lines."""
        self._break(NEXT_LINE)
        return self.lines

    def _write(self, text: str) -> None:
        size = len(text.strip())
        self._letters += size
        if self._in_link:
            self._linked += size
        if text:
            self._parts.append(text)

    def _break(self, gap: int) -> None:
        """End the line, if one is open, and ask for a gap before the next."""
        if self._letters:
            text = "".join(self._parts)
            text = text.replace("\n", " ").rstrip() if self._in_pre else _SPACE.sub(" ", text).strip(_EDGES)
            if text.strip():
                share = round(min(1.0, self._linked / self._letters), 3)
                self.lines.append(Line(text, self._paths[-1], share, self._gap))
                self._gap = NO_GAP
        self._parts.clear()
        self._letters = self._linked = 0
        self._after_inline = False
        self._gap = max(self._gap, gap)

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


def _path(above: str, tag: str, name: str, kind: str) -> str:
    """Return the path of an element below another, its oldest part cut when it grows long."""
    mark = "#" + _MARK.sub("-", name)[:_MARK_LENGTH] if name else ""
    if kind:
        mark += "." + ".".join(_MARK.sub("-", word)[:_MARK_LENGTH] for word in kind[:400].split()[:_MARKS])
    path = f"{above}/{tag}{mark}" if above else tag + mark
    return path if len(path) <= _PATH_LENGTH else path[-_PATH_LENGTH:].partition("/")[2] or tag
