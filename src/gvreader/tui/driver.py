"""Textual's driver for a terminal that is trusted with nothing: what comes from it is filtered, and it may be gone."""

from __future__ import annotations

import asyncio
import os
import selectors
import sys
import termios
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from typing import Any, Protocol, TextIO, cast

from textual import constants, events
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._keyboard_protocol import FUNCTIONAL_KEYS
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from gvreader.tui.hangup import GONE, HangupWatch
from gvreader.tui.resilient_output import ResilientOutput, forget_terminal
from gvreader.tui.terminal_input import InputFilter, InputToken

ENTER = "\x1b[?1049h"
HIDE_CURSOR = "\x1b[?25l"
SHOW_CURSOR = "\x1b[?25h"
RESTORE = "\x1b[?2004l\x1b[?7h\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[<u\x1b[0m\x1b[?1049l\x1b[?25h\x1b[?1004l"
"""Everything that the driver switches on, switched off."""
_READ = 4096
_READY_WITHIN = 10.0


class Leaving(Protocol):
    """An application that can be told to end."""

    def leave(self, code: int) -> None:
        """End with this exit code."""
        ...


class TerminalDriver(LinuxDriver):
    """Paints on `output`, which may be standard output where standard error goes into a file."""

    output: TextIO | None = None

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._stop, self._stopper = os.pipe()
        self._ready = threading.Event()
        self._loop_of_app = asyncio.get_running_loop()
        self.watch = HangupWatch(self.fileno, self._leave, self._restore)
        self.watch.start()
        output = self.output or sys.__stderr__
        self._out = ResilientOutput(cast("TextIO", output), self.watch.lost)
        self._file = cast("Any", self._out)

    def write(self, data: str) -> None:
        if data == ENTER and self.entered():
            return
        # Braille displays, screen readers and magnifiers follow the cursor; the application says where it stands.
        data = SHOW_CURSOR if data == HIDE_CURSOR else data
        if self._writer_thread is not None:
            super().write(data)

    def entered(self) -> bool:
        """Whether the other screen is on already, asked once before it is entered: terminals would wipe it."""
        return False

    def take_keys(self) -> None:
        """The application is there: keys that were typed before are taken from now on."""
        self._ready.set()

    def disable_input(self) -> None:
        self._ready.set()
        with suppress(OSError):
            os.write(self._stopper, b"x")
        super().disable_input()

    def run_input_thread(self) -> None:
        """Read until the application stops, or the terminal gives nothing more."""
        self._ready.wait(_READY_WITHIN)
        tokens = InputFilter(ANSI_SEQUENCES_KEYS, FUNCTIONAL_KEYS, delay=constants.ESCAPE_DELAY)
        parser = SequenceParser()
        with selectors.DefaultSelector() as selector:
            selector.register(self._stop, selectors.EVENT_READ)
            try:
                selector.register(self.fileno, selectors.EVENT_READ)
            except OSError:
                # A file, or nothing at all, stands where the keys should come from.
                self.watch.lost()
                return
            while True:
                wait = None if tokens.deadline is None else max(tokens.deadline - time.monotonic(), 0)
                ready = {key.fd for key, _events in selector.select(wait)}
                if self._stop in ready:
                    os.read(self._stop, _READ)
                    return
                if ready and not (data := self._read()):
                    self.watch.lost()
                    return
                now = time.monotonic()
                found = tokens.feed(data, now) if ready else tokens.expire(now)
                for message in parser.messages(found):
                    self.process_message(message)

    def _read(self) -> bytes:
        try:
            return os.read(self.fileno, _READ)
        except OSError:
            return b""

    def _leave(self, code: int) -> None:
        if code == GONE:
            # Who asks by a signal may have the terminal still.
            self._restore()
            # What the interpreter writes at its end must not fail, either.
            forget_terminal(self._out.fileno())
        with suppress(RuntimeError):
            self._loop_of_app.call_soon_threadsafe(cast("Leaving", self._app).leave, code)

    def _restore(self) -> None:
        with suppress(OSError, ValueError):
            terminal = self._out.fileno()
            os.set_blocking(terminal, False)
            try:
                os.write(terminal, RESTORE.encode("ascii"))
            finally:
                os.set_blocking(terminal, True)  # others have the same terminal open
        if self.attrs_before is not None:
            with suppress(termios.error):
                termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)


class SequenceParser:
    """Tokens as Textual's messages. What Textual's parser stumbles over is forgotten, with the parser."""

    def __init__(self) -> None:
        self._parser = XTermParser()

    def messages(self, tokens: Iterable[InputToken]) -> Iterable[Message]:
        """The messages of some tokens, in order.

        A character after ESC is a key `alt+x` that types `x`: whoever takes it decides which of both it is.
        """
        for token in tokens:
            if token.kind == "escape":
                yield events.Key("escape", "\x1b")
            elif token.kind == "alt":
                yield events.Key(f"alt+{token.data}", token.data)
            elif token.kind == "paste":
                yield events.Paste(token.data)
            else:
                yield from self._parsed(token.data)

    def _parsed(self, data: str) -> list[Message]:
        try:
            return list(self._parser.feed(data))
        except Exception:  # noqa: BLE001 - whatever a terminal sent, the next key is read
            self._parser = XTermParser()
            return []
