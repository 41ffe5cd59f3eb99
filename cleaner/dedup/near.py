"""Texts → clusters of near-duplicates, in one call: the library's door to this room."""

from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from cleaner.dedup.detection import detect
from cleaner.dedup.drawing import sketch
from cleaner.dedup.options import Options

UNIT = 1 << 24
"""Characters sketched at a time."""


def near_duplicates(
    texts: Iterable[str], threshold: float | None = None, *, options: Options | None = None
) -> list[list[int]]:
    """Find the clusters of two and more texts that are equal or nearly so.

    Args:
        texts: read once; they need not fit into memory together.
        threshold: see `Options.threshold`; the usual one if None.
        options: all settings, instead of `threshold`.

    Returns:
        Places in `texts`, from 0: each cluster in rising order, the one with the first text first.

    Raises:
        UsageError: the threshold is not above 0 and at most 1.

    >>> near_duplicates(["The cat sat.", "Dogs bark at the moon.", "THE CAT SAT"])
    [[0, 2]]
    """
    if options is None:
        options = Options(level="near") if threshold is None else Options(level="near", threshold=threshold)
    with TemporaryDirectory(prefix="cleaner-") as name:
        work = Path(name)
        paths: list[Path] = []
        unit: list[str] = []
        size = 0

        def save() -> None:
            paths.append(work / f"sketch-{len(paths)}")
            sketch(unit, options=options).save(paths[-1])
            unit.clear()

        for text in texts:
            unit.append(text)
            size += len(text)
            if size >= UNIT:
                save()
                size = 0
        save()
        found = detect(paths, options, work)
    members: dict[int, list[int]] = {}
    for duplicate in found.duplicates:
        if duplicate.level != "story":
            members.setdefault(duplicate.kept, [duplicate.kept]).append(duplicate.row)
    return sorted(map(sorted, members.values()))
