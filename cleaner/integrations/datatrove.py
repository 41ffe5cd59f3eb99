"""A block for datatrove: cleans the text of each document, and drops those of which nothing is left."""

from __future__ import annotations

import contextlib
from functools import cached_property
from typing import TYPE_CHECKING

from datatrove.pipeline.base import PipelineStep  # type: ignore[import-untyped]

from cleaner.api import Pipeline
from cleaner.errors import RecordError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from datatrove.data import Document, DocumentsPipeline  # type: ignore[import-untyped]
    from datatrove.pipeline.writers.disk_base import DiskWriter  # type: ignore[import-untyped]


class Cleaner(PipelineStep):  # type: ignore[misc]  # datatrove says nothing of its types
    """Clean documents; what was done to one stands in its metadata under ``_cleaner``.

    Examples:
        >>> from datatrove.data import Document
        >>> documents = [Document("Skip to content\\n\\nIt rained all night.", "1"), Document("Skip to content", "2")]
        >>> [document.text for document in Cleaner("strip-only").run(documents)]
        ['It rained all night.']

    """

    name = "🧽 cleaner"
    type = "✂️ - FORMAT"

    def __init__(self, recipe: str = "news", exclusion_writer: DiskWriter | None = None) -> None:
        """Make the block.

        Args:
            recipe: a preset's name, or the path of a ``.toml`` file.
            exclusion_writer: where to write the documents that are dropped.

        """
        super().__init__()
        self.recipe = recipe
        self.exclusion_writer = exclusion_writer

    @cached_property
    def pipeline(self) -> Pipeline:
        """The stages; each worker makes its own."""
        return Pipeline.from_recipe(self.recipe)

    def run(self, data: DocumentsPipeline, rank: int = 0, world_size: int = 1) -> Iterator[Document]:  # noqa: ARG002
        """Yield the documents that are left, clean; the statistics count the others by reason."""
        with self.exclusion_writer or contextlib.nullcontext() as writer:
            for doc in data:
                self.stat_update("total")
                with self.track_time():
                    reason = self._cleaned(doc)
                self.stat_update(f"dropped_{reason}" if reason else "forwarded")
                if not reason:
                    self.update_doc_stats(doc)
                    yield doc
                elif writer:
                    writer.write(doc, rank)

    def _cleaned(self, doc: Document) -> str:
        """Clean a document; return why it is to be dropped, empty if it is not."""
        try:
            done = self.pipeline.clean(doc.text, url=str(doc.metadata.get("url") or ""))
        except RecordError as error:
            return error.reason
        if not done.text.strip():
            return "empty"
        doc.metadata["_cleaner"] = {"edits": len(done.edits), "removed": len(doc.text) - len(done.text)}
        doc.text = done.text
        return ""
