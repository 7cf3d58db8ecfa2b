"""Browsers and viewers, played by scripts on the path: what is said to be opened was taken by somebody."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from gvreader.app.desktop import HandOver, hand_over_address, hand_over_file

URL = "https://giavien.ninhbinh.gov.vn/bai-882.html?a=1&b=%20c"


class Desk:
    """A folder of programs; `said` is what each was given, `in_terminal` which of them got the terminal."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.in_terminal: list[str] = []
        self.code = 0

    def program(self, name: str, code: int = 0, seconds: float = 0) -> Path:
        script = self.folder / name
        script.write_text(
            f'#!/bin/sh\necho "$@" >> "{self.folder}/said"\n/bin/sleep {seconds}\nexit {code}\n'
        )
        script.chmod(0o755)
        return script

    @property
    def said(self) -> list[str]:
        said = self.folder / "said"
        return said.read_text().splitlines() if said.exists() else []

    def run(self, command: Sequence[str]) -> int:
        self.in_terminal.append(Path(command[0]).name)
        assert command[1:] == (URL,)
        return self.code

    def open(self, **environ: str) -> HandOver:
        return hand_over_address(URL, self.run, {"PATH": str(self.folder), **environ})


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_the_browser_that_was_chosen_comes_first(desk: Desk) -> None:
    desk.program("xdg-open")
    mine = desk.program("mine")
    assert desk.open(DISPLAY=":0", BROWSER=str(mine)) == HandOver("mine")
    assert desk.open(BROWSER="mine") == HandOver("mine")
    assert desk.open(DISPLAY=":0") == HandOver("xdg-open")
    assert desk.said == [URL, URL, URL]


def test_a_list_of_browsers_with_the_address_where_it_belongs(desk: Desk) -> None:
    desk.program("broken", code=4)
    desk.program("second")
    browser = "missing:broken --new:'unbalanced:second --at=%s --tab"
    assert desk.open(BROWSER=browser) == HandOver("second")
    assert desk.said == [f"--new {URL}", f"--at={URL} --tab"]


def test_a_failure_is_told_with_its_code(desk: Desk) -> None:
    desk.program("xdg-open", code=3)
    assert desk.open(DISPLAY=":0") == HandOver("xdg-open", 3)
    assert not desk.open(DISPLAY=":0").is_taken
    assert desk.open(BROWSER="nowhere", PATH="/nonexistent") == HandOver()


def test_a_browser_of_the_terminal_gets_the_terminal(desk: Desk) -> None:
    desk.program("w3m")
    assert desk.open() == HandOver("w3m")
    assert desk.open(DISPLAY=":0", BROWSER="w3m") == HandOver("w3m")
    desk.program("xdg-open")
    # Without a display, it would start one of them.
    assert desk.open() == HandOver("xdg-open")
    assert desk.in_terminal == ["w3m", "w3m", "xdg-open"]
    assert desk.said == []
    desk.code = 4
    assert desk.open() == HandOver("w3m", 4)


def test_a_program_that_goes_on_has_taken_it(desk: Desk) -> None:
    desk.program("slow", code=1, seconds=20)
    began = time.monotonic()
    assert desk.open(BROWSER="slow") == HandOver("slow")
    assert time.monotonic() - began < 15


def test_a_file_goes_to_the_viewer_and_to_no_browser(desk: Desk, tmp_path: Path) -> None:
    mine = desk.program("mine")
    environ = {"PATH": str(tmp_path), "BROWSER": str(mine)}
    assert hand_over_file(tmp_path / "a b.pdf", environ) == HandOver()
    desk.program("xdg-open")
    assert hand_over_file(tmp_path / "a b.pdf", environ) == HandOver("xdg-open")
    assert desk.said == [str(tmp_path / "a b.pdf")]
