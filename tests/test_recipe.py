"""A recipe is held against what its stages offer, and what is wrong is said with its place."""

from dataclasses import dataclass
from typing import Literal

import pytest

from cleaner import dedup, pipeline, plugins, recipe
from cleaner.errors import RecipeError, UsageError


@dataclass(frozen=True)
class Options:
    number: int = 1
    share: float = 0.5
    name: str = ""
    on: bool = True
    kind: Literal["a", "b"] = "a"
    names: tuple[str, ...] = ()
    limit: int | None = None
    made: int = 0

    def __post_init__(self):
        if self.number > 100:
            message = "number is above 100"
            raise ValueError(message)


@pytest.mark.parametrize("name", plugins.names("recipes"))
def test_every_shipped_recipe_holds_and_says_what_it_is(name):
    chosen = recipe.load(name)
    assert chosen.source.startswith("# ")
    assert pipeline.build(chosen).stages
    assert chosen.options("dedup", dedup.Options)


def of(text):
    return recipe.parse("r.toml", f"stages = []\n{text}")


@pytest.mark.parametrize(
    ("value", "option"),
    [
        ("number = 5", {"number": 5}),
        ("share = 1", {"share": 1.0}),
        ("share = 0.25", {"share": 0.25}),
        ('name = "x"', {"name": "x"}),
        ("on = false", {"on": False}),
        ('kind = "b"', {"kind": "b"}),
        ('names = ["a", "b"]', {"names": ("a", "b")}),
        ("names = []", {"names": ()}),
        ("limit = 3", {"limit": 3}),
    ],
)
def test_values_of_the_right_type_are_taken(value, option):
    assert of(f"[guard]\n{value}").options("guard", Options) == Options(**option)


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("number = 1.5", "r.toml:4: guard.number wants int, not 1.5"),
        ("number = true", "guard.number wants int, not True"),
        ('number = "5"', "guard.number wants int, not '5'"),
        ("share = true", "guard.share wants float"),
        ('share = "half"', "guard.share wants float"),
        ("name = 5", "guard.name wants str"),
        ("on = 1", "guard.on wants bool"),
        ('kind = "c"', "guard.kind wants Literal"),
        ('names = "a"', "guard.names wants tuple"),
        ("names = [1]", "guard.names wants tuple"),
        ('limit = "x"', "guard.limit wants int | None"),
        ("numbre = 1", "r.toml:4: unknown option of [guard] 'numbre': did you mean 'number'?"),
        ("number = 101", "r.toml:3: [guard] number is above 100"),
        ("share = nan", ""),
    ],
)
def test_values_of_another_type_are_refused_with_their_place(value, told):
    chosen = of(f"# a remark\n[guard]\n{value}")
    if not told:
        pytest.skip("a float like any other")
    with pytest.raises(RecipeError) as caught:
        chosen.options("guard", Options)
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("", "a recipe needs a list of stages"),
        ("stages = 1", "a recipe needs a list of stages"),
        ("stages = [1]", "a recipe needs a list of stages"),
        ("stages = [", "no valid TOML"),
        ("stages = []\nstages = []", "no valid TOML"),
        ("# one\nstages = ['repare']", "r.toml:2: unknown stage 'repare': did you mean 'repair'?"),
        ("stages = ['../os']", "unknown stage '../os'"),
        ("stages = []\n[repare]", "r.toml:2: unknown table 'repare'"),
        ("stages = ['repair']\n\n[repare]\nx = 1", "r.toml:3: unknown table 'repare': did you mean 'repair'?"),
        ("stages = []\ndedup = 1", "r.toml:2: dedup should be a table: [dedup]"),
        ("stages = []\nguards = 1", "r.toml:2: unknown table 'guards': did you mean 'guard'?"),
    ],
)
def test_a_recipe_that_makes_no_sense_is_said_with_its_place(source, told):
    with pytest.raises(RecipeError) as caught:
        recipe.parse("r.toml", source)
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ("[guard]\nrepair = 2", "r.toml:3: guard.repair should be"),
        ("[guard]\nrepair = -0.1", "guard.repair should be"),
        ('[guard]\nrepair = "half"', "guard.repair should be"),
        ("[guard]\nspacing = 0.5", "guard.spacing should be"),
        ("[guard]\nrepair = true", "guard.repair should be"),
        ("[repair]\nno_such = 1", "unknown option of [repair] 'no_such'"),
    ],
)
def test_a_pipeline_that_makes_no_sense_is_said_when_it_is_built(table, told):
    with pytest.raises(RecipeError) as caught:
        pipeline.build(recipe.parse("r.toml", f"stages = ['repair']\n{table}"))
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("change", "value"),
    [
        ("dedup.level=near", "near"),
        ('dedup.level="near"', "near"),
        ("dedup.threshold=0.5", 0.5),
        ("dedup.level=a=b", "a=b"),
        ("dedup.level=", ""),
        ("dedup.level=[1", "[1"),
        ("dedup.level=a\nb = 1", "a\nb = 1"),
    ],
)
def test_changes_stand_in_place_of_what_the_recipe_says(change, value):
    key = change.partition("=")[0].partition(".")[2]
    chosen = recipe.parse("r.toml", 'stages = []\n[dedup]\nlevel = "off"\nthreshold = 0.1', [change])
    assert chosen.tables["dedup"][key] == value


@pytest.mark.parametrize("change", ["", "dedup", "dedup.level", "level=near", "=", ".=1", "stages=1", "dedup.=1"])
def test_a_change_that_makes_no_sense_is_said(change):
    with pytest.raises(RecipeError, match=r"STAGE\.OPTION=VALUE|unknown"):
        recipe.parse("r.toml", "stages = []", [change]).options("dedup", dedup.Options)


@pytest.mark.parametrize("change", ["repair.x.y=1", "stages.x=1", "guard.x.y=1"])
def test_a_change_too_deep_is_said(change):
    with pytest.raises(UsageError):
        pipeline.build(recipe.parse("r.toml", "stages = ['repair']", [change]))


def test_a_file_of_ones_own(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text("stages = ['repair']")
    assert recipe.load(str(path)).stages == ("repair",)
    path.write_bytes(b"stages = ['\xff']")
    with pytest.raises(RecipeError, match="cannot be read"):
        recipe.load(str(path))
    with pytest.raises(RecipeError, match="cannot be read"):
        recipe.load(str(tmp_path / "none.toml"))
    with pytest.raises(RecipeError, match=r"must end in \.toml"):
        recipe.load(str(tmp_path / "own"))
    with pytest.raises(RecipeError, match="cannot be read"):
        recipe.load("a\x00.toml")
