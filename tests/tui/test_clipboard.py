"""Clipboard programs, played by scripts on the path."""

from __future__ import annotations

from pathlib import Path

from gvreader.tui.clipboard import copy_by_program


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
