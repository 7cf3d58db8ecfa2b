"""One page as bytes, text, tree and text blocks: what every later floor reads."""
