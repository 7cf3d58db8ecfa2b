"""The command line: arguments in, data on stdout, narration on stderr, an exit code that scripts can trust.

Each command lives in a module of `gvreader.cli.commands` that is imported only when the command runs, and
itself imports its room only then: `gvreader list` never pays for the HTTP client, the parser or the reader.
"""

import os
import sys
from collections.abc import Sequence

_INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; see `gvreader.cli.app.main`. Ctrl-C may come before that is there."""
    if (sys.argv[1:] if argv is None else list(argv)) == ["--version"]:
        return _print_version()
    try:
        from gvreader.cli.app import main as run
    except KeyboardInterrupt:
        return _INTERRUPTED
    return run(argv)


def _print_version() -> int:
    """What scripts ask most often, without anything else being loaded."""
    from gvreader import __version__

    try:
        sys.stdout.write(f"gvreader {__version__}\n")
        sys.stdout.flush()
    except (AttributeError, OSError):
        # stdout is closed, or nobody reads it.
        os._exit(0)
    return 0


__all__ = ["main"]
