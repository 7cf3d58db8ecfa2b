"""The long works on an archive, wired: a module each, each work one generator or call."""
