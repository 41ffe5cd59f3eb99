"""A date as people write it → seconds since 1970 in UTC; what no reading fits is undated, never an error."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

UNDATED = -(2**63)
NAMES = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
MONTHS = {name: k for k, name in enumerate(NAMES, 1)}
ISO = re.compile(r"(\d{4})[-/.]?(\d\d)[-/.]?(\d\d)")
DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[-. /]+([a-z]{3})[a-z]*\.?,?[-. /]+(\d{4})")
MONTH_FIRST = re.compile(r"([a-z]{3})[a-z]*\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")


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


def _found(date: str) -> datetime:
    """Find a day somewhere in the string."""
    text = date.lower()
    if m := ISO.search(text):
        return datetime(int(m[1]), int(m[2]), int(m[3]), tzinfo=UTC)
    if (m := DAY_FIRST.search(text)) and m[2] in MONTHS:
        return datetime(int(m[3]), MONTHS[m[2]], int(m[1]), tzinfo=UTC)
    if (m := MONTH_FIRST.search(text)) and m[1] in MONTHS:
        return datetime(int(m[3]), MONTHS[m[1]], int(m[2]), tzinfo=UTC)
    raise ValueError(date)
