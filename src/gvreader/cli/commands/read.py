"""`gvreader read`: open the reader."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Final

from gvreader.cli.context import Context
from gvreader.errors import UsageError
from gvreader.i18n import _

if TYPE_CHECKING:
    from gvreader.reader_services import Services

EXAMPLES: Final = ("gvreader", "gvreader read --archive ~/gia-vien")


def arguments(parser: argparse.ArgumentParser) -> None:
    del parser  # the reader takes no options of its own


def needs_terminal() -> None:
    """Raise UsageError unless someone sits in front of a terminal."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError(
            _("The reader needs a terminal, and this is not one."),
            advice=_(
                "Run `gvreader` in a terminal, or use `gvreader list`, `gvreader search WORDS` and "
                "`gvreader show REF`, which print text; `gvreader --help` lists every command."
            ),
        )


def run(context: Context) -> int:
    needs_terminal()
    from gvreader.reader_services import Services

    return open_reader(context, Services(context.archive))


def open_reader(context: Context, services: Services) -> int:
    """The reader with the looks and keys of the configuration."""
    from gvreader.tui import run as open_

    reader = context.settings.reader
    return open_(services, theme=reader.theme, keys=dict(reader.keys))
