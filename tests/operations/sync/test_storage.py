"""Disks that fill up or may not be written, and what a run that ended badly leaves to the next one."""

from __future__ import annotations

import json
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import COMMAND, environment
from tests.operations.sync.crash import holdings
from tests.portal import Replica

MOST_BYTES = 1 << 30


@pytest.fixture(scope="module")
def server() -> Iterator[Replica]:
    with Replica(articles=12, seed=4) as running:
        yield running


@pytest.fixture(scope="module")
def whole(server: Replica, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive that nothing happened to."""
    archive = tmp_path_factory.mktemp("whole") / "archive"
    assert gv(archive, *sync(server)).returncode == 0
    return archive


def gv(archive: Path, *arguments: str, most: int = MOST_BYTES) -> subprocess.CompletedProcess[str]:
    """Run `gvreader`; no file may grow beyond `most` bytes."""
    return subprocess.run(
        [*COMMAND, "--quiet", "--archive", str(archive), *arguments],
        capture_output=True,
        text=True,
        env=environment(archive.parent),
        timeout=120,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most)),
        check=False,
    )


def sync(server: Replica) -> tuple[str, ...]:
    return ("sync", "--base-url", server.base_url, "--delay", "0", "--json")


def findings(archive: Path, *options: str) -> tuple[int, list[dict[str, Any]]]:
    ended = gv(archive, "verify", "--json", *options)
    return ended.returncode, json.loads(ended.stdout)["findings"]


@pytest.mark.parametrize("kilobytes", [1, 30, 300, 700, 1500, 3000])
def test_a_full_disk_at_any_moment_is_survived(
    kilobytes: int, server: Replica, whole: Path, tmp_path: Path
) -> None:
    archive = tmp_path / "archive"
    ended = gv(archive, *sync(server), most=kilobytes * 1024)
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    assert len(ended.stderr.splitlines()) == 2
    checked = gv(archive, "verify")
    assert checked.returncode in (0, 8), checked.stderr
    assert gv(archive, *sync(server)).returncode == 0
    assert holdings(archive) == holdings(whole)
    assert findings(archive) == (0, [])


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """A file system in memory, mounted with the options given; only where tests may mount."""
    place = tmp_path / "disk"
    place.mkdir()

    def mount(options: str) -> Path:
        command = ["mount", "-t", "tmpfs", "-o", options, "gvreader-test", str(place)]
        if subprocess.run(command, capture_output=True, check=False).returncode:
            pytest.skip("tests may not mount file systems here")
        return place

    yield mount
    subprocess.run(["umount", str(place)], capture_output=True, check=False)


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="only root may mount")
@pytest.mark.parametrize("size", ["200k", "1200k", "2500k"])
def test_a_small_disk(size: str, small: Callable[[str], Path], server: Replica, whole: Path) -> None:
    archive = small(f"size={size}") / "archive"
    ended = gv(archive, *sync(server))
    assert ended.returncode == 1
    # SQLite calls it an I/O error where the memory that it shares with readers cannot grow.
    assert "Free some space" in ended.stderr or "has room" in ended.stderr, ended.stderr
    small("remount,size=64m")
    assert gv(archive, *sync(server)).returncode == 0
    assert holdings(archive) == holdings(whole)
    assert findings(archive) == (0, [])


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="only root may mount")
def test_a_disk_that_may_only_be_read(small: Callable[[str], Path], server: Replica) -> None:
    archive = small("size=64m") / "archive"
    assert gv(archive, *sync(server)).returncode == 0
    key = sorted(holdings(archive).articles)[0]
    small("remount,ro")
    for command in (sync(server), ("verify", "--repair"), ("rebuild",), ("mark", key, "star")):
        ended = gv(archive, *command)
        assert ended.returncode == 1, command
        assert "Traceback" not in ended.stderr
        assert "Read-only" in ended.stderr or "readonly" in ended.stderr, ended.stderr
    for command in (("list",), ("search", "huyện"), ("show", key), ("status",), ("feed", "--format", "atom")):
        assert gv(archive, *command).returncode == 0, command
    assert findings(archive) == (0, [])


# ── what the next run, and `verify`, make of it ─────────────────────────────────────────────────


@pytest.fixture
def archive(whole: Path, tmp_path: Path) -> Path:
    return shutil.copytree(whole, tmp_path / "archive")


def forget(archive: Path, number: int) -> None:
    """As if a power cut had taken the last commits: rows go, their evidence stays."""
    with closing(sqlite3.connect(archive / "library.sqlite3")) as connection, connection:
        lost = f"SELECT id FROM captures ORDER BY file DESC, offset DESC LIMIT {number}"
        connection.execute(f"DELETE FROM observations WHERE capture_id IN ({lost})")
        connection.execute(f"DELETE FROM media WHERE capture_id IN ({lost})")
        connection.execute(f"DELETE FROM captures WHERE id IN ({lost})")


def test_evidence_without_rows_is_taken_in_by_the_next_run(
    archive: Path, server: Replica, whole: Path
) -> None:
    forget(archive, 5)
    code, found = findings(archive)
    assert (code, [item["kind"] for item in found]) == (0, ["unindexed-record"] * 5)
    ended = gv(archive, "--verbose", *sync(server)[:-1])
    assert ended.returncode == 0
    assert holdings(archive) == holdings(whole)
    assert findings(archive) == (0, [])


def test_evidence_without_rows_is_taken_in_by_a_repair(archive: Path, whole: Path) -> None:
    forget(archive, 5)
    code, found = findings(archive, "--repair")
    assert code == 0
    assert all(item["repaired"] for item in found)
    assert holdings(archive) == holdings(whole)


def test_rows_without_evidence_are_damage(archive: Path) -> None:
    with closing(sqlite3.connect(archive / "library.sqlite3")) as connection, connection:
        connection.execute("UPDATE captures SET offset = offset + 1 WHERE id = 7")
    code, found = findings(archive)
    assert code == 6
    assert {item["kind"] for item in found} == {"missing-record", "unindexed-record"}


@pytest.mark.parametrize("damage", ["garbage", "zeroes in the middle"])
def test_marks_survive_a_damaged_library_as_far_as_they_can_be_read(
    damage: str, archive: Path, whole: Path
) -> None:
    keys = sorted(holdings(archive).articles)
    assert gv(archive, "mark", *keys[:3], "star").returncode == 0
    file = archive / "library.sqlite3"
    data = bytearray(file.read_bytes())
    if damage == "garbage":
        data = bytearray(os.urandom(len(data)))
    else:
        # Ten pages in a row, as a disk loses them.
        data[20 * 8192 : 30 * 8192] = bytes(10 * 8192)
    file.write_bytes(data)
    assert gv(archive, "verify").returncode == 6
    ended = gv(archive, "verify", "--repair")
    assert ended.returncode == 0, ended.stderr
    assert holdings(archive) == holdings(whole)
    (kept,) = archive.glob("library-damaged-*.sqlite3")
    assert kept.read_bytes() == bytes(data)
    starred = gv(archive, "list", "is:starred", "--jsonl").stdout.splitlines()
    if damage != "garbage":
        assert {json.loads(line)["key"] for line in starred} == set(keys[:3])
