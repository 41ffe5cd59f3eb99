"""The drawings of the report. Widths are shares of the page and letters are not scaled: a telephone shows them, too."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from cleaner.report.element import Element, tag
from cleaner.report.shown import share

if TYPE_CHECKING:
    from collections.abc import Sequence

_FLOW = 240
"""Height of the flow's source, in pixels; what flows off is as high as its share of that."""
_ROW = 40
"""Height of the two lines that name a flow."""
_CHART = 150
_LABELS = 8
"""How many classes of a histogram are labelled at most."""


class Stream(NamedTuple):
    """Some of the records, on their way."""

    outcome: str
    """``kept``, ``dropped``, ``duplicates`` or ``quarantined``: names the colour."""
    name: str
    records: int
    note: str = ""
    """What else the drawing says of it."""


def flow(streams: Sequence[Stream], total: int) -> Element:
    """Draw where the records went: one bar on the left that runs out into one bar for each stream."""
    thick = [max(2.0, _FLOW * s.records / max(1, total)) for s in streams]
    scale = _FLOW / max(_FLOW, sum(thick))  # what is too thin to see is drawn thicker than it is
    lefts = list(accumulate((t * scale for t in thick), initial=0.0))
    tops = list(accumulate((max(_ROW, t) + 8 for t in thick), initial=0.0))
    height = max(tops[-1], _FLOW)
    bands, bars, names = [], [], []
    for s, t, left, top in zip(streams, thick, lefts, tops, strict=False):
        y = top + (max(_ROW, t) - t) / 2
        end = left + t * scale
        path = (
            f"M0,{left:.1f}C50,{left:.1f} 50,{y:.1f} 100,{y:.1f}V{y + t:.1f}C50,{y + t:.1f} 50,{end:.1f} 0,{end:.1f}Z"
        )
        bands.append(tag("path", d=path, class_=f"band {s.outcome}"))
        bars.append(tag("rect", x="40%", y=f"{y:.1f}", width=8, height=f"{t:.1f}", class_=f"fill {s.outcome}"))
        middle, said = y + t / 2, f"{s.records:,} · {share(s.records, total)}{s.note and f' · {s.note}'}"
        names += [
            tag("text", s.name, x="40%", dx=20, y=f"{middle - 3:.1f}", class_="name"),
            tag("text", said, x="40%", dx=20, y=f"{middle + 15:.1f}", class_="soft"),
        ]
    stretched = tag(
        "svg", bands, width="40%", height=f"{height:.0f}", viewBox=f"0 0 100 {height:.0f}", preserveAspectRatio="none"
    )
    said = f"Of {total:,} records: " + ", ".join(f"{s.records:,} {s.name}" for s in streams)
    return tag(
        "svg",
        tag("title", said),
        tag("rect", x=0, y=0, width=8, height=_FLOW, class_="fill read"),
        tag("g", stretched, bars, names, transform="translate(8)"),
        tag("text", f"{total:,} read", x=20, y=22, class_="name"),
        role="img",
        aria_label=said,
        class_="flow",
        height=f"{height:.0f}",
    )


class Series(NamedTuple):
    """One of the things that a histogram counts."""

    name: str
    colour: str
    counts: Sequence[int]


def histogram(series: Sequence[Series], labels: Sequence[str], said: str) -> Element:
    """Draw how often each class occurs, the series side by side in it; ``labels`` name where the classes begin."""
    highest = max((n for s in series for n in s.counts), default=0) or 1
    step = 100 / max(1, len(labels))
    bars = []
    for k, s in enumerate(series):
        wide = 0.84 * step / len(series)
        for n, count in enumerate(s.counts):
            high = max(1.0, _CHART * count / highest) if count else 0.0
            bars.append(
                tag(
                    "rect",
                    tag("title", f"{s.name}, from {labels[n]}: {count:,}"),
                    x=f"{n * step + 0.08 * step + k * wide:.2f}%",
                    y=f"{_CHART - high + 14:.1f}",
                    width=f"{wide:.2f}%",
                    height=f"{high:.1f}",
                    class_=f"fill {s.colour}",
                )
            )
    every = -(-len(labels) // _LABELS)
    marks = [
        tag("text", label, x=f"{n * step + 0.08 * step:.2f}%", y=_CHART + 32, class_="soft")
        for n, label in enumerate(labels)
        if n % every == 0
    ]
    return tag(
        "svg",
        tag("line", x1=0, x2="100%", y1=14, y2=14, class_="rule"),
        tag("text", f"{highest:,}", x=0, y=9, class_="soft"),
        bars,
        tag("line", x1=0, x2="100%", y1=_CHART + 14, y2=_CHART + 14, class_="axis"),
        marks,
        role="img",
        aria_label=said,
        class_="chart",
        height=_CHART + 40,
    )


def bar(some: int, of: int, colour: str = "removed") -> Element:
    """Draw a share as a bar in a table; the number beside it says the same."""
    width = 100 * max(0, some) / of if of > 0 else 0
    return tag(
        "svg", tag("rect", width=f"{width:.2f}%", height=10, class_=f"fill {colour}"), class_="bar", aria_hidden="true"
    )


def timeline(places: Sequence[float]) -> Element:
    """Draw dots on a line, at places from 0 to 1; the list beside it says the same."""
    dots = [tag("circle", cx=f"{2 + 96 * place:.2f}%", cy=8, r=5, class_="dot") for place in places]
    return tag(
        "svg",
        tag("line", x1="2%", x2="98%", y1=8, y2=8, class_="axis"),
        dots,
        class_="dots",
        height=16,
        aria_hidden="true",
    )
