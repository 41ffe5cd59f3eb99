"""Removes the water levels that tide tables put between the lines: ``HW 04:12 (3.8 m)``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cleaner import Edit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cleaner import Document

_LEVEL = re.compile(r"^(HW|LW) \d\d:\d\d \(\d\.\d m\)\n?", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Tides:
    """Remove lines that say when the water is high or low."""

    low: bool = True
    """Whether low water goes, too."""

    def __call__(self, doc: Document) -> Iterator[Edit]:
        """Yield an edit for each level."""
        for match in _LEVEL.finditer(doc.text):
            if self.low or match[1] == "HW":
                yield Edit(match.start(), match.end(), "", "tides/level")
