"""Text from documents made fit for a terminal: nothing in it can move the cursor, change colours or hide."""

from __future__ import annotations

import re
import sys

_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
RED, GREEN, DIM, BOLD = "31", "32", "2", "1"


def visible(text: str) -> str:
    r"""Return the text with control, escape and bidi characters spelled out.

    Examples:
        >>> visible("a\x1b[31mb\u202ec")
        'a<U+001B>[31mb<U+202E>c'

    """
    return _UNSAFE.sub(lambda m: f"<U+{ord(m[0]):04X}>", text)


def styled(text: str, *styles: str) -> str:
    """Return the text in a style, if standard output is a terminal."""
    if not sys.stdout.isatty():
        return text
    return f"\x1b[{';'.join(styles)}m{text}\x1b[0m"
