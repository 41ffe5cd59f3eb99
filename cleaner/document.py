"""What flows through a pipeline: a document, the blocks it is made of, and the edits it has seen.

A stage never changes a document. It yields edits, and `Document.edit` applies them, rebases each on the text that came
in, and remembers it. So every remembered edit is a fact about the input, true on its own:
``original[start:end] == before`` and it has become ``after``. A later edit that touches an earlier one covers it whole,
hence of two remembered edits either their spans are apart or the later one contains the earlier one, and the input
comes back from the text and the edits alone (`undo`).
"""

from __future__ import annotations

import os.path
import sys
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import accumulate, pairwise
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence


class Block(NamedTuple):
    """A stretch of a document's text without a line break: a line of plain text, or a block of a page.

    Offsets count code points of the text that the block was taken from.
    """

    start: int
    end: int
    path: str = ""
    """Where in the page it stood, from the root down, e.g. ``body/div.content/p``; empty for plain text."""
    links: float = 0.0
    """Share of its characters that stand inside links, 0 to 1."""


_block = cast("Callable[[tuple[int, int, str, float]], Block]", partial(tuple.__new__, Block))
"""As `Block._make`, but nobody counts the fields: a text has hundreds of blocks, and they move with every edit."""


class Edit(NamedTuple):
    """One change: the span ``start:end`` becomes ``after``, because of ``rule``.

    A stage yields edits with offsets into the text it was shown, and leaves ``before`` and ``stage`` to the loop.
    Remembered edits (`Document.history`) have offsets into the document's original text.
    """

    start: int
    end: int
    after: str
    rule: str
    score: float | None = None
    """How sure the rule is, where it can tell; what the number means is the rule's to say."""
    reason: str = ""
    """Why, in words, where the rule's own page does not say it all."""
    before: str = ""
    stage: str = ""


_PLACE = itemgetter(0, 1)
"""Where an edit begins and ends."""


