"""Tidies white space: one blank line where there were several, none at the ends, no spaces behind a line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cleaner.document import Edit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cleaner.document import Document

_WHITE = re.compile(r"\s\s(?:\s+|(?<!\n\n)|\Z)")
"""White space that may need tidying; amid the text, single characters and blank lines do not."""
_BREAKS = re.compile(r"\n\n(?:\n\s*|\Z)")
"""The same where no line ends in white space; it is found sooner."""


@dataclass(frozen=True, slots=True)
class Spacing:
    """Tidy the white space around lines; within a line, and before it, every character stays.

    Examples:
        >>> from cleaner.document import Document
        >>> doc = Document("a", "\\n  One  two \\n\\n\\n\\tThree\\n\\n")
        >>> doc.edit(Spacing()(doc)).text
        '  One  two\\n\\n\\tThree\\n'

    """

    def __call__(self, doc: Document) -> Iterator[Edit]:
        """Yield an edit for each stretch of white space that is not as it should be."""
        if is_tidy(doc.text.removesuffix("\n") if doc.original.endswith("\n") else doc.text):
            return
        text, last = doc.text, len(doc.text)
        for start, end in _stretches(text):
            white = text[start:end]
            lines = white.split("\n")
            if end == last:
                after = "\n" if len(lines) > 1 and start and doc.original.endswith("\n") else ""
            elif start == 0:
                after = lines[-1]
            else:
                after = "\n" * min(len(lines) - 1, 2) + lines[-1]
            if after != white:
                yield Edit(start, end, after, "spacing/white-space")


def _stretches(text: str) -> list[tuple[int, int]]:
    """Return where white space stands that may need tidying."""
    found = [white.span() for white in (_WHITE if _is_ragged(text) else _BREAKS).finditer(text)]
    if text[:1].isspace() and (not found or found[0][0] > 0):
        found.insert(0, (0, len(text) - len(text.lstrip())))
    if text[-1:].isspace() and (not found or found[-1][1] < len(text)):
        found.append((len(text) - 1, len(text)))
    return found


def is_tidy(text: str) -> bool:
    r"""Tell whether a text shows at a glance that nothing in it needs tidying; most do.

    Examples:
        >>> is_tidy("One\n\nTwo"), is_tidy("One \nTwo"), is_tidy("One\n\n\nTwo")
        (True, False, False)

    """
    ends = text[:1], text[-1:]
    return "" not in ends and "\n" not in ends and "\n\n\n" not in text and not _is_ragged(text)


def _is_ragged(text: str) -> bool:
    """Tell whether a line ends in white space."""
    return any(map(str.isspace, {line[-1:] for line in text.split("\n")}))
