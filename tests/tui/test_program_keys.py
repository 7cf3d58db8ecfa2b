"""Keys as a terminal sends them: Esc with a letter, Alt, keys of the program in every prompt, noise."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Iterator

import pytest

from tests.tui.shelf import ShelfServices
from tests.tui.terminal import Terminal

READER = ("-m", "tests.tui.open_reader")


@pytest.fixture
def terminal(services: ShelfServices) -> Iterator[Terminal]:
    with Terminal(*READER, str(services.folder)) as terminal:
        terminal.until("Everything · 60 articles", "? help")
        yield terminal


def settle(terminal: Terminal, seconds: float = 0.4) -> None:
    """Take in whatever comes until nothing has come for a while."""
    while terminal.read(seconds):
        pass


def end(terminal: Terminal) -> None:
    terminal.send("\x11")
    assert terminal.end() == 0
    assert terminal.restored


def test_esc_and_a_letter_in_one_read_leave_a_search_and_move(terminal: Terminal) -> None:
    terminal.send("/nong thon")
    terminal.until("/ nong thon", "results")
    terminal.send("\x1bj")
    terminal.until_gone("/ nong thon")
    settle(terminal)
    lines = terminal.screen.splitlines()
    assert lines[2].startswith(" ●")
    assert any(line.startswith("▌") for line in lines[5:9])
    end(terminal)


def test_alt_never_acts_as_the_letter(terminal: Terminal) -> None:
    settle(terminal)
    before = terminal.screen
    for certain in (b"\x1b[113;3u", b"\x1b[113;3;113u", b"\x1b[27;3;113~", b"\x1b[117;3u"):
        terminal.send(certain)
        settle(terminal)
        assert terminal.screen == before
    # Esc goes to the places, and may be all that was meant.
    for letter in b"quAsrxe":
        terminal.send(bytes((0x1B, letter)))
        settle(terminal)
        assert terminal.process.poll() is None
        assert terminal.screen.splitlines()[:1] == before.splitlines()[:1]
        assert "60 unread" in terminal.screen
    end(terminal)


@pytest.mark.parametrize("opened", ["", "/nong", "?", "C"])
def test_the_shell_is_a_key_away_and_the_whole_screen_comes_back(terminal: Terminal, opened: str) -> None:
    if opened:
        terminal.send(opened)
    settle(terminal)
    before = terminal.screen
    terminal.send("\x1a")
    deadline = time.monotonic() + 10
    while (stopped := os.waitid(os.P_PID, terminal.process.pid, os.WSTOPPED | os.WNOHANG)) is None:
        terminal.read()
        assert time.monotonic() < deadline
    assert stopped.si_status == signal.SIGSTOP
    settle(terminal)
    terminal.display.reset()
    os.kill(terminal.process.pid, signal.SIGCONT)
    settle(terminal, 1.0)
    assert terminal.screen == before
    if opened:
        terminal.send("\x07")
        settle(terminal)
    end(terminal)


@pytest.mark.parametrize("opened", ["", "/nong", "?", "C"])
def test_the_screen_is_painted_anew_when_asked(terminal: Terminal, opened: str) -> None:
    terminal.send(opened) if opened else None
    settle(terminal)
    before = terminal.screen
    terminal.display.erase_in_display(2)
    terminal.send("\x0c")
    settle(terminal)
    assert terminal.screen == before
    terminal.send("\x07")
    settle(terminal)
    end(terminal)


@pytest.mark.parametrize("opened", ["/nong", "t", "?", "p", "A", "C", "f"])
def test_a_prompt_is_left_with_ctrl_c_ctrl_g_and_esc(terminal: Terminal, opened: str) -> None:
    settle(terminal)
    before = terminal.screen.splitlines()
    for key in ("\x03", "\x07", "\x1b"):
        terminal.send(opened)
        settle(terminal)
        assert terminal.screen.splitlines()[:20] != before[:20]
        terminal.send(key)
        settle(terminal)
        assert terminal.process.poll() is None
        assert terminal.screen.splitlines()[:20] == before[:20]
    end(terminal)


def test_tab_never_leaves_the_search(terminal: Terminal) -> None:
    terminal.send("/nong thon\t moi")
    terminal.until("/ nong thon moi")
    settle(terminal)
    assert "/ nong thon moi" in terminal.screen
    end(terminal)


@pytest.mark.parametrize("seed", range(3))
def test_noise_does_nothing_and_leaves_the_reader_alive(services: ShelfServices, seed: int) -> None:
    """Bytes of every kind but those that are keys of the reader: it answers afterwards, and nothing was marked."""
    chance = random.Random(seed)
    introducers = [b"\x1b]", b"\x1bP", b"\x1b[", b"\x1b_", b"\x9d", b"\x9b", b"\x1bO", b"\x1b[<", b"\x1b[?"]
    letters = bytes({*range(0x80, 0x100), *b"0123456789;:$"} - {0x9B})
    with Terminal(*READER, str(services.folder)) as terminal:
        terminal.until("Everything · 60 articles", "? help")
        until = time.monotonic() + 4
        while time.monotonic() < until:
            noise = chance.choice(introducers) if chance.random() < 0.5 else b""
            terminal.send(noise + bytes(chance.choices(letters, k=chance.randrange(1, 20))))
            terminal.read(0.01)
            assert terminal.process.poll() is None, terminal.screen
        settle(terminal, 1.5)
        terminal.send("\x1b\x1b")
        settle(terminal)
        terminal.send("?")
        terminal.until("MOVING")
        terminal.send("\x07")
        settle(terminal)
        assert "60 articles, 60 unread" in terminal.screen
        terminal.send("\x11")
        assert terminal.end() == 0


def test_a_late_answer_is_no_key(terminal: Terminal) -> None:
    settle(terminal)
    before = terminal.screen
    for part in (
        b"\x1b]11;rgb:0000/",
        b"0000/0000",
        b"\x1b",
        b"\\",
        b"\x1b[?64;1;2;6;9;15;16;17;18;21;22;28c",
    ):
        terminal.send(part)
        settle(terminal, 0.15)
    settle(terminal)
    assert terminal.screen == before
    end(terminal)
