"""The one loop: applies, remembers, leaves out, refuses, and goes round until nothing more is asked for."""

import re
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.document import Document, Edit, undo
from cleaner.errors import OutputError, RecordError
from cleaner.pipeline import Pipeline, build, open_document, stage_class
from cleaner.recipe import parse
from cleaner.report.tally import Tally


@dataclass(frozen=True)
class Cut:
    """Cuts what a pattern matches."""

    pattern: str
    rule: str = "x/cut"

    def __call__(self, doc):
        for match in re.finditer(self.pattern, doc.text):
            yield Edit(*match.span(), "", self.rule)


class Fails:
    def __init__(self, error):
        self.error = error

    def __call__(self, _doc):
        yield Edit(0, 1, "", "x/first")
        raise self.error


class Grows:
    """Never has enough."""

    def __call__(self, _doc):
        yield Edit(0, 0, "a", "x/grow")


def run(text, *stages, **more):
    return Pipeline([(f"s{i}", stage) for i, stage in enumerate(stages)], **more)(Document("a", text))


def test_stages_run_in_order_and_are_remembered_by_name():
    doc = run("abcabc", Cut("b"), Cut("ac"))
    assert doc.text == ""
    assert [(e.stage, e.before) for e in doc.history] == [("s0", "b"), ("s0", "b"), ("s1", "abc"), ("s1", "abc")]
    assert doc.original == "abcabc"


def test_the_stages_go_round_until_none_asks_for_more():
    doc = run("x(b)", Cut(r"\(\)"), Cut("b"))
    assert doc.text == "x"
    assert [e.stage for e in doc.live] == ["s0"]
    assert undo(doc.text, doc.history) == "x(b)"


def test_stages_that_never_have_enough_are_left_after_some_rounds():
    assert run("b", Grows(), Grows()).text == "a" * 12 + "b"


@settings(max_examples=100, deadline=None)
@given(
    st.text("ab() \n", max_size=30),
    st.lists(st.sampled_from(["a", r"\(+\)+", "b+(?=\n)", r"\s+$", "^ +", "(?<=a) "]), max_size=3),
)
def test_a_second_run_over_a_short_text_changes_nothing(text, patterns):
    doc = run(text, *map(Cut, patterns))
    assert undo(doc.text, doc.history) == text
    assert run(doc.text, *map(Cut, patterns)).text == doc.text


@pytest.mark.parametrize("error", [ValueError("no"), ZeroDivisionError(), RecursionError(), KeyError("k")])
def test_a_stage_that_fails_costs_the_document_and_says_so(error):
    with pytest.raises(RecordError, match=f"stage s0 failed on it: {type(error).__name__}") as caught:
        run("abc", Fails(error))
    assert caught.value.reason == "stage-failed"
    assert caught.value.__cause__ is error


def test_an_edit_that_makes_no_sense_is_a_failure_of_its_stage():
    class Wild:
        def __call__(self, _doc):
            return [Edit(5, 99, "", "x/wild")]

    with pytest.raises(RecordError, match="leaves the text"):
        run("abc", Wild())


def test_errors_that_are_meant_go_through():
    with pytest.raises(OutputError):
        run("abc", Fails(OutputError("full")))


@pytest.mark.parametrize(
    ("select", "ignore", "left"),
    [
        ((), (), ""),
        (("en/share",), (), "c"),
        (("en/share/b",), (), "ac"),
        ((), ("en",), "ab"),
        ((), ("en/share/a",), "a"),
        (("en",), ("en/share",), "abc"),
        (("en/share/",), (), "c"),
        (("en/shar",), (), "abc"),
        (("no",), (), "abc"),
    ],
)
def test_rules_that_are_not_wanted_do_not_act(select, ignore, left):
    stages = Cut("a", "en/share/a"), Cut("b", "en/share/b"), Cut("c", "de/print/c")
    assert run("abc", *stages, select=select, ignore=ignore).text == left


LONG = "a" * 150 + "b" * 150


