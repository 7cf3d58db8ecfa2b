"""What only a real terminal shows: start-up, input methods, resizing, and how it is left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tui.shelf import ShelfServices
from tests.tui.terminal import Terminal

READER = ("-m", "tests.tui.open_reader")


@pytest.fixture
def terminal(services: ShelfServices):  # type: ignore[no-untyped-def]
    with Terminal(*READER, str(services.folder)) as one:
        one.until("Everything · 60 articles", "j k move")
        yield one


def test_it_starts_reads_and_leaves_the_terminal_as_it_was(terminal: Terminal) -> None:
    terminal.send("jj\r")
    terminal.until("Esc back")
    terminal.send("q")
    assert terminal.end() == 0
    assert terminal.restored


def test_search_typed_in_one_write(terminal: Terminal) -> None:
    terminal.send("/nong thon moi\r")
    terminal.until("/ nong thon moi", "results")
    terminal.send("\r")
    terminal.until("Esc back")
    terminal.send("\x1b")
    terminal.until("open")
    terminal.send("q")
    assert terminal.end() == 0


@pytest.mark.parametrize(
    ("stream", "typed"),
    [
        # Unikey in Telex: `tieesng` as the keys that reach a terminal, backspaces and replacement in one read.
        ("tie\x7fê\x7fến\x7f\x7fếng", "tiếng"),
        ("uy\x7f\x7fuỷ ban", "uỷ ban"),
        # `dd` → đ, then a whole word taken back and typed anew.
        ("d\x7fđa\x7fă\x7f\x7fđặng", "đặng"),
        # EVKey and OpenKey: a non-joining character first, removed with the rest.
        ("vie\u202f\x7f\x7fê\x7fệt", "việt"),
        # VNI: `tie61ng` and `d9a85ng` come as the same kind of stream.
        ("tie\x7fê\x7fếng", "tiếng"),
        ("d\x7fđa\x7fă\x7fặng", "đặng"),
        # A correction in the middle of a line of words, in two reads.
        ("hội nghi\x7fị\x7f\x7fhị", "hội nghị"),
        # ibus commits whole syllables; macOS and some editors send decomposed letters.
        ("gia vie\u0302\u0303n", "gia viễn"),
        ("ho\u0323i", "họi"),
    ],
)
def test_vietnamese_input_methods(terminal: Terminal, stream: str, typed: str) -> None:
    terminal.send("/")
    terminal.until("to the results")
    terminal.send(stream)
    terminal.until(f"/ {typed}")
    terminal.send("\x1b")
    terminal.until_gone(f"/ {typed}")
    terminal.send("q")
    assert terminal.end() == 0


def test_decomposed_text_is_pasted_composed_and_on_one_line(terminal: Terminal) -> None:
    terminal.send("/")
    terminal.until("to the results")
    terminal.send("\x1b[200~Gia Vie\u0302\u0303n\nhội nghị\x1b[201~")
    terminal.until("/ Gia Viễn hội nghị")


def test_input_methods_work_in_pickers_too(terminal: Terminal) -> None:
    terminal.send("t")
    terminal.until("Tag, or take a tag away")
    terminal.send("no\x7fô\x7f\x7fnông")
    terminal.until("#nông") if "#nông" in terminal.screen else terminal.until("nông")
    terminal.send("\r")
    terminal.until("tagged nông")


def test_it_folds_and_unfolds_with_the_window(terminal: Terminal) -> None:
    terminal.resize(60, 20)
    terminal.until("Everything · 60 articles")
    terminal.until_gone("│")
    terminal.resize(140, 40)
    terminal.until("SECTIONS", "│")
    terminal.resize(40, 12)
    terminal.until_gone("SECTIONS")
    terminal.send("jk\r")
    terminal.until("Esc back")
    terminal.send("q")
    assert terminal.end() == 0
    assert terminal.restored


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_signal_ends_it_with_the_terminal_restored(terminal: Terminal, number: int, code: int) -> None:
    os.kill(terminal.process.pid, number)
    assert terminal.end() == code
    assert terminal.restored


def test_a_crash_restores_the_terminal_and_shows_where(services: ShelfServices) -> None:
    with Terminal(*READER, str(services.folder), "crash") as terminal:
        assert terminal.end() == 1
        assert terminal.restored
        assert b"ZeroDivisionError" in terminal.raw


def test_hostile_titles_send_no_sequence_of_theirs(services: ShelfServices) -> None:
    with services.writer() as library:
        library.marks.save("\x1b]0;owned\x07\x1b[31m", "x")
    with Terminal(*READER, str(services.folder), size=(120, 50)) as terminal:
        terminal.until("]0;owned[31m")
        assert b"\x1b]0;owned" not in terminal.raw
        terminal.send("q")
        assert terminal.end() == 0


@pytest.mark.parametrize("environ", [{"NO_COLOR": "1"}, {"TERM": "linux"}, {"COLORFGBG": "0;15"}])
def test_terminals_without_colours_of_ours(services: ShelfServices, environ: dict[str, str]) -> None:
    with Terminal(*READER, str(services.folder), env=environ) as terminal:
        terminal.until("Everything · 60 articles")
        if "COLORFGBG" not in environ:
            assert b"38;2;" not in terminal.raw
        terminal.send("q")
        assert terminal.end() == 0


def test_nothing_heavy_is_imported_before_the_first_paint(filled: Path) -> None:
    script = """
import sys
from pathlib import Path
from gvreader import tui
from gvreader.tui.reader_screen import ReaderScreen
from tests.tui.shelf import ShelfServices
before = set(sys.modules)
from textual.app import App
heavy = ("httpx", "bs4", "lxml", "textual.widgets._markdown", "PIL", "pypdf")
shown = ReaderScreen.on_text_scrolled
print([name for name in heavy if name in sys.modules])
"""
    finished = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    assert finished.stdout.strip() == "[]"


def test_it_ends_when_its_terminal_is_gone(services: ShelfServices) -> None:
    """A closed window, a lost connection: nothing stays behind, whatever was being painted."""
    for paints in (False, True):
        with Terminal(*READER, str(services.folder)) as terminal:
            terminal.until("●", "? ")
            if paints:
                terminal.send("jjjjkkkk" * 20)
            terminal.hang_up()
            assert terminal.process.wait(15) == 129
