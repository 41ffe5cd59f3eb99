"""What a page says of itself: title, language, date and canonical address."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

_DATES = (
    "article:published_time",
    "datepublished",
    "date",
    "dc.date",
    "dc.date.issued",
    "dcterms.created",
    "pubdate",
    "publishdate",
    "sailthru.date",
    "parsely-pub-date",
    "og:published_time",
)
_KEYS = ("property", "name", "itemprop", "http-equiv")
"""Attributes under which a ``meta`` element says what it is about."""
_ISO = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?)?")
_JSON_DATE = re.compile(r'"datePublished"\s*:\s*"([^"]{8,40})"')
_LANG = re.compile(r"[a-zA-Z]{2,3}(?:[-_][a-zA-Z0-9]{1,8}){0,3}")
_LENGTH = 1_000
_SCRIPT_LENGTH = 100_000


class Facts(NamedTuple):
    """What a page says of itself; an empty text where it says nothing."""

    title: str = ""
    lang: str = ""
    date: str = ""
    """As in ISO 8601, to the day or to the second."""
    url: str = ""
    """The address that the page calls its own: absolute, http or https."""


class Notes:
    """What has been seen of a page that says something of it; `facts` draws the conclusions.

    Examples:
        >>> notes = Notes()
        >>> notes.element("html", {"lang": "de"}), notes.element("title", {})
        (False, True)
        >>> notes.text("title", "Ein  Tag")
        >>> notes.facts()
        Facts(title='Ein Tag', lang='de', date='', url='')

    """

    def __init__(self) -> None:
        self._title = ""
        self._lang = ""
        self._url = ""
        self._meta: dict[str, str] = {}
        self._written = ""
        """The first date in the page's data."""
        self._shown = ""
        """The first date that the page shows as that of its publication."""

    def element(self, tag: str, attributes: Mapping[str, str]) -> bool:
        """Take note of an element, and tell whether its text says something, too."""
        if tag == "meta":
            key = next((key for name in _KEYS if (key := attributes.get(name))), "")
            if key and (content := attributes.get("content")):
                self._meta.setdefault(key.strip().lower(), content.strip()[:_LENGTH])
        elif tag == "link":
            if not self._url and attributes.get("rel", "").lower() == "canonical":
                self._url = attributes.get("href", "").strip()
        elif tag == "html":
            self._lang = self._lang or attributes.get("lang") or attributes.get("xml:lang") or ""
        elif tag == "time":
            published = "pubdate" in attributes or attributes.get("itemprop") == "datePublished"
            if published and not self._shown and (m := _ISO.match(attributes.get("datetime", ""))):
                self._shown = m[0]
        elif tag == "script":
            return not self._written and attributes.get("type", "").lower() == "application/ld+json"
        return tag == "title" and not self._title

    def text(self, tag: str, text: str) -> None:
        """Take note of the text of an element."""
        if tag == "title":
            self._title = " ".join(text.split())[:_LENGTH]
        elif (said := _JSON_DATE.search(text, 0, _SCRIPT_LENGTH)) and (m := _ISO.match(said[1])):
            self._written = m[0]

    def facts(self, headline: str = "") -> Facts:
        """Return what the page says of itself; a page without a title is called by its headline."""
        meta = self._meta
        lang = self._lang or meta.get("content-language") or meta.get("og:locale") or ""
        dates = (m[0] for key in _DATES if (m := _ISO.match(meta.get(key, ""))))
        return Facts(
            title=" ".join((meta.get("og:title") or self._title or headline).split())[:_LENGTH],
            lang=m[0].replace("_", "-") if (m := _LANG.fullmatch(lang.strip())) else "",
            date=next(dates, self._written or self._shown),
            url=next((url for url in (self._url, meta.get("og:url", "")) if _absolute(url)), ""),
        )


def _absolute(url: str) -> bool:
    return url.lower().startswith(("http://", "https://")) and len(url) < _LENGTH and not any(map(str.isspace, url))
