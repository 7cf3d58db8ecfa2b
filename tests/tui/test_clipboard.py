"""Clipboard programs, played by scripts on the path."""

from __future__ import annotations

import base64
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from gvreader.tui.clipboard import Copied, copy, copy_by_program


def program(folder: Path, name: str, *, fails: bool = False) -> None:
    script = folder / name
    script.write_text(f'#!/bin/sh\ncat > "{folder}/{name}.got"\nexit {int(fails)}\n')
    script.chmod(0o755)


def environment(folder: Path, **more: str) -> dict[str, str]:
    return {"PATH": f"{folder}:/usr/bin:/bin", **more}


def test_the_desktops_program_gets_the_text(tmp_path: Path) -> None:
    program(tmp_path, "xclip")
    text = "Gia Viễn; $(rm -rf /) \x1b"
    assert copy_by_program(text, environment(tmp_path, DISPLAY=":0")) == "xclip"
    assert (tmp_path / "xclip.got").read_text() == text


def test_one_that_fails_is_passed_over(tmp_path: Path) -> None:
    program(tmp_path, "wl-copy", fails=True)
    program(tmp_path, "xsel")
    used = copy_by_program("x", environment(tmp_path, DISPLAY=":0", WAYLAND_DISPLAY="wayland-0"))
    assert used == "xsel"


def test_windows_gets_utf_16(tmp_path: Path) -> None:
    program(tmp_path, "clip.exe")
    assert copy_by_program("Đ", environment(tmp_path)) == "clip.exe"
    assert (tmp_path / "clip.exe.got").read_bytes().decode("utf-16") == "Đ"


def test_without_any_it_says_so(tmp_path: Path) -> None:
    program(tmp_path, "xclip")
    assert copy_by_program("x", {"PATH": str(tmp_path)}) is None


@pytest.fixture
def tmux(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a window of a tmux server as it comes."""
    program = shutil.which("tmux")
    if program is None:
        pytest.skip("there is no tmux here")
    server = [program, "-S", str(tmp_path / "socket"), "-f", "/dev/null"]
    subprocess.run([*server, "new-session", "-d", "-x", "80", "-y", "24", "sleep 60"], check=True)
    try:
        yield {"PATH": os.environ["PATH"], "TMUX": f"{tmp_path / 'socket'},1,0", "TERM": "tmux-256color"}
    finally:
        subprocess.run([*server, "kill-server"], check=False)


def test_tmux_has_what_was_copied_in_it(tmux: dict[str, str], tmp_path: Path) -> None:
    assert copy("Đường dẫn", tmux) == Copied(("tmux",), "")
    shown = subprocess.run(
        ["tmux", "-S", str(tmp_path / "socket"), "show-buffer"], capture_output=True, text=True, check=True
    )
    assert shown.stdout == "Đường dẫn"


def test_a_server_that_is_gone_has_taken_nothing(tmp_path: Path) -> None:
    environ = {"PATH": os.environ["PATH"], "TMUX": f"{tmp_path / 'none'},1,0", "TERM": "tmux-256color"}
    assert copy("x", environ) == Copied((), "")


def test_the_terminal_is_asked_where_it_may_have_a_clipboard() -> None:
    encoded = base64.b64encode("Gia Viễn".encode()).decode()
    plain = f"\x1b]52;c;{encoded}\x07"
    assert copy("Gia Viễn", {"TERM": "xterm-256color"}) == Copied((), plain)
    for term in ("linux", "vt100", "dumb", ""):
        assert copy("Gia Viễn", {"TERM": term}) == Copied()
    assert copy("x" * 80_000, {"TERM": "xterm"}) == Copied()


def test_screen_passes_it_on_in_pieces() -> None:
    sequence = copy("x" * 1000, {"TERM": "screen", "STY": "1.pts"}).sequence
    pieces = re.findall(r"\x1bP(.*?)\x1b\\", sequence, re.S)
    assert "".join(f"\x1bP{piece}\x1b\\" for piece in pieces) == sequence
    assert max(map(len, pieces)) < 256
    assert "".join(pieces) == f"\x1b]52;c;{base64.b64encode(b'x' * 1000).decode()}\x07"
