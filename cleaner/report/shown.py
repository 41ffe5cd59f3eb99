"""Text from documents made fit to be shown: nothing in it can hide, run backwards or fill the page."""

from __future__ import annotations

import re

_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_BREAK = re.compile(r"[ \t]*\n\s*")
_SPACES = str.maketrans({" ": "·", "\n": "⏎", "\t": "⇥", "\xa0": "⍽"})


def visible(text: str) -> str:
    r"""Return the text with control, escape and bidi characters spelled out.

    Examples:
        >>> visible("a\x1b[31mb\u202ec")
        'a<U+001B>[31mb<U+202E>c'

    """
    return _UNSAFE.sub(lambda m: f"<U+{ord(m[0]):04X}>", text)


def line(text: str, most: int) -> str:
    r"""Return the text on one line, cut to a length; where it is nothing but white space, that can be seen.

    Examples:
        >>> line("Share\n this", 20), line(" \n", 20), line("Subscribe to us", 10)
        ('Share ⏎ this', '·⏎', 'Subscribe…')

    """
    cut = text if len(text) <= most else f"{text[: most - 1]}…"
    return cut.translate(_SPACES) if text.isspace() else _BREAK.sub(" ⏎ ", cut)


def share(some: int, of: int) -> str:
    """Return a share in per cent, with so many digits as it needs.

    Examples:
        >>> share(1, 3), share(1, 2000), share(0, 5), share(5, 5), share(1, 10**6)
        ('33 %', '0.05 %', '0 %', '100 %', 'below 0.01 %')

    """
    percent = 100 * some / of if of else 0.0
    if some and percent < 0.01:  # noqa: PLR2004  what two digits can say
        return "below 0.01 %"
    digits = 0 if percent in (0, 100) or 10 <= percent <= 99 else 1 if percent >= 1 else 2  # noqa: PLR2004
    return f"{percent:.{digits}f} %".replace("100.0 %", "above 99.9 %")
