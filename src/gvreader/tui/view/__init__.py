"""What the reader shows, as data: pure, no widgets and no Textual screens."""
