"""What is left to ftfy: bad lines that cannot be decoded whole, one by one."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from cleaner.garbling.differences import differences
from cleaner.garbling.model import model

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ftfy import TextFixerConfig

    from cleaner.document import Edit

LEAST_GAIN_OF_A_PATCH = 2.0
"""Where ftfy decodes a few characters of a line that does not decode as a whole, the line has to become likelier."""
LEAST_GAIN_OF_MAC_ROMAN = 8.0
"""So much likelier has a line to be if its C1 controls are read as Mac Roman."""

_CAPITAL_INSIDE = re.compile("[a-zà-ÿ][ÄÅÇÉÑÖÜ]")
_C1 = re.compile(r"[\x80-\x9f]+")
_LOST_SPACE = re.compile(r"[ÃÂ][ ].*")
_OUTSIDE_ASCII = re.compile(r"[^\x00-\x7f]")


@cache
def _config() -> TextFixerConfig:
    """Return the configuration by which ftfy mends encodings alone, on its one path that heeds every field."""
    from ftfy import TextFixerConfig

    return TextFixerConfig(unescape_html=False, normalization=None, explain=True)


def fixed(line: str) -> tuple[str, Sequence[tuple[str, str]]]:
    """Return what ftfy makes of a line, and by which steps."""
    from ftfy import fix_encoding_and_explain

    text, plan = fix_encoding_and_explain(line, _config())
    return text, plan or []


def edits(start: int, line: str) -> Iterator[Edit]:
    """Yield what ftfy changes in a bad line that starts at some place, if that is sound.

    Examples:
        >>> [(e.start, e.end, e.after) for e in edits(10, "It costs â‚¬5, â€œhe said")]
        [(19, 22, '€'), (25, 28, '“')]

    """
    new, plan = fixed(line)
    if new == line:
        return
    if ("decode", "windows-1252") in plan and (mac := _mac_roman(line, new)):
        yield from differences(start, line, mac, "repair/mojibake", None, "Mac Roman read as ISO 8859-1")
    elif not all(operation == "apply" for operation, _ in plan) or _is_patch(new, line):
        yield from differences(start, line, new, "repair/mojibake", None, told(plan))


def _mac_roman(line: str, new: str) -> str | None:
    """Return a line with its C1 controls read as Mac Roman, if that is clearly likelier than what ftfy makes of it.

    Where that puts a capital after a small letter, it is not so, whatever the model says, which knows no case.
    """
    mac = _C1.sub(lambda match: match.group().encode("latin-1").decode("mac-roman"), line)
    if _CAPITAL_INSIDE.search(mac):
        return None
    better, worse = model().sums([mac, new])
    return mac if better - worse > LEAST_GAIN_OF_MAC_ROMAN else None


def _is_patch(new: str, old: str) -> bool:
    """Tell whether it is sound to decode some characters of a line that does not decode as a whole.

    The line has to become likelier, and one à lost in one space is not enough where other letters are in order.
    """
    changes = list(differences(0, old, new, ""))
    rest = old[: changes[0].start] + old[changes[0].end :]
    if (
        len(changes) == 1
        and _LOST_SPACE.fullmatch(old, changes[0].start)
        and any(c.isalpha() for c in _OUTSIDE_ASCII.findall(rest))
    ):
        return False
    better, worse = model().sums([new, old])
    return better - worse > LEAST_GAIN_OF_A_PATCH


_NAMES = {"latin-1": "ISO 8859-1", "macroman": "Mac Roman", "cp437": "code page 437"}


def told(plan: Sequence[tuple[str, str]]) -> str:
    """Return ftfy's plan in words.

    Examples:
        >>> told([("encode", "sloppy-windows-1252"), ("decode", "utf-8")] * 2)
        'UTF-8 read as windows-1252, twice'

    """
    encoded = [name for operation, name in plan if operation == "encode"]
    names = [_NAMES.get(name, name.removeprefix("sloppy-")) for name in encoded]
    return in_words(names[::-1]) if names else "UTF-8 read as something else, here and there"


def in_words(names: Sequence[str]) -> str:
    """Return by which encodings text was read one after the other, in words.

    Examples:
        >>> in_words(["windows-1252", "ISO 8859-1"])
        'UTF-8 read as windows-1252, then as ISO 8859-1'

    """
    if len(set(names)) == 1 and len(names) > 1:
        times = {2: "twice", 3: "three times"}.get(len(names), f"{len(names)} times")
        return f"UTF-8 read as {names[0]}, {times}"
    return "UTF-8 read as " + ", then as ".join(names)
