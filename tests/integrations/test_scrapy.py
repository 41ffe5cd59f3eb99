"""Scrapy runs the step in a real crawl over files."""

import json
import re
import subprocess
import sys

import pytest

scrapy = pytest.importorskip("scrapy")

from itemadapter import ItemAdapter  # noqa: E402
from scrapy.exceptions import DropItem  # noqa: E402

from cleaner.integrations.scrapy import CleanerPipeline  # noqa: E402

STORY = (
    "The lock at Sandvik stays closed until Friday, because a barge has sunk in front of its upper gate. "
    "Divers looked for leaks all morning, and found two of them below the water line."
)
DIRTY = f"Skip to content\n\n{STORY}\n\nShare on Facebook"


def step(**more):
    return CleanerPipeline("strip-only", **more)


@pytest.mark.parametrize(
    ("item", "text"),
    [
        ({"text": DIRTY}, STORY),
        ({"body": DIRTY, "url": "https://a.example/1"}, STORY),
        ({"html": f"<title>T</title><nav>Skip to content</nav><p>{STORY}</p>"}, STORY),
    ],
)
def test_an_item_comes_back_with_its_text_clean(item, text):
    done = step().process_item(item)
    assert (done.get("text") or done.get("body")) == text


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        ({"url": "https://a.example/2"}, "neither a text nor a page: https://a.example/2"),
        ({"text": ""}, "neither a text nor a page"),
        ({"text": 7}, "neither a text nor a page"),
        ({"text": "Skip to content"}, "nothing is left"),
    ],
)
def test_an_item_without_a_text_is_dropped(item, reason):
    with pytest.raises(DropItem, match=reason):
        step().process_item(item)


def test_a_copy_is_dropped_and_says_of_what():
    crawl = step()
    crawl.process_item({"text": DIRTY, "url": "https://a.example/1"})
    with pytest.raises(DropItem, match=re.escape("a duplicate of https://a.example/1: https://b.example/9")):
        crawl.process_item({"text": f"{STORY}\n\nPrint this page", "url": "https://b.example/9"})
    crawl.process_item({"text": "Two hundred people waited on the quay, some of them with dogs and prams."})


def test_copies_stay_where_they_are_asked_for():
    crawl = step(threshold=0)
    assert [crawl.process_item({"text": DIRTY})["text"] for _ in range(2)] == [STORY, STORY]


def test_items_of_a_class_are_taken_too():
    class Article(scrapy.Item):
        text = scrapy.Field()

    assert ItemAdapter(step().process_item(Article(text=DIRTY)))["text"] == STORY


CRAWL = """
import json, scrapy, sys
from scrapy.crawler import CrawlerProcess

class Pages(scrapy.Spider):
    name = "pages"
    start_urls = sys.argv[1:3]
    def parse(self, response):
        yield {"url": response.url, "html": response.text}
        yield {"url": response.url + "#again", "html": response.text}

process = CrawlerProcess({
    "ITEM_PIPELINES": {"cleaner.integrations.scrapy.CleanerPipeline": 300}, "CLEANER_RECIPE": "strip-only",
    "FEEDS": {sys.argv[3]: {"format": "jsonlines"}}, "LOG_LEVEL": "ERROR", "TELNETCONSOLE_ENABLED": False,
})
crawler = process.create_crawler(Pages)
process.crawl(crawler)
process.start()
print(crawler.stats.get_value("item_dropped_count"))
"""


def test_a_crawl_runs_it(tmp_path):
    other = "Two hundred people waited on the quay in the rain, some of them with dogs, until the ferry came at eight."
    for name, text in (("a", STORY), ("b", other)):
        (tmp_path / f"{name}.html").write_text(f"<nav>Skip to content</nav><p>{text}</p>")
    urls = [(tmp_path / f"{name}.html").as_uri() for name in "ab"]
    done = subprocess.run(
        [sys.executable, "-c", CRAWL, *urls, str(tmp_path / "items.jsonl")], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["2"], done.stderr
    items = [json.loads(line) for line in (tmp_path / "items.jsonl").read_text().splitlines()]
    assert sorted(item["text"] for item in items) == [STORY, other]
