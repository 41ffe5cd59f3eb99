"""Duplicates: exact, near, and the same story in other words; arrays in, arrays out."""

from cleaner.dedup.detect import Duplicate, Pair, Part, Result, detect
from cleaner.dedup.minhash import minhash
from cleaner.dedup.near import near_duplicates
from cleaner.dedup.options import Options
from cleaner.dedup.sketch import Sketch, normal_hash, sketch

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
    "sketch",
]
