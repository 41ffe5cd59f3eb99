"""The two articles that the project began with, where they are at hand: nothing left to clean, nothing lost."""

from collections import Counter
from pathlib import Path

import pytest

from cleaner import Pipeline

SEEDS = Path(__file__).parent.parent.parent / "shared" / "seeds"
pytestmark = pytest.mark.skipif(not SEEDS.is_dir(), reason="the two articles are not at hand")


def lines(text: str) -> Counter[str]:
    return Counter(line for line in text.split("\n") if line)


@pytest.mark.parametrize(
    ("name", "starts", "mended"),
    [
        pytest.param(
            "000_ae0bdcaa5f674244.txt",
            ["Accessibility links", "Breaking News", "update", "An Afghan security officer", "XS", "SM", "MD", "LG"],
            {},
            id="badges, a doubled caption and a text-size toggle",
        ),
        pytest.param(
            "003_61a0d55513bc72e3.txt",
            ["Sorry, you need to", "A truck in its bed", "Carrying a boy's body", "Shariff share buttons"],
            {"heart? ”": 'heart?"'},
            id="a JavaScript notice, two doubled captions and share buttons",
        ),
    ],
)
def test_exactly_this_is_gone(name, starts, mended):
    before = (SEEDS / name).read_bytes().decode()
    after = Pipeline.from_recipe("news").clean(before).text
    for old, new in mended.items():
        assert old in before
        before = before.replace(old, new)
    gone = lines(before) - lines(after)
    assert gone.total() == len(starts)
    assert all(any(line.startswith(start) for line in gone) for start in starts)
    assert not lines(after) - lines(before)
    assert "\n\n\n" not in after
    assert after == after.strip("\n")
