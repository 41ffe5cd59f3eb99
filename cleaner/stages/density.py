"""Removes the lines that do not look like body text, in texts that are dirty enough to need it.

What a line looks like, where it stands and what stands around it tell menus, teasers and forms from running text in
any language. The stage judges the document as it came in: what other stages have taken away is still there as context,
and counts as evidence. First of all it asks how dirty the document is: in one that somebody has cleaned before, only
what is hardly body text goes. A second run changes nothing: where the stage acts by itself it reads its own output as
if that had just come in, until nothing more goes; where it acts on the evidence of rules, a second run has none.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from cleaner import rules
from cleaner.document import Edit

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from cleaner.document import Document
    from cleaner.lines.model import Judged

T = TypeVar("T")
KINDS = ("article", "page")
_READINGS = 4
"""How often a document is read at most: as it came, then, if lines went, as the text that the next run will see."""
_GONE = -6.0
"""Log-odds of a line that another stage has taken away."""
_FEW = 2
"""Lines that other stages must have taken away for that to be evidence."""
_STAYS = 0.25
"""Share of the doubt that stays, however much other stages have found."""
_LITTLE = 70
"""Words that are expected to be no body text in a document that somebody has cleaned before; a short article's last
lines are worth more than these."""
_STRICT = 0.7
"""How much evidence a line of the stretch needs that may be all there is of an article."""
_LEVELS = 2
"""Slashes in the code of a rule that comes from a pack: pack, kind and name."""
_MOST_CHARACTERS = 1_000_000
_MOST_LINES = 50_000
"""Size from which a document is left alone: no page has so much to read, a book of a thousand pages has twice as many
characters, and judging takes 4,000 bytes a line of a page, and 5 a character, 55 where there is no compiled twin."""


class Lines(NamedTuple):
    """The lines of a document as it came in: what is known of each, side by side."""

    texts: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    links: tuple[float, ...] = ()
    at: tuple[int, ...] = ()
    """Where it begins in the document as it is now; -1 if it is gone."""
    kinds: tuple[str, ...] = ()
    """What kind of boilerplate the rule says that has taken it away."""


@dataclass(frozen=True, slots=True)
class Density:
    """Remove lines that are unlikely to be body text.

    Examples:
        >>> from cleaner.document import Document
        >>> story = (
        ...     "The ferry was late again on Monday, and nobody on the quay could say why it had not sailed.\\n"
        ...     "The harbour office blamed the fog, which had stood in the sound until it was dark.\\n"
        ...     "By eight o'clock two hundred people were waiting in the rain, some of them with dogs.\\n"
        ... )
        >>> foot = "Contact\\nImprint\\nPrivacy\\nAbout us\\nMost read\\nHelp\\nTerms of use\\nPress\\nCareers\\n"
        >>> menu = "Home\\nNews\\nSport\\nCulture\\nTravel\\nWeather\\nJobs\\nLog in\\n"
        >>> doc = Document("a", menu + story + foot)
        >>> text = doc.edit(Density()(doc)).text
        >>> story in text, "News" in text, "Careers" in text
        (True, False, False)
        >>> [*Density()(Document("b", story))]
        []

    """

    kind: str = "article"
    """``article`` looks for the one stretch that is the body; ``page`` judges each line by itself."""
    evidence: float = 0
    """Share of the lines that other stages must have taken away before this one acts, and two lines at least: where
    rules come first, a text in which they find nothing was cleaned before. With 0 it acts by itself, and reads its
    output until nothing more goes."""
    doubt: float = 2.0
    """Log-odds that speak for every line of a document in which other stages have found nothing: to lose body text is
    worse than to keep what is none. It fades as they find more."""
    dirty: float = 0.2
    """Share of the lines that other stages must have taken away for only a quarter of the doubt to be left."""
    clean: float = 0.2
    """Dirt, the expected share of words that are no body text, up to which a document with few such words is clean."""
    least: float = -2.5
    """Log-odds of being body text that a line needs to stay in a clean document."""
    share: float = 0.9
    """Share of all evidence for body text that one stretch must hold for an article to be that stretch alone."""
    sure: float = 3.5
    """Mean log-odds of the words of that stretch."""

    def __post_init__(self) -> None:
        """Refuse a kind that does not exist, and a share that there cannot be."""
        if self.kind not in KINDS:
            msg = f"kind is {self.kind!r}; it should be one of {', '.join(KINDS)}"
            raise ValueError(msg)
        if not 0 < self.dirty <= 1:
            msg = f"dirty is {self.dirty}; it should be a share above 0, up to 1"
            raise ValueError(msg)

    def __call__(self, doc: Document) -> Iterator[Edit]:
        """Yield an edit for each line to go; its line break goes with it."""
        import numpy as np

        from cleaner.lines import keep, model

        if any(edit.stage == "density" for edit in doc.history):
            return  # judged before
        if len(doc.original) > _MOST_CHARACTERS or doc.original.count("\n") > _MOST_LINES:
            return
        title = doc.fields.get("title", "")
        lines = as_it_came(doc)
        number, taken = len(lines.at), lines.at.count(-1)
        if taken == number or (self.evidence and taken < max(_FEW, self.evidence * number)):
            return
        gone: dict[int, Edit] = {}
        follows = doc.text.startswith
        for _ in range(_READINGS):
            judged = reading(lines)
            here = np.array(lines.at) >= 0
            cut = np.flatnonzero(here & ~self._kept(judged, here, lines.texts, title))
            scores = keep.chance(judged.odds[cut]).tolist()
            texts, at = lines.texts, lines.at
            for i, score, why in zip(cut.tolist(), scores, model.reasons(judged, cut), strict=True):
                start, end = at[i], at[i] + len(texts[i])
                reason = f"looks {score:.0%} like body text: {why}"
                gone[start] = Edit(start, end + follows("\n", end), "", "density/line", round(score, 3), reason)
            if self.evidence or (here.all() and not len(cut)):
                break  # the next run will see nothing that it could act upon
            lines = _plain(lines, gone)
        yield from [gone[start] for start in sorted(gone)]

    def _kept(self, judged: Judged, here: NDArray[np.bool_], lines: Sequence[str], title: str) -> NDArray[np.bool_]:
        """Return which lines stay."""
        import numpy as np

        from cleaner.lines import guess, head, keep

        words = judged.words
        dirt = keep.dirt(keep.chance(judged.odds[here]), words[here])
        if judged.clean > 0 or (dirt <= self.clean and dirt * words[here].sum() <= _LITTLE):
            kept = judged.odds > self.least
        else:
            fading = max(0.0, 1 - (1 - np.count_nonzero(here) / len(here)) / self.dirty)
            doubt = np.float32(self.doubt * (_STAYS + (1 - _STAYS) * fading))
            odds = np.where(here, judged.odds + doubt, np.minimum(judged.odds, _GONE))
            start, end, share, sure = keep.stretch(odds, words, _STRICT)
            if self.kind == "article" and share >= self.share and sure >= self.sure:
                kept = odds > 0
                kept[:start] = kept[end:] = False
            else:
                kept = keep.best(odds, words)
        kept &= here
        if not kept.any():
            return here
        kept[[*head.belongings(lines, kept, words, judged.seen[:, guess.SHARED], title)]] = True
        return kept


@lru_cache(maxsize=2)
def reading(lines: Lines) -> Judged:
    """Judge lines, and remember the last answers: the loop asks again when other stages have acted."""
    import numpy as np

    from cleaner.lines import known, model

    of = kinds(lines)
    # what a site's own pages have in common says less than a rule: what is left beside it need not be body text
    taken = (np.array(lines.at) < 0) & np.fromiter(map(bool, of), np.bool_, len(of))
    places = (lines.paths, lines.links) if any(lines.paths) else None
    return model.judge(lines.texts, places, known.known(of, taken))


def kinds(lines: Lines) -> list[str]:
    """Return what kind of boilerplate rules take each line for, though it may not be enough for one to act.

    Examples:
        >>> kinds(Lines(("Share on Facebook", "The ferry was late again."), kinds=("", "")))
        ['share', '']

    """
    found = map(rules.load().match, lines.texts)
    return [match.rules[0].kind if match.rules else kind for match, kind in zip(found, lines.kinds, strict=True)]


def _plain(lines: Lines, gone: Container[int]) -> Lines:
    """Return the lines that are left, as the next run will see them: lines of plain text."""
    left = [i for i, at in enumerate(lines.at) if at >= 0 and at not in gone]
    n = len(left)
    return Lines(_some(lines.texts, left), ("",) * n, (0.0,) * n, _some(lines.at, left), ("",) * n)


def as_it_came(doc: Document) -> Lines:
    """Return the lines of a document, and between them those that were taken away."""
    texts, starts = [*doc.lines], _starts(doc)
    kinds, number = [""] * len(texts), len(texts)
    order: list[int] = []  # lines that were taken away come last in these columns, and here where they stood
    done = shift = 0
    for start, end, after, rule, _, _, before, _ in doc.live:
        if not after and "\n" in before:  # a part of a line that stays is no line
            place = start + shift
            i = bisect_left(starts, place)
            if not i or starts[i - 1] + len(texts[i - 1]) <= place:  # it is no part of the line there
                taken = [line for line in before.split("\n") if line.strip()]
                order += range(done, i)
                order += range(len(texts), len(texts) + len(taken))
                texts += taken
                kinds += [_kind(rule)] * len(taken)
                done = i
        shift += len(after) - (end - start)
    order += range(done, number)
    gone = len(texts) - number
    paths = [block.path for block in doc.page] if doc.page else [""] * number
    links = [block.links for block in doc.page] if doc.page else [0.0] * number
    return Lines(
        _some(texts, order),
        _some(paths + [""] * gone, order),
        _some(links + [0.0] * gone, order),
        _some(starts + [-1] * gone, order),
        _some(kinds, order),
    )


def _starts(doc: Document) -> list[int]:
    """Return where each line of a document begins; to ask for its blocks would cost more."""
    if doc.page is not None:
        return [block.start for block in doc.page]
    starts, at, find = [], 0, doc.text.index
    for line in doc.lines:
        at = find(line, at)  # blank lines before it are no part of it
        starts.append(at)
        at += len(line)
    return starts


def _some(column: Sequence[T], order: Iterable[int]) -> tuple[T, ...]:
    return tuple([column[i] for i in order])


@lru_cache
def _kind(rule: str) -> str:
    """Return what kind of boilerplate a rule means, if it comes from a pack."""
    return rule.split("/")[1] if rule.count("/") == _LEVELS else ""
