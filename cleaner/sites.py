"""What a site repeats: the lines that many of its pages share, counted, learned, written down and read again.

Three steps, so that a corpus may be larger than memory and its order tells nothing:

* `count` turns a batch of pages into a tally, a set of facts (site, page, line) as numbers;
* `merge` adds tallies up, in any order and grouping; copies of a page are one page; `part` divides a tally by site;
* `learn` finds in a tally the lines that a site repeats, and `spell` finds out how these lines are written.

A line is known by its letters alone: case, spaces and the digits in it do not matter, so that "Comments (12)" and
"Comments (7)" are one line.
"""

from __future__ import annotations

import json
import re
import tomllib
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from cleaner.errors import RecipeError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    Tally = NDArray[np.uint64]
    """Rows of (site, page, line), each once, in order."""

LEAST = 2
"""Pages of a site that a line stands on at least to be one of its furniture."""
SHARE = 0.08
"""Share of a site's pages that it stands on at least."""
SENTENCE = 14
"""Words from which a line that ends like a sentence is running text: stories are told on several pages of a site."""
LONGEST = 400
"""Characters of the longest line that counts."""

_TELLING = 3
"""Long paragraphs by which a page is known: one of them may stand on every page, as what is said of cookies does."""

_AUTHORITY = re.compile("[^/?#]*//[^/?#]*")
"""How an address begins, up to its path: all that names the site, and the same for many pages."""
_DIGITS = re.compile(r"\d+(?:[.,:/-]\d+)*")
_LETTER = re.compile(r"[^\W\d_]")
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_WORDS_OF_A_WIDE_ONE = 0.6
_ENDS = (".", "!", "?", "。", "！", "？", "…", "”", "»", '"', "」")


class Site(NamedTuple):
    """The furniture of one site."""

    pages: int
    """How many different pages it was learned from."""
    lines: Mapping[int, int]
    """For each line, by its `key`, how many of the pages it stands on."""


def host(url: str) -> str:
    """Return the site that an address belongs to; empty if it has none.

    Examples:
        >>> host("https://www.Herald.example:8080/a?b"), host("herald.example/a"), host("report.txt")
        ('herald.example', '', '')

    """
    beginning = _AUTHORITY.match(url)
    return _host(beginning[0] if beginning else url)


@lru_cache(maxsize=1 << 14)
def _host(url: str) -> str:
    try:
        name = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return name.removeprefix("www.").rstrip(".")


def key(line: str) -> int:
    """Return the number that a line is known by.

    Examples:
        >>> key("Comments (12)") == key(" comments  (7) ")
        True
        >>> key("12") == key("7")
        False

    """
    plain = " ".join(line.casefold().split())
    return _number(_DIGITS.sub("0", plain) if _LETTER.search(plain) else plain)


def counts(line: str) -> bool:
    """Tell whether a line may be furniture at all: not if it is blank, very long, or a sentence of some length.

    Examples:
        >>> counts("Read more"), counts("The river rose all night, and in the morning the road was under water again.")
        (True, False)

    """
    plain = line.strip()
    if not plain or len(plain) > LONGEST:
        return False
    words = plain.count(" ") + 1 + len(_WIDE.findall(plain)) * _WORDS_OF_A_WIDE_ONE
    return not (plain.endswith(_ENDS) and words >= SENTENCE)


def _number(text: str) -> int:
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def count(batch: Iterable[tuple[str, str]]) -> Tally:
    """Return the tally of a batch of pages, given as (site, text); pages without a site do not count.

    Examples:
        >>> count([("herald.example", "Home\\nRain"), ("herald.example", "Home\\nSun"), ("", "Home")]).shape
        (4, 3)

    """
    import numpy as np

    keys: dict[str, int | None] = {}
    rows = []
    for site, text in batch:
        if not site:
            continue
        lines = text.split("\n")
        for line in lines:
            if line not in keys:
                keys[line] = key(line) if counts(line) else None
        here, page = _number(site), _number(_story(text))
        rows += [(here, page, number) for number in {keys[line] for line in lines} if number is not None]
    return merge([np.array(rows, np.uint64).reshape(-1, 3)])


def _story(text: str) -> str:
    """Return what tells a page from others: its longest paragraphs, for copies of a story have other things around it.

    Else the copies' common headline would stand on several pages. A page without a story is told by its whole text.
    """
    long = sorted(
        {line for line in text.split("\n") if line.strip() and not counts(line)}, key=lambda ln: (len(ln), ln)
    )
    return "\n".join(long[-_TELLING:]) if len(long) >= _TELLING else text


