"""Tables of the report: with a caption, heads that say what they head, and rows that can be searched and sorted."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cleaner.report.element import Element, Node, tag
from cleaner.report.shown import share

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Share(NamedTuple):
    """Some of a whole, shown in per cent."""

    some: int
    of: int


class Row(NamedTuple):
    """A row; its first cell is its head."""

    cells: Sequence[int | Share | Node | Sequence[Node]]
    kind: str | None = None
    """What the filter knows it by."""


def table(caption: str, heads: Sequence[str], rows: Iterable[Row], *, name: str | None = None) -> Element:
    """Return a table that scrolls by itself where it is too wide.

    Args:
        caption: what it shows.
        heads: of the columns; one that begins with ``#`` is of numbers.
        rows: from which a reader may choose.
        name: what the filter that chooses among the rows knows it by.

    """
    top = [tag("th", h.removeprefix("#"), scope="col", class_="n" if h.startswith("#") else None) for h in heads]
    body = [
        tag("tr", _cells(row.cells), data_row=True, data_kind=row.kind, data_of=name if row.kind is not None else None)
        for row in rows
    ]
    inside = tag("table", tag("caption", caption), tag("thead", tag("tr", top)), tag("tbody", body))
    return tag("div", inside, class_="scroll", tabindex=0, role="region", aria_label=caption)


def _cells(cells: Sequence[int | Share | Node | Sequence[Node]]) -> Iterable[Element]:
    first, *others = cells
    yield tag("th", _whole(first), scope="row", dir="auto")
    for cell in others:
        if isinstance(cell, Share):
            value = cell.some / cell.of if cell.of else 0.0
            yield tag("td", share(cell.some, cell.of), class_="n", data_n=f"{value:.6f}")
        elif isinstance(cell, int):
            yield tag("td", f"{cell:,}", class_="n", data_n=str(cell))
        else:
            yield tag("td", _whole(cell))


def _whole(cell: object) -> Sequence[Node]:
    if isinstance(cell, Share | int):
        return [str(cell)]
    return [cell] if isinstance(cell, str | Element) else list(cell)  # type: ignore[call-overload]
