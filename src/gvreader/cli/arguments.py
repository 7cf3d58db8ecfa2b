"""The parsers: global options before or after the command; a command's own options when it is chosen."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any, Final, NoReturn, Protocol, cast

from gvreader import __version__
from gvreader.cli.arg_types import folder
from gvreader.cli.commands import COMMANDS, Command
from gvreader.cli.context import Context
from gvreader.export.terminal_text import printable
from gvreader.i18n import _, marked

SEPARATOR: Final = "\0"
"""Stands for `--` among the arguments of a command that takes another one after it; nobody can type it."""


class CommandModule(Protocol):
    """What each module of `gvreader.cli.commands` offers."""

    EXAMPLES: Sequence[str]

    def arguments(self, parser: argparse.ArgumentParser) -> None: ...

    def run(self, context: Context) -> int: ...


def load(command: Command) -> CommandModule:
    """The module of a command."""
    return cast("CommandModule", import_module(f"gvreader.cli.commands.{command.module}"))


class _Formatter(argparse.RawDescriptionHelpFormatter):
    """Help with the metavar once per option and room for the option column."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=32)

    def add_usage(self, usage: str | None, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, prefix if prefix is not None else _("usage: "))


class _Parser(argparse.ArgumentParser):
    def __init__(self, **settings: Any) -> None:
        super().__init__(formatter_class=_Formatter, allow_abbrev=False, add_help=False, **settings)
        self._positionals.title = _("arguments")
        self._optionals.title = _("options")

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.dest == "command" and value not in (names := [command.name for command in COMMANDS]):
            self.error(_("there is no command `{name}`.").format(name=value) + self._hint(value, names))
        super()._check_value(action, value)

    @staticmethod
    def _hint(word: str, names: Iterable[str]) -> str:
        """The name that a mistyped word is most like, as a question; empty when there is none."""
        import difflib

        near = difflib.get_close_matches(word, names, 1)
        return _(" Did you mean `{name}`?").format(name=near[0]) if near else ""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong on stderr and end with 2."""
        usage = _("See `{program} --help`.").format(program=self.prog)
        self.exit(2, f"gvreader: {printable(message)}\n{usage}\n")


class _CommandParser(_Parser):
    """A command's parser; the command's module is imported when this command is the one that was typed."""

    def __init__(self, *, command: Command, **settings: Any) -> None:
        super().__init__(**settings)
        self._command: Command | None = command
        self._own_actions: list[argparse.Action] = []

    def fill(self) -> None:
        """Take in the command's own arguments, once."""
        if self._command is None:
            return
        command, self._command = self._command, None
        module = load(command)
        module.arguments(self)
        self._own_actions = list(self._actions)
        _add_globals(self)
        self.description = _(command.summary)
        self.epilog = "\n".join((_("examples:"), *(f"  {line}" for line in module.EXAMPLES)))

    def format_help(self) -> str:
        """The help; its usage line shows what is the command's own."""
        if self.usage is None:
            formatter = self._get_formatter()
            formatter.add_usage(None, self._own_actions, self._mutually_exclusive_groups)
            self.usage = formatter.format_help().removeprefix(_("usage: ")).strip().replace("%", "%%")
        return super().format_help()

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        self.fill()
        known, unknown = super().parse_known_args(self._options_first(args), namespace)
        if unknown:
            self._refuse(unknown)
        return known, unknown

    def _refuse(self, words: Sequence[str]) -> NoReturn:
        """Say which words mean nothing here, and what an option among them may have been meant to be."""
        hint = next(
            (
                self._hint(word.partition("=")[0], self._option_string_actions)
                for word in words
                if word[:1] == "-"
            ),
            "",
        )
        what = _("unrecognized arguments: %s") % " ".join(words)
        self.error(f"{what}.{hint}" if hint else what)

    def _options_first(self, words: Sequence[str]) -> list[str]:
        """The same words with options before arguments, so that both may be mixed freely.

        In a command that takes a query, `-word` excludes a word and is no option.
        """
        options: list[str] = []
        others: list[str] = []
        remaining = iter(words)
        for word in remaining:
            if word == "--":
                if self.get_default("takes_command"):
                    others.append(SEPARATOR)
                others.extend(remaining)
                break
            action = self._option_string_actions.get(word.partition("=")[0])
            is_excluded_word = bool(self.get_default("takes_query")) and not word.startswith("--")
            if action is None and (not word.startswith("-") or word == "-" or is_excluded_word):
                others.append(word)
                continue
            options.append(word)
            if action is not None and action.nargs != 0 and "=" not in word:
                options.extend(islice(remaining, 1))
        return [*options, "--", *others] if others else options


