"""What belongs to a body though it does not look like one."""

import numpy as np
import pytest

from cleaner.lines import head, shape

BODY = "The ferry had drifted off before anybody on the quay saw that it was gone, the harbour master said on Monday."


def belongings(lines, title=""):
    kept = np.array([line == BODY for line in lines])
    words = np.float32([len(line.split()) for line in lines])
    shared = shape.shape(lines).kin.shared(kept)
    return [lines[i] for i in sorted(head.belongings(lines, kept, words, shared, title)) if lines[i] != BODY]


@pytest.mark.parametrize(
    ("lines", "title", "found"),
    [
        pytest.param(["Home", "Ferry drifts off quay", BODY], "", ["Ferry drifts off quay"], id="by its words"),
        pytest.param(
            ["Home", "All is lost now", BODY], "All is lost now | Herald", ["All is lost now"], id="by the title"
        ),
        pytest.param(["Home", "All is lost now", BODY], "", [], id="not told by anything"),
        pytest.param(["Home | Ferry | Quay", BODY], "", [], id="a menu has signs in it"),
        pytest.param(
            ["Ferry drifts off quay", "By Ann Lee", BODY], "", ["Ferry drifts off quay", "By Ann Lee"], id="byline"
        ),
        pytest.param(
            ["Ferry drifts off quay", "News", "3 May 2024, 12:45", "Ann Lee", BODY],
            "",
            ["Ferry drifts off quay", "3 May 2024, 12:45", "Ann Lee"],
            id="a name beside a date",
        ),
        pytest.param(["Ferry drifts off quay", *["Menu"] * head.REACH, BODY], "", [], id="too far above"),
        pytest.param([BODY, "“No, nobody.”", BODY], "", ["“No, nobody.”"], id="speech within"),
        pytest.param([BODY, "“No, nobody.”", "Share"], "", ["“No, nobody.”"], id="speech at the end"),
        pytest.param(["Ferry drifts off quay", "Home"], "Ferry drifts off quay", [], id="nothing without a body"),
    ],
)
def test_what_belongs_to_it(lines, title, found):
    assert belongings(lines, title) == found
