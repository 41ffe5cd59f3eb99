"""A rule: what a line of boilerplate looks like, why it goes, and the examples that prove it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a pack: what a line looks like, why it goes, and the examples that prove it."""

    pack: str
    kind: str
    id: str
    why: str = ""
    """Why such a line is no part of the text; where the rule says nothing, its kind's reason."""
    lines: tuple[str, ...] = ()
    """Whole lines, normalised."""
    line: str = ""
    """A pattern for the whole normalised line; needs ``words``."""
    words: tuple[str, ...] = ()
    """Words, signs (``# @ © %``) or two and more wide characters; one stands in every line that ``line`` means."""
    only: tuple[str, ...] = ()
    """Words of which such a line, of two or more, consists."""
    inside: tuple[str, ...] = ()
    """Elements (``nav``), ids (``#menu``) or classes (``.menu``) of a page in which the line stands, no paragraph."""
    tails: tuple[str, ...] = ()
    """What hangs at the end of a line that stays, as it is written: ``[edit]``."""
    where: str = ""
    """``top``, ``end`` or ``edge`` of the text; empty for anywhere."""
    run: int = 1
    """Lines in unbroken sequence that must match some rule, this one among them."""
    below: bool = False
    """Whether the line heads a list: the short lines that hang right under it, no sentences, go with it."""
    removes: tuple[str, ...] = ()
    """Texts of which nothing is left; the ``lines`` need not be said again."""
    keeps: tuple[str, ...] = ()
    """Texts of which nothing goes."""
    misses: tuple[str, ...] = ()
    """Texts that should go and do not, until somebody mends it."""
    file: str = ""
    row: int = 0
    """Where the rule stands."""

    code: str = field(init=False, compare=False)
    """Its full name."""

    def __post_init__(self) -> None:
        """Put the full name together.

        Examples:
            >>> Rule("en", "share", "bar").code
            'en/share/bar'

        """
        object.__setattr__(self, "code", f"{self.pack}/{self.kind}/{self.id}")
