"""Duplicates: exact, near, and the same story in other words; arrays in, arrays out.

Texts become sketches, one work unit at a time and anywhere (`sketch`); sketches on disk become duplicates (`detect`).
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cleaner.dedup.detection import detect
    from cleaner.dedup.drawing import sketch
    from cleaner.dedup.exact import normal_hash
    from cleaner.dedup.interop import signatures, to_datasketch, to_lean
    from cleaner.dedup.kernel import minhash
    from cleaner.dedup.near import near_duplicates
    from cleaner.dedup.options import Options
    from cleaner.dedup.results import Duplicate, Pair, Part, Result
    from cleaner.dedup.sketches import Sketch

__all__ = [
    "Duplicate",
    "Options",
    "Pair",
    "Part",
    "Result",
    "Sketch",
    "detect",
    "minhash",
    "near_duplicates",
    "normal_hash",
    "signatures",
    "sketch",
    "to_datasketch",
    "to_lean",
]

HOMES = {
    "detection": ("detect",),
    "drawing": ("sketch",),
    "exact": ("normal_hash",),
    "interop": ("signatures", "to_datasketch", "to_lean"),
    "kernel": ("minhash",),
    "near": ("near_duplicates",),
    "options": ("Options",),
    "results": ("Duplicate", "Pair", "Part", "Result"),
    "sketches": ("Sketch",),
}


def __getattr__(name: str) -> Any:  # noqa: ANN401  each name has its own type, above
    """Load what is asked for, and numpy with it, when it is asked for (PEP 562)."""
    for home, names in HOMES.items():
        if name in names:
            return getattr(import_module(f"cleaner.dedup.{home}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
