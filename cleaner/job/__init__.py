"""One batch: parts in, parts out; atomic, resumable, counted."""
