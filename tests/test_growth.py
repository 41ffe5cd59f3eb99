"""Four times the input costs about four times the time, in every stage and every format, however hostile it is."""

import time

import pytest

from cleaner import Document, pipeline, plugins, sites
from cleaner.stages import density
from cleaner.stages.templates import Templates

UNITS = [
    "a",
    " ",
    "\n",
    "a\n",
    "&",
    "<",
    "Home | ",
    "share\n",
    "Share on Facebook ",
    "Ã",
    "\u0301",
    "\x00",
    "1. ",
    "“",
    "河",
    "- \n",
]
LETTERS = 16_000
FACTOR = 4
MOST = 11.0
"""Times as long; linear growth gives 4, an exponent of 1.2 gives 5.3, quadratic growth gives 16."""
NOISE = 0.02
"""Seconds below which nothing can be told."""
FORMATS = {
    "csv": ["id,text\n", '1,"a', ",", '"', "\n", "x,y\n"],
    "html": ["", "<a ", "<div>", "</p>", "<!--", "&#", "<td><p>"],
    "jsonl": ["", "{", '{"a":', "[", '"\\u', '{"text": "a"}\n', "\n"],
    "text": ["", "a", "\xff", "\n"],
}


def seconds(work, *given):
    """Return the least processor time of three."""
    spent = []
    for _ in range(3):
        start = time.process_time()
        work(*given)
        spent.append(time.process_time() - start)
    return min(spent)


def grows(work, short, long):
    work(short)  # what is done once is done
    least = max(seconds(work, short), NOISE)
    return seconds(work, long) / least


@pytest.mark.parametrize("unit", UNITS, ids=ascii)
@pytest.mark.parametrize("name", plugins.names("stages"))
def test_a_stage(name, unit, monkeypatch):
    monkeypatch.setattr(density, "_READINGS", 1)  # it reads what it leaves again, a few times at most
    stage = pipeline.stage_class(name)()
    if name == "templates":
        stage = Templates(known=sites.learn(sites.count([("a.example", f"{unit}\nshare\n{n}") for n in "ab"])))

    def work(text):
        return list(stage(Document("a", text, fields={"url": "https://a.example"})))

    texts = [unit * (LETTERS * factor // len(unit)) for factor in (1, FACTOR)]
    assert grows(work, *texts) <= MOST


@pytest.mark.parametrize(
    ("name", "head", "unit"),
    [(name, units[0], unit) for name, units in FORMATS.items() for unit in units[1:]],
)
def test_a_format(name, head, unit):
    reader = plugins.module("formats", name)

    def work(data):
        return list(reader.read(data, f"a.{name}"))

    data = [(head + unit * (LETTERS * factor // len(unit))).encode("latin-1") for factor in (1, FACTOR)]
    assert grows(work, *data) <= MOST
