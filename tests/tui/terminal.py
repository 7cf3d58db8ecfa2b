"""The reader in a real pseudo-terminal, its output shown by a terminal emulator."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import pyte

_ROOT = Path(__file__).parents[2]
_DEADLINE = 20.0


class Terminal:
    """A program on a pseudo-terminal. `screen` is what a person would see, `raw` every byte that was sent to it."""

    def __init__(
        self, *arguments: str, size: tuple[int, int] = (100, 30), env: dict[str, str] | None = None
    ) -> None:
        self._size = size
        self._is_gone = False
        self.raw = b""
        self.display = pyte.Screen(*size)
        self._stream = pyte.ByteStream(self.display)
        self._master, slave = pty.openpty()
        self.before = termios.tcgetattr(slave)
        self._slave = slave
        self._set_size(*size)
        environment = {
            "PATH": os.environ["PATH"],
            "TERM": "xterm-256color",
            "LANG": "C.UTF-8",
            "HOME": "/nonexistent",
        }
        self.process = subprocess.Popen(
            [sys.executable, *arguments],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            cwd=_ROOT,
            env=environment | (env or {}),
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0) and None,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        if not self._is_gone:
            self.hang_up()

    def hang_up(self) -> None:
        """Close the terminal's window."""
        self._is_gone = True
        os.close(self._slave)
        os.close(self._master)

    def send(self, data: bytes | str) -> None:
        """Type bytes, all in one write."""
        os.write(self._master, data.encode() if isinstance(data, str) else data)

    def read(self, seconds: float = 0.05) -> bool:
        """Take in what the program writes within some time; whether there was anything."""
        ready, _, _ = select.select([self._master], [], [], seconds)
        if not ready:
            return False
        try:
            data = os.read(self._master, 65536)
        except OSError:
            return False
        self.raw += data
        self._stream.feed(data)
        return bool(data)

    @property
    def screen(self) -> str:
        return "\n".join(line.rstrip() for line in self.display.display)

    def until(self, *texts: str) -> None:
        """Wait until the screen shows every text."""
        deadline = time.monotonic() + _DEADLINE
        while not all(text in self.screen for text in texts):
            assert time.monotonic() < deadline, f"never showed {texts}\n{self.screen}"
            self.read()

    def until_gone(self, text: str) -> None:
        """Wait until the screen no longer shows a text."""
        deadline = time.monotonic() + _DEADLINE
        while text in self.screen:
            assert time.monotonic() < deadline, f"still shows {text}\n{self.screen}"
            self.read()

    def until_sent(self, data: bytes) -> None:
        """Wait until the program has written some bytes, whether the emulator understands them or not."""
        deadline = time.monotonic() + _DEADLINE
        while data not in self.raw:
            assert time.monotonic() < deadline, f"never sent {data!r}\n{self.screen}"
            self.read()

    def end(self) -> int:
        """Wait for the program to end and return its exit code."""
        deadline = time.monotonic() + _DEADLINE
        while self.process.poll() is None:
            assert time.monotonic() < deadline, f"does not end\n{self.screen}"
            self.read()
        while self.read(0.2):
            pass
        return self.process.returncode

    def resize(self, columns: int, lines: int) -> None:
        """Change the size as a window manager would."""
        self.display.resize(lines, columns)
        self._set_size(columns, lines)
        os.killpg(self.process.pid, signal.SIGWINCH)

    @property
    def restored(self) -> bool:
        """Whether the terminal is as it was: line discipline, main screen, cursor, no mouse, no bracketed paste."""
        pairs = [(b"\x1b[?1049h", b"\x1b[?1049l"), (b"\x1b[?25l", b"\x1b[?25h"), (b"\x1b[?1000h", b"\x1b[?1000l"),
                 (b"\x1b[?1003h", b"\x1b[?1003l"), (b"\x1b[?2004h", b"\x1b[?2004l")]  # fmt: skip
        undone = all(self.raw.rfind(off) >= self.raw.rfind(on) for on, off in pairs)
        return undone and termios.tcgetattr(self._slave)[:4] == self.before[:4]

    def _set_size(self, columns: int, lines: int) -> None:
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
