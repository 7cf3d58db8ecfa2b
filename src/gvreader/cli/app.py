"""From argv to an exit code: languages, errors, interruption, closed pipes."""

from __future__ import annotations

import gettext
import os
import sys
from collections.abc import Sequence
from itertools import zip_longest
from typing import TextIO

from gvreader import i18n
from gvreader.cli import signals
from gvreader.cli.arguments import load, parser_for
from gvreader.cli.commands import COMMANDS
from gvreader.cli.console import Console
from gvreader.cli.context import Context
from gvreader.errors import EXIT_DONE, EXIT_INTERRUPTED, GvreaderError
from gvreader.i18n import _

_DEFAULT_COMMAND = "read"


def _choose_language(arguments: Sequence[str]) -> None:
    """Take the language before anything is said: `--lang` wherever it stands, else the environment."""
    chosen = i18n.preferred()
    for name, value in zip_longest(arguments, arguments[1:], fillvalue=""):
        if name == "--":
            break
        wanted = value if name == "--lang" else name.removeprefix("--lang=")
        if wanted in ("vi", "en") and name.startswith("--lang"):
            chosen = "vi" if wanted == "vi" else "en"
    i18n.use(chosen)
    # argparse asks the process-wide text domain for its own messages.
    os.environ["LANGUAGE"] = chosen
    gettext.bindtextdomain(i18n.DOMAIN, str(i18n.CATALOGUES))
    gettext.textdomain(i18n.DOMAIN)


def _close_gaps() -> None:
    """Let standard streams that were closed lead nowhere.

    Else the next file that is opened takes their numbers, and what the interpreter or a hook says goes into it.
    """
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)  # the lowest free number is this one
    sys.stdout = sys.stdout or open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = sys.stderr or open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115


def _prepare(stream: TextIO) -> None:
    """UTF-8 in files and pipes; on a terminal its own encoding, with escapes for what it cannot show."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is None:
        return
    if stream.isatty():
        reconfigure(errors="backslashreplace")
    else:
        reconfigure(encoding="utf-8", errors="backslashreplace")


def _say_nothing_more() -> None:
    """Point stdout at nothing, so that closing it at exit does not complain once more."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, sys.stdout.fileno())
    os.close(null)


def _explain(console: Console, error: Exception) -> int:
    """One paragraph about a failure, and its exit code."""
    if isinstance(error, GvreaderError):
        console.trouble(str(error), error.advice)
        return error.exit_code
    if isinstance(error, OSError) and error.strerror:
        place = f": {error.filename}" if error.filename else ""
        message = _("The system refused: {reason}{place}").format(reason=error.strerror, place=place)
    else:
        message = _("An unexpected failure: {name}: {detail}").format(name=type(error).__name__, detail=error)
    if not console.verbose:
        console.trouble(message, _("Run it again with --verbose to see where it happened."))
        return 1
    import traceback

    console.trouble(message)
    console.raw_error("".join(traceback.format_exception(error)))
    return 1


def _interrupted(console: Console) -> int:
    console.trouble(_("Interrupted. The archive is consistent; the next run goes on from here."))
    return EXIT_INTERRUPTED


def _run(arguments: Sequence[str]) -> int:
    options = parser_for(arguments).parse_args(arguments)
    if options.command is None:
        options = parser_for([*arguments, _DEFAULT_COMMAND]).parse_args([*arguments, _DEFAULT_COMMAND])
    console = Console(
        sys.stdout,
        sys.stderr,
        quiet=getattr(options, "quiet", False),
        verbose=getattr(options, "verbose", False),
    )
    command = next(command for command in COMMANDS if command.name == options.command)
    try:
        with Context(options=options, console=console) as context, context.logging():
            code = load(command).run(context)
        console.flush()
        return code
    except BrokenPipeError:
        _say_nothing_more()
        return EXIT_DONE
    except KeyboardInterrupt:
        return _interrupted(console)
    except OSError as error:
        _say_nothing_more()
        return _explain(console, error)
    except Exception as error:  # noqa: BLE001 - the last border: everything becomes a sentence and a code
        return _interrupted(console) if signals.was_asked() else _explain(console, error)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is as promised in docs/commands.md."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    _close_gaps()
    _prepare(sys.stdout)
    _prepare(sys.stderr)
    _choose_language(arguments)
    signals.listen()
    try:
        return _run(arguments)
    except GvreaderError as error:
        return _explain(Console(sys.stdout, sys.stderr), error)
    except SystemExit as exit_:
        return exit_.code if isinstance(exit_.code, int) else 0
    except BrokenPipeError:
        # Nobody reads stderr any more either.
        _say_nothing_more()
        return EXIT_DONE
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
