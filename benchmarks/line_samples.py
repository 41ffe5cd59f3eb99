"""Documents to train the line model on: pages as they are, and as other pages might have been.

A page is read as the density stage sees it, after the rules, with its lines labelled by the body that people marked.
From each a handful of documents is made: half cleaned, wholly cleaned, a part of the body alone, with lines of other
pages around it, with teasers of other stories and what readers might say below, or with its lines cut otherwise.
"""

from __future__ import annotations

import json
import lzma
import re
import textwrap
import zlib
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cleaner import Pipeline, pipeline
from cleaner.lines import alone, known, place, shape
from cleaner.stages.density import Lines, as_it_came, kinds

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from cleaner.lines.counts import Kin

LARGEST = 1_500
"""Lines of a page from which it is left out."""
BODY = 0.5
"""Share of a line that is body text from which it is taken for body text."""
FRAMES = 2
"""How many other pages each one is put into."""
SHORT = (3, 8)
"""Lines of the body of a short story, from and to."""
PART = 16
"""Lines of the longest part of a body that is a short text by itself."""
CLEAN = 4.0
"""Weight of bodies without any boilerplate around them: restraint is learned from these."""
BEFORE = ("templates", "repair", "boilerplate", "repeats")
"""The stages that have seen a document before the model does."""
SEPARATE = ("Related", "Most read", "More news", "Latest news", "See also", "Comments", "More from this section")
SMALL = ("12 May 2015", "3 hours ago", "Read more", "News | 14:20", "By Anna Berg", "Comments (3)")
NICKNAMES = ("Anna_77", "maxx", "Peter B", "Guest", "Tom H.")
_CJK = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_TOKEN = re.compile(rf"[{_CJK}]|[^\W{_CJK}]+")


class Source(NamedTuple):
    """Lines of a page."""

    lines: list[str]
    paths: list[str]
    links: np.ndarray
    taken: np.ndarray
    """Whether a rule has taken each line away."""
    labels: np.ndarray
    """The share of each line that is body text, -1 if unknown."""
    tokens: np.ndarray
    kinds: np.ndarray
    """What kind of boilerplate rules take each line for."""
    article: bool

    def only(self, lines: np.ndarray) -> Source:
        """Return some of the lines."""
        return Source(
            [self.lines[i] for i in lines],
            [self.paths[i] for i in lines],
            *(column[lines] for column in (self.links, self.taken, self.labels, self.tokens, self.kinds)),
            self.article,
        )


class Sample(NamedTuple):
    """One document as the model sees it."""

    rows: np.ndarray
    words: np.ndarray
    kin: Kin
    taken: np.ndarray
    labels: np.ndarray
    tokens: np.ndarray
    article: bool
    weight: float


def tokens(text: str) -> list[str]:
    """Return the lower-cased words of a text, an ideograph being one."""
    return _TOKEN.findall(text.lower())


def is_held(rec: dict[str, str], held: Sequence[int]) -> bool:
    """Tell whether a record's host is kept to measure with."""
    return zlib.crc32((rec.get("host") or rec["id"]).encode()) % 5 in held


def labels(lines: list[str], gold: str) -> np.ndarray:
    """Return for each line the share of its 3-grams that the body has; short lines count if they are lines there."""
    body = tokens(gold)
    grams, whole = set(zip(body, body[1:], body[2:], strict=False)), {tuple(tokens(line)) for line in gold.split("\n")}
    flat = f" {' '.join(body)} "
    found = np.full(len(lines), -1, np.float32)
    unsure = set()
    for i, line in enumerate(lines):
        own = tokens(line)
        if tuple(own) in whole:
            found[i] = 1.0 if own else -1.0
        elif len(own) > 2:
            found[i] = sum(gram in grams for gram in zip(own, own[1:], own[2:], strict=False)) / (len(own) - 2)
        elif own:
            found[i] = 0.0
            if f" {' '.join(own)} " in flat:
                unsure.add(i)
    for i in unsure:  # one or two words that stand somewhere in the body: as their neighbours
        near = [found[j] for j in range(max(0, i - 3), min(len(lines), i + 4)) if j not in unsure and found[j] >= 0]
        found[i] = 0.7 if near and np.mean(near) > 0.6 else 0.15
    return found


