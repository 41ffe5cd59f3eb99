"""Garbled text made readable again: wrong decodings, undecoded escapes, characters that nobody meant.

The kinds of repair work on a draft, one after the other and round by round until nothing is left to do, so that a
second run over the result has nothing to do either. What the stage yields are the differences between the draft and
the document, each with the kind that made it last and the story of the others.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, reduce
from operator import or_
from typing import TYPE_CHECKING, NamedTuple

from cleaner.document import Document, Edit
from cleaner.garbling import controls, entities, escapes, forms, hyphens, invisible, legacy, mojibake, quotes, spaces
from cleaner.garbling.readers import SUSPICIOUS, look
from cleaner.garbling.signs import Sign, signs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

ROUNDS = 16
"""No text seen needed more than four; one that needs more than this stays as it is."""


class Kind(NamedTuple):
    """One kind of repair: the option that switches it, its rule, the signs without which it rests, and its function."""

    option: str
    rule: str
    signs: int
    edits: Callable[[str], Iterable[Edit]]


SUSPECT, OUTSIDE_ASCII, ANYTHING = 1 << 61, 1 << 62, 1 << 63
"""In place of signs: a line that may have been decoded wrongly, some character outside ASCII, and any text at all."""

KINDS: tuple[Kind, ...] = (
    Kind("surrogates", "surrogate", Sign.SURROGATE, controls.surrogates),
    Kind("line_breaks", "line-break", Sign.BREAK, controls.line_breaks),
    Kind("entities", "entity", Sign.AMPERSAND, entities.entities),
    Kind("escapes", "escape", Sign.BACKSLASH, escapes.backslashes),
    Kind("escapes", "escape", Sign.PERCENT, escapes.percents),
    Kind("escapes", "escape", Sign.EQUALS, escapes.quoted_printable),
    Kind("legacy", "legacy", OUTSIDE_ASCII, legacy.legacy),
    Kind("mojibake", "mojibake", SUSPECT, mojibake.mojibake),
    Kind("replacements", "replacement", Sign.SECOND_HAND, controls.replacements),
    Kind("c1", "c1", Sign.C1, controls.c1),
    Kind("terminal_escapes", "terminal", Sign.CONTROL, controls.terminal_escapes),
    Kind("controls", "control", Sign.CONTROL, controls.controls),
    Kind("zero_width", "zero-width", Sign.ZERO_WIDTH, invisible.zero_width),
    Kind("direction_marks", "direction", Sign.DIRECTION, invisible.direction_marks),
    Kind("direction_controls", "direction-control", Sign.DIRECTION, invisible.direction_controls),
    Kind("soft_hyphens", "soft-hyphen", Sign.SOFT_HYPHEN, hyphens.soft_hyphens),
    Kind("icons", "private-use", Sign.PRIVATE, invisible.icons),
    Kind("odd_spaces", "space", Sign.ODD_SPACE, spaces.odd_spaces),
    Kind("no_break_spaces", "no-break-space", Sign.NO_BREAK_SPACE, spaces.no_break_spaces),
    Kind("ligatures", "ligature", Sign.LIGATURE, forms.ligatures),
    Kind("full_width", "full-width", Sign.FULL_WIDTH, forms.full_width),
    Kind("presentation_forms", "presentation", Sign.PRESENTATION, forms.presentation_forms),
    Kind("marks", "marks", Sign.COMBINING, forms.long_runs_of_marks),
    Kind("composition", "nfc", Sign.UNCOMPOSED, forms.composition),
    Kind("quote_pairs", "quote-pair", Sign.CURLY_END, quotes.quote_pairs),
    Kind("straight_quotes", "straight-quote", Sign.CURLY, quotes.straight_quotes),
    Kind("hyphenation", "hyphenation", ANYTHING, hyphens.hyphenation),
)
"""Every kind, in the order in which they work: what was escaped last is undone first, and letters come before signs."""


@dataclass(frozen=True)
class Repair:
    r"""Mend garbled text, kind by kind.

    Examples:
        >>> doc = Document("a", "Caf&eacute; du MarchÃ©, prÃ¨s du pont")
        >>> [(e.start, e.end, e.after, e.rule) for e in Repair()(doc)]
        [(3, 11, 'é', 'repair/entity'), (20, 22, 'é', 'repair/mojibake'), (26, 28, 'è', 'repair/mojibake')]

    """

    surrogates: bool = True
    """Halves of characters beyond U+FFFF, joined; one that stands alone becomes U+FFFD (``repair/surrogate``)."""
    line_breaks: bool = True
    """CR LF, CR, and Unicode's line and paragraph separators become line feeds (``repair/line-break``)."""
    entities: bool = True
    """``&eacute;`` and ``&amp;eacute;`` are decoded, but not in a text with tags or about markup
    (``repair/entity``)."""
    escapes: bool = True
    r"""``\u201c``, ``\xc3\xa9``, ``%C3%A9`` and ``=C3=A9`` are decoded, but not in code, paths and addresses
    (``repair/escape``)."""
    mojibake: bool = True
    """Text that was written in one encoding and read in another is read again (``repair/mojibake``)."""
    replacements: bool = True
    """Second-hand forms of U+FFFD, such as 锟斤拷, become U+FFFD; none is ever removed (``repair/replacement``)."""
    c1: bool = True
    """C1 controls are read as windows-1252 (``repair/c1``)."""
    terminal_escapes: bool = True
    """Sequences that colour a terminal are removed (``repair/terminal``)."""
    controls: bool = True
    """Control characters and byte order marks are removed (``repair/control``)."""
    zero_width: bool = True
    """Characters without width are removed from inside words of scripts that join nothing (``repair/zero-width``)."""
    direction_marks: bool = True
    """Direction marks are removed from a text without right-to-left letters (``repair/direction``)."""
    icons: bool = True
    """Words of private-use characters alone are removed (``repair/private-use``)."""
    odd_spaces: bool = True
    """Spaces of odd widths become spaces; those of Chinese and Japanese, of numbers and of French stay
    (``repair/space``)."""
    ligatures: bool = True
    """ﬁ, ﬂ and their five sisters are taken apart (``repair/ligature``)."""
    marks: bool = True
    """Runs of combining marks are cut to 30 (``repair/marks``)."""
    composition: bool = True
    """Characters are composed as normal form C says (``repair/nfc``)."""
    quote_pairs: bool = True
    """A quotation that opens with a straight quote and closes with a curly one closes straight
    (``repair/quote-pair``)."""

    soft_hyphens: bool = False
    """Soft hyphens are removed; off, because well-kept text holds them on purpose (``repair/soft-hyphen``)."""
    no_break_spaces: bool = False
    """No-break spaces become spaces, but not in numbers and French; off for the same reason
    (``repair/no-break-space``)."""
    direction_controls: bool = False
    """Embeddings, overrides and isolates are removed from a text without right-to-left letters; off likewise
    (``repair/direction-control``)."""
    legacy: bool = False
    """One old encoding read as another is read again; off, for only the look of the words tells (``repair/legacy``)."""
    full_width: bool = False
    """Full-width Latin becomes Latin (``repair/full-width``)."""
    presentation_forms: bool = False
    """Arabic presentation forms become letters (``repair/presentation``)."""
    hyphenation: bool = False
    """Words divided at the end of a line are joined (``repair/hyphenation``)."""
    straight_quotes: bool = False
    """Curly quotes and apostrophes become straight (``repair/straight-quote``)."""

    def __call__(self, doc: Document, /) -> Iterator[Edit]:
        """Yield what mends the document's text."""
        found = _found(doc.text)
        if not found & self._signs:
            return
        draft = Draft(doc.text, found)
        for _ in range(ROUNDS):
            if not draft.let_work(self._kinds):
                yield from draft.edits()
                return

    def acting(self, active: Callable[[str], bool]) -> Repair:
        """Return the stage with those kinds switched off whose rule may not act.

        One kind builds on what another one has made, so that their edits cannot be left out afterwards.

        Examples:
            >>> Repair().acting(lambda rule: rule != "repair/entity").entities
            False

        """
        return replace(self, **{kind.option: False for kind in KINDS if not active(f"repair/{kind.rule}")})

    @cached_property
    def _kinds(self) -> tuple[Kind, ...]:
        """The kinds that are switched on."""
        return tuple(kind._replace(signs=int(kind.signs)) for kind in KINDS if getattr(self, kind.option))

    @cached_property
    def _signs(self) -> int:
        """The signs of any of them."""
        return reduce(or_, (kind.signs for kind in self._kinds), 0)


