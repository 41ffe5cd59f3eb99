"""Tide tables: what is told to `cleaner` by the entry points in pyproject.toml."""

from pathlib import Path

PACK = Path(__file__).with_name("harbour.toml")
RECIPE = Path(__file__).with_name("recipe.toml")
