"""Nothing stays behind when the terminal is gone, whatever the reader was doing."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import threading
import time
from collections.abc import Iterator

import pytest

from gvreader.tui.hangup import GONE, HangupWatch
from tests.tui.shelf import ShelfServices
from tests.tui.terminal import Terminal

READER = ("-m", "tests.tui.open_reader")
IGNORING = """
import runpy, signal
signal.signal(signal.SIGHUP, signal.SIG_IGN)
runpy.run_module("tests.tui.open_reader", run_name="__main__")
"""
ENDS_WITHIN = 5.0


@pytest.fixture
def pair() -> Iterator[tuple[int, int]]:
    master, slave = pty.openpty()
    yield master, slave
    for descriptor in (master, slave):
        try:
            os.close(descriptor)
        except OSError:
            continue


class Heard:
    """What a watch said, and when."""

    def __init__(self) -> None:
        self.left: list[int] = []
        self.restored = threading.Event()
        self.ended: list[int] = []
        self.is_over = threading.Event()

    def end(self, code: int) -> None:
        self.ended.append(code)
        self.is_over.set()

    def watch(self, descriptor: int) -> HangupWatch:
        return HangupWatch(descriptor, self.left.append, self.restored.set, patience=0.05, end=self.end)


def test_a_terminal_that_hangs_up_ends_it_in_order_and_then_anyhow(pair: tuple[int, int]) -> None:
    heard = Heard()
    watch = heard.watch(pair[1])
    watch.start()
    try:
        os.close(pair[0])
        assert heard.is_over.wait(10)
        assert (heard.left, heard.ended) == ([GONE], [GONE])
        assert heard.restored.is_set()
    finally:
        watch.stop()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_while_the_main_thread_is_busy(pair: tuple[int, int], number: int) -> None:
    heard = Heard()
    watch = heard.watch(pair[1])
    before = signal.getsignal(number)
    watch.start()
    try:
        os.kill(os.getpid(), number)
        assert heard.is_over.wait(10)
        assert heard.ended == [128 + number]
    finally:
        watch.stop()
    assert signal.getsignal(number) is before


def test_an_ordinary_end_is_left_alone(pair: tuple[int, int]) -> None:
    heard = Heard()
    watch = heard.watch(pair[1])
    watch.start()
    watch.stop()
    watch._thread.join(10)
    os.close(pair[0])
    assert (heard.left, heard.ended) == ([], [])


def ended_within(process: subprocess.Popen[bytes]) -> int:
    """The exit code of a process that has to end."""
    began = time.monotonic()
    code = process.wait(30)
    assert time.monotonic() - began < ENDS_WITHIN * 3  # a machine that is busy with other things counts, too
    return code


@pytest.mark.parametrize("ignoring", [False, True])
@pytest.mark.parametrize(
    ("keys", "shown"),
    [
        ("", "●"),
        ("/nong", "/ nong"),
        ("?", "MOVING"),
        ("\r", "Esc back"),
        ("p", "What do you want"),
        ("C", "2024"),
    ],
)
def test_it_ends_whatever_is_shown(services: ShelfServices, keys: str, shown: str, ignoring: bool) -> None:
    program = ("-c", IGNORING) if ignoring else READER
    with Terminal(*program, str(services.folder)) as terminal:
        if keys:
            terminal.until("? ")
            terminal.send(keys)
        terminal.until(shown)
        terminal.hang_up()
        assert ended_within(terminal.process) in (GONE, -signal.SIGHUP, 120)


@pytest.mark.parametrize("wait", [0.0, 0.2, 0.4, 0.8])
def test_it_ends_while_it_starts(services: ShelfServices, wait: float) -> None:
    with Terminal("-c", IGNORING, str(services.folder)) as terminal:
        terminal.read(wait)
        terminal.hang_up()
        ended_within(terminal.process)


def test_it_ends_while_it_is_stopped(services: ShelfServices) -> None:
    with Terminal(*READER, str(services.folder)) as terminal:
        terminal.until("? ")
        os.kill(terminal.process.pid, signal.SIGSTOP)
        terminal.hang_up()
        os.kill(terminal.process.pid, signal.SIGCONT)
        ended_within(terminal.process)


def test_a_terminal_that_takes_no_output_cannot_hold_it(services: ShelfServices) -> None:
    with Terminal(*READER, str(services.folder)) as terminal:
        terminal.until("? ")
        terminal.send("jk" * 400 + "GgGg" * 100)
        time.sleep(0.5)
        os.kill(terminal.process.pid, signal.SIGTERM)
        assert ended_within(terminal.process) == 128 + signal.SIGTERM


def test_standard_streams_that_lead_nowhere(services: ShelfServices) -> None:
    """What a lost terminal is replaced with is no input that is always ready."""
    script = f"""
import os, sys
os.dup2(os.open(os.devnull, os.O_RDWR), 0)
from pathlib import Path
from gvreader import tui
from tests.tui.shelf import ShelfServices
sys.exit(tui.run(ShelfServices(Path({str(services.folder)!r}))))
"""
    with Terminal("-c", script) as terminal:
        deadline = time.monotonic() + 30
        while terminal.process.poll() is None and time.monotonic() < deadline:
            terminal.read()
        assert terminal.process.returncode == GONE
