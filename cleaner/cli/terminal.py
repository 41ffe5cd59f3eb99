"""Text from documents made fit for a terminal: nothing in it can move the cursor, change colours or hide."""

from __future__ import annotations

import sys

from cleaner.report.shown import visible

__all__ = ["BOLD", "DIM", "GREEN", "RED", "styled", "visible"]

RED, GREEN, DIM, BOLD = "31", "32", "2", "1"


def styled(text: str, *styles: str) -> str:
    """Return the text in a style, if standard output is a terminal."""
    if not sys.stdout.isatty():
        return text
    return f"\x1b[{';'.join(styles)}m{text}\x1b[0m"
