"""What is too long, or packed too well: it costs itself, or what follows it in its member, and never the memory."""

import gzip
import hashlib

import pytest

from cleaner import storage
from cleaner.parts import chunks, inputs
from cleaner.record import Damage


@pytest.mark.parametrize("suffix", ["", ".gz", ".zst", ".bz2", ".xz"])
@pytest.mark.parametrize("place", [0, 1, 2], ids=["first", "middle", "last"])
@pytest.mark.parametrize("size", [1000, 1 << 20])
def test_a_line_past_holding_is_one_damage_with_the_hash_of_all(put, line, monkeypatch, suffix, place, size):
    monkeypatch.setattr(chunks, "GIANT", 100_000)
    rows = [line(id=1, text="a"), line(id=2, text="b")]
    giant = b"x" * 300_000
    rows.insert(place, giant + b"\n")
    path = put(f"a.jsonl{suffix}", b"".join(rows))
    items = [item for chunk in chunks.cut(inputs.find([str(path)]), size) for item in chunk.read()]
    assert [isinstance(item, Damage) for item in items] == [i == place for i in range(3)]
    damage = items[place]
    if damage.reason == "too-large":
        assert (damage.offset, damage.length) == (sum(map(len, rows[:place])), len(giant))
        assert (damage.raw, damage.sha256) == (giant[: 1 << 16], hashlib.sha256(giant).hexdigest())
    else:
        assert (damage.raw, size) == (giant, 1 << 20)


def test_a_bomb_is_read_up_to_where_it_shows_and_to_its_end_where_it_is_allowed(do, line, audit, bare, tmp_path):
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(line(id=1, text="a") + bytes(30 << 20) + b"\n" + line(id=2, text="b")))
    result = do(path, recipe=bare)
    assert (result.tally.quarantined, result.tally.damaged_sources) == ({"bomb": 1}, 1)
    assert audit(tmp_path / "out")["kept"] == 1
    do(path, recipe=bare, out="allowed", allow=["archives"])
    assert audit(tmp_path / "allowed")["kept"] == 2


def test_a_member_may_be_so_large_and_no_larger(put, monkeypatch):
    monkeypatch.setattr(storage, "MOST", 100_000)
    monkeypatch.setattr(storage, "_UNJUDGED", 50_000)
    monkeypatch.setattr(storage, "MOST_TIMES", 10**9)
    path = put("a.gz", b"a" * 150_000)
    held = []
    with pytest.raises(storage.TooMuch) as caught:
        held.extend(storage.pieces(path))
    assert (caught.value.reason, len(b"".join(held))) == ("too-large", 100_000)
    assert len(b"".join(storage.pieces(path, trusted=True))) == 150_000
