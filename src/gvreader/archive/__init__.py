"""One folder on disk: the vault (evidence), the library (derived, and the reader's marks), the writer's lock."""
