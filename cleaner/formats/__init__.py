"""One file, one format: how bytes become records, and records become bytes again."""
