"""What boilerplate looks like, as data: packs of rules, found by a line's words, held against their own examples.

A pack is a TOML file, and its tables are rules. A rule's full name is ``PACK/KIND/ID``, for instance ``en/share/bar``.
It says what a whole line looks like once the line has been normalised, in one or more of four ways:

    lines = ["share this"]                   these lines, word for word
    line  = 'share on (?:\\w+)'              a pattern for the whole line; ``words = ["share"]`` must stand beside it,
                                             and a line without one of these words never meets the pattern
    only  = ["share", "facebook", "email"]   lines of two or more words that consist of these words and no others
                                             (and hold one of ``words``, if there are any)
    inside = ["nav", ".breadcrumb"]          in a page, all lines in these elements, ids or classes but paragraphs
    tails = ["[edit]"]                       what hangs at the end of lines that stay otherwise, as it is written

and, if that is not enough to be sure, what must speak for it: its place (``where``: ``top``, above the first
paragraph; ``end``, below the last; ``edge``, either) or its company (``run``: how many lines in unbroken sequence
match some rule, itself among them). If a rule names both, either will do. A piped line, "Home | News | Contact", is a
run that lies on its side, and so is a line that consists of entries alone. Under the heading of a list (``below``) the
short lines that hang on it go with it.

However many rules there are, a line only meets those that share a word with it.
"""

from cleaner.rules.line import LONGEST, normalise
from cleaner.rules.match import Match, Rules
from cleaner.rules.pack import kinds, load, read, sorted_names
from cleaner.rules.pattern import slow
from cleaner.rules.rule import Rule

__all__ = ["LONGEST", "Match", "Rule", "Rules", "kinds", "load", "normalise", "read", "slow", "sorted_names"]
