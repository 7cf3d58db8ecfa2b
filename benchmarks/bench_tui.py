"""The reader through a real pseudo-terminal, beside a minimal Textual application in the same run.

Measures the time from the start of the process to the newest title on the screen and to the line of keys, which is
painted once the reader itself is there; the work (CPU time of all threads) from a key to its frame; and the memory
that is resident, with many articles in the archive. The limits are those of docs/reader.md; a figure beyond one is
marked.

    python benchmarks/bench_tui.py [--rows 100000] [--rounds 9]
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # the tests' terminal and shelf

from tests.tui.shelf import Shelf  # noqa: E402
from tests.tui.terminal import Terminal  # noqa: E402

from gvreader.model import Article, Block, SectionRef, Span  # noqa: E402

MINIMAL = """
from textual.app import App
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from rich.segment import Segment

class Lines(ScrollView, can_focus=True):
    def on_mount(self):
        self.virtual_size = Size(80, 100_000)
        self.focus()
    def render_line(self, y):
        return Strip([Segment(f"first-line {y + self.scroll_offset.y}".ljust(self.size.width))], self.size.width)

class Minimal(App):
    ENABLE_COMMAND_PALETTE = False
    def compose(self):
        yield Lines()

app = Minimal()
app.animation_level = "none"
app.run()
"""
KEYS = {"j, down one": b"j", "space, a page": b" ", "k, up one": b"k"}
SIZE = (140, 42)
WORDS = "hội nghị kiểm điểm công tác chỉ đạo điều hành phát triển kinh tế xã hội nông thôn mới huyện Gia Viễn"
QUIET_SECONDS = 0.12
PRESSES = 60
MOST_RATIO = 1.3
MOST_MILLISECONDS = 16.0
MOST_MEGABYTES = 150


def fill(folder: Path, rows: int) -> None:
    """A library of short articles, through its own API."""
    shelf = Shelf(folder)
    sections = tuple(SectionRef(slug=f"muc-{number}", title=f"Chuyên mục {number}") for number in range(9))
    words = WORDS.split()

    def article(number: int) -> Article:
        turned = words[number % len(words) :] + words[: number % len(words)]
        return Article(
            url=f"https://giavien.ninhbinh.gov.vn/bai-{number}.html",
            identity=str(number),
            title=f"Bài {number}: {' '.join(turned[:14])}",
            published=date(2008, 1, 1) + timedelta(days=number * 6000 // rows),
            author="Hồng Hạ",
            sections=(sections[number % len(sections)],),
            blocks=(Block(kind="paragraph", spans=(Span(text=" ".join(turned * 4)),)),),
        )

    for start in range(0, rows, 5000):
        shelf.put([article(number) for number in range(start, min(start + 5000, rows))])


def first_paint(arguments: tuple[str, ...], sign: bytes) -> float:
    """Milliseconds from the start of the process to the first byte of `sign` on the terminal."""
    started = time.perf_counter()
    with Terminal(*arguments, size=SIZE) as terminal:
        data = b""
        while sign not in data:
            data += os.read(terminal._master, 65536)
        return (time.perf_counter() - started) * 1000


def cpu_milliseconds(process: int) -> float:
    """CPU time of every thread of a process so far."""
    total = 0
    for thread in Path(f"/proc/{process}/task").iterdir():
        total += int((thread / "schedstat").read_text().split()[0])
    return total / 1e6


def resident_megabytes(process: int) -> float:
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def settle(terminal: Terminal, seconds: float = QUIET_SECONDS) -> None:
    while terminal.read(seconds):
        pass


def key_work(terminal: Terminal, key: bytes, presses: int) -> list[float]:
    """Work in ms for each press of a key, up to the frame that shows it.

    The text follows the cursor 40 ms later; that frame is not counted here.
    """
    work = []
    for _press in range(presses):
        before = cpu_milliseconds(terminal.process.pid)
        terminal.send(key)
        terminal.read(1.0)
        settle(terminal, 0.01)
        work.append(cpu_milliseconds(terminal.process.pid) - before)
        settle(terminal)
    return work


def p95(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.95)]


def started(arguments: tuple[str, ...], sign: str) -> Terminal:
    terminal = Terminal(*arguments, size=SIZE)
    terminal.until(sign)
    settle(terminal, 1.0)
    return terminal


def paired(rounds: int, one: Callable[[], float], other: Callable[[], float]) -> tuple[float, float]:
    """Medians of two measurements taken in turns, after one round to warm up."""
    one()
    other()
    pairs = [(one(), other()) for _round in range(rounds)]
    return statistics.median(first for first, _ in pairs), statistics.median(second for _, second in pairs)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="gvreader-bench-") as name:
        folder = Path(name)
        begun = time.perf_counter()
        fill(folder, options.rows)
        print(f"{options.rows:,} articles, library filled in {time.perf_counter() - begun:.0f} s")
        measure(folder, options.rows, options.rounds)


def measure(folder: Path, rows: int, rounds: int) -> None:
    minimal = folder / "minimal.py"
    minimal.write_text(MINIMAL)
    command = ("-m", "gvreader", "--archive", str(folder), "--lang", "en", "read")
    newest = f"{rows - 1}:".encode()

    def listed() -> float:
        return first_paint(command, newest)

    def ready() -> float:
        return first_paint(command, b"quit")

    def theirs() -> float:
        return first_paint((str(minimal),), b"first-line")

    shown, bare = paired(rounds, listed, theirs)
    ratio = shown / bare
    print(f"newest title on screen {shown:6.0f} ms   minimal application {bare:4.0f} ms   "
          f"ratio {ratio:.2f}{beyond(ratio, MOST_RATIO)}")  # fmt: skip
    full, bare = paired(rounds, ready, theirs)
    print(
        f"reader ready           {full:6.0f} ms   minimal application {bare:4.0f} ms   ratio {full / bare:.2f}"
    )
    with started(command, "Everything") as terminal:
        for what, key in KEYS.items():
            work = key_work(terminal, key, PRESSES)
            print(f"{what:<20} {statistics.median(work):8.1f} ms of work   p95 {p95(work):5.1f} ms"
                  f"{beyond(p95(work), MOST_MILLISECONDS)}")  # fmt: skip
        terminal.send(b"G")
        settle(terminal, 1.0)
        memory = resident_megabytes(terminal.process.pid)
        print(f"resident               {memory:6.0f} MB{beyond(memory, MOST_MEGABYTES)}")
    with started((str(minimal),), "first-line") as terminal:
        work = key_work(terminal, b"\x1b[B", PRESSES)
        print(f"minimal app, down    {statistics.median(work):8.1f} ms of work   p95 {p95(work):5.1f} ms")
        print(f"minimal app, resident  {resident_megabytes(terminal.process.pid):6.0f} MB")


def beyond(value: float, most: float) -> str:
    return f"   BEYOND {most:g}" if value > most else ""


if __name__ == "__main__":
    main()
