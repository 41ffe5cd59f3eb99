"""What rules know of lines, as numbers."""

import numpy as np
import pytest

from cleaner import rules
from cleaner.lines import known


def test_every_kind_of_rule_is_of_one_family():
    of = [kind for kinds in known.FAMILIES.values() for kind in kinds]
    assert sorted(of) == sorted(rules.kinds())


@pytest.mark.parametrize("line", ["Share on Facebook", "Auf Facebook teilen", "Поделиться в Facebook", "分享到微博"])
def test_a_line_says_the_same_in_every_language(line):
    match = rules.load().match(line)
    row = known.known([match.rules[0].kind], np.array([False]))[0]
    assert [known.NAMES[i] for i in np.flatnonzero(row)] == ["known as tool"]
