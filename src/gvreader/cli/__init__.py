"""The command line: arguments in, data on stdout, narration on stderr, an exit code that scripts can trust.

Each command lives in a module of `gvreader.cli.commands` that is imported only when the command runs, and
itself imports its room only then: `gvreader list` never pays for the HTTP client, the parser or the reader.
"""

from collections.abc import Sequence

from gvreader.errors import EXIT_INTERRUPTED


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; see `gvreader.cli.app.main`. Ctrl-C may come before that is there."""
    try:
        from gvreader.cli.app import main as run
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    return run(argv)


__all__ = ["main"]
