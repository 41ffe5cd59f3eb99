"""What the tests of the report need: strings made to break out, a run full of them, and a browser."""

import json
import shutil
from collections import Counter

import pytest
from typer.testing import CliRunner

from cleaner.cli import app
from cleaner.report.facts import Bad, Cluster, Example, Facts, Member, Seen
from cleaner.report.tally import RuleTally, SiteTally, Tally

BREAKOUTS = (
    "<script>window.pwned=1</script>",
    "</script><script>window.pwned=1</script>",
    "</style></title></textarea><img src=x onerror=window.pwned=1>",
    '" onmouseover="window.pwned=1" autofocus onfocus="window.pwned=1" x="',
    "' onload='window.pwned=1",
    "<svg/onload=window.pwned=1>",
    "javascript:window.pwned=1",
    "--><!-- ]]> <![CDATA[ {{7*7}} ${window.pwned=1} %(x)s {0}",
    "a\u202ebackwards\u2066 \x00\x1b[31m\x07\x9d \ufeff\u200b\u2028",
    "lone \ud800 surrogate \udfff",
    "w" * 10_000,
    "́" * 500,
)
TEXT = " ".join(BREAKOUTS)
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def _facts(text):
    """Return facts with a text in every place that takes one."""
    tally = Tally(
        read=9,
        kept=3,
        duplicates=3,
        dropped=Counter({text: 1}),
        quarantined=Counter({text: 2}),
        levels=Counter({text: 2, "story": 1}),
        rules={text: RuleTally(3, 2, 100, [text]), f"{text}/a/b": RuleTally(1, 1, 5, [text, "b"])},
        sites={text: SiteTally(4, 1, 1, 500, 300), "": SiteTally(1, 0, 0, 10, 10)},
        characters_in=1000,
        characters_out=800,
        lengths_in=Counter({1000: 5, 100: 1}),
        lengths_out=Counter({100: 3}),
    )
    seen = {text: Seen(text, f"{text} one", text, text, "2024-02-29"), "b": Seen(text, f"{text} two", text, text)}
    cluster = Cluster(text, 3, (Member("b", "near", 0.5), Member(7, text, 0.9)), seen)
    return Facts(
        tally=tally,
        guard=text,
        version=text,
        stages=(text,),
        parts={text: tally},
        examples={text: (Example(text, text, text, text, text),)},
        similarities={"near": Counter({19: 2}), "story": Counter({5: 1}), text: Counter({3: 1})},
        clusters=(cluster,),
        all_clusters=5,
        stories=(cluster,),
        all_stories=5,
        quarantine={text: (Bad(text, 1, 2, text),)},
    )


@pytest.fixture(scope="session")
def facts_of():
    return _facts


@pytest.fixture(scope="session")
def breakouts():
    return BREAKOUTS


def _run(folder, files, *options):
    """Run the command on some files of records; returns its folder of results."""
    for name, records in files.items():
        path = folder / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"".join(r if isinstance(r, bytes) else json.dumps(r).encode() + b"\n" for r in records))
    result = CliRunner().invoke(app, ["run", str(folder / "in"), "-o", str(folder / "out"), "-q", *options])
    assert result.exit_code == 0, result.output
    return folder / "out"


@pytest.fixture(scope="session")
def run_on(tmp_path_factory):
    return lambda files, *options: _run(tmp_path_factory.mktemp("report"), files, *options)


@pytest.fixture(scope="session")
def hostile_out(run_on, article):
    """A run whose records break out wherever they can: ids, addresses, titles, dates, texts, names of files."""
    records = []
    for n, text in enumerate(BREAKOUTS):
        furniture = "Share on Facebook\n\nIt was \u00e2\u20ac\u0153fine\u00e2\u20ac\u009d."
        body = f"{text[:300]}\n\n{article(n)}\n\n{text[:300]}\n\n{furniture}"
        about = {"title": text, "date": f"2024-05-{n + 1:02} {text[:50]}", "source": text}
        records.append({"id": f"{n} {text}", "url": f"https://x.example/{text}", **about, "text": body})
        records.append({"id": f"copy {n} {text}", **about, "text": f"{body} One more word."})
    files = {
        "<img src=x onerror=window.pwned=1>.jsonl": records,
        "b&amp;'\".jsonl": [b'{"text": "<script>window.pwned=1</script>\n', b'{"id": "<b>", "n": 1}\n'],
    }
    return run_on(files)


@pytest.fixture(scope="session")
def plain_out(run_on, article):
    """A run over a small corpus with every section to show: sites, copies, a story, damage."""
    kept = [
        {
            "id": f"k{n}",
            "url": f"https://s{n % 3}.example/{n}",
            "title": f"Title {n}",
            "text": f"{article(n)}\n\nShare on Facebook",
        }
        for n in range(30)
    ]
    for n, record in enumerate(kept):
        record["date"] = f"2024-05-{n % 28 + 1:02}"
    copies = [{**kept[n], "id": f"c{n}", "text": f"{kept[n]['text']}\n\n{article(1000 + n, 2)}"} for n in range(6)]
    copies.append({**kept[10], "id": "again"})
    return run_on({"a.jsonl": kept, "b.jsonl": [*copies, b'{"id": "x", "text": 5}\n', b"{broken\n"]})


@pytest.fixture(scope="session")
def browser(tmp_path_factory):
    """A headless Chromium."""
    driver, chromium = shutil.which("chromedriver"), shutil.which("chromium")
    if not driver or not chromium:
        pytest.skip("no browser: chromium and chromium-driver are not installed (Debian: apt-get install both)")
    webdriver = pytest.importorskip(
        "selenium.webdriver", reason="selenium is not installed (pip install 'cleaner[dev]')"
    )
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('browser')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    with webdriver.Chrome(options=options, service=webdriver.ChromeService(driver)) as chrome:
        yield chrome
