"""What a job reads and writes: files become parts, parts become chunks; documents on disk."""
