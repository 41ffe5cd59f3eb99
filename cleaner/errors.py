"""The errors raised on purpose, as one tree, each with the exit code of the command that it ends.

An error is a sentence to a person: what was wrong, where, and what to do about it.
"""

from __future__ import annotations

from typing import ClassVar

DONE = 0
GATE_TRIPPED = 1
INPUT_DAMAGED = 3
STOPPED_BY_INTERRUPT = 130
STOPPED_BY_TERMINATION = 143


class CleanerError(Exception):
    """Anything that the project raises on purpose; ``str(error)`` is the sentence to show."""

    exit_code: ClassVar[int] = 70


class UsageError(CleanerError):
    """The call makes no sense: an unknown name, an option out of range, two options that exclude each other."""

    exit_code = 2


class RecipeError(UsageError):
    """A recipe or a pack of rules does not hold: names file, key and remedy."""


class InputError(CleanerError):
    """An input is missing, unreadable or no such format."""

    exit_code = 3


class RecordError(InputError):
    """One record cannot be processed; it goes to quarantine under ``reason`` and its neighbours go on."""

    def __init__(self, reason: str, sentence: str) -> None:
        super().__init__(reason, sentence)  # as given, so that a worker can send it home
        self.reason, self.sentence = reason, sentence

    def __str__(self) -> str:
        """Return the sentence."""
        return self.sentence


class OutputError(CleanerError):
    """An output cannot be written."""

    exit_code = 4


class BusyError(CleanerError):
    """The output folder is in use, or belongs to another job."""

    exit_code = 5


class LawError(CleanerError):
    """A law of the project is broken: a defect of ours, never of the input."""

    exit_code = 70
