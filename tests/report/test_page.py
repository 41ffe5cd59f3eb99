"""The page as a text: what it holds, how large it is, and that nothing in it breaks out."""

import re
from collections import Counter
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html
from typer.testing import CliRunner

from cleaner.cli import app
from cleaner.report.element import Asset, render, tag
from cleaner.report.facts import Bad, Example
from cleaner.report.page import page
from cleaner.report.shown import visible
from cleaner.report.tally import RuleTally, SiteTally, Tally

LARGEST = 2 << 20
TAGS = set(
    """html head meta title style body a header p h1 h2 h3 strong em nav div ul ol li input output main section svg g
    path rect text line circle details summary table caption thead tbody tr th td code del ins span select option label
    time br footer script""".split()  # noqa: SIM905  easier to read
)


def parsed(data):
    return html.document_fromstring(data.decode())


def held(data):
    """Hold what must be true of the elements of any page."""
    root = parsed(data)
    elements = [e for e in root.iter() if isinstance(e.tag, str)]
    assert {e.tag for e in elements} <= TAGS
    assert [e.tag for e in elements].count("script") == 1
    assert [e.tag for e in elements].count("style") == 1
    for e in elements:
        assert not [name for name in e.attrib if name.startswith("on") or name in ("style", "src", "srcset")], e.tag
        assert e.get("href", "#").startswith("#")
    assert not re.search("[\x00-\x08\x0b-\x1f\u202a-\u202e\u2066-\u2069]", data.decode())
    return root


def test_the_policy_allows_the_one_style_and_the_one_script(facts_of):
    root = held(page(facts_of("a")))
    policy = root.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy


def test_nothing_breaks_out(facts_of, breakouts):
    for text in (*breakouts, " ".join(breakouts)):
        root = held(page(facts_of(text)))
        assert len(root.xpath("//section")) == 8


@settings(deadline=None, max_examples=25)
@given(text=st.text(st.characters(codec=None, exclude_characters="\n"), max_size=40).map("x{}x".format))
def test_any_text_can_be_shown(facts_of, text):
    root = held(page(facts_of(text)))
    assert visible(text) in [code.text for code in root.xpath("//*[@id='quarantine']//td/code")]


@settings(deadline=None, max_examples=50)
@given(text=st.text(st.characters(codec=None), max_size=60))
def test_an_element_gives_back_the_text_that_it_was_given(text):
    made = html.fragment_fromstring(
        render(tag("p", text, title=text)).encode(), parser=html.HTMLParser(encoding="utf-8")
    )
    assert made.get("title", "") == visible(text)
    assert (made.text or "") == visible(text)
    assert len(made) == 0


def test_what_is_no_file_of_ours_cannot_stand_in_the_page_as_it_is():
    with pytest.raises(FileNotFoundError):
        Asset("../../../../etc/nothing.css")
    assert "</" not in Asset("page.js").text + Asset("page.css").text


def test_headline_and_tables_can_be_read_by_machines_for_people(plain_out):
    root = held((plain_out / "report.html").read_bytes())
    assert root.xpath("string(//h1)") == "Of 39 documents 30 were kept."
    assert "7 were copies of others and 2 could not be processed and are in quarantine." in root.xpath(
        "string(//header)"
    )
    assert root.get("lang") == "en"
    assert len(root.xpath("//h1")) == 1
    levels = [int(h.tag[1]) for h in root.iter("h1", "h2", "h3", "h4")]
    assert all(later <= before + 1 for before, later in pairwise(levels))
    for table in root.iter("table"):
        assert table.xpath("string(caption)")
        assert all(th.get("scope") == "col" for th in table.xpath("thead//th"))
        assert all(len(row.xpath("th[@scope='row']")) == 1 for row in table.xpath("tbody/tr"))
        assert {len(row) for row in table.iter("tr")} == {len(table.xpath("thead//th"))}
    for svg in root.iter("svg"):
        inner = svg.getparent().tag in ("g", "svg")
        assert inner or svg.get("aria-hidden") == "true" or (svg.get("role") == "img" and svg.get("aria-label"))
    for control in root.iter("input", "select"):
        assert control.get("aria-label") or control.getparent().tag == "label"
    names = root.xpath("//*/@id")
    assert len(names) == len(set(names))
    assert {a.get("href")[1:] for a in root.iter("a")} <= set(names)


def test_the_sections_tell_what_was_done(plain_out):
    root = parsed((plain_out / "report.html").read_bytes())

    def cells(section):
        return {
            row[0].text_content(): [c.text_content() for c in row[1:]]
            for row in root.xpath(f"//*[@id='{section}']//tbody/tr")
        }

    assert cells("sites")["s0.example"][0] == "12"
    assert cells("parts")["a.jsonl"] == ["30", "30", "0", "0", "0"]
    assert cells("parts")["b.jsonl"] == ["9", "0", "0", "7", "2"]
    assert set(cells("quarantine")) == {"bad-json", "bad-text"}
    assert "Share on Facebook" in root.xpath("string(//*[@id='removed'])")
    pairs = root.xpath("//*[contains(@class, 'pair')]")
    assert len(pairs) == 7
    assert all(pair.xpath("string(.//h3)").startswith("Kept: k") for pair in pairs)
    assert sum(bool(pair.xpath(".//del")) for pair in pairs) == 6


