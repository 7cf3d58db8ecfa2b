"""The parts of the reader's screen, each painted line by line."""
