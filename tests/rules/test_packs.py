"""The law of the packs: each rule holds against its examples, and all together keep what any of them keeps."""

import tomllib

import pytest

from cleaner import rules
from cleaner.document import Block, Document
from cleaner.rules import pack

RULES = rules.load()
ANYWHERE = {"hashtag", "lorem"}
"""Kinds that look the same in every language."""
PARAGRAPH = "The council met on Monday evening and talked for five hours about the two new schools of the town."


@pytest.mark.parametrize("path", sorted(pack.OWN.glob("[a-z]*.toml")), ids=lambda path: path.stem)
def test_a_pack_makes_sense(path):
    """Users' packs are asked whenever they are loaded."""
    kinds = tomllib.loads(path.read_text("utf-8"))
    kinds.pop("keeps", None)
    assert [fault for tables in kinds.values() for table in tables for fault in pack.faults(table)] == []


@pytest.mark.parametrize("name", rules.sorted_names())
class TestPack:
    """What holds of every rule of a pack: one test a pack, for there are thousands of examples."""

    def test_each_rule_holds_against_its_examples(self, name):
        failures = [failure for rule in rules.read(name) for failure in RULES.check(rule)]
        assert not failures, "\n".join(failures)

    def test_each_rule_says_why_and_proves_it(self, name):
        silent = [rule.code for rule in rules.read(name) if not rule.why.endswith(".")]
        unproved = [
            rule.code
            for rule in rules.read(name)
            if not (rule.removes or rule.inside or rule.tails or (rule.lines and (rule.where or rule.run == 1)))
            or not rule.keeps
        ]
        assert (silent, unproved) == ([], [])

    def test_what_one_rule_keeps_all_keep(self, name):
        failures = [
            f"{by.code} takes {whole[block.start : block.end]!r}, which {rule.code} keeps, out of {whole!r}"
            for text, rule in {text: rule for rule in rules.read(name) for text in rule.keeps}.items()
            for whole in (text, f"{PARAGRAPH}\n\n{text}\n\n{PARAGRAPH}")
            for block, by in RULES.cuts(Document("", whole))
        ]
        assert not failures, "\n".join(failures)


@pytest.mark.parametrize("name", [path.stem for path in sorted(pack.OWN.glob("[a-z]*.toml"))])
def test_a_language_has_every_kind(name):
    needed = ANYWHERE if name == "any" else set(rules.kinds()) - {"site"} - ANYWHERE
    assert needed - {rule.kind for rule in rules.read(name)} == set()


def test_an_element_speaks_where_words_alone_are_not_enough():
    text = f"{PARAGRAPH}\nRead more: fog at sea\n{PARAGRAPH}"
    at = len(PARAGRAPH) + 1
    line = Block(at, at + len("Read more: fog at sea"))
    above, below = Block(0, len(PARAGRAPH), "body/p"), Block(line.end + 1, len(text), "body/p")
    for path, cut in (("body/p", []), ("body/nav/li", ["any/navigation/element"])):
        doc = Document("", text, (above, line._replace(path=path), below))
        assert [rule.code for _, rule in RULES.cuts(doc)] == cut


def test_a_page_says_itself_what_is_a_menu():
    blocks = (Block(0, 4, "body/nav/li"), Block(5, 10, "body/p"), Block(11, 11 + len(PARAGRAPH), "body/aside"))
    doc = Document("", f"Moss\nRiver\n{PARAGRAPH}", blocks)
    assert [(block.start, rule.code) for block, rule in RULES.cuts(doc)] == [(0, "any/navigation/element")]


@pytest.mark.parametrize(
    ("line", "entries"),
    [
        pytest.param("about us contact us privacy policy", 3, id="three, of several words"),
        pytest.param("home news sport culture politics", 5, id="five single words"),
        pytest.param("home news sport", 0, id="three single words may be a headline"),
        pytest.param("home news sport culture reindeer", 0, id="one that nobody knows"),
    ],
)
def test_a_menu_on_one_line(line, entries):
    match = RULES.match(line)
    assert (match.parts if match.rules else 0) == entries


def test_what_hangs_under_the_heading_of_a_list_goes_with_it():
    text = f"{PARAGRAPH}\nMost read\n1 Bridge to close\n2 Seal pup found\n\nCraft"
    cut = [text[block.start : block.end] for block, _ in RULES.cuts(Document("", text))]
    assert cut == ["Most read", "1 Bridge to close", "2 Seal pup found"]
