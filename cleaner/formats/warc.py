r"""WARC and WET, the archives of the web: pages as they were answered, or texts made of them.

Documents are records of the type ``conversion``, and ``response`` where it is a page or plain text that came with a
status of success; all others are counted as skipped. What goes out is always WET, because a cleaned page is a text: one
``conversion`` record a document, and in a compressed file one member a record. URL and date are those of the record,
its other headers stand under ``metadata``. A damaged record costs the bytes up to the next ``WARC/``.
"""

from __future__ import annotations

import io
import json
import re
from typing import TYPE_CHECKING, Any

from cleaner import charset, storage
from cleaner.errors import RecordError, UsageError
from cleaner.record import ANNOTATION, LARGEST, Damage, Record, Skipped

if TYPE_CHECKING:
    from collections.abc import Iterator

suffixes = (".warc", ".wet")
whole_files = False
members = True

_START = re.compile(rb"(?:\r?\n)*+WARC/\d\.\d\r?\n")
_START_BYTES = 16
"""Bytes in which it shows whether a record begins: four line ends and ``WARC/1.0``."""
_NEXT = re.compile(rb"\nWARC/\d\.\d\r?\n")
_LENGTH = re.compile(rb"^content-length:[ \t]*(\d{1,18})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_BLANK = re.compile(rb"\r?\n\r?\n")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([^\s\"';]+)", re.IGNORECASE)
_PAGES = ("text/html", "application/xhtml+xml", "")
_OWN = ("warc-type", "warc-record-id", "warc-target-uri", "warc-date", "content-type", "content-length")
_STALE = ("warc-block-digest", "warc-payload-digest", "warc-truncated")
_SAID = "X-Cleaner"
_SUCCESS = "2"
_HEADERS = 1 << 16
"""Bytes that the headers of a record may take."""


def _loader() -> Any:  # noqa: ANN401  warcio has no types
    """Return what reads one record.

    Raises:
        UsageError: warcio is not installed.

    """
    try:
        from warcio.recordloader import ArcWarcRecordLoader
    except ImportError:
        raise UsageError("WARC needs an extra: pip install 'cleaner[warc]'") from None
    return ArcWarcRecordLoader(verify_http=False, arc2warc=False)


def ready() -> None:
    """Make sure that records can be read.

    Raises:
        UsageError: warcio is not installed.

    """
    _loader()


def _frames(data: bytes, *, final: bool) -> Iterator[tuple[int, int, bool]]:
    """Yield start and end of the records, and whether each is what it should be; an end may lie behind the data.

    A record whose length is wrong, so that it would swallow the beginning of another one, ends there. Unless the data
    are final, that cannot be told of one that ends behind them.
    """
    at = 0
    while at < len(data):
        start = _START.match(data, at)
        blank = _BLANK.search(data, start.end() - 1, start.end() + _HEADERS) if start else None
        torn = _NEXT.search(data, start.end() - 1, blank.end()) if start and blank else None
        length = _LENGTH.search(data, start.end(), blank.end()) if start and blank and not torn else None
        if blank and length:
            end = blank.end() + int(length[1])
            while data[end : end + 1] in (b"\r", b"\n") and end < blank.end() + int(length[1]) + 4:
                end += 1
            if final or end <= len(data) - _START_BYTES:
                fits = end == len(data) or _START.match(data, end)
                found = None if fits else _NEXT.search(data, blank.end() - 1, end + _START_BYTES)
            else:
                found = None
            swallows = found is not None and found.start() + 1 < end
            end = found.start() + 1 if found and swallows else end
            yield at, end, not swallows
        else:
            found = _NEXT.search(data, at + 1)
            end = found.start() + 1 if found else len(data)
            yield at, end, False
        at = end


def whole(data: bytes, declared: str | None) -> int:  # noqa: ARG001  formats agree on it
    """Return where the last record ends that the bytes hold as a whole; of the first one, where it will end."""
    last = 0
    for _, end, sound in _frames(data, final=False):
        if end > len(data) - _START_BYTES:  # the line ends behind it, and what follows, may not have come yet
            return last if last or not sound else end + _START_BYTES
        last = end if sound else last  # what is damaged goes with the record behind it
    return last


def read(
    data: bytes,
    source: str,
    offset: int = 0,
    declared: str | None = None,  # noqa: ARG001  formats agree on it
) -> Iterator[Record | Damage | Skipped]:
    """Yield the documents of some records, the damage among them, and what is no document.

    Args:
        data: whole records, unpacked.
        source: name of the file they are from.
        offset: where in the unpacked file they begin, in bytes.
        declared: not used; each record says what it is.

    """
    for start, end, sound in _frames(data, final=True):
        raw = data[start:end]
        if not raw.strip():
            continue
        try:
            if not sound and end == len(data) and _START.match(raw) and not _BLANK.search(raw.lstrip()):
                raise RecordError("truncated", "the file ends within the headers of a record")  # noqa: TRY301
            if not sound:
                why = "another record begins before its end" if _LENGTH.search(raw) else "no record of WARC begins here"
                raise RecordError("corrupt", why)  # noqa: TRY301
            yield _item(raw, source, offset + start, complete=end <= len(data))
        except RecordError as error:
            yield Damage(source, offset + start, raw, error.reason, str(error), whole=error.reason == "truncated")