def sources(path: Path, held: Sequence[int]) -> Iterator[Source]:
    """Yield the pages to train on: those of the set wcxb, but for the hosts that are held out."""
    news = Pipeline.from_recipe("news").stages
    rules = pipeline.Pipeline([named for named in news.stages if named[0] in BEFORE], news.guard)
    with lzma.open(path) as file:
        for raw in file:
            rec = json.loads(raw)
            if rec["set"] != "wcxb" or is_held(rec, held):
                continue
            given = {name: rec[name] for name in ("url", "lang") if rec.get(name)}
            text = rec.get("text")
            doc = rules(pipeline.open_document("", text, None if text else rec["html"], given))
            found = as_it_came(doc)
            lines = [*found.texts]
            if 0 < len(lines) <= LARGEST:
                yield Source(
                    lines,
                    [*found.paths],
                    np.array(found.links, np.float32),
                    np.array(found.at) < 0,
                    labels(lines, rec["gold"]),
                    np.array([len(tokens(line)) for line in lines]),
                    np.array(kinds(found), object),
                    rec.get("type") == "article",
                )


def sample(kind: str, source: Source, weight: float = 1.0) -> Sample:
    """Return what the model sees of some lines."""
    seen = shape.shape(source.lines)
    rows = seen.rows
    if kind == "page":
        rows = np.concatenate([rows, place.place(source.paths, source.links, seen.words)], 1)
    rows = np.concatenate([rows, known.known(source.kinds, source.taken)], 1)
    return Sample(rows, seen.words, seen.kin, source.taken, source.labels, source.tokens, source.article, weight)


def plain(lines: Sequence[str], labels: Sequence[float], taken: Sequence[bool], *, article: bool = True) -> Source:
    """Return lines of plain text."""
    size = np.array([len(tokens(line)) for line in lines], np.intp)
    n = len(lines)
    marks, gone = np.array(labels, np.float32), np.array(taken, np.bool_)
    known_as = np.array(kinds(Lines(tuple(lines), kinds=("",) * n)), object)
    return Source([*lines], [""] * n, np.zeros(n, np.float32), gone, marks, size, known_as, article)


def joined(parts: Sequence[Source], *, article: bool) -> Source:
    """Return lines one after the other."""
    columns = zip(*(part[2:-1] for part in parts), strict=True)
    return Source(
        [line for part in parts for line in part.lines],
        [path for part in parts for path in part.paths],
        *(np.concatenate(column) for column in columns),
        article=article,
    )


def ends_of(page: Source) -> tuple[int, int]:
    """Return the first and the last line of a page's body."""
    where = np.flatnonzero(page.labels > BODY)
    return int(where[0]), int(where[-1])


