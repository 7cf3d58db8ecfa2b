"""Writing to a terminal that may go away: a closed window, a lost connection.

Textual writes from a thread of its own. If a write fails, that thread ends, and leaving the application waits for it
for ever; so no write fails here.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from typing import TextIO


class ResilientOutput:
    """Passes on to `file`; once that fails, everything leads nowhere and `lost` is called, once."""

    def __init__(self, file: TextIO, lost: Callable[[], object]) -> None:
        self._file = file
        self._lost: Callable[[], object] | None = lost

    def write(self, text: str) -> int:
        try:
            return self._file.write(text)
        except OSError:
            self._let_go()
            return len(text)

    def flush(self) -> None:
        try:
            self._file.flush()
        except OSError:
            self._let_go()

    def isatty(self) -> bool:
        return self._file.isatty()

    def fileno(self) -> int:
        return self._file.fileno()

    def _let_go(self) -> None:
        lost, self._lost = self._lost, None
        if lost is None:
            return
        forget_terminal(self._file.fileno())
        lost()


def forget_terminal(descriptor: int) -> None:
    """Point those standard streams that are the same terminal as `descriptor` at nothing."""
    with suppress(OSError):
        device = os.fstat(descriptor).st_rdev
        null = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1, 2):
            with suppress(OSError):
                if os.fstat(number).st_rdev == device:
                    os.dup2(null, number)
        os.close(null)
