"""What a line looks like, how likely it is body text, and which lines of a document to keep."""
