"""Laws that hold for everything in a room, so that nothing half-done gets in."""

import dataclasses
import importlib
import inspect
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cleaner import Document, dedup, pipeline, plugins, recipe
from cleaner.document import undo

TESTS = Path(__file__).parent
STAGES = plugins.names("stages")
RECIPES = plugins.names("recipes")

PIECES = st.sampled_from(
    [
        "Skip to content",
        "Home | News | Sport",
        "XS",
        "SM",
        "MD",
        "LG",
        "Share on Facebook",
        "We use cookies. Accept all",
        "It rained all night, and in the morning the river stood at the third step of the town hall.",
        "“Nobody slept,” the mayor said.",
        '"Nobody slept, ”',
        "CafÃ© &amp;amp; Bar",
        "\\u201cquoted\\u201d %C3%A9",
        "河水涨到了市政厅的第三级台阶，市长说没有人睡着。",
        "",
        " ",
        "\x00\x85\u200b\ufeff",
        "\ud800",
    ]
)
TEXTS = st.one_of(st.lists(PIECES, max_size=12).map("\n".join), st.text(max_size=200))


@pytest.mark.parametrize("name", STAGES)
def test_a_stage_is_a_frozen_dataclass_with_a_docstring_a_doctest_and_tests_of_its_own(name):
    module = importlib.import_module(f"cleaner.stages.{name}")
    stage = pipeline.stage_class(name)
    assert dataclasses.is_dataclass(stage)
    assert stage.__dataclass_params__.frozen
    assert inspect.getdoc(module)
    assert ">>>" in (inspect.getdoc(stage) or "")
    assert [*TESTS.glob(f"*/test_{name}.py"), *TESTS.glob(f"{name}/test_*.py")]


@pytest.mark.parametrize("name", STAGES)
@settings(max_examples=60, deadline=None)
@given(text=TEXTS)
@example(text="a" * 100_000)
@example(text=" \n" * 20_000)
@example(text="&" * 20_000)
@example(text="a" + "\u0301" * 20_000)
def test_a_stage_keeps_the_laws(name, text):
    stage = pipeline.stage_class(name)()
    doc = Document("a", text)
    edits = list(stage(doc))
    assert all(0 <= e.start <= e.end <= len(text) for e in edits)
    assert all(e.rule for e in edits)
    loop = pipeline.Pipeline([(name, stage)])
    done = loop(doc)
    assert undo(done.text, done.history) == text
    assert loop(Document("a", done.text)).text == done.text


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_holds_and_says_what_it_is_for(name):
    found = recipe.load(name)
    pipeline.build(found)
    found.options("dedup", dedup.Options)
    assert found.source.startswith("# ")


@pytest.mark.parametrize("name", RECIPES)
@settings(max_examples=60, deadline=None)
@given(text=TEXTS)
def test_a_second_run_changes_nothing(name, text):
    stages = pipeline.build(recipe.load(name))
    once = stages(Document("a", text))
    assert undo(once.text, once.history) == text
    assert stages(Document("a", once.text)).text == once.text
