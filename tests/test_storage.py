"""Files appear whole or not at all; of a damaged one all comes that stands before the damage."""

import bz2
import errno
import gzip
import lzma
import os
import random
import subprocess

import pytest

from cleaner import storage
from cleaner.errors import OutputError

ZSTD = storage.zstd
PACK = {
    ".gz": gzip.compress,
    ".zst": lambda data: ZSTD.compress(data, options={ZSTD.CompressionParameter.checksum_flag: 1}),
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
}
CONTENT = "".join(f"{random.Random(i).getrandbits(200):x}\n" for i in range(8_000)).encode()  # noqa: S311  no secret


def read(path):
    """Return all that comes out of a file, and the error at the end if there is one."""
    held = []
    try:
        held.extend(storage.pieces(path))
    except storage.DAMAGED as error:
        return b"".join(held), error
    return b"".join(held), None


@pytest.mark.parametrize("suffix", ["", *PACK])
def test_a_file_is_written_and_read_through_its_compression_which_notices_damage(tmp_path, suffix):
    path = tmp_path / f"a.jsonl{suffix}"
    storage.write(path, CONTENT)
    assert read(path) == (CONTENT, None)
    assert [p.name for p in tmp_path.iterdir()] == [path.name]
    if suffix:
        damaged = bytearray(path.read_bytes())
        damaged[len(damaged) // 2] ^= 1
        path.write_bytes(damaged)
        assert read(path)[1]
        assert path.stat().st_size < len(CONTENT)


@pytest.mark.parametrize("suffix", ["", *PACK])
def test_the_same_content_makes_the_same_bytes(tmp_path, suffix):
    one, two = tmp_path / f"a{suffix}", tmp_path / "sub" / f"b{suffix}"
    for path in (one, two):
        storage.write(path, b"abc" * 1000)
    assert one.read_bytes() == two.read_bytes()


@pytest.mark.parametrize("suffix", PACK)
def test_of_a_truncated_file_all_comes_that_is_there(tmp_path, suffix):
    path = tmp_path / f"a{suffix}"
    packed = PACK[suffix](CONTENT)
    path.write_bytes(packed[: len(packed) // 2])
    found, error = read(path)
    assert isinstance(error, storage.DAMAGED)
    assert CONTENT.startswith(found)
    assert len(found) > len(CONTENT) // 4 or (suffix == ".bz2" and found == b"")  # one block of bzip2 is 900 kB


@pytest.mark.parametrize("suffix", PACK)
@pytest.mark.parametrize("lost", [1, 2, 4, 8])
def test_a_few_bytes_missing_at_the_end_are_noticed(tmp_path, suffix, lost):
    path = tmp_path / f"a{suffix}"
    path.write_bytes(PACK[suffix](CONTENT)[:-lost])
    found, error = read(path)
    assert isinstance(error, storage.DAMAGED)
    assert CONTENT.startswith(found)


@pytest.mark.parametrize("suffix", PACK)
def test_of_a_corrupt_file_nothing_comes_that_is_wrong_without_an_error(tmp_path, suffix):
    packed = bytearray(PACK[suffix](CONTENT))
    for place in (0, len(packed) // 3, len(packed) // 2, len(packed) - 12):
        path = tmp_path / f"a{place}{suffix}"
        path.write_bytes(packed[:place] + bytes([packed[place] ^ 0x55]) + packed[place + 1 :])
        found, error = read(path)
        assert found == CONTENT or isinstance(error, storage.DAMAGED)


@pytest.mark.parametrize("suffix", PACK)
def test_what_follows_sound_members_does_not_cost_them(tmp_path, suffix):
    path = tmp_path / f"a{suffix}"
    path.write_bytes(PACK[suffix](CONTENT) + PACK[suffix](b"second\n"))
    assert read(path) == (CONTENT + b"second\n", None)
    path.write_bytes(PACK[suffix](CONTENT) + PACK[suffix](CONTENT)[:-20])
    found, error = read(path)
    assert found.startswith(CONTENT)
    assert isinstance(error, storage.DAMAGED)


@pytest.mark.parametrize("suffix", PACK)
def test_what_follows_a_member_and_is_none_is_damage_not_the_end(tmp_path, suffix):
    path = tmp_path / f"a{suffix}"
    damaged = bytearray(PACK[suffix](b"second\n"))
    damaged[0] ^= 0xFF
    path.write_bytes(PACK[suffix](b"first\n") + damaged + PACK[suffix](b"third\n"))
    found, error = read(path)
    assert found == b"first\n"
    assert isinstance(error, storage.DAMAGED)


@pytest.mark.parametrize("suffix", PACK)
def test_zeros_after_the_end_are_none_of_the_content(tmp_path, suffix):
    path = tmp_path / f"a{suffix}"
    path.write_bytes(PACK[suffix](b"first\n") + bytes(100_000))
    assert read(path) == (b"first\n", None)


@pytest.mark.parametrize("suffix", PACK)
def test_an_empty_file_is_no_archive_and_an_empty_archive_is_empty(tmp_path, suffix):
    path = tmp_path / f"a{suffix}"
    storage.write(path, b"")
    assert read(path) == (b"", None)
    path.write_bytes(PACK[suffix](b""))
    assert read(path) == (b"", None)
    path.write_bytes(b"")
    assert isinstance(read(path)[1], EOFError)


@pytest.mark.parametrize("suffix", PACK)
def test_much_in_little_comes_in_pieces(tmp_path, suffix):
    path = tmp_path / f"a{suffix}"
    path.write_bytes(PACK[suffix](bytes(10_000_000)))
    lengths = [len(piece) for piece in storage.pieces(path)]
    assert (max(lengths) <= 1 << 16, sum(lengths)) == (True, 10_000_000)


@pytest.mark.parametrize("suffix", PACK)
def test_a_file_that_is_none_of_its_name_says(tmp_path, suffix):
    path = tmp_path / f"a{suffix}"
    path.write_bytes(b'{"text": "not packed at all"}\n' * 100)
    found, error = read(path)
    assert found == b""
    assert isinstance(error, storage.DAMAGED)


def test_a_missing_file_is_damage(tmp_path):
    assert isinstance(read(tmp_path / "a.gz")[1], FileNotFoundError)


@pytest.mark.parametrize(
    ("name", "suffix"),
    [("a.jsonl.gz", ".gz"), ("a.JSONL.ZST", ".zst"), ("a.gz/b.txt", ""), (".gz", ""), ("a.tgz", ""), ("", "")],
)
def test_the_suffix_tells_the_compression(name, suffix):
    assert storage.compression(name) == suffix


class Failure(Exception):  # noqa: N818  a test's own
    pass


@pytest.mark.parametrize("failure", [Failure, KeyboardInterrupt, SystemExit, ValueError])
@pytest.mark.parametrize("suffix", ["", *PACK])
def test_after_an_error_there_is_nothing_under_the_name_and_nothing_beside_it(tmp_path, failure, suffix):
    path = tmp_path / f"a{suffix}"
    with pytest.raises(failure), storage.atomic(path) as file:  # noqa: PT012  the block is what fails
        file.write(CONTENT)
        raise failure
    assert list(tmp_path.iterdir()) == []


def test_after_an_error_the_old_file_is_still_there(tmp_path):
    path = tmp_path / "a"
    storage.write(path, b"old")
    with pytest.raises(Failure), storage.atomic(path) as file:  # noqa: PT012  the block is what fails
        file.write(b"new")
        raise Failure
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["a"]


@pytest.mark.parametrize("call", ["fsync", "replace"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EACCES, errno.EDQUOT])
def test_a_full_or_failing_disk_is_a_sentence(tmp_path, monkeypatch, call, number):
    def fails(*_args, **_more):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, call, fails)
    with pytest.raises(OutputError, match=os.strerror(number)) as caught:
        storage.write(tmp_path / "a", b"new")
    assert str(tmp_path / "a") in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_a_file_is_a_sentence(tmp_path):
    (tmp_path / "a").write_bytes(b"")
    with pytest.raises(OutputError, match="cannot be written"):
        storage.write(tmp_path / "a" / "b", b"new")
    with pytest.raises(OutputError, match="cannot be written"):
        storage.write(tmp_path / "a" / "b" / "c", b"new")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_leave_to_write_is_a_sentence(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(OutputError, match="cannot be written"):
        storage.write(tmp_path / "a", b"new")
    tmp_path.chmod(0o700)


def test_a_disk_that_fills_up_leaves_nothing(tmp_path):
    """The limit on file size stands for a full disk: the write itself fails."""
    program = (
        "import resource, signal, sys\n"
        "from pathlib import Path\n"
        "from cleaner import errors, storage\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))\n"
        "try:\n"
        "    storage.write(Path(sys.argv[1]), bytes(200_000))\n"
        "except errors.OutputError as error:\n"
        "    print(error)\n"
    )
    done = subprocess.run(
        [os.sys.executable, "-c", program, tmp_path / "a"], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.stderr, done.returncode) == ("", 0)
    assert "it cannot be written: File too large" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_a_name_as_long_as_names_may_be_can_be_written(tmp_path):
    path = tmp_path / ("n" * 255)
    storage.write(path, b"a")
    assert path.read_bytes() == b"a"


def test_what_a_killed_process_left_is_overwritten(tmp_path):
    path = tmp_path / "a"
    left = []
    with pytest.raises(Failure), storage.atomic(path):  # noqa: PT012  the block is what fails
        left.extend(tmp_path.iterdir())
        raise Failure
    left[0].write_bytes(b"half")
    storage.write(path, b"whole")
    assert [p.name for p in tmp_path.iterdir()] == ["a"]
