"""One filled library per session, copied for each test that may change it."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest

from tests.tui.shelf import Shelf, ShelfServices, fill


@pytest.fixture(scope="session", autouse=True)
def in_one_time_zone() -> None:
    """Dates on the screen are the reader's; these readers live in one place."""
    os.environ["TZ"] = "Asia/Ho_Chi_Minh"
    time.tzset()


@pytest.fixture(scope="session", autouse=True)
def in_one_kind_of_terminal() -> None:
    """What fits the terminal that the tests happen to run in is no matter."""
    os.environ |= {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
    for name in ("NO_COLOR", "COLORFGBG", "TMUX", "STY", "DISPLAY", "WAYLAND_DISPLAY", "BROWSER"):
        os.environ.pop(name, None)


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shelf")
    fill(folder, 60)
    return folder


@pytest.fixture
def services(filled: Path, tmp_path: Path) -> ShelfServices:
    shutil.copy(filled / "library.sqlite3", tmp_path / "library.sqlite3")
    return ShelfServices(tmp_path)


@pytest.fixture
def shelf(services: ShelfServices) -> Shelf:
    shelf = Shelf(services.folder)
    shelf.start_at(100_000)
    return shelf