def _item(raw: bytes, source: str, offset: int, *, complete: bool) -> Record | Skipped:
    """Return the document of a record, or say that it is none.

    Raises:
        RecordError: it is damaged.

    """
    try:
        record = _loader().parse_record_stream(io.BytesIO(raw.lstrip(b"\r\n")))
    except AttributeError:  # warcio takes the address for granted
        raise RecordError("corrupt", "a header is missing that a record of its type must have") from None
    except (ValueError, OSError, EOFError) as error:
        raise RecordError("corrupt", f"its headers cannot be read: {error}") from None
    except Exception as error:
        if type(error).__module__.startswith("warcio"):
            raise RecordError("corrupt", f"it cannot be read as WARC: {error}") from None
        raise
    headers = record.rec_headers
    if record.rec_type not in ("response", "conversion"):
        return Skipped(source, offset, str(record.rec_type or "unknown"))
    kind = headers.get_header("Content-Type") or ""
    if record.rec_type == "response":
        if record.http_headers is None or not str(record.http_headers.get_statuscode()).startswith(_SUCCESS):
            return Skipped(source, offset, "response without success")
        kind = record.http_headers.get_header("Content-Type") or ""
    media = kind.partition(";")[0].strip().lower()
    if media not in (*_PAGES, "text/plain"):
        return Skipped(source, offset, "response of another kind")
    if not complete:
        raise RecordError("truncated", "the file ends within the record")
    page = record.rec_type == "response" and media in _PAGES
    text = _text(_content(record), _CHARSET.search(kind), page=page)
    return Record.of(_values(headers, "html" if page else "text", text), source, offset, raw)


def _content(record: Any) -> bytes:  # noqa: ANN401  warcio has no types
    """Return what a record holds, with the encodings of its transfer undone."""
    stream = record.content_stream() if record.rec_type == "response" else record.raw_stream
    held, size = [], 0
    try:
        while piece := stream.read(1 << 16):
            held.append(piece)
            size += len(piece)
            if size > LARGEST:
                raise RecordError("too-large", f"the record is longer than {LARGEST:,} bytes")
    except (*storage.DAMAGED, ValueError) as error:
        raise RecordError("corrupt", f"its content cannot be unpacked: {error}") from None
    return b"".join(held)


def _text(data: bytes, told: re.Match[str] | None, *, page: bool) -> str:
    if not page:
        try:
            return data.decode()
        except UnicodeDecodeError:
            pass
    declared = told[1] if told else charset.declared(data) if page else None
    return charset.decode(data, declared)[0]


def _values(headers: Any, name: str, text: str) -> dict[str, object]:  # noqa: ANN401  warcio has no types
    """Return the fields of a document."""
    values: dict[str, object] = {}
    for key, header in (("id", "WARC-Record-ID"), ("url", "WARC-Target-URI"), ("date", "WARC-Date")):
        if value := headers.get_header(header):
            values[key] = value.strip().removeprefix("<").removesuffix(">")
    values[name] = text
    known = (*_OWN, *_STALE, _SAID.lower())
    if more := {key: value for key, value in headers.headers if key.lower() not in known}:
        values["metadata"] = more
    if said := headers.get_header(_SAID):
        try:
            values[ANNOTATION] = json.loads(said)
        except ValueError:
            values[ANNOTATION] = said
    return values


def write(record: Record, text: str) -> bytes:
    """Return a record of the type ``conversion``."""
    block = text.encode("utf-8", "replace")
    headers = {"WARC-Type": "conversion"}
    for key, header in (("url", "WARC-Target-URI"), ("date", "WARC-Date")):
        if (value := record.get(key)) is not None:
            headers[header] = str(value)
    headers["WARC-Record-ID"] = f"<{record.get('id')}>" if record.get("id") is not None else ""
    metadata = record.get("metadata")
    for key, value in (metadata if isinstance(metadata, dict) else {}).items():
        if isinstance(value, str) and re.fullmatch(r"[!-9;-~]+", key) and key.lower() not in (*_OWN, _SAID.lower()):
            headers.setdefault(key, value)
    if record.annotation:
        headers[_SAID] = json.dumps(record.annotation)
    headers |= {"Content-Type": "text/plain; charset=utf-8", "Content-Length": str(len(block))}
    lines = ["WARC/1.0", *(f"{key}: {' '.join(value.split())}" for key, value in headers.items() if value), "", ""]
    return "\r\n".join(lines).encode("utf-8", "replace") + block + b"\r\n\r\n"


def output_name(name: str) -> str:
    """Return the name of the output: texts made of pages are WET, whatever the input is called.

    Examples:
        >>> output_name("crawl.warc.gz"), output_name("crawl.warc.wet.gz")
        ('crawl.warc.wet.gz', 'crawl.warc.wet.gz')

    """
    packed = storage.compression(name)
    plain = name.removesuffix(packed)
    return name if plain.lower().endswith(".wet") else f"{plain}.wet{packed}"
