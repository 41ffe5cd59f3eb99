"""A bad line costs no other one, wherever it stands and however it is bad."""

import json
from pathlib import Path

import pytest

HOSTILE = Path(__file__).parents[3] / "shared/data/hostile"

DAMAGE = {
    "half an object": b'{"text": "a"',
    "half a string": b'{"text": "a',
    "half an escape": b'{"text": "a\\u00',
    "an escape at the end": b'{"text": "a\\',
    "an escape that is none": b'{"text": "\\x41"}',
    "a comma too many": b'{"text": "a",}',
    "no comma": b'{"text": "a" "b": 1}',
    "no colon": b'{"text" "a"}',
    "no value": b'{"text": }',
    "no key": b'{: "a"}',
    "a bare key": b'{text: "a"}',
    "single quotes": b"{'text': 'a'}",
    "curly quotes": "{“text”: “a”}".encode(),
    "a comment": b'{"text": "a"} // more',
    "two objects": b'{"text": "a"}{"text": "b"}',
    "an object too deep": b'{"a":' * 201 + b"1" + b"}" * 201,
    "a list that never ends": b'{"text": ' + b"[" * 100_000,
    "closing brackets alone": b"]" * 100_000,
    "a leading zero": b'{"text": "a", "n": 01}',
    "a plus": b'{"text": "a", "n": +1}',
    "a number with two points": b'{"text": "a", "n": 1.2.3}',
    "hexadecimal": b'{"text": "a", "n": 0x10}',
    "a word": b"broken",
    "an error page": b"<html><body>502 Bad Gateway</body></html>",
    "a log line": b"2024-01-01 00:00:00 ERROR timed out",
    "a list": b'["text"]',
    "a string": b'"text"',
    "a number": b"12",
    "null": b"null",
    "zeros": b"\0" * 5000,
    "a zero in front": b'\0{"text": "a"}',
    "a mark within": b'\xef\xbb\xbf{"text": "a"}',
    "UTF-16": '{"text": "a"}'.encode("utf-16-le"),
    "UTF-8 cut": b'{"text": "caf\xc3"}',
    "a byte of latin-1": b'{"text": "caf\xe9"}',
    "overlong UTF-8": b'{"text": "\xc0\xaf"}',
    "a surrogate in UTF-8": b'{"text": "\xed\xa0\x80"}',
    "beyond Unicode": b'{"text": "\xf5\x80\x80\x80"}',
    "gzip": b"\x1f\x8b\x08\x00\x03" * 9,
    "random bytes": bytes(b for b in range(256) if b != 10),
    "no text": b'{"id": "x", "title": "t"}',
    "a text that is none": b'{"text": 12}',
    "a text of lists": b'{"text": ["a", "b"]}',
    "a page that is none": b'{"html": {"a": 1}}',
    "a carriage return alone": b'{"text": "a"}\r{"text": "b"}',
}
BLANK = (b"", b" ", b"\t \r", b"\r")
EDGE = 1 << 16
"""Bytes in the pieces in which files are read."""


def put_together(shift):
    """Return the lines of a file in which each damage stands between sound lines, and the ids of those."""
    lines, ids = [json.dumps({"id": "pad", "text": "a" * (EDGE - 40 + shift)}).encode()], ["pad"]
    bad = list(DAMAGE.values())
    bad = bad[shift:] + bad[:shift]
    for number, damage in enumerate(bad):
        ids.append(f"n{number}")
        good = json.dumps({"id": ids[-1], "text": f"sound {number}"}).encode()
        lines += [damage, good, BLANK[number % len(BLANK)]]
    return lines, ids, bad


@pytest.mark.parametrize("order", ["first", "middle", "last"])
@pytest.mark.parametrize("shift", range(0, 45, 9))
def test_each_damage_costs_its_line_alone(put, do, audit, kept, quarantined, bare, tmp_path, shift, order):
    lines, ids, bad = put_together(shift)
    if order == "first":
        lines, bad = [bad[0], *lines], [bad[0], *bad]
    if order == "last":
        lines, bad = [*lines, bad[0]], [*bad, bad[0]]
    path = put("a.jsonl", b"\n".join(lines))
    for size in (1, EDGE, 1 << 20):
        do(path, recipe=bare, chunk_size=size, fresh=True)
        audit(tmp_path / "out")
        assert [r["id"] for r in kept(tmp_path / "out")] == ids
        rows = quarantined(tmp_path / "out")
        assert [row["length"] for row in rows] == [len(damage) for damage in bad]
        data = path.read_bytes()
        assert [data[row["offset"] : row["offset"] + row["length"]] for row in rows] == bad


@pytest.mark.skipif(not HOSTILE.is_dir(), reason="the suites are not here")
def test_the_public_suites_go_through_a_run_and_the_counts_add_up(put, do, audit, tmp_path):
    parsing = [p.read_bytes().replace(b"\n", b" ") for p in sorted((HOSTILE / "json/test_parsing").glob("*.json"))]
    naughty = json.loads((HOSTILE / "naughty_strings.json").read_bytes())
    utf8 = (HOSTILE / "utf8tests.txt").read_bytes().split(b"\n")
    lines = [
        *parsing,
        *(b'{"text": "t", "x": ' + data + b"}" for data in parsing),
        *(json.dumps({"id": f"n{i}", "text": s, "title": s, "url": s}).encode() for i, s in enumerate(naughty)),
        *(json.dumps({"id": s, "html": f"<p>{s}</p>"}).encode() for s in naughty),
        *(b'{"text": "' + line + b'"}' for line in utf8),
    ]
    put("in/a.jsonl", b"\n".join(lines))
    for i, data in enumerate([*parsing, *utf8]):
        if data:
            put(f"in/t/{i}.txt", data)
            put(f"in/p/{i}.html", b"<p>" + data)
    do(tmp_path / "in", engine="pool", jobs=2)
    counts = audit(tmp_path / "out")
    assert counts["read"] > len(naughty)
    assert counts["quarantined"] > 100
