"""One record of the input: a JSON object that keeps every character it came with.

Only the values that a run changes are written anew; all others, their order, their numbers' digits and the spaces
between them go out as they came in. Formats that are no JSON make their records by `Record.of`.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from cleaner.errors import RecordError

if TYPE_CHECKING:
    from collections.abc import Mapping

KNOWN = {
    "id": ("id",),
    "text": ("text", "raw_content", "content", "body", "maintext"),
    "html": ("html", "raw_html"),
    "url": ("url",),
    "date": ("date", "date_publish", "date_download"),
    "title": ("title",),
    "lang": ("lang", "language"),
    "source": ("source",),
    "metadata": ("metadata",),
}
"""The fields that mean something here, each with the names it goes by, the preferred one first."""

ANNOTATION = "_cleaner"
"""The one key under which a run adds what it has to say about a record."""

_SPACE = re.compile(r"[ \t\r\n]*")
_STRING_OR_BRACKET = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[{\]}]', re.DOTALL)
_MAX_DIGITS = 4000
_DEEPEST = 200
"""How deep JSON may be nested; how deep Python can read depends on where it is called, and what is refused must not."""


def integer(digits: str) -> int | str:
    """Read an integer; one that Python would refuse to read for its length stays a string (nobody computes with it)."""
    return int(digits) if len(digits) < _MAX_DIGITS else digits


# strict=False: scrapers forget to escape control characters inside strings
_DECODER = json.JSONDecoder(strict=False, parse_int=integer)
_SCAN = _DECODER.scan_once  # type: ignore[attr-defined]
_ENCODER = json.JSONEncoder(ensure_ascii=False)


LARGEST = 32 << 20
"""Bytes of the longest record that is read; what is longer is hardly a text, and would cost the memory of many."""
BEGINNING = 1 << 16
"""Bytes that quarantine keeps of what is longer."""


class Damage(NamedTuple):
    """A stretch of the input that could not be made a record of, for the quarantine."""

    source: str
    offset: int
    """Bytes from the start of the (decompressed) source."""
    raw: bytes
    reason: str
    error: str
    whole: bool = False
    """Whether the source itself is damaged or missing, not one record of it."""
    length: int | None = None
    """Bytes of the stretch, where ``raw`` is only its beginning."""
    sha256: str = ""
    """Hash of the whole stretch in hexadecimal, where ``raw`` is only its beginning."""


class Skipped(NamedTuple):
    """A stretch of the input that is sound, but holds no document: an image in an archive of the web, say."""

    source: str
    offset: int
    reason: str
    raw: bytes = b""
    """Nothing is kept of it."""


class Record:
    """A JSON object as text, and its values.

    Where in the text each value stands is only found out when one of them is to be replaced: most records are read
    often and changed once, or never.

    Examples:
        >>> record = Record('{"id": 7, "score": 0.10, "text": "a"}', "x.jsonl", 0)
        >>> record.replaced({"text": "b", "_cleaner": {"edits": 1}})
        '{"id": 7, "score": 0.10, "text": "b", "_cleaner": {"edits": 1}}'

    """

    __slots__ = ("_read", "_values", "offset", "raw", "source")

    def __init__(self, raw: str, source: str, offset: int, read: bytes | None = None) -> None:
        """Read the values of an object.

        Args:
            raw: the JSON text of one object.
            source: name of the file it came from.
            offset: where in that file it began, in bytes.
            read: the bytes that it was read from, where they are not just this text in UTF-8.

        Raises:
            RecordError: the text is no JSON object; ``reason`` is ``bad-json``, ``not-an-object`` or ``too-deep``.

        """
        self.raw, self.source, self.offset, self._read = raw, source, offset, read
        try:
            values, end = _SCAN(raw, _skip(raw, 0))
        except (ValueError, StopIteration, RecursionError):
            raise _refusal(raw) from None
        if type(values) is not dict or _skip(raw, end) != len(raw):
            raise _refusal(raw)
        nested = any(isinstance(value, dict | list) for value in values.values())
        if nested and _too_deep(raw):
            raise _refusal(raw)
        self._values: dict[str, Any] = values

    @classmethod
    def of(cls, values: Mapping[str, object], source: str, offset: int = 0, read: bytes | None = None) -> Record:
        """Make a record of values that JSON can hold."""
        return cls(dump(values), source, offset, read)

    @property
    def data(self) -> bytes:
        """The bytes that it was read from."""
        return encode(self.raw) if self._read is None else self._read

    def get(self, name: str, names: Mapping[str, str] | None = None) -> Any:  # noqa: ANN401  JSON holds anything
        """Return the value of a known field under the first of its names that the record has, else None.

        Args:
            name: a key of `KNOWN`.
            names: the field names that a user has chosen, by known name.

        """
        chosen = names.get(name) if names else None
        for key in (chosen,) if chosen else KNOWN[name]:
            if key in self._values:
                return self._values[key]
        return None

    @property
    def annotation(self) -> dict[str, Any]:
        """What an earlier run added, empty if none did."""
        value = self._values.get(ANNOTATION)
        return value if isinstance(value, dict) else {}

    def key(self, name: str, names: Mapping[str, str] | None = None) -> str:
        """Return the key under which the record holds a known field, or would hold it."""
        chosen = (names or {}).get(name)
        return chosen or next((key for key in KNOWN[name] if key in self._values), name)

    def replaced(self, values: Mapping[str, object]) -> str:
        """Return the object's text with these values in place of the old ones; new keys come last."""
        parts, at = [], 0
        spans, last = _spans(self.raw)
        known = {key: span for key, span in spans.items() if key in values}
        for key, (start, end) in sorted(known.items(), key=lambda item: item[1]):
            parts += [self.raw[at:start], dump(values[key])]
            at = end
        parts.append(self.raw[at:last])
        comma = bool(spans)
        for key in (k for k in values if k not in known):
            parts.append(f"{', ' if comma else ''}{dump(key)}: {dump(values[key])}")
            comma = True
        return "".join([*parts, self.raw[last:]])

    def without(self, name: str) -> str:
        """Return the object's text without one of its fields, if it has that."""
        if name not in self._values:
            return self.raw
        spans, _ = _spans(self.raw)
        start, end = spans[name]
        if before := [stop for _, stop in spans.values() if stop < start]:
            return self.raw[: max(before)] + self.raw[end:]
        after = _skip(self.raw, end)
        after = _skip(self.raw, after + 1) if self.raw[after] == "," else after
        return self.raw[: self.raw.index("{") + 1] + self.raw[after:]


