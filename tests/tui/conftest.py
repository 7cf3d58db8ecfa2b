"""One filled library per session, copied for each test that may change it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.tui.shelf import Shelf, ShelfServices, fill


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
