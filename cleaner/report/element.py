"""Pages built of elements, in which text can be nothing but text.

A child that is a ``str`` is always escaped, and so is the value of an attribute; there is no way to hand over markup.
The two exceptions, the page's own style and script, are `Asset`s, and these come from files of this package alone.
"""

from __future__ import annotations

from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

from cleaner.report.shown import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_VOID = {"meta", "input", "br"}


class Asset:
    """A style or script that is shipped with this package."""

    def __init__(self, name: str) -> None:
        """Read it; it must not end the element that it will stand in."""
        self.text = files("cleaner.report").joinpath(name).read_text("utf-8")
        if "</" in self.text:
            raise ValueError(f"{name}: '</' in it would end the element")


class Element(NamedTuple):
    """A tag with its attributes and what stands in it; made by `tag`."""

    name: str
    attributes: tuple[tuple[str, str], ...]
    children: tuple[Node, ...]


Node = str | Element | Asset


def tag(name: str, /, *children: Node | Iterable[Node], **attributes: str | float | None) -> Element:
    """Return an element.

    Args:
        name: of the tag.
        children: elements and texts, or several of them at once.
        attributes: an underscore stands for a dash, and one at the end is dropped; True makes an attribute without a
            value, None or False none at all.

    Examples:
        >>> render(tag("a", "1 < 2", class_="x", aria_label='"'))
        '<a class="x" aria-label="&quot;">1 &lt; 2</a>'

    """
    inside: list[Node] = []
    for child in children:
        if isinstance(child, str | Element | Asset):
            inside.append(child)
        else:
            inside += child
    told = tuple(
        (key.rstrip("_").replace("_", "-"), "" if value is True else str(value))
        for key, value in attributes.items()
        if value is not None and value is not False
    )
    return Element(name, told, tuple(inside))


def render(node: Node) -> str:
    """Return the HTML of a node."""
    return "".join(_pieces(node))


def _pieces(node: Node) -> Iterator[str]:
    if isinstance(node, str):
        yield escape(visible(node), quote=False)
    elif isinstance(node, Asset):
        yield node.text
    else:
        yield f"<{node.name}"
        for key, value in node.attributes:
            yield f' {key}="{escape(visible(value))}"' if value else f" {key}"
        yield ">"
        for child in node.children:
            yield from _pieces(child)
        if node.name not in _VOID:
            yield f"</{node.name}>"
