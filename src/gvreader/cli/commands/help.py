"""`gvreader help`: the same as `--help`."""

from __future__ import annotations

import argparse
from typing import Final

from gvreader.cli.context import Context
from gvreader.errors import EXIT_DONE, UsageError
from gvreader.i18n import _

EXAMPLES: Final = ("gvreader help", "gvreader help sync")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("topic", nargs="?", metavar="COMMAND", help=_("the command to explain"))


def run(context: Context) -> int:
    from gvreader.cli.arguments import help_of
    from gvreader.cli.commands import COMMANDS

    topic = context.options.topic
    text = help_of(topic)
    if text is None:
        import difflib

        near = difflib.get_close_matches(topic, [command.name for command in COMMANDS], 1)
        raise UsageError(
            _("there is no command `{name}`.").format(name=topic),
            advice=_("Did you mean `{name}`?").format(name=near[0])
            if near
            else _("`gvreader help` lists the commands."),
        )
    context.console.write(text)
    return EXIT_DONE
