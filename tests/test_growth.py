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
TRIALS = 3
NOISE = 0.02
"""Seconds below which nothing can be told."""
FORMATS = {
    "csv": ["id,text\n", '1,"a', ",", '"', "\n", "x,y\n"],
    "html": ["", "<a ", "<div>", "</p>", "<!--", "&#", "<td><p>"],
    "jsonl": ["", "{", '{"a":', "[", '"\\u', '{"text": "a"}\n', "\n"],
    "text": ["", "a", "\xff", "\n"],
}


def seconds(work, given):
    """Return the processor time that it takes."""
    start = time.process_time()
    work(given)
    return time.process_time() - start


def is_linear(work, short, long):
    """Tell whether the time grows as little as it should, in one of some trials: a busy machine has bad moments."""
    work(short)  # what is done once is done
    least = max(NOISE, min(seconds(work, short) for _ in range(TRIALS)))
    return any(seconds(work, long) <= MOST * least for _ in range(TRIALS))


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
    assert is_linear(work, *texts)


@pytest.mark.parametrize(
    ("name", "head", "unit"),
    [(name, units[0], unit) for name, units in FORMATS.items() for unit in units[1:]],
)
def test_a_format(name, head, unit):
    reader = plugins.module("formats", name)

    def work(data):
        return list(reader.read(data, f"a.{name}"))

    data = [(head + unit * (LETTERS * factor // len(unit))).encode("latin-1") for factor in (1, FACTOR)]
    assert is_linear(work, *data)
