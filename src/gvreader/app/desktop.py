"""Handing addresses and files to other programs: the browser that the reader chose, else what the desktop opens."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from threading import Thread
from typing import Final

from gvreader.frozen import dataclass

RunInTerminal = Callable[[Sequence[str]], int]
"""Runs a command that needs the terminal for itself, and returns its exit code."""

_DESKTOP_OPENERS: Final = ("xdg-open", "wslview", "open")
_TERMINAL_BROWSERS: Final = ("w3m", "lynx", "elinks", "links", "links2", "cha", "browsh", "carbonyl")
_FAILS_WITHIN: Final = 1.5
"""Seconds in which a program that cannot open what it was given says so; one that runs longer has taken it."""


@dataclass(frozen=True, slots=True)
class HandOver:
    """How handing something over went: the program asked last, empty for none to be had, and its exit code."""

    program: str = ""
    code: int = 0

    @property
    def is_taken(self) -> bool:
        """Whether a program took it."""
        return bool(self.program) and self.code == 0


@dataclass(frozen=True, slots=True)
class _Candidate:
    command: tuple[str, ...]
    in_terminal: bool


def hand_over_address(
    url: str, in_terminal: RunInTerminal, environ: Mapping[str, str] = os.environ
) -> HandOver:
    """Open an http(s) address: `$BROWSER` (a list with `:`, each with `%s`), the desktop's opener, a terminal browser.

    Waits up to a second or so for a program to fail, then asks the next one.
    """
    return _first_that_takes(_browsers(url, environ), in_terminal, environ)


def hand_over_file(path: Path, environ: Mapping[str, str] = os.environ) -> HandOver:
    """Open a file in the desktop's viewer."""
    candidates = (_Candidate((program, str(path)), False) for program in _openers(environ))
    return _first_that_takes(candidates, lambda _command: 1, environ)


def _browsers(url: str, environ: Mapping[str, str]) -> Iterator[_Candidate]:
    for entry in environ.get("BROWSER", "").split(os.pathsep):
        command = _with_address(entry, url)
        if command and (program := shutil.which(command[0], path=environ.get("PATH"))):
            yield _Candidate((program, *command[1:]), Path(command[0]).name in _TERMINAL_BROWSERS)
    for program in _openers(environ):
        # Without a display xdg-open starts a browser of the terminal, which has to be seen.
        yield _Candidate((program, url), Path(program).name == "xdg-open" and not _has_display(environ))
    for name in _TERMINAL_BROWSERS:
        if program := shutil.which(name, path=environ.get("PATH")):
            yield _Candidate((program, url), True)


def _with_address(entry: str, url: str) -> list[str]:
    """One browser of the list with the address in the place of `%s`, else after it; nothing where it is no command."""
    try:
        words = shlex.split(entry)
    except ValueError:
        return []
    if not words:
        return []
    placed = [word.replace("%s", url) for word in words]
    return placed if placed != words else [*words, url]


def _openers(environ: Mapping[str, str]) -> Iterator[str]:
    for name in _DESKTOP_OPENERS:
        if program := shutil.which(name, path=environ.get("PATH")):
            yield program


def _has_display(environ: Mapping[str, str]) -> bool:
    return bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))


def _first_that_takes(
    candidates: Iterator[_Candidate],
    in_terminal: RunInTerminal,
    environ: Mapping[str, str],
    clock: Callable[[], float] = time.monotonic,
) -> HandOver:
    outcome = HandOver()
    for candidate in candidates:
        name = Path(candidate.command[0]).name
        if candidate.in_terminal:
            began = clock()
            code = in_terminal(candidate.command)
            # However it ended, somebody has looked at it.
            code = 0 if clock() - began > _FAILS_WITHIN else code
        else:
            code = _begin(candidate.command, environ)
        outcome = HandOver(name, code)
        if outcome.is_taken:
            break
    return outcome


def _begin(command: Sequence[str], environ: Mapping[str, str]) -> int:
    """Start a program apart from the terminal; its exit code if it ends at once, 0 while it runs."""
    try:
        process = subprocess.Popen(  # noqa: S603 - a program found on PATH, no shell
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env=dict(environ),
        )
    except OSError:
        return 126
    try:
        return process.wait(_FAILS_WITHIN)
    except subprocess.TimeoutExpired:
        # A child that nobody waits for stays in the process table.
        Thread(target=process.wait, daemon=True).start()
        return 0