class Maker:
    """Makes documents of pages."""

    def __init__(self, kind: str, pages: Sequence[Source], rng: np.random.Generator) -> None:
        self.kind, self.rng = kind, rng
        self.bodies = [page for page in pages if (page.labels > BODY).any()]
        self.others = [page for page in pages if not page.article]
        self.stories = [page for page in pages if page.article and (page.labels > 0.8).any()]

    def chance(self, share: float) -> bool:
        """Draw whether something happens."""
        return bool(self.rng.random() < share)

    def samples(self, page: Source) -> Iterator[Sample]:
        """Yield the documents that are made of one page."""
        if (page.labels > BODY).any():
            for made, weight in (*self.thinner(page), *self.shorter(page), *self.fuller(page)):
                yield sample(self.kind, made, weight)

    def thinner(self, page: Source) -> Iterator[tuple[Source, float]]:
        """Yield a page as it is, and with some of its boilerplate gone."""
        body = page.labels > BODY
        where, rest = np.flatnonzero(body), np.flatnonzero(~body)
        yield page, 1.0
        yield page.only(self.thinned(body, self.rng.random() ** 0.7)), 1.0
        if self.kind == "page":
            yield page.only(self.thinned(body, self.rng.random() * 0.5)), 1.0
        if len(where) > 1 and page.taken.any():
            yield page.only(np.flatnonzero(body | page.taken)), CLEAN / 2
        if len(where) > 3 and len(rest) and self.chance(0.5):
            few = self.rng.choice(rest, min(len(rest), int(self.rng.integers(1, 7))), replace=False)
            yield page.only(np.sort(np.concatenate([where, few]))), 1.0
        if self.kind == "text" and self.chance(0.3):
            yield self.recut(page), 1.0

    def shorter(self, page: Source) -> Iterator[tuple[Source, float]]:
        """Yield the body of a page alone, a part of it, and a page that tells less."""
        where = np.flatnonzero(page.labels > BODY)
        if len(where) > 1:
            yield page.only(where), CLEAN
        for most in (len(where), PART):
            if len(where) > 6 and self.chance(0.5):
                n = int(self.rng.integers(3, min(most, len(where))))
                first = int(self.rng.integers(0, len(where) - n + 1)) if self.chance(0.5) else 0
                yield page.only(where[first : first + n]), CLEAN / 2
        if page.article and len(where) > SHORT[0] and self.chance(0.8):
            few = self.thinned(page.labels > BODY, self.rng.random() * 0.5)
            cut = where[int(self.rng.integers(SHORT[0], min(len(where), SHORT[1]) + 1)) :]
            brief = page.only(few[~np.isin(few, cut)])
            pieces = [self.teasers() if self.chance(0.5) else self.said()] * self.chance(0.6)
            yield self.among(brief, [self.placed(piece, page) for piece in pieces]), 1.0

    def fuller(self, page: Source) -> Iterator[tuple[Source, float]]:
        """Yield a page in the frame of another one, and an article with more around it than there was."""
        for _ in range(FRAMES):
            yield self.framed(page), 1.0
        if not page.article:
            return
        if self.chance(0.6):
            yield self.among(page, [self.stretch() for _ in range(self.rng.integers(1, 3))]), 1.0
        pieces = [self.teasers() if self.chance(0.75) else self.said() for _ in range(self.rng.integers(1, 4))]
        half = page.only(self.thinned(page.labels > BODY, self.rng.random() ** 0.7))
        around = half if self.chance(0.5) else page
        yield self.among(around, [self.placed(piece, page) for piece in pieces]), 1.0

    def thinned(self, body: np.ndarray, share: float) -> np.ndarray:
        """Return the lines that are left when a share of what is no body text is gone."""
        return np.flatnonzero(body | (self.rng.random(len(body)) > share))

    def placed(self, piece: Source, page: Source) -> Source:
        """Put lines of plain text where a page has something that is no body text; most of them are links."""
        rest = np.flatnonzero(page.labels < 0.2)
        if self.kind == "text" or not len(rest):
            return piece
        at = int(self.rng.choice(rest))
        paths = [page.paths[i] for i in rest[(rest >= at)][: int(self.rng.integers(1, 4))]]
        links = (piece.tokens < 15) & (self.rng.random() < 0.8)
        return piece._replace(
            paths=[paths[i % len(paths)] for i in range(len(piece.lines))], links=links.astype(np.float32)
        )

    def framed(self, page: Source) -> Source:
        """Return a page from the first to the last line of its body, in what stands around the body of another one."""
        other = self.bodies[self.rng.integers(len(self.bodies))]
        (first, last), (begins, ends) = ends_of(page), ends_of(other)
        order = np.arange(len(other.lines))
        parts = [other.only(order[:begins]), page.only(np.arange(first, last + 1)), other.only(order[ends + 1 :])]
        return joined(parts, article=page.article)

    def among(self, page: Source, pieces: Sequence[Source]) -> Source:
        """Put pieces below a page, or above it."""
        order = [page]
        for piece in pieces:
            order.insert(len(order) if self.chance(0.7) else 0, piece)
        return joined(order, article=True)

    def stretch(self) -> Source:
        """Return a stretch of a page that is no article, of which no line is body text here."""
        page = self.others[self.rng.integers(len(self.others))]
        n = min(len(page.lines), int(self.rng.integers(10, 200)))
        first = int(self.rng.integers(0, len(page.lines) - n + 1))
        return page.only(np.arange(first, first + n))._replace(labels=np.zeros(n, np.float32))

    def teasers(self) -> Source:
        """Return headlines of other stories, perhaps with what the stories begin with."""
        rng, found = self.rng, []
        lead, small, width = self.chance(0.6), self.chance(0.3), int(rng.integers(10, 50))
        ends = ("...", "…", ".", "")[np.searchsorted([0.3, 0.45, 0.85], rng.random())]
        mark = ("", "", "- ", "• ", "hour", "day")[rng.integers(6)]
        if self.chance(0.5):
            found.append(SEPARATE[rng.integers(len(SEPARATE))])
        for i in rng.integers(len(self.stories), size=rng.integers(3, 16)):
            story = self.stories[i]
            body = [line for line, label in zip(story.lines, story.labels, strict=True) if label > 0.8]
            before = {
                "hour": f"{rng.integers(24):02d}:{rng.integers(60):02d} ",
                "day": f"{rng.integers(1, 29):02d}.{rng.integers(1, 13):02d}.{rng.integers(2008, 2024)} ",
            }.get(mark, mark)
            found.append(before + body[0][:140])
            long = [line for line in body if len(line) > 120]
            if lead and long:
                words = long[rng.integers(min(3, len(long)))].split(" ")
                n = max(6, int(width * rng.uniform(0.6, 1.4)))
                found.append(" ".join(words[:n]) + (ends if n < len(words) else ""))
            if small:
                found.append(SMALL[rng.integers(len(SMALL))])
        return plain(found, [0.0] * len(found), [False] * len(found))

    def said(self) -> Source:
        """Return what readers might say: lines of other pages, each with a name and an hour."""
        rng, found = self.rng, []
        way = int(rng.integers(4))
        for i in rng.integers(len(self.others), size=rng.integers(2, 14)):
            page = self.others[i]
            long = [
                line
                for line, label, n in zip(page.lines, page.labels, page.tokens, strict=True)
                if label > 0.5 and n > 5
            ]
            if long:
                who = NICKNAMES[rng.integers(len(NICKNAMES))]
                when = f"{rng.integers(1, 29)} May 2012, {rng.integers(24):02d}:{rng.integers(60):02d}"
                found += ([who, when], [f"{who} | {when}"], [f"{who} says:", when], [f"#{i}", who])[way]
                first = int(rng.integers(len(long)))
                found += long[first : first + int(rng.integers(1, 4))]
                found += ["Reply"] * self.chance(0.5)
        return plain(found, [0.0] * len(found), [False] * len(found))

    def recut(self, page: Source) -> Source:
        """Return a page whose long lines are wrapped, or whose menus stand on one line each, or both."""
        width, joint = int(self.rng.integers(55, 110)), (" ", " | ", " · ")[self.rng.integers(3)]
        merge = self.chance(0.5)
        wrap = not merge or self.chance(0.6)
        small = (page.labels >= 0) & (page.labels < 0.2) & (page.tokens < 5) & merge
        lines: list[str] = []
        at: list[int] = []
        for i, line in enumerate(page.lines):
            last = at[-1] if at else -1
            if small[i] and last == i - 1 >= 0 and small[last] and page.taken[i] == page.taken[last] and i % 12:
                lines[-1] += joint + line
                at[-1] = i
            else:
                parts = textwrap.wrap(line, width) if wrap and len(line) > 1.5 * width else [line]
                lines += parts
                at += [i] * len(parts)
        return plain(lines, page.labels[at], page.taken[at], article=page.article)


def blurred(rows: np.ndarray, told: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return rows as another script would have them: without capitals, without spaces, with longer words.

    What rules know is left out of lines that are not ``told``. Of a page, some of what is known of places is left out,
    for not every page names its elements.
    """
    rows, draw = rows.copy(), rng.random()
    rows[~told, -len(known.NAMES) :] = 0
    places = rows[:, len(shape.NAMES) : -len(known.NAMES)]
    places[:, rng.random(places.shape[1]) < rng.choice([0, 0.1, 0.4])] = 0
    if draw < 0.3:
        rows[:, alone.CASE] = 0
        if draw > 0.15:
            rows[:, alone.WORD] = alone.NO_WORD
    elif draw < 0.5:
        rows[:, alone.WORD[0]] *= rng.uniform(0.8, 1.5)
        rows[:, alone.WORD[1]] *= rng.uniform(0.4, 1.2)
    return rows
