"""The sections of the report, in the order in which they are read; one that has nothing to tell is left out."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from cleaner.report import charts, tables
from cleaner.report.charts import Series, Stream
from cleaner.report.collect import RULES
from cleaner.report.element import Element, Node, tag
from cleaner.report.facts import BINS
from cleaner.report.shown import line
from cleaner.report.tables import Row, Share
from cleaner.report.tally import LENGTHS, kind
from cleaner.report.words import Piece, side_by_side

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from cleaner.report.facts import Cluster, Example, Facts, Key, Seen

_ROWS = 100
"""Rows of a table at most."""
_REASONS = 5
"""Reasons that have a stream of their own in the flow."""
_NAME = 160
"""Characters of a name, id or title."""
_SHORT = 24
_PANE = 3_000
"""Characters of a text beside another one."""


def _section(name: str, short: str, head: str, *inside: Node | Iterable[Node]) -> Element:
    nothing = tag("p", "Nothing here matches the search.", class_="nothing", hidden=True, data_nothing=True)
    title = tag("h2", head, id=f"{name}-head")
    return tag("section", title, *inside, nothing, id=name, aria_labelledby=f"{name}-head", data_short=short)


def flow(facts: Facts) -> Element:
    """Show where the records went."""
    t = facts.tally
    copies = {f"{level} duplicates": n for level, n in t.levels.items() if level != "story"}
    copies["same story"] = t.duplicates - sum(copies.values())
    streams = [
        Stream("kept", "kept", t.kept),
        *_streams("dropped", t.dropped, "other reasons", "dropped"),
        *_streams("duplicates", copies, "other duplicates"),
        *_streams("quarantined", t.quarantined, "other reasons", "quarantined"),
    ]
    total = tables.table(
        "Where the records went",
        ("Outcome", "", "#Records", "#Share"),
        [Row((line(s.name, _NAME), s.note, s.records, Share(s.records, t.read))) for s in streams],
    )
    return _section("flow", "Overview", "What came in, what came out", charts.flow(streams, t.read), _folded(total))


def _streams(outcome: str, counts: Mapping[str, int], rest: str, note: str = "") -> Iterator[Stream]:
    """Yield a stream for each of the largest counts, and one for the others."""
    rows = sorted(((n, name) for name, n in counts.items() if n > 0), key=lambda r: (-r[0], r[1]))
    for n, name in rows[:_REASONS]:
        yield Stream(outcome, line(name, _SHORT), n, note)
    if others := sum(n for n, _ in rows[_REASONS:]):
        yield Stream(outcome, rest, others, note)


def _folded(inside: Node, words: str = "The same as a table") -> Element:
    return tag("details", tag("summary", words), inside, class_="plain")


def removed(facts: Facts) -> Element | None:
    """Show what the rules took out, by kind and by rule."""
    t = facts.tally
    if not t.rules:
        return None
    kinds = sorted(((n, k) for k, n in t.kinds().items() if n > 0), key=lambda r: (-r[0], r[1]))
    top = t.top_rules()[:RULES]
    most = kinds[0][0] if kinds else 0
    by_kind = tables.table(
        "Characters removed, by kind of rule, and their share of all that came in",
        ("Kind", "#Characters", "#Share", ""),
        [Row((line(k, _NAME), n, Share(n, t.characters_in), charts.bar(n, most))) for n, k in kinds[:_ROWS]],
    )
    by_rule = tables.table(
        f"The {len(top)} rules with the most edits" if len(t.rules) > len(top) else "The rules, by number of edits",
        ("Rule", "#Edits", "#Documents", "#Characters", "Examples, struck through what went"),
        [
            Row(
                (
                    tag("code", line(code, _NAME)),
                    rule.edits,
                    rule.documents,
                    rule.removed,
                    _examples(facts.examples.get(code, ()), rule.examples),
                ),
                kind(code),
            )
            for code, rule in top
        ],
        name="rules",
    )
    return _section(
        "removed",
        "Removed",
        "What was removed and mended",
        by_kind if kinds else "",
        tag("h3", "By rule"),
        tag(
            "p",
            "Each example shows an edit in the text around it. ",
            tag("code", "cleaner rules CODE"),
            " tells what a rule is for, ",
            tag("code", "cleaner explain OUT --doc ID"),
            " all that happened to a document.",
            class_="note",
        ),
        _filter("rules", "Kind of rule", sorted({kind(code) for code, _ in top})),
        by_rule,
    )


def _filter(name: str, label: str, kinds: Sequence[str]) -> Node:
    """Return a choice among the kinds of rows, if there is one; it needs the script."""
    if len(kinds) < 2:  # noqa: PLR2004  one is no choice
        return ""
    options = [tag("option", line(k, _NAME), value=k) for k in kinds]
    choice = tag("select", tag("option", "all", value=""), options, data_filter=name, autocomplete="off")
    return tag("label", label, choice, class_="filter", hidden=True, data_script=True)


def _examples(some: Sequence[Example], bare: Sequence[str]) -> Element:
    """Show edits in their context, or at least what they took."""
    items = [
        tag(
            "li",
            "…" if e.left else "",
            line(e.left, _NAME),
            tag("del", line(e.before, _NAME).strip()) if e.before else "",
            tag("ins", line(e.after, _NAME).strip()) if e.after else "",
            line(e.right, _NAME),
            "…" if e.right else "",
            class_="text",
        )
        for e in some
    ]
    items = items or [tag("li", tag("del", line(before, _NAME)), class_="text") for before in bare]
    return tag("ul", items, class_="example")


def sites(facts: Facts) -> Element | None:
    """Show what each site came to."""
    every = facts.tally.top_sites()
    if not any(name for name, _ in every):
        return None
    rows = [
        Row(
            (
                line(name, _NAME) if name else tag("em", "no site given"),
                site.documents,
                Share(site.characters_in - site.characters_out, site.characters_in),
                charts.bar(site.characters_in - site.characters_out, site.characters_in),
                site.duplicates,
                Share(site.duplicates, site.documents),
                site.dropped,
            )
        )
        for name, site in every[:_ROWS]
    ]
    caption = "Sites by number of documents"
    if len(every) > _ROWS:
        caption += f": the first {_ROWS} of {len(every):,}"
    heads = ("Site", "#Documents", "#Removed", "", "#Duplicates", "#Share", "#Dropped")
    text = "What cleaning took from the texts of each site, and how many of its documents another one already had."
    return _section("sites", "Sites", "Site by site", tag("p", text, class_="note"), tables.table(caption, heads, rows))


def measures(facts: Facts) -> Element | None:
    """Show how long the documents are, and how similar the duplicates."""
    t = facts.tally
    inside: list[Node] = []
    used = sorted({n for counts in (t.lengths_in, t.lengths_out) for n, count in counts.items() if count > 0})
    if used:
        classes = [n for n in LENGTHS if used[0] <= n <= used[-1]]
        series = (
            Series("came in", "dropped", [t.lengths_in[n] for n in classes]),
            Series("kept", "kept", [t.lengths_out[n] for n in classes]),
        )
        inside += _histogram("Characters in a document", "documents, by how long they are", series, classes)
    levels = [(level, c) for level, c in (("near", "duplicates"), ("story", "removed")) if level in facts.similarities]
    if levels:
        names = {"near": "near duplicates, dropped", "story": "same story, marked"}
        lowest = min(n for level, _ in levels for n in facts.similarities[level])
        bins = range(lowest, BINS)
        compared = [Series(names[level], c, [facts.similarities[level][n] for n in bins]) for level, c in levels]
        inside += _histogram(
            "Similarity of a duplicate to the document kept",
            "duplicates, by how similar they are to the document kept",
            compared,
            [n / BINS for n in bins],
        )
        if exact := facts.similarities.get("exact"):
            inside.append(tag("p", f"Exact copies, {exact.total():,} of them, are not drawn.", class_="note"))
    return _section("measures", "Measures", "Lengths and similarities", inside) if inside else None


def _histogram(head: str, said: str, series: Sequence[Series], classes: Sequence[float]) -> Iterator[Element]:
    labels = [f"{n:,}" if isinstance(n, int) else f"{n:.2f}" for n in classes]
    short = [_thousands(n) if isinstance(n, int) else f"{n:.2f}" for n in classes]
    yield tag("h3", head)
    yield tag("ul", [tag("li", s.name, class_=s.colour) for s in series], class_="legend")
    yield charts.histogram(series, short, f"Histogram: {said}; the table below says the same")
    rows = [Row((label, *(s.counts[n] for s in series))) for n, label in enumerate(labels)]
    yield _folded(tables.table(head, ("From", *(f"#{s.name}" for s in series)), rows))


def _thousands(n: int) -> str:
    """Return a round number in few characters.

    Examples:
        >>> _thousands(700), _thousands(1500), _thousands(20_000_000)
        ('700', '1.5k', '20M')

    """
    for size, letter in ((10**6, "M"), (10**3, "k")):
        if n >= size:
            return f"{n / size:g}{letter}"
    return str(n)


def copies(facts: Facts) -> Element | None:
    """Show clusters of copies, a pair of each side by side."""
    if not facts.clusters:
        return None
    shown = [_cluster(cluster, opened=n == 0) for n, cluster in enumerate(facts.clusters)]
    how = f"{facts.all_clusters:,} cluster{'' if facts.all_clusters == 1 else 's'} of copies; "
    how += f"{len(shown)} of the largest are shown, " if len(shown) < facts.all_clusters else "all are shown, "
    how += "each with the copy that differs most from the document kept. "
    how += "Words that only one of the two has are marked; long stretches that both have are cut short."
    levels = sorted({_level(cluster) for cluster in facts.clusters})
    note = tag("p", how, class_="note")
    return _section("copies", "Duplicates", "Copies, side by side", note, _filter("copies", "Level", levels), shown)


def _level(cluster: Cluster) -> str:
    return "near" if any(m.level == "near" for m in cluster.members) else "exact"


def _cluster(cluster: Cluster, *, opened: bool) -> Element:
    farthest = min(cluster.members, key=lambda m: (m.similarity, str(m.id)))
    kept, other = cluster.seen.get(cluster.kept), cluster.seen.get(farthest.id)
    title = kept.title if kept and kept.title else str(cluster.kept)
    inside: list[Node] = []
    if kept and other and kept.text and other.text:
        left, right = side_by_side(kept.text, other.text)
        inside.append(
            tag(
                "div",
                _pane("Kept", cluster.kept, kept, left, "ins"),
                _pane(
                    f"Dropped, {farthest.level}, similarity {farthest.similarity:.2f}", farthest.id, other, right, "del"
                ),
                class_="pair diff",
            )
        )
    else:
        inside.append(tag("p", "The texts were not written down by this run.", class_="nothing"))
    members = [
        f"{line(str(m.id), _NAME)} ({m.level}, {m.similarity:.2f})" for m in cluster.members if m is not farthest
    ]
    more = cluster.size - 1 - len(cluster.members)
    if members or more:
        rest = f" and {more:,} more" if more > 0 else ""
        inside.append(tag("p", "Dropped, too: ", ", ".join(members), rest, ".", class_="others"))
    head = (tag("strong", f"{cluster.size:,} documents"), " · ", tag("span", line(title, _NAME), dir="auto"))
    return tag(
        "details",
        tag("summary", *head),
        tag("div", inside, class_="inside"),
        open=opened,
        data_row=True,
        data_of="copies",
        data_kind=_level(cluster),
    )


def _pane(what: str, key: Key, seen: Seen, pieces: Sequence[Piece], mark: str) -> Element:
    where = f" · {line(seen.site, _NAME)}" if seen.site else ""
    head = tag("h3", f"{what}: ", tag("span", line(str(key), _NAME), class_="id"), where)
    return tag("div", head, tag("p", _marked(pieces, mark), class_="text"))


def _marked(pieces: Sequence[Piece], mark: str) -> Iterator[Node]:
    room = _PANE
    for piece in pieces:
        if piece.left_out:
            yield tag("span", f" … {piece.left_out:,} words that both have … ", class_="left-out")
            continue
        text = piece.text if len(piece.text) <= room else f"{piece.text[:room]} …"
        yield tag(mark, text) if piece.own else text
        room -= len(text)
        if room <= 0:
            return


def stories(facts: Facts) -> Element | None:
    """Show clusters of documents that tell the same story, each as a timeline."""
    if not facts.stories:
        return None
    shown = [_story(cluster, opened=n == 0) for n, cluster in enumerate(facts.stories)]
    n = facts.all_stories
    how = f"{n:,} {'story is' if n == 1 else 'stories are'} told by several documents in other words; all are kept and "
    how += f"marked. {len(shown)} of the largest:" if len(shown) < n else "marked."
    return _section("stories", "Stories", "The same story in other words", tag("p", how, class_="note"), shown)


def _story(cluster: Cluster, *, opened: bool) -> Element:
    told = [(cluster.kept, 1.0), *((m.id, m.similarity) for m in cluster.members)]
    rows = sorted(told, key=lambda row: (_day(cluster, row[0]) or "~", row[1] != 1.0, str(row[0])))
    days = [date.fromisoformat(day).toordinal() for key, _ in rows if (day := _day(cluster, key))]
    first, last = (days[0], days[-1]) if days else (0, 0)
    places = [(day - first) / (last - first) for day in days] if last > first else []
    kept = cluster.seen.get(cluster.kept)
    title = kept.title if kept and kept.title else str(cluster.kept)
    more = cluster.size - len(told)
    items = [_told(key, cluster.seen.get(key), similarity, first=key == cluster.kept) for key, similarity in rows]
    span = ""
    if days:
        span = " · ".join(("", " to ".join(date.fromordinal(day).isoformat() for day in sorted({first, last}))))
    head = tag("strong", f"{cluster.size:,} documents"), span, " · ", tag("span", line(title, _NAME), dir="auto")
    inside = [
        charts.timeline(places) if places else "",
        tag("ol", items, class_="story"),
        tag("p", f"and {more:,} more", class_="others") if more > 0 else "",
    ]
    return tag("details", tag("summary", *head), tag("div", inside, class_="inside"), open=opened, data_row=True)


def _day(cluster: Cluster, key: Key) -> str:
    seen = cluster.seen.get(key)
    return seen.day if seen else ""


def _told(key: Key, seen: Seen | None, similarity: float, *, first: bool) -> Element:
    day = seen.day if seen else ""
    title = seen.title if seen and seen.title else ""
    when = tag("time", day, datetime=day) if day else tag("span", "undated", class_="undated")
    said = "the one that the others are compared with" if first else f"similarity {similarity:.2f}"
    where = f" · {line(seen.site, _NAME)}" if seen and seen.site and seen.site not in str(key) else ""
    about = tag("span", tag("span", line(str(key), _NAME), class_="id"), where, f" · {said}", class_="about")
    shown = (tag("span", line(title, _NAME), dir="auto"), tag("br"), about) if title else (about,)
    return tag("li", when, tag("span", *shown))


def quarantine(facts: Facts) -> Element | None:
    """Show what could not be processed, and why."""
    if not facts.quarantine:
        return None
    t = facts.tally
    rows = [
        Row(
            (
                tag("code", line(reason, _NAME)),
                tag("code", line(bad.source, _NAME)),
                bad.offset,
                bad.length,
                line(bad.error, 240),
            ),
            reason,
        )
        for reason, some in facts.quarantine.items()
        for bad in some
    ]
    counts = ", ".join(
        f"{n:,} {line(reason, _NAME)}"
        for reason, n in sorted(t.quarantined.items(), key=lambda r: (-r[1], r[0]))[:_ROWS]
    )
    caption = "Pieces in quarantine" if len(rows) == t.quarantined.total() else "The first pieces for each reason"
    return _section(
        "quarantine",
        "Quarantine",
        "What could not be processed",
        tag("p", f"By reason: {counts}. The bytes themselves stand in quarantine/.", class_="note"),
        _filter("quarantine", "Reason", list(facts.quarantine)),
        tables.table(caption, ("Reason", "Source", "#Offset", "#Bytes", "What was wrong"), rows, name="quarantine"),
    )


def parts(facts: Facts) -> Element | None:
    """Show the counts of each part."""
    rows = [
        Row((line(name, _NAME), t.read, t.kept, t.dropped.total(), t.duplicates, t.quarantined.total()))
        for name, t in list(facts.parts.items())[:_ROWS]
    ]
    if not rows:
        return None
    caption = "Counts of each part"
    if len(facts.parts) > _ROWS:
        caption += f": the first {_ROWS} of {len(facts.parts):,}, the others are in report.json"
    heads = ("Part", "#Read", "#Kept", "#Dropped", "#Duplicates", "#Quarantined")
    return _section("parts", "Parts", "File by file", tables.table(caption, heads, rows))


ALL: tuple[Callable[[Facts], Element | None], ...] = (
    flow,
    removed,
    sites,
    measures,
    copies,
    stories,
    quarantine,
    parts,
)
"""The sections, in order."""
