"""How text gets garbled, and the way back: one file for each kind.

A kind looks at a text and yields the edits that mend it; it changes nothing, and knows no other kind.
`signs` says in one pass which kinds a text can need at all.
"""
