"""An archive synced once from the replica over loopback, and copies of it for tests that change something."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.portal import Replica

from .running import Ended, run

ARTICLES = 40


@pytest.fixture(scope="session")
def replica() -> Iterator[Replica]:
    with Replica(articles=ARTICLES, seed=7) as running:
        yield running


@pytest.fixture(scope="session")
def synced(replica: Replica, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ended]:
    """The archive of a first sync with `--json`, and how that ended. Not to be changed."""
    folder = tmp_path_factory.mktemp("synced")
    ended = run(
        "--archive",
        folder / "archive",
        "sync",
        "--base-url",
        replica.base_url,
        "--delay",
        "0",
        "--json",
        home=folder,
    )
    # Readers of other tests leave SQLite's shared-memory files beside the library; here only the sync was.
    names = sorted(path.name for path in (folder / "archive").iterdir())
    (folder / "left-behind").write_text("\n".join(names))
    return folder / "archive", ended


@pytest.fixture(scope="session")
def archive(synced: tuple[Path, Ended]) -> Path:
    """The same archive, for commands that only read."""
    return synced[0]


@pytest.fixture
def copy(archive: Path, tmp_path: Path) -> Path:
    """An archive of the test's own."""
    return shutil.copytree(archive, tmp_path / "archive")


@pytest.fixture
def gv(tmp_path: Path) -> Callable[..., Ended]:
    """Run a command with a home of the test's own."""

    def gv(*arguments: str | Path, **settings: Any) -> Ended:
        return run(*arguments, home=tmp_path, **settings)

    return gv


def objects(text: str) -> list[dict[str, Any]]:
    """The JSON objects of `--jsonl`."""
    return [json.loads(line) for line in text.splitlines()]