class Draft:
    """A text on which the kinds work, and what has become of it.

    Mostly one kind alone has something to do. Its edits are the result as they stand; only when a second one joins in,
    a document is made to put the two together.
    """

    def __init__(self, text: str, found: int) -> None:
        self.text = self._original = text
        self._found = found
        self._first: list[Edit] = []
        self._document: Document | None = None

    def let_work(self, kinds: Sequence[Kind]) -> bool:
        """Let each kind work once, if the characters show that it can have something to do; tell whether any had."""
        before = self.text
        for kind in kinds:
            if self._found & kind.signs and (edits := list(kind.edits(self.text))):
                self._edit(edits)
                self._found = _found(self.text)
        return self.text != before

    def _edit(self, edits: list[Edit]) -> None:
        if not self._first:
            self._first = sorted(edits)
            self.text = _applied(self.text, self._first)
            return
        if self._document is None:
            self._document = Document("", self._original).edit(self._first)
        self._document = self._document.edit(edits)
        self.text = self._document.text

    def edits(self) -> Iterable[Edit]:
        """Return what has become of the text; an edit that covers earlier ones says so."""
        return self._first if self._document is None else _told(self._document)


def _applied(text: str, edits: Iterable[Edit]) -> str:
    parts, at = [], 0
    for edit in edits:
        parts += [text[at : edit.start], edit.after]
        at = edit.end
    return "".join([*parts, text[at:]])


def _found(text: str) -> int:
    if text.isascii():
        return signs(text) | ANYTHING
    seen = look(text)
    return seen.signs | ANYTHING | OUTSIDE_ASCII | (SUSPECT if seen.any & SUSPICIOUS else 0)


def _told(draft: Document) -> Iterator[Edit]:
    """Yield the edits of a document as a stage would."""
    rows = list(draft.live)
    if len(rows) < len(draft.history):
        rows = [_with_story(row, earlier) for row, earlier in _covered(draft)]
    for row in rows:
        if row.before != row.after:
            yield Edit(row.start, row.end, row.after, row.rule, row.score, row.reason)


def _covered(draft: Document) -> Iterator[tuple[Edit, list[Edit]]]:
    """Yield each live edit with the earlier ones that it covers, in the order in which they were made."""
    earlier = sorted(enumerate(draft.history), key=lambda item: item[1].start)
    at = 0
    for row in draft.live:
        covered = []
        while at < len(earlier) and earlier[at][1].start < row.end:
            covered.append(earlier[at])
            at += 1
        yield row, [e for _, e in sorted(covered)[:-1]]


def _with_story(row: Edit, earlier: Sequence[Edit]) -> Edit:
    steps = dict.fromkeys(_step(e) for e in [*earlier, row])
    return row._replace(reason="; then ".join(steps)) if earlier else row


def _step(edit: Edit) -> str:
    return edit.reason or edit.rule.removeprefix("repair/")