def dump(value: object) -> str:
    """Return a value as JSON on one line, with its letters as they are."""
    return _ENCODER.encode(value)


def encode(text: str) -> bytes:
    """Return JSON text as bytes; a lone surrogate, which UTF-8 cannot hold, goes out as its JSON escape."""
    return text.encode("utf-8", "backslashreplace")


def _refusal(raw: str) -> RecordError:
    """Return why a text is no record, in a sentence that names the place."""
    too_deep = RecordError("too-deep", f"the JSON is nested more than {_DEEPEST} deep")
    if _too_deep(raw):
        return too_deep
    try:
        if not raw.startswith("{", _skip(raw, 0)):
            found = type(_DECODER.decode(raw)).__name__
            return RecordError("not-an-object", f"it is valid JSON, but no object: {found}")
        _spans(raw)
    except (ValueError, StopIteration) as error:
        place = f" at character {error.pos}" if isinstance(error, json.JSONDecodeError) else ""
        sentence = f"no valid JSON{place}: {getattr(error, 'msg', None) or 'it ends too early'}"
        return RecordError("bad-json", sentence)
    return too_deep  # for the place from which it was read


def _spans(raw: str) -> tuple[dict[str, tuple[int, int]], int]:
    """Find start and end of each field's value, and where the last one ends; of equal keys the last one counts."""
    spans: dict[str, tuple[int, int]] = {}
    at = end = _skip(raw, raw.index("{") + 1)
    if raw[at : at + 1] != "}":
        while True:
            if raw[at : at + 1] != '"':
                message = "a key in quotes is missing"
                raise json.JSONDecodeError(message, raw, at)
            key, at = _SCAN(raw, at)
            at = _skip(raw, at)
            if raw[at : at + 1] != ":":
                message = "a colon is missing"
                raise json.JSONDecodeError(message, raw, at)
            start = _skip(raw, at + 1)
            _, end = _SCAN(raw, start)
            spans[key] = (start, end)
            at = _skip(raw, end)
            if raw[at : at + 1] == "}":
                break
            if raw[at : at + 1] != ",":
                message = "a comma is missing"
                raise json.JSONDecodeError(message, raw, at)
            at = _skip(raw, at + 1)
    if _skip(raw, at + 1) != len(raw):
        message = "something follows the object"
        raise json.JSONDecodeError(message, raw, at + 1)
    return spans, end


def _skip(raw: str, at: int) -> int:
    if raw[at : at + 1] > " ":  # as nearly always
        return at
    match = _SPACE.match(raw, at)
    return match.end() if match else at


def _too_deep(raw: str) -> bool:
    if raw.count("[") + raw.count("{") <= _DEEPEST:
        return False
    depth = 0
    for match in _STRING_OR_BRACKET.finditer(raw):
        first = raw[match.start()]
        depth += (first in "[{") - (first in "]}")
        if depth > _DEEPEST:
            return True
    return False
