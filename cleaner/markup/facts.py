"""What a page says of itself: title, language, date and canonical address."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from lxml.etree import _Element

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


def facts(root: _Element) -> Facts:
    """Read what a page says of itself from its tree.

    Examples:
        >>> from lxml import html
        >>> facts(html.fromstring('<html lang="de"><title>Ein  Tag</title><body><p>x</p></body></html>'))
        Facts(title='Ein Tag', lang='de', date='', url='')

    """
    meta: dict[str, str] = {}
    for el in root.iter("meta"):
        key = el.get("property") or el.get("name") or el.get("itemprop") or el.get("http-equiv")
        if key and (content := el.get("content")):
            meta.setdefault(key.strip().lower(), content.strip()[:_LENGTH])
    link = next((el.get("href", "") for el in root.iter("link") if el.get("rel", "").lower() == "canonical"), "")
    title = meta.get("og:title") or next((text for el in root.iter("title", "h1") if (text := _text(el))), "")
    lang = root.get("lang") or root.get("xml:lang") or meta.get("content-language") or meta.get("og:locale") or ""
    return Facts(
        title=" ".join(title.split()),
        lang=m[0].replace("_", "-") if (m := _LANG.fullmatch(lang.strip())) else "",
        date=_date(root, meta),
        url=next((url for url in (link.strip(), meta.get("og:url", "")) if _absolute(url)), ""),
    )


def _text(el: _Element) -> str:
    return " ".join("".join(map(str, el.itertext())).split())[:_LENGTH]


def _absolute(url: str) -> bool:
    return url.lower().startswith(("http://", "https://")) and len(url) < _LENGTH and not any(map(str.isspace, url))


def _date(root: _Element, meta: dict[str, str]) -> str:
    """Return the first date that the page gives for its publication, if it is written as ISO 8601."""
    for key in _DATES:
        if m := _ISO.match(meta.get(key, "")):
            return m[0]
    for el in root.iter("script"):
        if el.get("type", "").lower() == "application/ld+json" and el.text:
            said = _JSON_DATE.search(el.text, 0, _SCRIPT_LENGTH)
            if said and (m := _ISO.match(said[1])):
                return m[0]
    for el in root.iter("time"):
        if (el.get("pubdate") is not None or el.get("itemprop") == "datePublished") and (
            m := _ISO.match(el.get("datetime", ""))
        ):
            return m[0]
    return ""
