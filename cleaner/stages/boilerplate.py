"""Removes the lines that a rule knows: menus, share buttons, cookie notices and the other furniture of web pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cleaner import rules
from cleaner.document import Edit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cleaner.document import Document


@dataclass(frozen=True, slots=True)
class Boilerplate:
    """Remove lines by the rules of packs.

    All packs look at every text, for furniture in English stands on pages of any language.

    Examples:
        >>> from cleaner.document import Document
        >>> text = "Skip to content\\nIt rained all night.\\nShare on Facebook"
        >>> [(edit.rule, text[edit.start : edit.end]) for edit in Boilerplate()(Document("a", text))]
        [('en/skip/links', 'Skip to content\\n'), ('en/share/on', '\\nShare on Facebook')]

    """

    packs: tuple[str, ...] = ()
    """Packs by name, or paths of your own ``.toml`` files; empty for all that are installed."""
    select: tuple[str, ...] = ()
    """Rules to use: codes, their beginnings (``en/share``) or patterns (``*/share/*``); empty for all."""
    ignore: tuple[str, ...] = ()
    """Rules to leave out, said in the same way."""

    def __call__(self, doc: Document) -> Iterator[Edit]:
        """Yield an edit for each line to go, with its line break, and for what hangs at the end of one that stays."""
        found = rules.load(self.packs, self.select, self.ignore)
        edits, text, last = [], doc.text, len(doc.text)
        cuts = [*found.cuts(doc)]
        for block, rule in reversed(cuts):
            start, end = block.start, block.end
            if end < last and text[end] == "\n":
                end += 1
            elif end == last and start and text[start - 1] == "\n":
                start -= 1  # nothing follows: the break before it goes, and what stands above is last now
                last = start
            edits.append(Edit(start, end, "", rule.code))
        edits.reverse()
        if tails := [*found.tails(doc)]:
            gone = {block.start for block, _ in cuts}
            edits += [Edit(at, block.end, "", rule.code) for block, at, rule in tails if block.start not in gone]
            edits.sort(key=lambda edit: edit.start)
        yield from edits
