"""A page read as one article: where its body is and what it holds."""
