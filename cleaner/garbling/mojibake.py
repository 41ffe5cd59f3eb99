"""Text that was written in one encoding and read in another."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from cleaner.garbling.badness import pair_gate
from cleaner.garbling.differences import differences
from cleaner.garbling.signs import code_points

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ftfy import TextFixerConfig

    from cleaner.document import Edit


@cache
def _config() -> TextFixerConfig:
    """Return the configuration by which ftfy mends encodings and nothing else, on its one path that heeds every field."""
    from ftfy import TextFixerConfig  # noqa: PLC0415 - ftfy is loaded where it is used

    return TextFixerConfig(unescape_html=False, normalization=None, explain=True)


def mojibake(text: str) -> Iterator[Edit]:
    r"""Decode again what was decoded wrongly, line by line.

    Examples:
        >>> [(e.after, e.reason) for e in mojibake("schÃ¶n")]
        [('ö', 'UTF-8 read as ISO 8859-1')]

    """
    from ftfy import fix_encoding_and_explain  # noqa: PLC0415
    from ftfy.badness import is_bad  # noqa: PLC0415

    if text.isascii():
        return
    done = 0
    for place in pair_gate().marks(code_points(text)).tolist():
        if place < done:
            continue
        start, end = text.rfind("\n", 0, place) + 1, text.find("\n", place) + 1 or len(text) + 1
        done, line = end, text[start : end - 1]
        if is_bad(line):
            new, plan = fix_encoding_and_explain(line, _config())
            yield from differences(start, line, new, "repair/mojibake", None, told(plan or []))


_NAMES = {"latin-1": "ISO 8859-1", "macroman": "Mac Roman", "cp437": "code page 437"}


def told(plan: list[tuple[str, str]]) -> str:
    """Return ftfy's plan in words.

    Examples:
        >>> told([("encode", "sloppy-windows-1252"), ("decode", "utf-8")] * 2)
        'UTF-8 read as windows-1252, twice'

    """
    encoded = [name for operation, name in plan if operation == "encode"]
    names = [_NAMES.get(name, name.removeprefix("sloppy-")) for name in encoded]
    if not names:
        return "UTF-8 read as something else, here and there"
    if len(set(names)) == 1 and len(names) > 1:
        times = {2: "twice", 3: "three times"}.get(len(names), f"{len(names)} times")
        return f"UTF-8 read as {names[0]}, {times}"
    return "UTF-8 read as " + ", then as ".join(reversed(names))
