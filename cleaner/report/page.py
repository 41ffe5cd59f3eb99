"""The report as one page of HTML that needs nothing but itself and loads nothing."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

from cleaner.report import sections
from cleaner.report.element import Asset, render, tag
from cleaner.report.shown import line, share

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cleaner.report.element import Element
    from cleaner.report.facts import Facts
    from cleaner.report.tally import Tally


def page(facts: Facts) -> bytes:
    """Return the page."""
    style, script = Asset("page.css"), Asset("page.js")
    allowed = f"style-src '{_hash(style)}'; script-src '{_hash(script)}'"
    policy = f"default-src 'none'; {allowed}; base-uri 'none'; form-action 'none'"
    shown = [section for make in sections.ALL if (section := make(facts)) is not None]
    document = tag(
        "html",
        tag(
            "head",
            tag("meta", charset="utf-8"),
            tag("meta", http_equiv="Content-Security-Policy", content=policy),
            tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
            tag("meta", name="referrer", content="no-referrer"),
            tag("title", "What cleaner did"),
            tag("style", style),
        ),
        tag(
            "body",
            tag("a", "Skip to the report", href="#report", class_="skip"),
            tag("header", _headline(facts)),
            tag("nav", tag("div", _contents(shown), _search()), aria_label="Sections"),
            tag("main", shown, id="report"),
            tag("footer", line(f"cleaner {facts.version}. Stages: {', '.join(facts.stages) or 'none'}.", 1000)),
            tag("script", script),
        ),
        lang="en",
    )
    return f"<!doctype html>\n{render(document)}\n".encode()


def _hash(asset: Asset) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(asset.text.encode()).digest()).decode()}"


def _headline(facts: Facts) -> Iterator[Element]:
    t = facts.tally
    yield tag("p", "What cleaner did", class_="over")
    yield tag("h1", f"Of {_documents(t.read)} {t.kept:,} {'was' if t.kept == 1 else 'were'} kept.")
    yield tag("p", " ".join(_sentences(t)), class_="lead")
    if facts.guard:
        yield tag("p", tag("strong", "Look at this first. "), line(facts.guard, 500), class_="alert", role="alert")


def _sentences(t: Tally) -> Iterator[str]:
    """Yield what else is to be said in words."""
    left = []
    if t.duplicates:
        left.append(f"{t.duplicates:,} {'was a copy' if t.duplicates == 1 else 'were copies'} of others")
    if n := t.dropped.total():
        left.append(f"{n:,} {'was' if n == 1 else 'were'} dropped")
    if n := t.quarantined.total():
        left.append(f"{n:,} could not be processed and {'is' if n == 1 else 'are'} in quarantine")
    if left:
        yield f"{', '.join(left[:-1])}{' and ' if len(left) > 1 else ''}{left[-1]}."
    removed = sum(n for n in t.kinds().values() if n > 0)
    if removed:
        yield f"Rules removed {removed:,} of {t.characters_in:,} characters ({share(removed, t.characters_in)})."
    if n := t.levels["story"]:
        yield f"{n:,} kept {'document tells' if n == 1 else 'documents tell'} the story of another one in other words."


def _documents(n: int) -> str:
    return f"{n:,} document{'' if n == 1 else 's'}"


def _contents(shown: list[Element]) -> Element:
    """Return links to the sections, by their ids and the texts of their heads."""
    links = []
    for section in shown:
        attributes = dict(section.attributes)
        links.append(tag("li", tag("a", attributes["data-short"], href=f"#{attributes['id']}")))
    return tag("ul", links)


def _search() -> Element:
    return tag(
        "div",
        tag(
            "input",
            id="search",
            type="search",
            placeholder="Search this page  ( / )",
            aria_label="Search the rows of this page",
            autocomplete="off",
            spellcheck="false",
        ),
        tag("output", id="found", for_="search", aria_live="polite"),
        class_="search",
        hidden=True,
        data_script=True,
    )
