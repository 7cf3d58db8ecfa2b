"""`gvreader schedule`: a crontab line or systemd units that work as they are printed."""

from __future__ import annotations

import argparse
import hashlib
import os
import shlex
import sys
from pathlib import Path
from typing import Final

from gvreader.cli.context import Context
from gvreader.errors import EXIT_DONE, UsageError
from gvreader.i18n import _, language

EXAMPLES: Final = (
    "gvreader schedule cron >> my-crontab && crontab my-crontab",
    "gvreader schedule systemd --archive ~/gia-vien",
)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "system",
        choices=("cron", "systemd"),
        metavar="cron|systemd",
        help=_("cron: one line; systemd: a service and a timer"),
    )


def _command(context: Context) -> list[str]:
    """The sync as an absolute command line, with the archive and configuration of now."""
    script = Path(sys.argv[0])
    program = (
        [str(script.absolute())]
        if script.name == "gvreader" and script.is_file()
        else [sys.executable, "-m", "gvreader"]
    )
    command = [*program, "--quiet", "--archive", str(context.settings.archive), "--lang", language()]
    if context.settings.found:
        # Neither cron nor systemd knows the environment that led to the file.
        command += ["--config", str(context.settings.file.absolute())]
    for word in command:
        if not word.isprintable():
            raise UsageError(
                _("{path} has characters that neither cron nor systemd can be told.").format(path=word),
                advice=_("Rename the folder or file, and run this again."),
            )
    return [*command, "sync"]


def _minute(archive: Path) -> int:
    """A minute of its own for each machine and archive, so that not all knock at the portal at once."""
    seed = f"{os.uname().nodename} {archive}".encode()
    return hashlib.sha256(seed).digest()[0] % 60


def _systemd_word(word: str) -> str:
    """One argument of ExecStart: quoted, with % and $ taken literally."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{escaped}"' if any(character in escaped for character in " \t\"'\\;") else escaped


def run(context: Context) -> int:
    command, minute = _command(context), _minute(context.settings.archive)
    if context.options.system == "cron":
        # An unescaped % ends a crontab command.
        line = shlex.join(command).replace("%", "\\%")
        context.console.data(f"{minute} */6 * * * LC_ALL=C.UTF-8 {line}")
        return EXIT_DONE
    exec_start = " ".join(map(_systemd_word, command))
    context.console.lines(
        (
            "# ~/.config/systemd/user/gvreader.service",
            "[Unit]",
            "Description=Bring the gvreader archive up to date",
            "StartLimitIntervalSec=3h",
            "StartLimitBurst=3",
            "",
            "[Service]",
            "Type=oneshot",
            "Environment=LC_ALL=C.UTF-8",
            f"ExecStart={exec_start}",
            "# 3: some pages failed, a later run continues; 5: another run is at work; 130: stopped.",
            "SuccessExitStatus=3 5 130",
            "# Without a network (a machine that has just woken up) it is tried again.",
            "Restart=on-failure",
            "RestartSec=10min",
            "# Wrong configuration, a damaged archive, another layout: trying again mends nothing.",
            "RestartPreventExitStatus=2 6 7",
            "Nice=10",
            "",
            "# ~/.config/systemd/user/gvreader.timer",
            "[Unit]",
            "Description=Bring the gvreader archive up to date every six hours",
            "",
            "[Timer]",
            f"OnCalendar=*-*-* 0/6:{minute:02}:00",
            "RandomizedDelaySec=15min",
            "Persistent=true",
            "",
            "[Install]",
            "WantedBy=timers.target",
            "",
            "# systemctl --user enable --now gvreader.timer",
        )
    )
    return EXIT_DONE
