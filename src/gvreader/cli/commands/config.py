"""`gvreader config`: the configuration in force, and whether it is valid."""

from __future__ import annotations

import argparse
import difflib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from gvreader.app import config
from gvreader.cli.context import Context
from gvreader.errors import EXIT_DONE, ConfigError
from gvreader.i18n import _

if TYPE_CHECKING:
    from gvreader.app.config import ReaderSettings

EXAMPLES: Final = (
    "gvreader config path",
    "gvreader config show",
    "gvreader config check --config ./gvreader.toml",
)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "what",
        choices=("show", "check", "path"),
        metavar="show|check|path",
        help=_("show: the settings in force; check: every mistake; path: where the file is"),
    )


def run(context: Context) -> int:
    console = context.console
    match context.options.what:
        case "path":
            console.data(str(context.config_file or config.default_file()))
        case "check":
            _check(context)
        case _:
            from gvreader.app.config.render import as_toml

            console.lines(as_toml(context.settings))
    return EXIT_DONE


def _check(context: Context) -> None:
    """Say that the file is valid, or raise ConfigError after every mistake was printed."""
    from gvreader.app.archive import portals
    from gvreader.app.config.validation import problems

    console = context.console
    file = context.config_file or config.default_file()
    if context.config_file is None and not file.is_file():
        console.say(
            _("There is no configuration file; the defaults are in force. It would be {file}").format(
                file=file
            )
        )
        return
    wrong = problems(file)
    if not wrong:
        portals(context.settings)
        wrong = list(_key_problems(context.settings.reader))
    for problem in wrong:
        console.trouble(f"{file}: {problem}")
    if wrong:
        raise ConfigError(
            _("The configuration is not valid."), advice=_("docs/configuration.md explains every key.")
        )
    console.say(_("{file} is valid.").format(file=file))


def _key_problems(reader: ReaderSettings) -> Iterator[str]:
    """Keys of the reader that can do nothing: for actions that do not exist, or taken by another wish."""
    from gvreader.tui.actions import Keymap, actions

    wishes = dict(reader.keys)
    keymap = Keymap(actions(), wishes)
    for conflict in keymap.conflicts:
        if not conflict.kept:
            near = difflib.get_close_matches(conflict.lost, keymap.actions, 1)
            hint = _("; did you mean `{key}`?").format(key=f"reader.keys.{near[0]}") if near else ""
            yield _("the reader has no action `{name}`").format(name=conflict.lost) + hint
        elif conflict.lost in wishes:
            yield _("`{key}` is asked for by two actions: {kept} has it, {lost} has not").format(
                key=conflict.key, kept=conflict.kept, lost=conflict.lost
            )
