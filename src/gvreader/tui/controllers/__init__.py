"""What the reader does, by subject. Each class acts on the reading screen; `handlers` joins them with the registry."""