def merge(tallies: Iterable[Tally]) -> Tally:
    """Return several tallies as one, the same whatever their order and however the pages were dealt out to them."""
    import numpy as np

    rows: Tally = np.concatenate([np.empty((0, 3), np.uint64), *tallies])
    return np.unique(rows, axis=0)


def part(tally: Tally, number: int, of: int) -> Tally:
    """Return one of several parts of a tally; a site is whole in one part, so each part can be learned from alone."""
    rows: Tally = tally[tally[:, 0] % of == number]
    return rows


def learn(tally: Tally, least: int = LEAST, share: float = SHARE) -> dict[int, Site]:
    """Return the furniture of each site in a tally, by the site's number.

    Examples:
        >>> tally = count([("a.example", "Home\\nRain"), ("a.example", "Home\\nSun"), ("b.example", "Home")])
        >>> [(site.pages, list(site.lines.values())) for site in learn(tally).values()]
        [(2, [2])]

    """
    import numpy as np

    found: dict[int, Site] = {}
    names, starts = np.unique(tally[:, 0], return_index=True)
    for name, rows in zip(names.tolist(), np.split(tally, starts[1:]), strict=True) if len(names) else ():
        pages = len(np.unique(rows[:, 1]))
        lines, times = np.unique(rows[:, 2], return_counts=True)
        often = times >= max(least, share * pages)
        if often.any():
            found[name] = Site(pages, dict(zip(lines[often].tolist(), times[often].tolist(), strict=True)))
    return found


def spell(sites: Mapping[int, Site], batch: Iterable[tuple[str, str]]) -> dict[str, dict[int, str]]:
    """Return how the lines of a batch are written that are some site's furniture: by site, then by `key`.

    Of several ways to write a line, the one that sorts first counts; so results of batches can be combined in any
    order, `min` deciding.
    """
    found: dict[str, dict[int, str]] = {}
    for name, text in batch:
        site = sites.get(_number(name))
        if site is None:
            continue
        known = found.setdefault(name, {})
        for line in {" ".join(line.split()) for line in text.split("\n")}:
            if counts(line) and (number := key(line)) in site.lines:
                known[number] = min(known.get(number, line), line)
    return found


def write(sites: Mapping[int, Site], spelled: Mapping[str, Mapping[int, str]]) -> str:
    """Return the furniture of sites as a pack: TOML that people can read and edit.

    Examples:
        >>> batch = [("a.example", "Home\\nRain"), ("a.example", "Home\\nSun")]
        >>> sites = learn(count(batch))
        >>> print(write(sites, spell(sites, batch)).partition("\\n\\n")[2].strip())
        [site."a.example"]
        pages = 2
        [site."a.example".lines]
        "Home" = 2

    """
    parts = ["# Lines that the pages of a site repeat, and on how many of its pages each was seen.\n"]
    parts.append("# Case, spaces and digits do not matter. Delete a line to keep it in texts; add one to remove it.\n")
    for name in sorted(spelled):
        site = sites[_number(name)]
        rows = sorted((-site.lines[number], text) for number, text in spelled[name].items())
        parts.append(f"\n[site.{_quoted(name)}]\npages = {site.pages}\n[site.{_quoted(name)}.lines]\n")
        parts += [f"{_quoted(text)} = {-times}\n" for times, text in rows]
    return "".join(parts)


def _quoted(text: str) -> str:
    """Return a text as TOML writes it; half a surrogate pair, which TOML cannot write, is replaced."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return json.dumps(whole, ensure_ascii=False).replace("\x7f", "\\u007f")


def read(path: Path) -> dict[int, Site]:
    """Read a pack of sites.

    Raises:
        RecipeError: the file cannot be read, or says something else than a pack of sites says.

    """
    try:
        with path.open("rb") as file:
            tables = tomllib.load(file).get("site", {})
        return {
            _number(name): Site(int(table["pages"]), {key(line): int(times) for line, times in table["lines"].items()})
            for name, table in tables.items()
        }
    except OSError as error:
        raise RecipeError(f"{path}: cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise RecipeError(f"{path}: no pack of sites, as `cleaner learn` writes them: {error}") from error


def of(sites: Mapping[int, Site], name: str) -> Site | None:
    """Return the furniture of a site, if it is known."""
    return sites.get(_number(name)) if name else None