@dataclass(frozen=True, slots=True)
class Document:
    """A text, where it came from, and everything that has been done to it.

    Examples:
        >>> doc = Document("a", "Share this\\nIt rained.")
        >>> doc = doc.edit([Edit(0, 11, "", "en/share/this")], stage="boilerplate")
        >>> doc.text, doc.original
        ('It rained.', 'Share this\\nIt rained.')
        >>> doc.history[0].before
        'Share this\\n'

    """

    id: str
    text: str
    page: tuple[Block, ...] | None = None
    """The blocks of a page in the order of the text; None for plain text, whose blocks are its lines."""
    fields: Mapping[str, str] = field(default_factory=dict)
    """What else is known of it, as text: url, title, date, lang, source."""
    history: tuple[Edit, ...] = ()
    original: str = ""
    """The text that came in; it is set for you."""
    live: tuple[Edit, ...] = ()
    """The edits of the history that no later one covers, by place."""
    refused: tuple[tuple[str, str], ...] = ()
    """The stages whose edits were refused, each with the reason."""
    capped: tuple[str, ...] = ()
    """What of its page was out of bounds, by the names of `cleaner.markup.caps`."""
    _blocks: list[Block] = field(default_factory=list, init=False, repr=False, compare=False)
    """The blocks of plain text, once somebody has asked for them."""
    _lines: list[str] = field(default_factory=list, init=False, repr=False, compare=False)
    """What stands in the blocks, likewise."""

    def __post_init__(self) -> None:
        """Let a new document begin as its own original."""
        if not self.history and self.original != self.text:
            object.__setattr__(self, "original", self.text)

    @property
    def blocks(self) -> Sequence[Block]:
        """The blocks of the text as it is now, blank ones left out.

        Examples:
            >>> [doc.text[b.start:b.end] for doc in [Document("a", "One\\n\\n two ")] for b in doc.blocks]
            ['One', ' two ']

        """
        if self.page is not None:
            return self.page
        if not self._blocks:
            lines = self.text.split("\n")
            starts = accumulate([len(line) + 1 for line in lines], initial=0)
            self._blocks.extend(
                [
                    _block((start, start + len(line), "", 0.0))
                    for start, line in zip(starts, lines, strict=False)
                    if line and not line.isspace()
                ]
            )
        return self._blocks

    @property
    def lines(self) -> Sequence[str]:
        """What stands in each of its blocks; it is cut out of the text once.

        Examples:
            >>> Document("a", "One\\n\\n two ").lines
            ['One', ' two ']

        """
        if not self._lines:
            text = self.text
            if self.page is None:
                self._lines.extend([line for line in text.split("\n") if line and not line.isspace()])
            else:
                self._lines.extend([text[start:end] for start, end, _, _ in self.page])
        return self._lines

    def edit(self, edits: Iterable[Edit], stage: str = "") -> Document:
        """Return the document with the edits applied and remembered.

        Args:
            edits: spans of `text`, which must not overlap; their order does not matter.
            stage: the name of the stage that asks for them.

        Raises:
            ValueError: an edit lies outside the text, runs backwards, overlaps another one, or inserts where
                there is no character beside it that no other edit takes.

        """
        text, size = self.text, len(self.text)
        asked: list[Edit] = []
        is_odd = False
        for e in sorted(edits, key=_PLACE):
            start, end = e[:2]
            # an edit outside the text changes something, too: that has to be said
            if 0 <= start <= end <= size:
                before = text[start:end]
                if before == e.after:
                    continue
                is_odd = is_odd or not before or before.isspace()
            asked.append(e)
        if not asked:
            return self
        stand = self._stand()
        if is_odd:
            cuts = [left for left, right, _ in stand if left == right]
            asked = self._widened([piece for e in asked for piece in self._split(e, cuts)])
        self._check(asked)
        spans, rows, live = self._rebase(asked, stage, stand)
        parts, at = [], 0
        for start, end, row in spans:
            parts += [text[at:start], row.after]
            at = end
        page = None if self.page is None else _moved(self.page, spans)
        return replace(
            self,
            text="".join([*parts, text[at:]]),
            page=page,
            history=(*self.history, *rows),
            live=tuple(live),
        )

    def _check(self, edits: Sequence[Edit]) -> None:
        at, size = 0, len(self.text)
        for e in edits:
            start, end = e[:2]
            if not at <= start < end <= size:
                msg = f"edit {e.rule} at {start}:{end} overlaps its neighbour or leaves the text (0:{size})"
                raise ValueError(msg)
            at = end

    def _stand(self) -> list[_Span]:
        """Return where in the text the results of the live edits stand; where one cut something out, nothing does."""
        spans, shift = [], 0
        for row in self.live:
            left = row[0] + shift
            right = left + len(row[2])
            spans.append((left, right, row))
            shift = right - row[1]
        return spans

    def _split(self, e: Edit, cuts: Sequence[int]) -> list[Edit]:
        """Let white space go without taking the credit for what earlier edits cut out of its middle, at ``cuts``."""
        old = self.text[e.start : e.end]
        if not old.isspace():
            return [e]
        # not all of it may be the same: what is left would be an insertion
        same = len(os.path.commonprefix([old[:-1], e.after])) if e.after else 0  # noqa: RUF071  it goes by character
        start, after = e.start + same, e.after[same:]
        rest = after, e.rule, e.score, e.reason, "", ""
        between = () if after else cuts[bisect_right(cuts, start) : bisect_left(cuts, e.end)]
        places = [start, *dict.fromkeys(between), e.end]  # several cuts may have met in one place
        return [Edit._make((first, last, *rest)) for first, last in pairwise(places)]

    def _widened(self, edits: Sequence[Edit]) -> list[Edit]:
        """Let insertions take in a character beside them: without a span they could not be told apart."""
        found: list[Edit] = []
        free = len(self.text)  # where the next edit begins
        for e in reversed(edits):
            wide = e
            if e.start == e.end < free:
                wide = e._replace(end=e.end + 1, after=e.after + self.text[e.end])
            elif 0 < e.start == e.end == free:
                wide = e._replace(start=e.start - 1, after=self.text[e.start - 1] + e.after)
            found.append(wide)
            free = wide.start
        return found[::-1]

    def _rebase(
        self, edits: Sequence[Edit], stage: str, stand: Sequence[_Span]
    ) -> tuple[list[_Span], list[Edit], list[Edit]]:
        """Merge new edits into those that stand in the text.

        Returns:
            The spans of the text that go, each with the row of the history that says so; the new rows; the live edits.

        """
        text = self.text
        old = [*reversed(stand)]  # a stack: the leftmost on top
        done: list[_Span] = []
        new: list[_Span] = []
        rows: list[Edit] = []
        past = shift = 0  # where `done` ends, and what takes a place behind it to the original
        for e in edits:
            left, right, after, rule, score, reason, _, _ = e
            if old and old[-1][1] <= left:
                while old and old[-1][1] <= left:
                    done.append(old.pop())
                _, past, row = done[-1]
                shift = row.end - past
            if past <= left and (not old or old[-1][0] >= right):  # it touches none
                row = Edit._make((left + shift, right + shift, after, rule, score, reason, text[left:right], stage))
            else:
                if new and new[-1][1] > left:
                    new.pop()
                left, right, row = self._covering(e, stage, done, old)
            done.append((left, right, row))
            new.append(done[-1])
            rows.append(row)
            past, shift = right, row.end - right
        return new, rows, [row for _, _, row in done] + [row for _, _, row in reversed(old)]

    def _covering(self, e: Edit, stage: str, done: list[_Span], old: list[_Span]) -> _Span:
        """Let an edit cover those that it touches: the last of the ones that are done, the first of the old ones."""
        touched = [done.pop()] if done and done[-1][1] > e.start else []
        while old and old[-1][0] < e.end:
            touched.append(old.pop())
        left, right, after = e.start, e.end, e.after
        if touched and touched[0][0] < left:
            _, end, first = touched[0]
            left, after = touched[0][0], first.after[: len(first.after) - (end - e.start)] + after
        if touched and touched[-1][1] > right:
            _, right, last = touched[-1]
            after += last.after[len(last.after) - (right - e.end) :]
        start = touched[0][2].start if touched and touched[0][0] <= left else _to_original(left, done)
        stop = _to_original(right, touched or done)
        return left, right, Edit(start, stop, after, e.rule, e.score, e.reason, self.original[start:stop], stage)


