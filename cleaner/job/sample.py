"""A sample of somebody's data, and the recipe to begin with that it suggests."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from importlib.resources import files
from typing import TYPE_CHECKING

from cleaner import languages, plugins, sites
from cleaner.errors import RecordError
from cleaner.job.clean import open_record
from cleaner.languages.codes import code_of
from cleaner.parts import chunks, inputs
from cleaner.record import KNOWN, Damage, Skipped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cleaner.record import Record

LIMIT = 500
"""Records that are looked at."""
_PARTS = 50
"""Parts that they are taken from."""
_SHOWN = 8
_KNOWN = {alias for aliases in KNOWN.values() for alias in aliases}


@dataclass
class Sample:
    """What some records are like."""

    records: int = 0
    textless: int = 0
    """Those in which no text was found."""
    bad: int = 0
    """Those that could not be read."""
    pages: int = 0
    """Those that are HTML."""
    formats: Counter[str] = field(default_factory=Counter)
    fields: Counter[str] = field(default_factory=Counter)
    longest: Counter[str] = field(default_factory=Counter)
    """Characters in each field that is no text that a run would take, in the records that have none."""
    languages: Counter[str] = field(default_factory=Counter)
    sites: Counter[str] = field(default_factory=Counter)

    def add(self, item: Record | Damage | Skipped) -> None:
        """Look at one record."""
        if isinstance(item, Skipped):
            return
        self.records += 1
        if isinstance(item, Damage):
            self.bad += 1
            return
        values = json.loads(item.raw, strict=False)
        self.fields.update(values.keys())
        if host := sites.host(str(item.get("url") or "")):
            self.sites[host] += 1
        try:
            doc = open_record(item, {})
        except RecordError:
            self.textless += 1
            unknown = {name: value for name, value in values.items() if name not in _KNOWN}
            self.longest.update({name: len(value) for name, value in unknown.items() if isinstance(value, str)})
            return
        self.pages += doc.page is not None
        if told := doc.fields.get("lang") or languages.detect(doc.text):
            self.languages[code_of(told)] += 1

    @property
    def text_field(self) -> str:
        """The field that seems to hold the text, if it goes by no name that is known."""
        many = 2 * self.textless > self.records - self.bad
        return self.longest.most_common(1)[0][0] if many and self.longest else ""


def draw(given: Sequence[str], chosen: str = "auto") -> Sample:
    """Return a sample of the records of some inputs, taken from the beginnings of as many files as possible.

    Raises:
        InputError: there is nothing to read.
        UsageError: the format is unknown.

    """
    sample = Sample()
    parts = inputs.find(given, chosen)[:_PARTS]
    for part in parts:
        sample.formats[part.format] += 1
        for chunk in chunks.cut([part], limit=max(1, LIMIT // len(parts))):
            for item in chunk.read():
                sample.add(item)
    return sample


def write(sample: Sample | None, given: Sequence[str] = (), name: str = "recipe.toml") -> str:
    """Return a recipe with what was seen as remarks; without a sample, the one that is shipped for articles.

    Args:
        sample: what was seen.
        given: the inputs, for the command that is suggested.
        name: the name that the recipe will have.

    """
    preset = "web" if sample is not None and 2 * sample.pages > sample.records else "news"
    body = files("cleaner").joinpath("recipes", f"{preset}.toml").read_text("utf-8")
    packs = [pack for pack in plugins.names("packs") if sample and (pack == "any" or pack in sample.languages)]
    head = ["A recipe for cleaner, to be changed: `cleaner stages NAME` explains the options of each stage."]
    options = f" --text {sample.text_field}" if sample is not None and sample.text_field else ""
    head.append(f"Use it: cleaner run {' '.join(given) or 'IN'} -o clean/ -c {name}{options}")
    if sample is not None:
        head += ["", *_seen(sample), ""]
    head.append(f"It begins with the preset {preset}.")
    lines = [f"# {_plain(line)}".rstrip() for line in head]
    if len(packs) > 1:
        tail = ["", "[boilerplate]", f"# packs = {json.dumps(packs)} # these languages alone; as it is, all of them"]
    else:
        tail = []
    return "\n".join([*lines, *body.splitlines()[1:], *tail, ""])


def _seen(sample: Sample) -> list[str]:
    good = sample.records - sample.bad
    several = Counter({host: n for host, n in sample.sites.items() if n > 1})
    found = [f"Seen in {sample.records} records ({_told(sample.formats, 'files')}):"]
    if sample.bad:
        found.append(f"  {sample.bad} cannot be read and would go to quarantine")
    found.append(f"  fields     {_told(sample.fields)}" if sample.fields else "  no field at all")
    if sample.text_field:
        known = ", ".join(KNOWN["text"])
        found.append(f"  the text   seems to be in {sample.text_field}, for there is no {known}")
    found.append(f"  languages  {_told(sample.languages) or 'none that is sure'}")
    if several:
        found.append(f"  sites with several pages, whose repeated lines go: {_told(several)}")
    elif good:
        found.append("  no site with two pages or more: what sites repeat (templates) can be learned from more of them")
    return found


def _told(counts: Counter[str], unit: str = "") -> str:
    order = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    shown = [f"{name} {n}" for name, n in order[:_SHOWN]]
    more = [f"and {len(order) - _SHOWN} more"] if len(order) > _SHOWN else []
    return ", ".join(shown + more) + (f" {unit}" if unit else "")


def _plain(line: str) -> str:
    """Return a remark without anything that could end it: names of fields are other people's."""
    return "".join(c if c.isprintable() else "?" for c in line)
