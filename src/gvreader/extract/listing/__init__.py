"""A page read as a list of articles."""
