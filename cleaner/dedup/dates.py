"""A date as people write it → seconds since 1970 in UTC; what no reading fits is undated, never an error.

It stands in the field of a record, else in the dateline of its text.
"""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

UNDATED = -(2**63)
NAMES = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
MONTHS = {name: k for k, name in enumerate(NAMES, 1)}
ISO = re.compile(r"(\d{4})[-/.]?(\d\d)[-/.]?(\d\d)")
DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[-. /]+([a-z]{3})[a-z]*\.?,?[-. /]+(\d{4})")
MONTH_FIRST = re.compile(r"([a-z]{3})[a-z]*\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")

HEAD, SHORT = 400, 64
"""A dateline stands in the first characters of a text, in a line of its own of so many at the most, or opens one."""
YEAR = re.compile(r"(?:19|20)\d\d(?!\d)")
OPENING = re.compile(r"[^\n]{0,60}?(?:19|20)\d\d(?!\d)\)?,?\s*(?:\([^()\n]{2,30}\)\s*)?(?:[-–—:|](?!\d)|\()")
"""`LONDON, Nov 21, 2020 (AFP) -`: place, date, agency, dash; and no dash stands before the date but in it."""


def second_of(date: str) -> int:
    """Read a date; without a time it is midnight, without a zone UTC.

    >>> [second_of(date) for date in ("1970-01-02", "1970-01-01T01:00:00+01:00", "2 Jan 1970", "January 2, 1970")]
    [86400, 0, 86400, 86400]
    >>> second_of("yesterday") == second_of("") == UNDATED
    True
    """
    date = date.strip()
    for read in (datetime.fromisoformat, parsedate_to_datetime, _found):
        try:
            moment = read(date)
            return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
        except (ValueError, OverflowError, TypeError, IndexError):
            continue
    return UNDATED


def dateline_of(text: str) -> int:
    """Read the day that a text is dated by, if it says so itself: midnight UTC.

    A day without its year says too little, and a day in the middle of a sentence is what the text speaks of.

    >>> dateline_of("Published: 21 Nov 2020\\n\\nIt rained.") == second_of("2020-11-21")
    True
    >>> dateline_of("LONDON, Nov. 21, 2020 (AFP) - It rained.") == second_of("2020-11-21")
    True
    >>> dateline_of("On January 6, 2021, it rained.") == UNDATED
    True
    """
    head = text[:HEAD]
    if not YEAR.search(head):
        return UNDATED
    for line in head.split("\n"):
        if m := OPENING.match(line):
            found = m[0]
        else:
            found = line if len(line) <= SHORT and not line.rstrip().endswith((".", "!", "?", "…")) else ""
        if YEAR.search(found):
            try:
                return int(_found(found).timestamp())
            except ValueError:
                continue
    return UNDATED


def _found(date: str) -> datetime:
    """Find a day somewhere in the string."""
    text = date.lower()
    if m := ISO.search(text):
        return datetime(int(m[1]), int(m[2]), int(m[3]), tzinfo=UTC)
    if (m := DAY_FIRST.search(text)) and m[2] in MONTHS:
        return datetime(int(m[3]), MONTHS[m[2]], int(m[1]), tzinfo=UTC)
    if (m := MONTH_FIRST.search(text)) and m[1] in MONTHS:
        return datetime(int(m[3]), MONTHS[m[1]], int(m[2]), tzinfo=UTC)
    if m := DOTTED.search(text):
        return datetime(int(m[3]), int(m[2]), int(m[1]), tzinfo=UTC)
    raise ValueError(date)
