"""The report as one page of HTML that needs nothing but itself; everything that comes from data is escaped."""

from __future__ import annotations

from html import escape
from typing import Any

from cleaner.report.tally import Tally

_STYLE = """
:root { color-scheme: light dark; --line: #8884; --bar: #4a8fd9; --soft: #888 }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.6rem } h2 { font-size: 1.15rem; margin-top: 2.5rem }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; padding: .35rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
td.t { overflow-wrap: anywhere }
code { font: .9em ui-monospace, monospace } .soft { color: var(--soft) }
svg { width: 100%; height: 1.6rem; display: block } .scroll { overflow-x: auto }
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_COLOURS = {"kept": "#3a9d5d", "dropped": "#8a8a8a", "duplicates": "#4a8fd9", "quarantined": "#d0593f"}


def render(report: dict[str, Any]) -> str:
    """Return the page of a run's report, the content of ``report.json``."""
    total = Tally.of_json(report["total"])
    flow = {
        "kept": total.kept,
        "dropped": total.dropped.total(),
        "duplicates": total.duplicates,
        "quarantined": total.quarantined.total(),
    }
    parts = [
        "<!doctype html><html lang=en><meta charset=utf-8>",
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        '<meta name=viewport content="width=device-width, initial-scale=1">',
        f"<title>What cleaner did</title><style>{_STYLE}</style><main>",
        f"<h1>{total.read:,} records read, {total.kept:,} kept</h1>",
        f"<p role=alert><b>{escape(report['guard'])}</b></p>" if report["guard"] else "",
        _flow(flow, total.read),
        _table("Where the records went", ("", "records"), list(flow.items())),
        _table("Dropped, by reason", ("reason", "records"), total.dropped.most_common()),
        _table("Duplicates, by level", ("level", "records"), total.levels.most_common()),
        _table("Quarantined, by reason", ("reason", "records"), total.quarantined.most_common()),
        _table(
            "Characters removed, by kind of rule",
            ("kind", "characters"),
            sorted(((k, n) for k, n in total.kinds().items() if n), key=lambda row: (-row[1], row[0])),
        ),
        _table(
            "Rules",
            ("rule", "edits", "documents", "characters", "for example"),
            [(code, r.edits, r.documents, r.removed, "\n".join(r.examples)) for code, r in total.top_rules()],
        ),
        _table(
            "Parts",
            ("part", "read", "kept", "dropped", "duplicates", "quarantined"),
            [
                (name, t.read, t.kept, t.dropped.total(), t.duplicates, t.quarantined.total())
                for name, t in ((name, Tally.of_json(data)) for name, data in report["parts"].items())
            ],
        ),
        "</main></html>\n",
    ]
    return "\n".join(part for part in parts if part)


def _flow(counts: dict[str, int], total: int) -> str:
    """Return one bar, cut as the records are."""
    bars, at = [], 0.0
    for name, n in counts.items():
        width = 100 * n / max(1, total)
        label = f"<title>{name}: {n:,}</title>"
        bars.append(f'<rect x="{at:.3f}%" width="{width:.3f}%" height="100%" fill="{_COLOURS[name]}">{label}</rect>')
        at += width
    words = ", ".join(f"{n:,} {name}" for name, n in counts.items())
    return f'<svg role=img aria-label="{words}">{"".join(bars)}</svg><p class=soft>{words}</p>'


def _table(title: str, head: tuple[str, ...], rows: list[tuple[Any, ...]]) -> str:
    if not rows:
        return ""
    numbers = [isinstance(cell, int) for cell in rows[0]]
    top = "".join(f"<th{' class=n' if n else ''}>{escape(h)}</th>" for h, n in zip(head, numbers, strict=True))
    body = "".join(f"<tr>{''.join(_cell(c) for c in row)}</tr>" for row in rows)
    return f"<h2>{escape(title)}</h2><div class=scroll><table><tr>{top}</tr>{body}</table></div>"


def _cell(value: object) -> str:
    if isinstance(value, int):
        return f"<td class=n>{value:,}</td>"
    return f"<td class=t>{'<br>'.join(escape(line) for line in str(value).split(chr(10)))}</td>"
