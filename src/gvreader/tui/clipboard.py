"""Copying to the clipboard: through the terminal (OSC 52) and through whichever program the desktop has."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Mapping
from typing import Final

_SECONDS: Final = 3.0


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
    (("clip.exe",), _anywhere, "utf-16"),
)


def copy_by_program(text: str, environ: Mapping[str, str]) -> str | None:
    """Hand `text` to the first clipboard program that is there and takes it; returns its name, or None.

    Waits up to three seconds for a program, so call it off the screen's thread.
    """
    for command, fits, encoding in _PROGRAMS:
        program = shutil.which(command[0], path=environ.get("PATH"))
        if program is None or not fits(environ):
            continue
        try:
            # The programs that stay behind to serve the clipboard must not hold our terminal.
            finished = subprocess.run(  # noqa: S603 - a fixed program; the text goes through its input
                [program, *command[1:]],
                input=text.encode(encoding),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=_SECONDS,
                check=False,
                start_new_session=True,
                env=dict(environ),
            )
        except (OSError, subprocess.TimeoutExpired):
            continue
        if finished.returncode == 0:
            return command[0]
    return None
