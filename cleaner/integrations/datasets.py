"""A step for Hugging Face `datasets`: ``dataset.map(CleanBatch("news"), batched=True)``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from cleaner.api import Pipeline

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class CleanBatch:
    """Clean the texts of a batch of columns.

    It holds the name of its recipe and nothing else, so that `datasets` can send it to other processes
    (``num_proc=8``), and knows by its fingerprint what it has done before.

    Examples:
        >>> CleanBatch("strip-only")({"id": [1], "text": ["Skip to content\\n\\nIt rained all night."]})["text"]
        ['It rained all night.']

    """

    recipe: str = "news"
    """A preset's name, or the path of a ``.toml`` file."""

    def __call__(self, batch: Mapping[str, list[Any]]) -> dict[str, list[Any]]:
        """Return the batch with its texts clean, and what was done to each row under ``_cleaner``.

        Rows stay as many as they are: drop those of which nothing is left by
        ``dataset.filter(lambda row: row["text"])``.

        Raises:
            UsageError: there is no column of texts.
            RecipeError: there is no such recipe.

        """
        names = [*batch]
        rows = [dict(zip(names, values, strict=True)) for values in zip(*batch.values(), strict=True)]
        done = _pipeline(self.recipe)(rows)
        return {name: [row[name] for row in done] for name in (done[0] if done else ())}


@cache
def _pipeline(recipe: str) -> Pipeline:
    return Pipeline.from_recipe(recipe)
