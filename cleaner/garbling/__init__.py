"""How text gets garbled, and the way back: kinds of repair, one file for each or for a few that are alike.

A kind looks at a text and yields the edits that mend it; it changes nothing, and knows no other kind. `signs` says in
one pass which kinds a text can need at all, `plain` in one match that it needs none. `mojibake` has the most rooms:
`ways` in which lines can have been garbled, `weighing` them by the character `model`, `losses` of bytes and the
`search` for what they were, and the rest `by_ftfy`.
"""
