"""A step for Scrapy: an item pipeline that cleans texts, and drops what is empty or was seen before in this crawl.

In the settings of a Scrapy project::

    ITEM_PIPELINES = {"cleaner.integrations.scrapy.CleanerPipeline": 300}
    CLEANER_RECIPE = "news"
    CLEANER_THRESHOLD = 0.8  # 0 keeps duplicates
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from itemadapter import ItemAdapter
from scrapy.exceptions import DropItem

from cleaner.api import Pipeline
from cleaner.dedup import signatures, to_lean
from cleaner.errors import RecordError
from cleaner.record import KNOWN

if TYPE_CHECKING:
    from datasketch import LeanMinHash  # type: ignore[import-untyped]
    from scrapy.crawler import Crawler

_VALUES = 128
"""Values of a signature: the similarity of two texts is known to 0.05."""
_LEEWAY = 0.8
"""Bands are cut for less than the threshold, so that few pairs at the threshold are missed; then each is checked."""


class CleanerPipeline:
    """Clean the text of each item; of an item that has only a page, put the page's text into ``text``.

    Duplicates are found among the items of this crawl by MinHash, as they come: the first one stays. That costs about
    1 KB of memory an item. For a corpus of many crawls run ``cleaner run`` over what Scrapy has written.
    """

    def __init__(self, recipe: str = "news", threshold: float = 0.8) -> None:
        """Make the step.

        Args:
            recipe: a preset's name, or a ``.toml`` file.
            threshold: share of their shingles from which two texts are duplicates, 0 to 1; 0 keeps them.

        Raises:
            RecipeError: there is no such recipe.

        """
        from datasketch import MinHashLSH

        self.pipeline = Pipeline.from_recipe(recipe)
        self.threshold = threshold
        self._bands = MinHashLSH(threshold * _LEEWAY, _VALUES) if threshold else None
        self._seen: list[LeanMinHash] = []
        self._urls: list[str] = []

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the step as the settings say."""
        return cls(crawler.settings.get("CLEANER_RECIPE", "news"), crawler.settings.getfloat("CLEANER_THRESHOLD", 0.8))

    def process_item(self, item: Any) -> Any:  # noqa: ANN401  Scrapy's items are of any type
        """Return the item with its text clean.

        Raises:
            DropItem: it has no text, nothing is left of it, or a text like it has been seen.

        """
        adapter = ItemAdapter(item)
        url = str(adapter.get("url") or "")
        field, text = next(((name, adapter[name]) for name in KNOWN["text"] if adapter.get(name)), ("text", None))
        page = next((adapter[name] for name in KNOWN["html"] if adapter.get(name)), None)
        try:
            if isinstance(text, str):
                done = self.pipeline.clean(text, url=url)
            elif isinstance(page, str):
                done = self.pipeline.clean_page(page, url=url)
            else:
                raise DropItem(f"it has neither a text nor a page: {url}")
        except RecordError as error:
            raise DropItem(f"{error}: {url}") from error
        if not done.text.strip():
            raise DropItem(f"nothing is left of its text: {url}")
        self._remember(done.text, url)
        adapter[field] = done.text
        return item

    def _remember(self, text: str, url: str) -> None:
        """Keep the signature of a text.

        Raises:
            DropItem: a text like it has been seen.

        """
        if self._bands is None:
            return
        own = to_lean(signatures([text], _VALUES)[0])
        for number in sorted(self._bands.query(own)):
            if own.jaccard(self._seen[number]) >= self.threshold:
                raise DropItem(f"a duplicate of {self._urls[number] or f'item {number}'}: {url}")
        self._bands.insert(len(self._seen), own)
        self._seen.append(own)
        self._urls.append(url)
