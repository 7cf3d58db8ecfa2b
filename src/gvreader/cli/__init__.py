"""The command line: arguments in, data on stdout, narration on stderr, an exit code that scripts can trust.

Each command lives in a module of `gvreader.cli.commands` that is imported only when the command runs, and
itself imports its room only then: `gvreader list` never pays for the HTTP client, the parser or the reader.
"""

from gvreader.cli.app import main

__all__ = ["main"]
