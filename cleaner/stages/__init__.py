"""One file, one stage: a frozen dataclass whose fields are its options and whose call yields edits."""
