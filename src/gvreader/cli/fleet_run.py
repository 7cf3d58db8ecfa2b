"""`gvreader fleet run`: any command, once for each archive of a fleet."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, BinaryIO, Final

from gvreader.cli.context import Context
from gvreader.errors import EXIT_DONE, EXIT_PARTIAL, UsageError
from gvreader.i18n import _, language, ngettext

if TYPE_CHECKING:
    from gvreader.app.fleet import Fleet, FleetMember

_NOT_FOR_MANY: Final = ("read", "demo", "fleet")
_PLACEHOLDER: Final = "{portal}"


def run_each(context: Context, fleet: Fleet, names: Sequence[str], command: Sequence[str]) -> int:
    """Run the command for each portal; stdout whole and in the order of names, stderr by line with the name."""
    _check(command)
    members = fleet.chosen(names, context.options.group or [])
    jobs = context.options.jobs or os.cpu_count() or 1
    console, lock = context.console, threading.Lock()
    under_way: set[subprocess.Popen[bytes]] = set()

    def one(member: FleetMember) -> tuple[int, BinaryIO]:
        output = tempfile.TemporaryFile(prefix="gvreader-fleet-")  # noqa: SIM115 - read and closed by the reader
        words = [word.replace(_PLACEHOLDER, member.name) for word in command]
        process = subprocess.Popen(  # noqa: S603 - our own program, with the user's own words
            [sys.executable, "-m", "gvreader", "--archive", str(member.archive), *_globals(context), *words],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.PIPE,
            env={key: value for key, value in os.environ.items() if key != "GVREADER_ARCHIVE"},
            start_new_session=True,
        )
        under_way.add(process)
        assert process.stderr is not None
        for line in process.stderr:
            with lock:
                console.raw_error(f"{member.name}: {line.decode('utf-8', 'replace')}")
        code = process.wait()
        under_way.discard(process)
        output.seek(0)
        return code, output

    failed: list[tuple[str, int]] = []
    threads = ThreadPoolExecutor(jobs, thread_name_prefix="gvreader-fleet")
    try:
        for member, done in [(member, threads.submit(one, member)) for member in members]:
            code, output = done.result()
            with output:
                console.pour(output)
            if code:
                failed.append((member.name, code))
    except BaseException:
        threads.shutdown(wait=False, cancel_futures=True)
        for process in tuple(under_way):
            process.terminate()
        raise
    threads.shutdown(wait=True)
    if not failed:
        return EXIT_DONE
    console.trouble(
        ngettext(
            "{n} of {total} portals did not end with 0: {names}",
            "{n} of {total} portals did not end with 0: {names}",
            len(failed),
        ).format(
            n=len(failed), total=len(members), names=", ".join(f"{name} ({code})" for name, code in failed)
        )
    )
    return EXIT_PARTIAL


def _check(command: Sequence[str]) -> None:
    """Raises UsageError for what is no command for many archives."""
    from gvreader.cli.commands import COMMANDS

    name = command[0]
    if name in _NOT_FOR_MANY:
        raise UsageError(_("`{name}` cannot run for many archives.").format(name=name))
    if all(one.name != name for one in COMMANDS):
        raise UsageError(
            _("there is no command `{name}`.").format(name=name),
            advice=_("`gvreader --help` lists them."),
        )


def _globals(context: Context) -> list[str]:
    """The global options of this run that hold for each command, too."""
    words = ["--lang", language()]
    if context.config_file is not None:
        words += ["--config", str(context.config_file)]
    if context.log_file is not None:
        words += ["--log", str(context.log_file)]
    for name in ("quiet", "verbose"):
        if getattr(context.options, name, False):
            words.append(f"--{name}")
    return words
