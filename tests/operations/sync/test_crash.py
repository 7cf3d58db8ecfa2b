"""Real processes, really killed; `make crash` does the same a few hundred times."""

from __future__ import annotations

from pathlib import Path

from tests.operations.sync.crash import experiment


def test_a_killed_sync_ends_like_any_other(tmp_path: Path) -> None:
    assert experiment(tmp_path, kills=3, seed=11) >= 1
