"""The laws that are fuzzed hold for where the fuzzing begins, for what it has found, and for some damage to both."""

import random
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "fuzz"))
import targets

PIECES = [b"\0", b"\n", b'"', b"<", b"&", b"\xff", b"\xe2\x80\xa8", b"]", b"\\", b"\xed\xa0\x80"]


def damaged(seed, draw):
    """Return the bytes with some of them gone, doubled, other ones, or in another place."""
    data = bytearray(seed or b"x")
    for _ in range(draw.randint(1, 4)):
        at, other = draw.randrange(len(data) + 1), draw.randrange(len(data) + 1)
        low, high = sorted((at, other))
        kind = draw.randrange(4)
        if kind == 0:
            del data[low:high]
        elif kind == 1:
            data[at:at] = data[low : low + 20]
        elif kind == 2:
            data[at:at] = draw.choice(PIECES)
        else:
            data[low:high] = draw.randbytes(min(8, high - low))
    return bytes(data)


@pytest.mark.parametrize("name", targets.TARGETS)
def test_the_laws_hold(name):
    draw = random.Random(name)  # noqa: S311  no secret
    for seed in [b"", *targets.SEEDS[name]]:
        targets.TARGETS[name](seed)
        for _ in range(25):
            targets.TARGETS[name](damaged(seed, draw))


def test_every_target_has_seeds_and_says_its_law():
    assert targets.SEEDS.keys() == targets.TARGETS.keys()
    assert all(target.__doc__ for target in targets.TARGETS.values())
