"""Copying to the clipboard: into tmux, through the desktop's program, through the terminal (OSC 52)."""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from gvreader.frozen import dataclass

LONGEST_OSC_52: Final = 74_000
"""Bytes that terminals take in one OSC 52 sequence without dropping it."""
_SECONDS: Final = 3.0
_NO_CLIPBOARD: Final = ("", "dumb", "linux", "ansi", "cygwin", "vt52", "vt100", "vt102", "vt220")
_SCREEN_STRING: Final = 240
"""GNU screen passes strings of up to 256 bytes on to the terminal that it is in."""


@dataclass(frozen=True, slots=True)
class Copied:
    """Who took the text: `taken_by` are programs that said so; `sequence` is what a terminal may be sent, if any."""

    taken_by: tuple[str, ...] = ()
    sequence: str = ""


def _wayland(environ: Mapping[str, str]) -> bool:
    return bool(environ.get("WAYLAND_DISPLAY"))


def _x11(environ: Mapping[str, str]) -> bool:
    return bool(environ.get("DISPLAY"))


def _anywhere(_environ: Mapping[str, str]) -> bool:
    return True


_PROGRAMS: Final[tuple[tuple[tuple[str, ...], Callable[[Mapping[str, str]], bool], str], ...]] = (
    (("wl-copy",), _wayland, "utf-8"),
    (("xclip", "-selection", "clipboard"), _x11, "utf-8"),
    (("xsel", "--clipboard", "--input"), _x11, "utf-8"),
    (("pbcopy",), _anywhere, "utf-8"),
    (("termux-clipboard-set",), _anywhere, "utf-8"),
    (("clip.exe",), _anywhere, "utf-16"),
)


def copy(text: str, environ: Mapping[str, str] = os.environ) -> Copied:
    """Hand `text` to tmux where the terminal is one of its windows, and to the desktop's clipboard program.

    Waits up to three seconds for a program, so call it off the screen's thread.
    """
    programs = [copy_by_tmux(text, environ), copy_by_program(text, environ)]
    return Copied(tuple(name for name in programs if name), _sequence(text, environ))


def copy_by_tmux(text: str, environ: Mapping[str, str]) -> str | None:
    """Put `text` into tmux's buffer and, from 3.2 on, into the clipboard of the terminal that tmux is in."""
    if not environ.get("TMUX"):
        return None
    for command in (("tmux", "load-buffer", "-w", "-"), ("tmux", "load-buffer", "-")):
        if _take(command, text.encode("utf-8", "replace"), environ):
            return "tmux"
    return None


def copy_by_program(text: str, environ: Mapping[str, str]) -> str | None:
    """Hand `text` to the first clipboard program that is there and takes it; returns its name, or None."""
    for command, fits, encoding in _PROGRAMS:
        if fits(environ) and _take(command, text.encode(encoding, "replace"), environ):
            return command[0]
    return None


def _take(command: Sequence[str], data: bytes, environ: Mapping[str, str]) -> bool:
    program = shutil.which(command[0], path=environ.get("PATH"))
    if program is None:
        return False
    try:
        # The programs that stay behind to serve the clipboard must not hold our terminal.
        finished = subprocess.run(  # noqa: S603 - a fixed program; the text goes through its input
            [program, *command[1:]],
            input=data,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_SECONDS,
            check=False,
            start_new_session=True,
            env=dict(environ),
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return finished.returncode == 0


def _sequence(text: str, environ: Mapping[str, str]) -> str:
    """OSC 52 as the terminal takes it; nothing where there is no clipboard, or the text is too long for it."""
    data = text.encode("utf-8", "replace")
    term = environ.get("TERM", "").lower()
    if environ.get("TMUX") or term in _NO_CLIPBOARD or len(data) > LONGEST_OSC_52:
        return ""
    whole = f"\x1b]52;c;{base64.b64encode(data).decode('ascii')}\x07"
    if not environ.get("STY"):
        return whole
    pieces = (whole[at : at + _SCREEN_STRING] for at in range(0, len(whole), _SCREEN_STRING))
    return "".join(f"\x1bP{piece}\x1b\\" for piece in pieces)
