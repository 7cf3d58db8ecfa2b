"""`gvreader config`: the configuration in force, and whether it is valid."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from gvreader.app import config
from gvreader.cli.context import Context
from gvreader.errors import EXIT_DONE, ConfigError
from gvreader.i18n import _

if TYPE_CHECKING:
    from gvreader.app.config import ReaderSettings
    from gvreader.tui.actions import Conflict

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
    from gvreader.app.config.validation import problems
    from gvreader.app.portal_lookup import portals

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
        try:
            portals(context.settings)
        except ConfigError as error:
            wrong.append(str(error).removeprefix(f"{file}: "))
        wrong += _key_problems(context.settings.reader)
    for problem in wrong:
        console.trouble(f"{file}: {problem}")
    if wrong:
        raise ConfigError(
            _("The configuration is not valid."), advice=_("docs/configuration.md explains every key.")
        )
    wishes = dict(context.settings.reader.keys)
    for conflict in _conflicts(context.settings.reader):
        if conflict.kept and conflict.lost not in wishes:
            console.say(
                _("`{key}` is {kept}'s now; {lost} has lost it.").format(
                    key=conflict.key, kept=conflict.kept, lost=conflict.lost
                )
            )
    console.say(_("{file} is valid.").format(file=file))


def _conflicts(reader: ReaderSettings) -> Sequence[Conflict]:
    from gvreader.tui.actions import Keymap, actions

    return Keymap(actions(), dict(reader.keys), [name for name, _command in reader.commands]).conflicts


def _key_problems(reader: ReaderSettings) -> Iterator[str]:
    """Keys of the reader that can do nothing: for actions that do not exist, or taken by another wish."""
    wishes = dict(reader.keys)
    for conflict in _conflicts(reader):
        hint = _("; did you mean `{key}`?").format(key=conflict.hint) if conflict.hint else ""
        if conflict.key and not conflict.kept:
            is_digit = conflict.key.isdecimal() and len(conflict.key) == 1
            reason = _("digits are counts") if is_digit else _("no key is called so")
            yield f'`reader.keys.{conflict.lost} = "{conflict.key}"`: {reason}{hint}'
        elif not conflict.kept:
            yield _("the reader has no action `{name}`").format(name=conflict.lost) + hint
        elif conflict.lost in wishes:
            yield _("`{key}` is asked for by two actions: {kept} has it, {lost} has not").format(
                key=conflict.key, kept=conflict.kept, lost=conflict.lost
            )
