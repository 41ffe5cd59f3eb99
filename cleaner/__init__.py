"""Clean scraped text: strip boilerplate, repair garbled characters, find near-duplicate coverage.

>>> import cleaner
>>> cleaner.clean_text("Skip to content\\n\\nIt rained all night.").text
'It rained all night.'
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cleaner.api import Clean, Pipeline, Run, clean_html, clean_text
    from cleaner.dedup import near_duplicates
    from cleaner.document import Block, Document, Edit
    from cleaner.errors import CleanerError

__version__ = "0.1.0"

__all__ = [
    "Block",
    "Clean",
    "CleanerError",
    "Document",
    "Edit",
    "Pipeline",
    "Run",
    "clean_html",
    "clean_text",
    "near_duplicates",
]

_HOMES = {
    "api": ("Clean", "Pipeline", "Run", "clean_html", "clean_text"),
    "dedup": ("near_duplicates",),
    "document": ("Block", "Document", "Edit"),
    "errors": ("CleanerError",),
}


def __getattr__(name: str) -> object:
    """Load what is asked for when it is asked for, so that importing cleaner costs next to nothing (PEP 562)."""
    import importlib

    for home, names in _HOMES.items():
        if name in names:
            return getattr(importlib.import_module(f"cleaner.{home}"), name)
    raise AttributeError(f"module 'cleaner' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
