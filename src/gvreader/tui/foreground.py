"""Running another program in the terminal while the reader steps aside."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING

from textual import events
from textual.app import App, SuspendNotSupported

if TYPE_CHECKING:
    from textual.message_pump import MessagePump

CANNOT_RUN = 126
"""The exit code of a command that could not be run at all."""


def run_in_foreground(
    app: App[int], command: Sequence[str], given: bytes | None = None, about: Mapping[str, str] | None = None
) -> int:
    """Give a program the terminal and return its exit code; it has `given` on its input, `about` in its environment.

    To be called on the application's own thread, which waits.
    """
    try:
        with app.suspend():
            # The terminal's Ctrl+C is for the program. It does not inherit a handler, as it would that it is ignored.
            before = signal.signal(signal.SIGINT, lambda _number, _frame: None)
            try:
                return subprocess.run(  # noqa: S603 - no shell
                    command, input=given, check=False, env={**os.environ, **_plain(about or {})}
                ).returncode
            except OSError:
                return CANNOT_RUN
            finally:
                signal.signal(signal.SIGINT, before)
    except SuspendNotSupported:
        return CANNOT_RUN


def run_from_thread(pump: MessagePump, app: App[int], command: Sequence[str]) -> int:
    """`run_in_foreground` for another thread, which waits for its exit code."""
    outcome: Future[int] = Future()

    def run() -> None:
        try:
            outcome.set_result(run_in_foreground(app, command))
        except Exception as error:  # noqa: BLE001 - the thread that waits is told
            outcome.set_exception(error)

    pump.post_message(events.Callback(callback=run))
    return outcome.result()


def _plain(values: Mapping[str, str]) -> dict[str, str]:
    """Values that an environment can hold."""
    return {
        name: value.replace("\x00", "").encode("utf-8", "replace").decode() for name, value in values.items()
    }
