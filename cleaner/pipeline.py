"""Stages in order, and the one loop that runs them.

The loop does once what no stage has to think of: it applies the edits and remembers them, leaves out those of rules
that are switched off, refuses a stage that would take too much, and goes round until no stage asks for anything more,
so that a second run over the output changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from cleaner import languages, markup, plugins
from cleaner.document import Document
from cleaner.errors import CleanerError, RecipeError, RecordError
from cleaner.languages.codes import code_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from cleaner.document import Edit
    from cleaner.recipe import Recipe

_ROUNDS = 6
"""How often the stages may go round; two rounds are the rule, more than three have not been seen."""
_GUARDED = 200
"""Characters below which a text is too short for a share of it to mean anything."""


class Stage(Protocol):
    """A frozen dataclass whose fields are its options; it looks at a document and yields edits, and changes nothing."""

    def __call__(self, doc: Document, /) -> Iterable[Edit]:
        """Yield the edits that this stage asks for, with offsets into ``doc.text``; they do not overlap."""
        ...


@runtime_checkable
class Selective(Stage, Protocol):
    """A stage whose rules build on each other's work, and which therefore has to know which of them may act."""

    def acting(self, active: Callable[[str], bool], /) -> Stage:
        """Return the stage without those rules that may not act."""
        ...


@dataclass(frozen=True)
class Pipeline:
    """Named stages in order; call it with a document to get it back clean."""

    stages: Sequence[tuple[str, Stage]]
    guard: Mapping[str, float] = field(default_factory=dict)
    """By stage: the largest share of a text, 0 to 1, that it may remove at once; ``default`` for those not named."""
    select: tuple[str, ...] = ()
    """Codes of the rules that may act, whole or up to a slash; empty for all."""
    ignore: tuple[str, ...] = ()
    """Codes of the rules that may not act."""

    def __call__(self, doc: Document) -> Document:
        """Return the document as the stages leave it.

        Raises:
            RecordError: a stage failed on it; ``reason`` is ``stage-failed``.

        """
        quiet = 0
        for name, stage in list(self.stages) * _ROUNDS:
            if quiet == len(self.stages):
                break
            done = self.step(doc, name, stage)
            quiet = 0 if done.history is not doc.history else quiet + 1
            doc = done
        return doc

    def step(self, doc: Document, name: str, stage: Stage) -> Document:
        """Return the document after one stage."""
        try:
            edits = stage(doc)
            if self.select or self.ignore:
                edits = (e for e in edits if self.active(e.rule))
            done = doc.edit(edits, name)
        except (CleanerError, MemoryError):
            raise
        except Exception as error:
            raise RecordError("stage-failed", f"stage {name} failed on it: {told(error)}") from error
        share = self.guard.get(name, self.guard.get("default", 1.0))
        if len(doc.text) <= _GUARDED or len(done.text) >= (1 - share) * len(doc.text):
            return done
        if name in dict(doc.refused):
            return doc
        taken = 1 - len(done.text) / len(doc.text)
        return replace(doc, refused=(*doc.refused, (name, f"it would remove {taken:.0%} of the text")))

    def active(self, rule: str) -> bool:
        """Tell whether a rule may act.

        Examples:
            >>> Pipeline((), ignore=("en/share",)).active("en/share/shariff")
            False

        """
        return (not self.select or covers(self.select, rule)) and not covers(self.ignore, rule)


def told(error: Exception) -> str:
    """Return what an error says, even if it fails to say it.

    Examples:
        >>> told(ValueError("no number"))
        'ValueError: no number'

    """
    try:
        return f"{type(error).__name__}: {error}"
    except Exception:  # noqa: BLE001  anything may go wrong in somebody else's class
        return type(error).__name__


def covers(codes: Iterable[str], rule: str) -> bool:
    """Tell whether a rule is one of those that codes mean: a code is a rule's, or the beginning of several, to a slash.

    Examples:
        >>> covers(["en/share"], "en/share/shariff"), covers(["en/sh"], "en/share/shariff")
        (True, False)

    """
    return any(rule == code or rule.startswith(f"{code.rstrip('/')}/") for code in codes)


def build(recipe: Recipe, select: Sequence[str] = (), ignore: Sequence[str] = ()) -> Pipeline:
    """Return the pipeline that a recipe describes.

    Raises:
        RecipeError: an option of a stage is unknown or does not fit.

    """
    stages = [(name, recipe.options(name, stage_class(name))) for name in recipe.stages]
    guard: dict[str, float] = {}
    for name, share in recipe.tables.get("guard", {}).items():
        known = name in (*recipe.stages, "default")
        if not known or isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share <= 1:
            raise RecipeError(f"{recipe.place('guard', name)}: guard.{name} should be a stage and a share from 0 to 1")
        guard[name] = float(share)
    made = Pipeline(stages, guard, tuple(select), tuple(ignore))
    acting = [(name, stage.acting(made.active) if isinstance(stage, Selective) else stage) for name, stage in stages]
    return replace(made, stages=acting)


def stage_class(name: str) -> type[Stage]:
    """Return the class of a stage: it is called like its file, in capitals and without underscores."""
    found = plugins.module("stages", name)
    if isinstance(found, type):
        return found
    stage: type[Stage] = getattr(found, name.title().replace("_", ""))
    return stage


def open_document(
    key: str, text: str | None, html: str | None, known: Mapping[str, str], *, language: bool = True
) -> Document:
    """Return a document of a text, or of a page if there is no text; what is not known yet is read off it.

    Args:
        key: its id.
        text: the text, if there is one.
        html: the page, if there is one.
        known: what else is known.
        language: whether to look for the language of a text, which takes longer than all the rest.

    Raises:
        RecordError: there is neither.

    """
    if text is not None:
        return Document(key, text, fields=_with_language(text, known) if language else known)
    if html is None:
        reason, sentence = "missing-text", "it has neither a text nor a page"
        raise RecordError(reason, sentence)
    page = markup.flatten(html)
    own = {"title": page.title, "date": page.date, "url": page.url}
    found = {**{name: value for name, value in own.items() if value}, **known}
    return Document(key, page.text, page.blocks, _with_language(page.text, found, page.lang), capped=page.capped)


def _with_language(text: str, known: Mapping[str, str], declared: str = "") -> Mapping[str, str]:
    """Return what is known of a text with its language: given, else detected, else what the page declares.

    Pages often declare the language of the template that they were made from.
    """
    if "lang" in known:
        return known
    found = languages.detect(text)
    if not found or code_of(declared) == code_of(found):
        found = declared
    return {**known, "lang": found} if found else known
