"""JSON Schema of what people and programs write and read: recipes, records, rows of the ledger.

It is made from the dataclasses themselves, so it says what the program believes.
"""

from __future__ import annotations

import types
from typing import TYPE_CHECKING, Any, Literal, Union, get_args, get_origin, get_type_hints

from cleaner import dedup, plugins, recipe
from cleaner.ledger import ACTIONS, Row
from cleaner.pipeline import stage_class
from cleaner.record import ANNOTATION, KNOWN

if TYPE_CHECKING:
    from collections.abc import Callable

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_SIMPLE = {str: "string", int: "integer", float: "number", bool: "boolean", types.NoneType: "null"}
_SHARE = {"type": "number", "minimum": 0, "maximum": 1}
_ALWAYS = ["doc", "rule", "action", "start", "end", "before", "after"]
_TYPES: dict[str, dict[str, Any]] = {
    "id": {"type": ["string", "integer"]},
    "text": {"type": "string"},
    "html": {"type": "string"},
}


def of_recipe() -> dict[str, Any]:
    """Return the schema of a recipe, as a reader of TOML sees it."""
    stages = {name: _table(stage_class(name)) for name in plugins.names("stages")}
    return {
        "$schema": _DIALECT,
        "title": "A recipe of cleaner",
        "type": "object",
        "properties": {
            "stages": {"type": "array", "items": {"enum": list(stages)}, "description": "What runs, in order."},
            **stages,
            "guard": {
                "type": "object",
                "description": "By stage: the largest share of a text that it may remove at once.",
                "properties": dict.fromkeys(("default", *stages), _SHARE),
                "additionalProperties": False,
            },
            "dedup": _table(dedup.Options),
        },
        "required": ["stages"],
        "additionalProperties": False,
    }


def of_record() -> dict[str, Any]:
    """Return the schema of a record of the input; what is not known passes through."""
    fields = {
        alias: {**_TYPES.get(name, {}), "description": f"{name}, under the name {alias}" if alias != name else name}
        for name, aliases in KNOWN.items()
        for alias in aliases
    }
    return {
        "$schema": _DIALECT,
        "title": "A record of cleaner",
        "type": "object",
        "properties": {**fields, ANNOTATION: {"type": "object", "description": "What a run has added."}},
        "anyOf": [{"required": [alias]} for name in ("text", "html") for alias in KNOWN[name]],
    }


def of_ledger() -> dict[str, Any]:
    """Return the schema of a row of the ledger."""
    hints = get_type_hints(Row)
    fields = {name: _of_type(hints[name]) for name in Row._fields}
    fields["action"] = {"enum": list(ACTIONS)}
    for name in ("start", "end"):
        fields[name]["minimum"] = 0
    return {
        "$schema": _DIALECT,
        "title": "A row of the ledger of cleaner",
        "type": "object",
        "properties": fields,
        "required": _ALWAYS,
        "additionalProperties": False,
    }


KINDS: dict[str, Callable[[], dict[str, Any]]] = {"recipe": of_recipe, "record": of_record, "ledger": of_ledger}


def _table(kind: type) -> dict[str, Any]:
    """Return the schema of a table of options."""
    options = {o.name: {**_of_type(o.hint), "description": o.about, "default": o.default} for o in recipe.listed(kind)}
    return {"type": "object", "properties": options, "additionalProperties": False}


def _of_type(hint: Any) -> dict[str, Any]:  # noqa: ANN401  a type, or what typing has for one
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return {"anyOf": [_of_type(each) for each in inner]}
    if origin is Literal:
        return {"enum": list(inner)}
    if origin is tuple:
        return {"type": "array", "items": _of_type(inner[0])}
    return {"type": _SIMPLE[hint]} if hint in _SIMPLE else {}
