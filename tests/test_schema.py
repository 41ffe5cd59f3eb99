"""The schemas hold for what is shipped and written, and refuse what the program refuses."""

import json
import tomllib
from pathlib import Path

import jsonschema
import pytest

import cleaner
from cleaner import dedup, pipeline, plugins, recipe
from cleaner.errors import RecipeError
from cleaner.job import schema

RECIPES = sorted(Path(cleaner.__file__).parent.glob("recipes/*.toml"))


def holds(kind, value):
    made = schema.KINDS[kind]()
    jsonschema.Draft202012Validator.check_schema(made)
    return jsonschema.Draft202012Validator(made).is_valid(value)


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.stem)
def test_shipped_recipes_hold(path):
    assert holds("recipe", tomllib.loads(path.read_text("utf-8")))


@pytest.mark.parametrize(
    "source",
    [
        "",
        "stages = 1",
        'stages = ["repare"]',
        "stages = []\n[repare]",
        'stages = ["repair"]\n[repair]\nno_such = 1',
        'stages = ["repair"]\n[repair]\nsoft_hyphens = "yes"',
        "stages = []\n[guard]\nrepair = 2",
        'stages = []\n[dedup]\nthreshold = "high"',
    ],
)
def test_what_the_program_refuses_does_not_hold(source):
    assert not holds("recipe", tomllib.loads(source))
    with pytest.raises(RecipeError):
        from_source(source)


def from_source(source):
    chosen = recipe.parse("r.toml", source)
    pipeline.build(chosen)
    chosen.options("dedup", dedup.Options)
    if "guard" in chosen.tables:
        pipeline.build(recipe.parse("r.toml", 'stages = ["repair"]\n[guard]\nrepair = 2'))


def test_every_row_of_a_run_holds(corpus, do, ledger_rows, tmp_path):
    do(corpus)
    rows = ledger_rows(tmp_path / "out")
    assert {"duplicate", "drop", "replace"} <= {row["action"] for row in rows}
    assert all(holds("ledger", row) for row in rows)
    assert not holds("ledger", {**rows[0], "more": 1})
    assert not holds("ledger", {**rows[0], "action": "eat"})


@pytest.mark.parametrize(
    ("record", "good"),
    [
        ({"text": "a"}, True),
        ({"body": "a", "id": 7, "more": [1]}, True),
        ({"html": "<p>"}, True),
        ({"id": 7}, False),
        ({"text": 7}, False),
        ({"text": "a", "id": 1.5}, False),
    ],
)
def test_records_hold_if_they_can_be_read(record, good):
    assert holds("record", json.loads(json.dumps(record))) == good


@pytest.mark.parametrize("stage", plugins.names("stages"))
def test_every_option_is_told_of(stage):
    table = schema.of_recipe()["properties"][stage]["properties"]
    assert all(option["description"] for option in table.values())
