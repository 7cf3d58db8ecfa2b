"""The real command line in a process of its own, in a pipe or on a pseudo-terminal."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

COMMAND = (sys.executable, "-m", "gvreader")
LONGEST = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    code: int
    out: str
    err: str


def environment(home: Path, extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """A clean environment with its own home, English, 80 columns."""
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "TMPDIR") if name in os.environ}
    return (
        kept
        | {"HOME": str(home), "LC_ALL": "C.UTF-8", "TERM": "xterm-256color", "COLUMNS": "80"}
        | dict(extra or {})
    )


def run(
    *arguments: str | Path,
    home: Path,
    extra: Mapping[str, str] | None = None,
    stdin: bytes = b"",
) -> Ended:
    """Run `gvreader` with everything piped."""
    ended = subprocess.run(
        [*COMMAND, *map(str, arguments)],
        input=stdin,
        capture_output=True,
        env=environment(home, extra),
        timeout=LONGEST,
        check=False,
    )
    return Ended(code=ended.returncode, out=ended.stdout.decode(), err=ended.stderr.decode())


def on_terminal(
    *arguments: str | Path, home: Path, columns: int = 80, extra: Mapping[str, str] | None = None
) -> Ended:
    """Run `gvreader` on a pseudo-terminal of `columns`; stdout and stderr come mixed, as a person sees them."""
    variables = environment(home, extra) | {"COLUMNS": str(columns)} | dict(extra or {})
    parent, child = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, *map(str, arguments)],
        stdin=child,
        stdout=child,
        stderr=child,
        env=variables,
        close_fds=True,
    )
    os.close(child)
    output = bytearray()
    deadline = time.monotonic() + LONGEST
    while time.monotonic() < deadline:
        ready, _, _ = select.select([parent], [], [], 0.2)
        if ready:
            try:
                piece = os.read(parent, 65536)
            except OSError:  # the other end is closed
                break
            if not piece:
                break
            output += piece
        elif process.poll() is not None:
            break
    os.close(parent)
    if process.poll() is None:
        try:
            process.wait(timeout=LONGEST)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
    return Ended(code=process.wait(), out=output.decode().replace("\r\n", "\n"), err="")
