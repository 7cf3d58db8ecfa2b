"""When the terminal is gone, or somebody asks the program to end, it ends: in order if it can, else without.

A thread of its own watches, since the main thread may be busy, or wait for a terminal that takes no more output.
"""

from __future__ import annotations

import os
import select
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import Any, Final

PATIENCE: Final = 4.0
"""Seconds that an orderly end may take."""
GONE: Final = 128 + signal.SIGHUP
"""The exit code of a program whose terminal is gone."""


class HangupWatch:
    """Watches the terminal `descriptor` and the signals that end a program.

    `leave` is called once, from the watching thread, with the exit code; where the process is still there
    `patience` seconds later, `restore` is called and the process ends as it is.
    """

    def __init__(
        self,
        descriptor: int,
        leave: Callable[[int], object],
        restore: Callable[[], object],
        *,
        patience: float = PATIENCE,
        end: Callable[[int], object] = os._exit,
    ) -> None:
        self._descriptor: Final = descriptor
        self._leave: Final = leave
        self._restore: Final = restore
        self._patience: Final = patience
        self._end: Final = end
        self._wake, self._waker = os.pipe()
        self._before: dict[signal.Signals, Any] = {}
        self._thread = threading.Thread(target=self._watch, name="gvreader-hangup", daemon=True)

    def start(self) -> None:
        """Watch from now on; a signal that the parent process had this one ignore stays ignored."""
        for number in (signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is not signal.SIG_IGN:
                # No handler in the main thread may raise here: it could strike anywhere inside the application.
                self._before[number] = signal.signal(number, self._signalled)
        self._thread.start()

    def lost(self) -> None:
        """The terminal takes or gives nothing any more."""
        self._say(GONE)

    def stop(self) -> None:
        """Watch no more, unless the end has begun: then until it is there."""
        for number, handler in self._before.items():
            with suppress(ValueError, TypeError):
                signal.signal(number, handler)
        self._before.clear()
        self._say(0)

    def _signalled(self, number: int, _frame: FrameType | None) -> None:
        self._say(128 + number)

    def _say(self, code: int) -> None:
        with suppress(OSError):
            os.write(self._waker, bytes((code,)))

    def _watch(self) -> None:
        code = self._wait()
        if code == 0:
            return
        with suppress(Exception):
            self._leave(code)
        threading.Event().wait(self._patience)
        with suppress(Exception):
            self._restore()
        self._end(code)

    def _wait(self) -> int:
        """The exit code of what has happened; 0 for nothing."""
        poll = select.poll()
        poll.register(self._descriptor, 0)
        poll.register(self._wake, select.POLLIN)
        events = dict(poll.poll())
        if self._wake in events:
            return os.read(self._wake, 1)[0]
        return GONE
