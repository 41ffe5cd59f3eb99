"""Steps for the tools that people already run: one file, one tool, each in an extra of its name."""
