"""Stages in order, and the one loop that runs them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cleaner.document import Document, Edit


class Stage(Protocol):
    """A frozen dataclass whose fields are its options; it looks at a document and yields edits, and changes nothing."""

    def __call__(self, doc: Document, /) -> Iterable[Edit]:
        """Yield the edits that this stage asks for, with offsets into ``doc.text``; they do not overlap."""
        ...
