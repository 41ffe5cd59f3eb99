"""Clean scraped text: strip boilerplate, repair garbled characters, find near-duplicates."""

__version__ = "0.1.0"