def test_examples_stand_in_their_context(run_on, article):
    text = f"{article(1)}\n\nShare on Facebook\n\n{article(2)}"
    root = parsed((run_on({"a.jsonl": [{"id": "a", "text": text}]}) / "report.html").read_bytes())
    shown = next(li for li in root.xpath("//*[@class='example']/li") if li.xpath("string(del)").startswith("Share on"))
    before, after = shown.text_content().split(shown.xpath("string(del)"))
    assert article(1).rsplit(maxsplit=1)[1] in before
    assert article(2).split(maxsplit=1)[0] in after


def test_a_run_with_nothing_to_tell_is_a_page_too(run_on):
    for records in ([], [{"id": "a", "text": "It rained all night, and nobody in the village slept."}]):
        out = run_on({"a.jsonl": records})
        root = held((out / "report.html").read_bytes())
        one = "Of 1 document 1 was kept." if records else "Of 0 documents 0 were kept."
        assert root.xpath("string(//h1)") == one


def test_a_dry_run_says_that_there_are_no_texts(run_on, article):
    copies = [{"id": n, "text": article(1)} for n in range(3)]
    root = parsed((run_on({"a.jsonl": copies}, "--dry-run") / "report.html").read_bytes())
    assert "not written down" in root.xpath("string(//*[@id='copies'])")


def test_a_date_tells_the_order_of_a_story(facts_of):
    facts = facts_of("a")
    (story,) = facts.stories
    seen = {"a": story.seen["a"], "b": story.seen["b"]._replace(day="2024-02-01")}
    root = held(page(replace(facts, stories=(replace(story, seen=seen),))))
    assert root.xpath("//*[@class='story']/li/*[1]/text()") == ["2024-02-01", "2024-02-29", "undated"]
    assert [c.get("cx") for c in root.xpath("//*[@id='stories']//circle")] == ["2.00%", "98.00%"]


def test_the_page_stays_small_however_large_the_run(facts_of, breakouts):
    text = " ".join(breakouts)
    facts = facts_of(text)
    rules = {f"{n}{text}": RuleTally(n, n, n, [text[:160]] * 3) for n in range(5_000)}
    tally = Tally(
        read=100_000,
        kept=100_000,
        rules=rules,
        sites={f"{n}{text}": SiteTally(n, n, n, n, n) for n in range(5_000)},
        quarantined=Counter({f"{n}{text}": 1 for n in range(500)}),
    )
    many = replace(
        facts,
        tally=tally,
        parts={f"{n}{text}": facts.tally for n in range(5_000)},
        examples={code: (Example(text, text[:48], text[:240], text[:240], text[:48]),) * 2 for code in rules},
        clusters=facts.clusters * 12,
        stories=facts.stories * 12,
        quarantine={f"{n}{text}": (Bad(text, 1, 1, text),) * 10 for n in range(12)},
    )
    assert len(page(many)) <= LARGEST


def test_the_command_writes_what_the_run_wrote(plain_out, hostile_out, tmp_path):
    for out in (plain_out, hostile_out):
        wanted = (out / "report.html").read_bytes()
        target = tmp_path / "new" / "page.html"
        assert CliRunner().invoke(app, ["report", str(out), "-o", str(target)]).exit_code == 0
        assert target.read_bytes() == wanted
        assert CliRunner().invoke(app, ["report", str(out), "-o", "-"]).stdout_bytes == wanted


def test_the_command_mends_the_page_of_a_run(run_on, article, audit):
    out = run_on({"a.jsonl": [{"id": n, "text": article(n)} for n in range(3)]})
    wanted = (out / "report.html").read_bytes()
    (out / "report.html").write_bytes(b"damaged")
    result = CliRunner().invoke(app, ["report", str(out)])
    assert result.exit_code == 0
    assert (out / "report.html").read_bytes() == wanted
    audit(out)


@pytest.mark.parametrize("name", ["MANIFEST.json", "report.json", "ledger/a.jsonl", "places/a.jsonl"])
def test_a_folder_that_is_no_whole_run_is_a_sentence(run_on, article, name):
    out = run_on({"a.jsonl": [{"id": n, "text": f"{article(1)}\n\nShare on Facebook"} for n in range(3)]})
    (out / name).unlink()
    result = CliRunner().invoke(app, ["report", str(out)])
    assert result.exit_code == 1  # typer's runner; main() gives the error's own
    assert type(result.exception).__name__ == "InputError"
    assert name.partition("/")[0].split(".")[0] in str(result.exception) or "no run" in str(result.exception)
