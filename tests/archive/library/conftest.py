from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gvreader.archive.library import Library

from . import making


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "archive" / "library.sqlite3"


@pytest.fixture
def library(path: Path) -> Iterator[Library]:
    with Library.open(path, mode="write") as opened:
        opened.portals.save(making.PORTAL, "Gia Viễn", making.ORIGIN, "giavien")
        yield opened


@pytest.fixture
def scribe(library: Library) -> making.Scribe:
    return making.Scribe(library)
