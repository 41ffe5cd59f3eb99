"""A recipe: which stages run, in which order, with which options, as a TOML file that people can read.

A recipe is checked key by key against what its stages offer; what is wrong is said with file, line and remedy.
"""

from __future__ import annotations

import ast
import inspect
import sys
import textwrap
import tomllib
import types
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeVar, Union, get_args, get_origin, get_type_hints

from cleaner import plugins
from cleaner.errors import RecipeError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

T = TypeVar("T")

_TOP = ("guard", "dedup")


@dataclass(frozen=True)
class Recipe:
    """What a recipe says, not yet built.

    Examples:
        >>> load("minimal").stages
        ('boilerplate', 'spacing')

    """

    name: str
    stages: tuple[str, ...]
    tables: Mapping[str, Mapping[str, object]]
    """Options by table: one for each stage, and ``dedup`` and ``guard``."""
    source: str = ""
    """The recipe's text, to find the line of a mistake in."""

    def options(self, table: str, kind: type[T]) -> T:
        """Return a dataclass made of the options in a table; a field that its repr leaves out is no option.

        Raises:
            RecipeError: an option is unknown, or its value is of the wrong type or out of range.

        """
        known = tuple(f.name for f in fields(kind) if f.init and f.repr)  # type: ignore[arg-type]
        given = {}
        for key, value in self.tables.get(table, {}).items():
            if key not in known:
                raise RecipeError(f"{self.place(table, key)}: {plugins.unknown(f'option of [{table}]', key, known)}")
            hint = _hint(kind, key)
            fitted = _fitted(value, hint)
            if fitted is MISSING:
                wanted = getattr(hint, "__name__", str(hint)).replace("typing.", "")
                raise RecipeError(f"{self.place(table, key)}: {table}.{key} wants {wanted}, not {value!r}")
            given[key] = fitted
        try:
            return kind(**given)
        except ValueError as error:
            raise RecipeError(f"{self.place(table, '')}: [{table}] {error}") from None

    def place(self, table: str, key: str) -> str:
        """Return where a key stands, as ``file:line`` as far as that can be told."""
        inside = table == ""
        for number, line in enumerate(self.source.split("\n"), 1):
            if line.startswith("["):
                inside = line.strip() == f"[{table}]"
                if inside and not key:
                    return f"{self.name}:{number}"
            elif inside and key and line.partition("=")[0].strip().strip("\"'") == key:
                return f"{self.name}:{number}"
        return self.name


class Option(NamedTuple):
    """One option of a table."""

    name: str
    hint: Any
    default: Any
    about: str
    """The words that stand below it where it is defined."""


def listed(kind: type) -> list[Option]:
    """Return the options that a dataclass offers, in the order in which they are defined."""
    words = _words(kind)
    made = kind()
    return [
        Option(f.name, _hint(kind, f.name), getattr(made, f.name), words[f.name])
        for f in fields(kind)
        if f.init and f.repr
    ]


def _words(kind: type) -> dict[str, str]:
    """Return the string that stands below each field of a class, empty where none does."""
    (body,) = (n.body for n in ast.parse(textwrap.dedent(inspect.getsource(kind))).body if isinstance(n, ast.ClassDef))
    found = {}
    for node, below in zip(body, [*body[1:], None], strict=True):
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            said = below.value.value if isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant) else ""
            found[node.target.id] = inspect.cleandoc(str(said))
    return found


def load(name: str, changes: Iterable[str] = ()) -> Recipe:
    """Return the recipe of a file, or the shipped one of that name.

    Args:
        name: a path that ends in ``.toml``, or the name of a preset.
        changes: ``STAGE.OPTION=VALUE``, each put in place of what the recipe says; the value as TOML, or bare text.

    Raises:
        RecipeError: the file is missing or no TOML, or says something that has no meaning.

    """
    if name.endswith(".toml"):
        try:
            source = Path(name).read_text("utf-8")
        except (OSError, ValueError) as error:
            raise RecipeError(f"{name}: the recipe cannot be read: {error}") from None
    elif name in plugins.names("recipes"):
        source = plugins.file("recipes", name).read_text("utf-8")
    else:
        known = plugins.unknown("recipe", name, plugins.names("recipes"))
        raise RecipeError(f"{known}; a file of your own must end in .toml")
    return parse(name, source, changes)


def parse(name: str, source: str, changes: Iterable[str] = ()) -> Recipe:
    """Return the recipe that a text says; see `load`."""
    try:
        data = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        raise RecipeError(f"{name}: no valid TOML: {error}") from None
    stages = data.pop("stages", None)
    recipe = Recipe(name, (), {}, source)
    if not isinstance(stages, list) or not all(isinstance(s, str) for s in stages):
        raise RecipeError(f'{name}: a recipe needs a list of stages, such as stages = ["repair", "boilerplate"]')
    for stage in stages:
        if stage not in plugins.names("stages"):
            raise RecipeError(
                f"{recipe.place('', 'stages')}: {plugins.unknown('stage', stage, plugins.names('stages'))}"
            )
    for change in changes:
        path, equals, value = change.partition("=")
        table, dot, key = path.partition(".")
        if not (equals and dot):
            raise RecipeError(f"--set {change}: it should read STAGE.OPTION=VALUE")
        data.setdefault(table, {})[key] = _value(value)
    for table, options in data.items():
        if table not in plugins.names("stages") and table not in _TOP:
            tables = (*stages, "guard", "dedup")
            place = recipe.place(table, "") if isinstance(options, dict) else recipe.place("", table)
            raise RecipeError(f"{place}: {plugins.unknown('table', table, tables)}")
        if not isinstance(options, dict):
            raise RecipeError(f"{recipe.place('', table)}: {table} should be a table: [{table}]")
    return Recipe(name, tuple(stages), data, source)


def _hint(kind: type, name: str) -> Any:  # noqa: ANN401  a type, or what typing has for one
    """Return the type of one field; those of fields that are no options may not be there to be looked up."""
    (found,) = (f.type for f in fields(kind) if f.name == name)
    alone = types.SimpleNamespace(__annotations__={name: found})
    return get_type_hints(alone, vars(sys.modules[kind.__module__]))[name]


def _value(text: str) -> object:
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def _fitted(value: Any, hint: Any) -> Any:  # noqa: ANN401  any value is held against any type
    """Return the value as its type wants it, or MISSING if it does not fit."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return next((v for kind in inner if (v := _fitted(value, kind)) is not MISSING), MISSING)
    if origin is tuple:
        parts = [_fitted(v, inner[0]) for v in value] if isinstance(value, list) else [MISSING]
        return MISSING if any(p is MISSING for p in parts) else tuple(parts)
    if origin is Literal:
        return value if value in inner else MISSING
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if hint is int and isinstance(value, bool):
        return MISSING
    return value if isinstance(hint, type) and isinstance(value, hint) else MISSING