_Span = tuple[int, int, Edit]
"""A stretch of a text, and the remembered edit whose result stands there, or is about to."""


def _to_original(place: int, before: Sequence[_Span]) -> int:
    """Map a place outside of every edit to the original; ``before`` ends with the last edit left of it."""
    if not before:
        return place
    _, end, row = before[-1]
    return row.end + (place - end)


def _moved(page: Sequence[Block], spans: Sequence[_Span]) -> tuple[Block, ...]:
    """Return the blocks where they stand after the edits, without those of which nothing is left."""
    moved: list[Block] = []
    left, right, row = spans[0]
    i = shift = 0
    for block in page:
        first, last, path, links = block
        while right <= first:
            shift += len(row.after) - (right - left)
            i += 1
            left, right, row = spans[i] if i < len(spans) else (sys.maxsize, sys.maxsize, row)
        if left >= last:  # most blocks are left alone
            if last > first:
                moved.append(_block((first + shift, last + shift, path, links)) if shift else block)
            continue
        if left <= first and last <= right and (left < first or not row.after):
            continue  # nothing is left of it
        start, end, j, grown = first + shift, last + shift, i, 0
        while j < len(spans) and spans[j][0] < last:
            begins, ends, edit = spans[j]
            if begins < first:  # what an edit puts there belongs to the block in which it begins
                start = begins + shift + len(edit.after)
            elif ends > last:
                end = begins + shift + grown + len(edit.after)
                grown = 0
                break
            grown += len(edit.after) - (ends - begins)
            j += 1
        end = max(start, end + grown)
        if end > start:
            moved.append(_block((start, end, path, links)))
    return tuple(moved)


def live(history: Iterable[Edit]) -> list[Edit]:
    """Return the edits that no later one covers, by place."""
    rows = sorted(enumerate(history), key=lambda r: (r[1].start, -r[1].end, -r[0]))
    kept: list[Edit] = []
    for _, e in rows:
        if not kept or e.start >= kept[-1].end:
            kept.append(e)
    return kept


def undo(text: str, history: Iterable[Edit]) -> str:
    """Return the original of a text from the edits that it has seen.

    Examples:
        >>> undo("It rained.", [Edit(0, 11, "", "en/share/this", before="Share this\\n")])
        'Share this\\nIt rained.'

    """
    parts, at, place = [], 0, 0
    for e in live(history):
        until = at + (e.start - place)
        parts += [text[at:until], e.before]
        at, place = until + len(e.after), e.end
    return "".join([*parts, text[at:]])


def redo(original: str, history: Iterable[Edit]) -> str:
    """Return what the edits that a text has seen make of its original.

    Examples:
        >>> redo("Share this\\nIt rained.", [Edit(0, 11, "", "en/share/this")])
        'It rained.'

    """
    parts, at = [], 0
    for e in live(history):
        parts += [original[at : e.start], e.after]
        at = e.end
    return "".join([*parts, original[at:]])
