"""`gvreader read`: open the reader."""

from __future__ import annotations

import argparse
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from gvreader.cli.context import Context
from gvreader.errors import UsageError
from gvreader.i18n import _

if TYPE_CHECKING:
    from gvreader.app.reader_services import Services

EXAMPLES: Final = ("gvreader", "gvreader read --archive ~/gia-vien")


def arguments(parser: argparse.ArgumentParser) -> None:
    del parser  # the reader takes no options of its own


def needs_terminal() -> None:
    """Raise UsageError unless someone sits in front of a terminal, or of a browser (`textual serve`)."""
    if "TEXTUAL_DRIVER" in os.environ:
        return
    is_terminal = sys.stdin.isatty() and sys.stdout.isatty()
    if not is_terminal or os.environ.get("TERM", "").lower() in ("", "dumb"):
        raise UsageError(
            _("The reader needs a terminal that can move its cursor; TERM says that this one cannot.")
            if is_terminal
            else _("The reader needs a terminal, and this is not one."),
            advice=_(
                "Run `gvreader` in a terminal, or use `gvreader list`, `gvreader search WORDS` and "
                "`gvreader show REF`, which print text; `gvreader --help` lists every command."
            ),
        )


def run(context: Context) -> int:
    needs_terminal()
    from gvreader.app.reader_services import Services

    context.archive.prepare_marking()
    return open_reader(context, Services(context.archive))


def open_reader(context: Context, services: Services, *, greeting: str = "") -> int:
    """The reader with the looks and keys of the configuration, as often as it is left for another command.

    `greeting` is said when it opens.
    """
    from gvreader.tui import run as open_

    reader = context.settings.reader
    while True:
        code = open_(
            services,
            theme=reader.theme,
            keys=dict(reader.keys),
            commands=dict(reader.commands),
            greeting=greeting,
        )
        greeting = ""
        command, services.errand = services.errand, ()
        if not command:
            return code
        _do_meanwhile(context, services, command)


def _do_meanwhile(context: Context, services: Services, command: tuple[str, ...]) -> None:
    """Run a command that the reader was left for, and wait until its answer has been read."""
    from gvreader import i18n
    from gvreader.cli.app import main

    options = [f"--lang={i18n.language()}"]
    if context.config_file is not None:
        options.append(f"--config={context.config_file}")
    if command[0] == "demo":
        main([*options, *command])
        return
    context.console.say(f"gvreader {' '.join(command)}")
    main([*options, f"--archive={services.archive}", *command])
    context.console.say(_("Press Enter to go back to the reader."))
    context.console.flush()
    with suppress(EOFError, KeyboardInterrupt):
        input()
