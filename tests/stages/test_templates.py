"""Lines that a site repeats, taken out of its pages."""

import pytest

from cleaner import sites
from cleaner.document import Document
from cleaner.stages.templates import Templates

BODY = "The old grain store at Calder Quay burned for most of the night, and nobody yet knows why it began to burn."
PAGES = [
    (
        "herald.example",
        f"Home | News | Sport\nStory {name * 4}\n{name * 30} was the word of the day.\nMost read\nContact us",
    )
    for name in "abcdefghij"
]
PAGES[:2] = [(name, f"{text}\nGrain store burns at Calder Quay") for name, text in PAGES[:2]]
STAGE = Templates(known=sites.learn(sites.count(PAGES)))

TEXTS = {
    "furniture goes": (f"Home | News | Sport\n\n{BODY}\n\nMost read\nContact us", f"\n{BODY}\n\n"),
    "however it is written": (f"HOME |  News | Sport\n{BODY}", BODY),
    "a story's own headline stays": (
        f"Grain store burns at Calder Quay\n{BODY}",
        f"Grain store burns at Calder Quay\n{BODY}",
    ),
    "another story's goes": ("Grain store burns at Calder Quay\nFog came up.", "Fog came up."),
    "within a line nothing goes": ("We asked the most read author.", "We asked the most read author."),
}


@pytest.mark.parametrize(("text", "out"), TEXTS.values(), ids=TEXTS)
def test_pages_of_the_site(text, out):
    doc = Document("a", text, fields={"url": "https://www.herald.example/1"})
    done = doc.edit(STAGE(doc), "templates")
    assert done.text == out
    assert not [*STAGE(done)]


@pytest.mark.parametrize("url", ["", "https://mirror.example/1", "report.txt"])
def test_pages_of_other_sites_are_left_alone(url):
    assert not [*STAGE(Document("a", PAGES[0][1], fields={"url": url}))]


def test_a_pack_does_what_was_learned(tmp_path):
    pack = tmp_path / "site.toml"
    known = sites.learn(sites.count(PAGES))
    pack.write_text(sites.write(known, sites.spell(known, PAGES)), "utf-8")
    doc = Document("a", PAGES[3][1], fields={"url": "https://herald.example/3"})
    edits = [*Templates(str(pack))(doc)]
    assert edits == [*STAGE(doc)]
    assert edits[0].rule == "site/herald.example"
    assert edits[0].reason == "stands on 10 of 10 pages"


def test_a_line_added_by_hand_counts_though_it_is_a_sentence(tmp_path):
    pack = tmp_path / "site.toml"
    pack.write_text(f'[site."herald.example"]\npages = 1\n[site."herald.example".lines]\n"{BODY}" = 1\n', "utf-8")
    doc = Document("a", BODY, fields={"url": "https://herald.example/3"})
    assert [edit.end for edit in Templates(str(pack))(doc)] == [len(BODY)]
