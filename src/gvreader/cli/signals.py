"""Ctrl-C, SIGTERM and SIGHUP. All end a command the same way: clean up, leave the archive consistent, exit code 130.

The exception that a signal raises is lost where it happens to strike inside a destructor or a weak reference's
callback, so what was asked is also remembered, and long works ask between two steps.
"""

from __future__ import annotations

import signal
from collections.abc import Generator
from contextlib import closing
from types import FrameType
from typing import TypeVar

_Step = TypeVar("_Step")
_asked = False


def listen() -> None:
    """Hear signals from now on; what the parent process had this one ignore stays ignored."""
    global _asked
    _asked = False
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _stop)
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _stop)


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
