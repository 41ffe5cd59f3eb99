"""Two texts → what the search for duplicates sees in them: the shingles they share, as people can read them."""

from typing import NamedTuple

from cleaner.dedup.shingles import WORDS_PER_SHINGLE
from cleaner.dedup.tokens import utf8, words


class Evidence(NamedTuple):
    """How much two texts have in common."""

    shared: list[str]
    """The different shingles that both have, in the order of the first text."""
    sizes: tuple[int, int]
    """How many different shingles each has."""
    resemblance: float
    """Share of the shingles of both that the two share."""
    containment: float
    """Share of the shingles of the smaller one that stand in the other."""


def evidence(a: str, b: str) -> Evidence:
    """Compare two texts as they are, without an index and without hashes.

    >>> evidence("It rained all night.", "all day it rained, all NIGHT long").shared
    ['it rained all', 'rained all night']
    """
    mine, yours = _shingles(a), _shingles(b)
    shared = [shingle for shingle in mine if shingle in yours]
    both, smaller = len(mine) + len(yours) - len(shared), min(len(mine), len(yours))
    return Evidence(shared, (len(mine), len(yours)), len(shared) / max(1, both), len(shared) / max(1, smaller))


def _shingles(text: str) -> dict[str, None]:
    """Return the different shingles of a text in reading order; a text of fewer words has one, of all of them."""
    batch = words(utf8([text]))
    found = [bytes(batch.data[a:b]).decode("utf-8", "replace") for a, b in zip(batch.starts, batch.ends, strict=True)]
    size = min(WORDS_PER_SHINGLE, len(found))
    return dict.fromkeys(" ".join(found[i : i + size]) for i in range(len(found) - size + 1 if size else 0))
