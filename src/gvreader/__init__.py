"""Terminal news reader and archiver for Vietnamese district portals."""

__version__ = "0.1.0"
