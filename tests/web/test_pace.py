"""One pace for all runs of a user."""

from __future__ import annotations

import multiprocessing
import struct
import time
from itertools import pairwise
from pathlib import Path

import pytest

from gvreader.web.pace import Pace, Turn


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


HOST = [Turn(name="xa.example.vn", interval=1.0)]


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_the_first_may_start_at_once_and_the_next_after_the_interval(tmp_path: Path, clock: Clock) -> None:
    pace = Pace(tmp_path / "pace", clock=clock)
    assert pace.reserve(HOST) == 0
    assert pace.start(HOST) == 0
    clock.now += 0.25
    assert pace.start(HOST) == pytest.approx(0.75)
    clock.now += 0.75
    assert pace.start(HOST) == 0


def test_the_larger_of_two_delays_counts(tmp_path: Path, clock: Clock) -> None:
    slow = [Turn(name="xa.example.vn", interval=5.0)]
    pace = Pace(tmp_path, clock=clock)
    assert pace.start(slow) == 0
    clock.now += 2
    assert pace.start(HOST) == pytest.approx(3)
    clock.now += 3
    assert pace.start(HOST) == 0
    clock.now += 2
    assert pace.start(slow) == pytest.approx(3)


def test_runs_queue_in_order(tmp_path: Path, clock: Clock) -> None:
    runs = [Pace(tmp_path, clock=clock) for _number in range(4)]
    assert [run.reserve(HOST) for run in runs] == [0, 1, 2, 3]


def test_an_address_is_shared_by_all_names_on_it(tmp_path: Path, clock: Clock) -> None:
    pace = Pace(tmp_path, clock=clock)
    for number in range(3):
        turns = [Turn(name=f"{number}.example.vn", interval=1.0), Turn(name="@203.0.113.5", interval=0.25)]
        assert pace.start(turns) == pytest.approx(0.25 if number else 0)
        clock.now += 0.25 if number else 0
        assert not number or pace.start(turns) == 0


def test_a_wish_of_the_host_counts_for_all(tmp_path: Path, clock: Clock) -> None:
    Pace(tmp_path, clock=clock).hold("xa.example.vn", 90)
    other = Pace(tmp_path, clock=clock)
    clock.now += 30
    assert other.start(HOST) == pytest.approx(60)
    assert other.reserve(HOST) == pytest.approx(60)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"x",
        b"\xff" * 32,
        b"long" * 25,
        struct.pack("<dddd", float("nan"), 1, 0, 0),
        struct.pack("<dddd", 1_000_000.5, 1, 0, 0),
        struct.pack("<dddd", 0, 1, 1_000_000 + 3601, 0),
        struct.pack("<dddd", 0, -1, 0, 0),
        struct.pack("<dddd", 0, 1, 0, float("inf")),
    ],
    ids=[
        "empty",
        "short",
        "noise",
        "long",
        "not a number",
        "started later",
        "reserved too far",
        "less than nothing",
        "held for ever",
    ],
)
def test_a_file_that_cannot_be_is_ignored_and_mended(tmp_path: Path, clock: Clock, content: bytes) -> None:
    (tmp_path / "xa.example.vn").write_bytes(content)
    pace = Pace(tmp_path, clock=clock)
    assert pace.start(HOST) == 0
    assert pace.start(HOST) == 1


def test_a_reservation_of_an_hour_is_believed(tmp_path: Path, clock: Clock) -> None:
    (tmp_path / "xa.example.vn").write_bytes(struct.pack("<dddd", 0, 1, clock.now + 3600, 0))
    assert Pace(tmp_path, clock=clock).reserve(HOST) == 3600


def test_names_never_leave_the_folder(tmp_path: Path, clock: Clock) -> None:
    pace = Pace(tmp_path / "pace", clock=clock)
    for name in ("../../out", "a/b", "x" * 300, "@2001:db8::1", "127.0.0.1:8000"):
        pace.start([Turn(name=name, interval=1.0)])
    assert pace.trouble is None
    assert [path.name for path in tmp_path.iterdir()] == ["pace"]
    assert len(list((tmp_path / "pace").iterdir())) == 5


def test_a_folder_that_cannot_be_made_leaves_every_turn_free(tmp_path: Path, clock: Clock) -> None:
    (tmp_path / "pace").write_text("a file")
    pace = Pace(tmp_path / "pace", clock=clock)
    assert pace.prepare()
    assert (pace.reserve(HOST), pace.start(HOST), pace.start(HOST)) == (0, 0, 0)
    pace.hold("xa.example.vn", 5)


def _take_turns(folder: Path, count: int) -> None:
    pace = Pace(folder / "pace")
    turn = [Turn(name="xa.example.vn", interval=0.02)]
    for _number in range(count):
        time.sleep(pace.reserve(turn))
        while (wait := pace.start(turn)) > 0:
            time.sleep(wait)
        with (folder / "starts").open("a") as starts:
            starts.write(f"{_last(folder / 'pace' / 'xa.example.vn')!r}\n")


def _last(file: Path) -> float:
    last: float = struct.unpack("<dddd", file.read_bytes())[0]
    return last


def test_processes_never_start_nearer_than_the_interval(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    runs = [context.Process(target=_take_turns, args=(tmp_path, 10)) for _number in range(3)]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    assert [run.exitcode for run in runs] == [0, 0, 0]
    starts = sorted({float(line) for line in (tmp_path / "starts").read_text().split()})
    assert len(starts) > 10
    assert all(later - earlier >= 0.02 - 1e-6 for earlier, later in pairwise(starts))