_WITH_VALUE: Final = frozenset({"--archive", "--config", "--lang", "--log"})
"""Global options that take the word after them."""


def _add_globals(parser: argparse.ArgumentParser) -> None:
    """The options every command takes. They leave no default behind, so that either place may set them."""
    group = parser.add_argument_group(_("global options"))

    def add(*names: str, **settings: Any) -> None:
        group.add_argument(*names, default=argparse.SUPPRESS, **settings)

    add("--archive", metavar="DIR", type=folder, help=_("the archive (GVREADER_ARCHIVE)"))
    add("--config", metavar="FILE", type=Path, help=_("the configuration file (GVREADER_CONFIG)"))
    add("--lang", choices=("vi", "en"), help=_("language of messages (GVREADER_LANG, else the locale)"))
    add(
        "--log", metavar="FILE", type=folder, help=_("add to FILE why things went as they did (GVREADER_LOG)")
    )
    add("--quiet", action="store_true", help=_("say only what went wrong"))
    add("--verbose", action="store_true", help=_("say more; show the traceback of an unexpected failure"))
    add("--version", action="version", version=f"gvreader {__version__}", help=_("print the version"))
    add("--help", "-h", action="help", help=_("print this help"))


def _typed(words: Sequence[str]) -> str | None:
    """The command among the words of a command line, as far as it can be told without a parser."""
    remaining = iter(words)
    for word in remaining:
        if word in _WITH_VALUE:
            next(remaining, None)
        elif not word.startswith("-"):
            return word
    return None


def parser_for(words: Sequence[str]) -> argparse.ArgumentParser:
    """A parser of the command that was typed; of the whole command line where that is not clear."""
    name = _typed(words)
    chosen = [command for command in COMMANDS if command.name == name]
    return parser(
        chosen if chosen and not {"--help", "-h"} & set(words[: words.index(chosen[0].name)]) else COMMANDS
    )


def parser(chosen: Sequence[Command] = COMMANDS) -> argparse.ArgumentParser:
    """The command line of these commands. The chosen one is `options.command`, None when there is none."""
    main = _Parser(
        prog="gvreader",
        usage=_("gvreader [global options] COMMAND [arguments]"),
        description=_("Read, archive and search the news of Vietnamese district portals."),
        epilog=_("Without a command the reader opens. `gvreader COMMAND --help` shows examples."),
    )
    _add_globals(main)
    commands = main.add_subparsers(
        dest="command", metavar=_("COMMAND"), title=_("commands"), parser_class=_CommandParser
    )
    for command in chosen:
        commands.add_parser(
            command.name, help=_(command.summary), prog=f"gvreader {command.name}", command=command
        )
    return main


def full_parser() -> argparse.ArgumentParser:
    """The whole command line with every command's own arguments: for completion and the manual."""
    main = parser()
    for command in command_parsers(main).values():
        command.fill()
    return main


def help_of(name: str | None) -> str | None:
    """The help of the program, or of a command; None where there is no such command."""
    main = parser()
    if name is None:
        return main.format_help()
    command = command_parsers(main).get(name)
    if command is None:
        return None
    command.fill()
    return command.format_help()


def command_parsers(main: argparse.ArgumentParser) -> dict[str, _CommandParser]:
    """The parsers of the commands by name."""
    return next(
        cast("dict[str, _CommandParser]", action.choices)
        for action in main._actions
        if isinstance(action, argparse._SubParsersAction)
    )


ARGPARSE_MESSAGES: Final = (
    marked("%(prog)s: error: %(message)s\n"),
    marked("argument %(argument_name)s: %(message)s"),
    marked("expected at least one argument"),
    marked("expected at most one argument"),
    marked("expected one argument"),
    marked("ignored explicit argument %r"),
    marked("invalid %(type)s value: %(value)r"),
    marked("invalid choice: %(value)r (choose from %(choices)s)"),
    marked("not allowed with argument %s"),
    marked("one of the arguments %s is required"),
    marked("the following arguments are required: %s"),
    marked("unrecognized arguments: %s"),
)
"""What argparse says to users, so that the catalogues have it; argparse translates it itself."""
