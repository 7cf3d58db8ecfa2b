"""Ctrl-C, SIGTERM and SIGHUP. All end a command the same way: clean up, leave the archive consistent, exit code 130.

The exception that a signal raises is lost where it happens to strike inside a destructor or a weak reference's
callback, so what was asked is also remembered, and long works ask between two steps. Python raises it only between
two steps of its own: a thread hears signals while the main one is inside C code, interrupts SQLite at the first,
and at the second ends the process as it is, which archives are made for.
"""

from __future__ import annotations

import _thread
import os
import signal
import sys
import time
from collections.abc import Generator
from contextlib import closing, suppress
from types import FrameType
from typing import Final, TypeVar

from gvreader.errors import EXIT_INTERRUPTED

_GRACE: Final = 0.5
"""Seconds between the second signal and the end; an orderly one may still come first."""

_Step = TypeVar("_Step")
_asked = False
_heard = 0
_is_watching = False


def listen() -> None:
    """Hear signals from now on; what the parent process had this one ignore stays ignored."""
    global _asked, _heard
    _asked, _heard = False, 0
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _stop)
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _stop)
    _watch()


def was_asked() -> bool:
    """Whether somebody has asked to stop."""
    return _asked


def _watch() -> None:
    """Start the thread that hears signals, once in a process."""
    global _is_watching
    if _is_watching:
        return
    _is_watching = True
    hears, says = os.pipe()
    os.set_blocking(says, False)
    signal.set_wakeup_fd(says, warn_on_full_buffer=False)
    _thread.start_new_thread(_hear, (hears,))


def _hear(hears: int) -> None:
    """Act on signals as they come; those that others have taken over are theirs."""
    global _heard
    while number := os.read(hears, 1):
        if signal.getsignal(number[0]) is not _stop:
            continue
        _heard += 1
        if _heard == 1:
            _interrupt_queries()
        else:
            time.sleep(_GRACE)
            os._exit(EXIT_INTERRUPTED)


def _interrupt_queries() -> None:
    """Have SQLite give up what it is doing, if it is loaded at all."""
    connection = sys.modules.get("gvreader.archive.library.connection")
    with suppress(Exception):  # a thread has nobody to tell
        getattr(connection, "interrupt_all", lambda: None)()


def _stop(_signal: int, _frame: FrameType | None) -> None:
    global _asked
    _asked = True
    raise KeyboardInterrupt


def heeding(steps: Generator[_Step]) -> Generator[_Step]:
    """The steps of a long work until somebody asks to stop, which raises KeyboardInterrupt; closed in any case."""
    with closing(steps):
        for step in steps:
            if _asked:
                raise KeyboardInterrupt
            yield step
