"""The law of formats: what is written is read again as it was; and what is damaged is said without loss."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner import plugins
from cleaner.formats import html, jsonl, text
from cleaner.record import Damage, Record, encode

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
ODD = [
    "",
    "a",
    "a\n",
    "\n",
    "\r\n",
    "a\r\nb\rc",
    "\u0085\u2028\u2029\x0b\x0c\x1c",
    "\x00",
    "\ufeffa",
    " a ",
    "é\U0001f600",
]


def reader_of(name):
    return plugins.module("formats", name)


def test_every_format_of_the_folder_is_under_the_law():
    assert set(plugins.names("formats")) >= {"jsonl", "text", "html"}


@pytest.mark.parametrize("name", plugins.names("formats"))
def test_a_format_says_what_it_is(name):
    form = reader_of(name)
    assert form.__doc__
    assert all(suffix.startswith(".") and suffix == suffix.lower() for suffix in form.suffixes)
    assert isinstance(form.whole_files, bool)
    assert form.output_name("a/b" + form.suffixes[0]).startswith("a/b")


def again(name, given):
    """Return the text of a record after it was written and read once more, by the format that its output is of."""
    form = reader_of(name)
    written = form.write(Record.of({"id": "a", "text": given}, "a", 0), given)
    output = form.output_name("a" + form.suffixes[0])
    other = next(reader_of(n) for n in plugins.names("formats") if output.endswith(reader_of(n).suffixes))
    (item,) = other.read(written, "a")
    return item.get("text")


@pytest.mark.parametrize("name", plugins.names("formats"))
@pytest.mark.parametrize("given", ODD, ids=ascii)
def test_writing_and_reading_is_the_identity(name, given):
    if given.startswith("\ufeff") and reader_of(name).whole_files:
        assert again(name, given) in (given, given[1:])  # a mark at the start of a file is the file's, not the text's
    else:
        assert again(name, given) == given


@pytest.mark.parametrize("name", plugins.names("formats"))
@settings(max_examples=60, deadline=None)
@given(TEXTS)
def test_writing_and_reading_is_the_identity_for_any_text(name, given):
    if not given.startswith("\ufeff"):
        assert again(name, given) == given


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(max_size=12), max_size=6), st.sampled_from(["\n", "\r\n", "\n\n"]), st.booleans())
def test_lines_of_json_are_written_as_they_were_read(texts, ending, final):
    lines = [encode(Record.of({"id": i, "text": t}, "x", 0).raw) for i, t in enumerate(texts)]
    data = ending.encode().join(lines) + (ending.encode() if final else b"")
    records = list(jsonl.read(data, "x.jsonl"))
    assert [r.get("text") for r in records] == texts
    assert b"".join(jsonl.write(r, "") for r in records) == b"".join(line + b"\n" for line in lines)


@pytest.mark.parametrize(
    ("data", "texts"),
    [
        pytest.param(b"", [], id="nothing"),
        pytest.param(b"\n\r\n \n\t\n", [], id="blank lines"),
        pytest.param(b'{"text": "a"}', ["a"], id="no line end"),
        pytest.param(b'{"text": "a"}\r\n{"text": "b"}\r\n', ["a", "b"], id="line ends of Windows"),
        pytest.param(b'\xef\xbb\xbf{"text": "a"}\n', ["a"], id="a mark at the start"),
        pytest.param(b"\xef\xbb\xbf", [], id="a mark and nothing else"),
        pytest.param(b"\xef\xbb\xbf\n", [], id="a mark and a line end"),
        pytest.param('{"text": "a\u0085b\u2028c\u2029d"}\n'.encode(), ["a\u0085b\u2028c\u2029d"], id="other line ends"),
        pytest.param(b'{"text": "a\x0bb\x0cc\x1cd\x1ee"}\n', ["a\x0bb\x0cc\x1cd\x1ee"], id="separators of old"),
        pytest.param(b'{"text": "a\rb"}\n', ["a\rb"], id="a bare carriage return"),
    ],
)
def test_a_line_ends_at_its_line_feed_only(data, texts):
    assert [r.get("text") for r in jsonl.read(data, "x.jsonl")] == texts


GOOD = b'{"text": "a"}'


@pytest.mark.parametrize("place", [0, 1, 2], ids=["first", "middle", "last"])
@pytest.mark.parametrize(
    ("line", "reason"),
    [
        pytest.param(b"broken", "bad-json", id="no JSON"),
        pytest.param(b'{"text": "a', "bad-json", id="cut off"),
        pytest.param(b'{"text": "\xff"}', "invalid-utf-8", id="a byte that is no UTF-8"),
        pytest.param(b'{"text": "\xed\xa0\x80"}', "invalid-utf-8", id="a surrogate in bytes"),
        pytest.param(b'{"text": "\xc3', "invalid-utf-8", id="cut off inside a character"),
        pytest.param(b"\x00\x00\x00\x00", "bad-json", id="a hole"),
        pytest.param(b"[]", "not-an-object", id="no object"),
        pytest.param(b'  {"text": }\t', "bad-json", id="with spaces around it"),
        pytest.param(b"[" * 300, "too-deep", id="too deep"),
    ],
)
@pytest.mark.parametrize("ending", [b"\n", b"\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("offset", [0, 1000])
def test_a_bad_line_costs_no_other_and_is_kept_with_its_place(place, line, reason, ending, offset):
    lines = [GOOD, GOOD]
    lines.insert(place, line)
    data = ending.join(lines) + ending
    items = list(jsonl.read(data, "x.jsonl", offset))
    assert [isinstance(item, Record) for item in items] == [i != place for i in range(3)]
    damage = items[place]
    assert (damage.source, damage.reason, damage.whole) == ("x.jsonl", reason, False)
    assert data[damage.offset - offset :][: len(damage.raw)] == damage.raw
    assert damage.raw.strip() == line.strip()


def test_a_damaged_first_line_with_a_mark_is_kept_byte_for_byte():
    data = b"\xef\xbb\xbfbroken\n" + GOOD
    damage, record = jsonl.read(data, "x.jsonl")
    assert data[damage.offset :][: len(damage.raw)] == damage.raw
    assert record.offset == data.index(GOOD)


def test_records_know_the_bytes_they_came_as():
    data = b"\xef\xbb\xbf" + GOOD + b"\r\n\n  " + GOOD + b" \n" + GOOD
    for record in jsonl.read(data, "x.jsonl", 0):
        assert data[record.offset :][: len(record.data)] == record.data
        assert record.data.strip(b"\xef\xbb\xbf \r") == GOOD
    (page,) = html.read(b"<meta charset=latin1>\xe9", "a.html")
    (plain,) = text.read(b"\xef\xbb\xbfa", "a.txt")
    assert (page.data, plain.data) == (b"<meta charset=latin1>\xe9", b"\xef\xbb\xbfa")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param("plain é".encode(), "plain é", id="UTF-8"),
        pytest.param("\ufeffé".encode("utf-16"), "\ufeffé", id="two marks"),
        pytest.param("é".encode("utf-16"), "é", id="UTF-16 with its mark"),
        pytest.param(b"", "", id="empty"),
        pytest.param(b"a\r\nb\x00\x1bc", "a\r\nb\x00\x1bc", id="line ends and controls stay"),
    ],
)
def test_a_file_of_text_is_one_record(data, expected):
    (record,) = text.read(data, "a/b.txt")
    assert (record.get("id"), record.get("text"), record.source) == ("a/b.txt", expected, "a/b.txt")


@pytest.mark.parametrize("form", [text, html], ids=["text", "html"])
def test_a_file_in_no_encoding_is_damage(form):
    (damage,) = form.read(b"ab\xff\xfec", "a.txt")
    assert isinstance(damage, Damage)
    assert (damage.reason, damage.raw, damage.offset, damage.whole) == ("invalid-utf-8", b"ab\xff\xfec", 0, False)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b'<meta charset="windows-1252">caf\xe9', id="in a meta element"),
        pytest.param(b'<?xml version="1.0" encoding="iso-8859-1"?><p>caf\xe9', id="in an XML declaration"),
        pytest.param("<meta charset=ascii>café".encode(), id="and it is wrong"),
    ],
)
def test_a_page_is_heard_on_its_charset(data):
    (record,) = html.read(data, "a.html")
    assert record.get("html").endswith("café")


def test_the_text_of_a_page_is_named_as_text():
    assert html.output_name("a/b.html") == "a/b.html.txt"


def test_a_lone_surrogate_does_not_stop_a_file_of_text():
    assert text.write(Record.of({"text": "a\ud800b"}, "x", 0), "a\ud800b") == "a\ufffdb".encode()
