"""Records that nobody changes are not kept beside the input: they are read from it again when the output is written."""

import gzip
from functools import partial

import pytest

from cleaner.errors import InputError

LINES = [
    b'\xef\xbb\xbf{"id": "mark", "text": "A byte order mark stands before this record."}',
    b'  {"id" : "spaces", "score": 0.10, "text": "Spaces stand around it."}\t\r',
    b"",
    b"no record",
    b'{"id": "escapes", "text": "caf\\u00e9 \\/ \xe2\x80\xa8 \\ud800"}',
    b'{"id": "again", "text": "Spaces stand around it!"}',
    b'{"id": "last", "text": "No line feed stands behind it."}',
]


class At:
    """Does something when a phase begins."""

    def __init__(self, phase, act):
        self.phase, self.act = phase, act

    def started(self, _total):
        pass

    def advanced(self, *_):
        pass

    def entered(self, phase):
        if phase == self.phase:
            self.act()


@pytest.fixture
def news(put):
    return put("news.jsonl", b"\n".join(LINES))


@pytest.fixture
def unchanged(do):
    """Do a job that looks for duplicates alone."""
    return partial(do, recipe="stages = []")


def test_they_go_out_byte_for_byte(news, unchanged, tmp_path):
    unchanged(news)
    kept = [LINES[0].removeprefix(b"\xef\xbb\xbf"), LINES[1].strip(), LINES[4], LINES[6]]
    assert (tmp_path / "out/documents/news.jsonl").read_bytes() == b"".join(line + b"\n" for line in kept)
    assert (tmp_path / "out/removed/news.jsonl").read_bytes() == LINES[5] + b"\n"


def test_of_an_archive_they_are_kept(news, put, unchanged, tmp_path):
    unchanged(news)
    unchanged(put("news.jsonl.gz", news.read_bytes()), out="archive")
    packed = (tmp_path / "archive/documents/news.jsonl.gz").read_bytes()
    assert gzip.decompress(packed) == (tmp_path / "out/documents/news.jsonl").read_bytes()


def test_the_state_does_not_hold_them(news, unchanged, tmp_path):
    found = []

    def look():
        found.extend(path.read_bytes() for path in (tmp_path / "out/.cleaner/chunks").glob("*.chunk"))

    unchanged(news, watcher=At("writing", look))
    assert found
    assert not any(b"behind it" in data for data in found)


@pytest.mark.parametrize("phase", ["comparing", "writing"])
def test_an_input_that_changes_meanwhile_is_said(news, unchanged, phase):
    data = news.read_bytes()
    with pytest.raises(InputError, match=r"news\.jsonl.*changed.*--fresh"):
        unchanged(news, watcher=At(phase, lambda: news.write_bytes(data.replace(b"around", b"before"))))


def test_an_input_that_goes_meanwhile_is_said(news, unchanged):
    with pytest.raises(InputError, match=r"news\.jsonl"):
        unchanged(news, watcher=At("writing", news.unlink))


def test_an_input_may_grow_meanwhile(news, unchanged, tmp_path):
    def grow():
        with news.open("ab") as file:
            file.write(b'\n{"id": "late", "text": "It came when all had been read."}')

    unchanged(news, watcher=At("comparing", grow))
    assert b"late" not in (tmp_path / "out/documents/news.jsonl").read_bytes()
    assert LINES[6] in (tmp_path / "out/documents/news.jsonl").read_bytes()
