"""Removes the lines that do not look like body text, in texts that are dirty enough to need it.

What a line looks like, where it stands and what stands around it tell menus, teasers and forms from running text in
any language. The stage judges the document as it came in: what other stages have taken away is still there as context,
and counts as evidence. First of all it asks how dirty the document was: one that somebody has cleaned before is left
alone. It judges a document once, and reads its own output as if that had just come in, so that a second run changes
nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from cleaner.document import Block, Edit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from cleaner.document import Document
    from cleaner.lines.model import Judged

KINDS = ("article", "page")
_READINGS = 4
"""How often a document is read at most: as it came, then, if lines went, as the text that the next run will see."""
_FRESH = 0.1
"""Dirt up to which a text that rules have cleaned is clean, read by itself."""
_WHOLE = 0.4
"""Share of a document that rules take from which it was a whole page, whatever it looks like now."""
_GONE = -6.0
"""Log-odds of a line that another stage has taken away."""
_MOST_CHARACTERS = 1_000_000
_MOST_LINES = 50_000
"""Size from which a document is left alone: no page has so much to read, a book of a thousand pages has twice as many
characters, and judging takes 75 bytes a character and 2,000 a line."""


class _Line(NamedTuple):
    """A line of the document as it came in."""

    text: str
    path: str = ""
    links: float = 0.0
    block: int = -1
    """Which of the document's blocks it is; -1 if it is gone."""


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
        >>> menu = "Home\\nNews\\nSport\\nCulture\\nTravel\\nWeather\\nJobs\\nLog in\\n"
        >>> doc = Document("a", 2 * menu + story + "Contact\\nImprint\\nAbout us\\n")
        >>> doc.edit(Density()(doc)).text == story
        True
        >>> [*Density()(Document("b", story))]
        []

    """

    kind: str = "article"
    """``article`` looks for the one stretch that is the body; ``page`` judges each line by itself."""
    clean: float = 0.15
    """Dirt, the expected share of words that are no body text, up to which what is left of a document is left alone."""
    least: float = -0.7
    """Log-odds of being body text that a line needs to stay; below 0 the benefit of the doubt is the line's."""
    dirty: float = 0.3
    """Dirt of the document as it came in from which an article may be taken for one stretch, around which all goes."""
    strict: float = 0.7
    """How much evidence a line of that stretch needs."""
    share: float = 0.6
    """Share of all evidence for body text that the stretch must hold: a page of several parts has no such stretch."""
    sure: float = 2.5
    """Mean log-odds of the words of that stretch."""

    def __post_init__(self) -> None:
        """Refuse a kind that does not exist."""
        if self.kind not in KINDS:
            msg = f"kind is {self.kind!r}; it should be one of {', '.join(KINDS)}"
            raise ValueError(msg)

    def __call__(self, doc: Document) -> Iterator[Edit]:
        """Yield an edit for each line to go; its line break goes with it."""
        import numpy as np

        from cleaner.lines import keep, model

        if any(edit.stage == "density" for edit in doc.history):
            return  # judged before
        if len(doc.original) > _MOST_CHARACTERS or doc.original.count("\n") > _MOST_LINES:
            return
        blocks, lines = doc.blocks, [*_as_it_came(doc)]
        title = doc.fields.get("title", "")
        if self._is_done(doc, lines):
            return
        gone: dict[int, tuple[float, str]] = {}
        for _ in range(_READINGS):
            judged = model.judge(*_set(lines))
            here = np.fromiter((line.block >= 0 for line in lines), np.bool_, len(lines))
            odds = np.where(here, judged.odds, np.minimum(judged.odds, _GONE))
            judged = judged._replace(odds=odds)
            kept = self._kept(judged, here, [line.text for line in lines], title) & here
            cut = np.flatnonzero(here & ~kept)
            if not len(cut) and not any(line.path for line in lines):
                break
            for i, why in zip(cut.tolist(), model.reasons(judged, cut), strict=True):
                gone[lines[i].block] = float(keep.chance(judged.odds[i])), why
            lines = [lines[i]._replace(path="") for i in np.flatnonzero(kept)]
        for i in sorted(gone):
            start, end = blocks[i].start, blocks[i].end
            score, why = gone[i]
            reason = f"looks {score:.0%} like body text: {why}"
            yield Edit(start, end + (doc.text[end : end + 1] == "\n"), "", "density/line", round(score, 3), reason)

    def _is_done(self, doc: Document, lines: Sequence[_Line]) -> bool:
        """Tell whether other stages have cleaned a document: what they left looks clean by itself.

        That is not asked where a site's furniture was found, or where most of the document was boilerplate: teasers
        and comments look clean by themselves, too.
        """
        from cleaner.lines import keep, model

        taken = sum(len(line.text) for line in lines if line.block < 0)
        whole = taken >= _WHOLE * sum(len(line.text) for line in lines)
        if not taken or whole or any(edit.stage == "templates" for edit in doc.history):
            return False
        judged = model.judge(doc.text, doc.blocks)
        return keep.dirt(judged.odds, judged.words) <= _FRESH

    def _kept(self, judged: Judged, here: NDArray[np.bool_], lines: list[str], title: str) -> NDArray[np.bool_]:
        """Return which lines stay."""
        import numpy as np

        from cleaner.lines import head, keep

        every = np.ones(len(lines), np.bool_)
        if keep.dirt(judged.odds[here], judged.words[here]) <= self.clean:
            return every
        kept = keep.likely(judged.odds, self.least)
        if self.kind == "article" and keep.dirt(judged.odds, judged.words) >= self.dirty:
            body = keep.stretch(judged.odds, judged.words, self.strict)
            if body.share >= self.share and body.odds >= self.sure:
                kept = body.kept
        if not kept.any():
            return every
        kept[[*head.belongings(lines, kept, judged.words, title)]] = True
        return kept


def _set(lines: Sequence[_Line]) -> tuple[str, list[Block]]:
    """Set lines as a text with its blocks."""
    at, blocks = 0, []
    for line in lines:
        blocks.append(Block(at, at + len(line.text), line.path, line.links))
        at += len(line.text) + 1
    return "\n".join(line.text for line in lines), blocks


def _as_it_came(doc: Document) -> Iterator[_Line]:
    """Yield the lines of a document, and between them those that were taken away."""
    removed, shift = [], 0
    for edit in doc.live:
        if not edit.after:
            removed.append((edit.start + shift, edit.before))
        shift += len(edit.after) - (edit.end - edit.start)
    removed.reverse()  # a stack: the first on top
    for i, block in enumerate(doc.blocks):
        while removed and removed[-1][0] <= block.start:
            yield from _lines(removed.pop()[1])
        while removed and removed[-1][0] < block.end:  # a part of this line
            removed.pop()
        yield _Line(doc.text[block.start : block.end], block.path, block.links, i)
    while removed:
        yield from _lines(removed.pop()[1])


def _lines(text: str) -> Iterator[_Line]:
    return (_Line(line) for line in text.split("\n") if line.strip())