@pytest.mark.parametrize(
    ("guard", "text", "refused"),
    [
        pytest.param({}, LONG, False, id="no guard"),
        pytest.param({"default": 0.5}, LONG, False, id="just as much as it may"),
        pytest.param({"default": 0.49}, LONG, True, id="too much"),
        pytest.param({"default": 0.1, "s0": 1.0}, LONG, False, id="this stage may"),
        pytest.param({"default": 1.0, "s0": 0.1}, LONG, True, id="this stage may not"),
        pytest.param({"s1": 0.1}, LONG, False, id="another one may not"),
        pytest.param({"default": 0.1}, "ab" * 100, False, id="a text too short for a share"),
        pytest.param({"default": 0.0}, LONG, True, id="nothing at all"),
    ],
)
def test_a_stage_that_would_take_too_much_takes_nothing(guard, text, refused):
    doc = run(text, Cut("a"), guard=guard)
    assert doc.text == (text if refused else text.replace("a", ""))
    assert [name for name, _ in doc.refused] == (["s0"] if refused else [])
    if refused:
        assert doc.refused[0][1] == "it would remove 50% of the text"
        assert doc.history == ()


def test_a_stage_that_is_refused_does_not_stop_the_others():
    doc = run(LONG + "c", Cut("a"), Cut("c"), guard={"default": 0.4})
    assert doc.text == LONG
    assert doc.refused == (("s0", "it would remove 50% of the text"),)


def test_a_pipeline_without_stages_is_the_identity():
    assert run("abc").history == ()
    assert build(parse("r", "stages = []"))(Document("a", "abc")).text == "abc"


def test_a_stage_may_stand_twice_in_a_recipe():
    stages = build(parse("r", 'stages = ["spacing", "repair", "spacing"]'))
    assert stages(Document("a", "â€™  \n\n\n\nb")).text.startswith("’")


def test_stages_are_called_like_their_files():
    assert stage_class("repair").__name__ == "Repair"


@pytest.mark.parametrize(
    ("text", "html", "expected"),
    [("a", None, "a"), ("a", "<p>b", "a"), ("", "<p>b", ""), (None, "<p>b</p>", "b")],
    ids=["a text", "a text before a page", "even an empty one", "a page"],
)
def test_a_document_is_opened(text, html, expected):
    doc = open_document("k", text, html, {"url": "u"})
    assert (doc.id, doc.text, doc.fields["url"]) == ("k", expected, "u")


def test_what_is_known_goes_before_what_the_page_says():
    page = '<html lang="de"><title>Its own</title><p>b'
    doc = open_document("k", None, page, {"title": "Mine"})
    assert (doc.fields["title"], doc.fields["lang"]) == ("Mine", "de")


def test_without_text_and_page_there_is_no_document():
    with pytest.raises(RecordError) as caught:
        open_document("k", None, None, {})
    assert caught.value.reason == "missing-text"


@pytest.mark.parametrize(
    ("more", "after"),
    [
        ({}, "déjà"),
        ({"ignore": ["repair/mojibake"]}, "dÃ©jà"),
        ({"ignore": ["repair/entity"]}, "d&Atilde;&copy;j&agrave;"),
        ({"select": ["repair/entity"]}, "dÃ©jà"),
        ({"ignore": ["repair"]}, "d&Atilde;&copy;j&agrave;"),
    ],
)
def test_a_rule_that_may_not_act_takes_none_along_that_would_come_after_it(more, after):
    repair = build(parse("r", 'stages = ["repair"]'), **more)
    assert repair(Document("a", "d&Atilde;&copy;j&agrave;")).text == after


def test_what_was_capped_of_a_page_is_counted():
    page = open_document("a", None, "<p>It rained\0 all night.", {})
    assert (page.text, page.capped) == ("It rained all night.", ("html-nul",))
    tally = Tally()
    tally.document(page)
    tally.document(open_document("b", None, "<p>It rained.", {}))
    assert Tally.of_json(tally.as_json()).capped == {"html-nul": 1}
