"""No link in an archive is followed, whoever put it there."""

from __future__ import annotations

import errno
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gvreader.archive.inside import open_inside, reading_inside
from gvreader.archive.library import Library
from gvreader.archive.vault import Vault
from gvreader.errors import StorageFailed


def clock() -> datetime:
    return datetime(2024, 1, 1, tzinfo=UTC)


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A file that no archive may touch."""
    file = tmp_path / "outside" / "file"
    file.parent.mkdir()
    file.write_bytes(b"not yours")
    return file


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    folder = tmp_path / "archive"
    (folder / "vault").mkdir(parents=True)
    return folder


def test_a_plain_file_is_opened(archive: Path) -> None:
    (archive / "vault" / "a").write_bytes(b"here")
    with reading_inside(archive / "vault" / "a", below=2) as file:
        assert file.read() == b"here"


def test_the_archive_itself_may_be_reached_through_a_link(archive: Path, tmp_path: Path) -> None:
    (archive / "a").write_bytes(b"here")
    (tmp_path / "link").symlink_to(archive)
    with reading_inside(tmp_path / "link" / "a", below=1) as file:
        assert file.read() == b"here"


@pytest.mark.parametrize("flags", [os.O_RDONLY, os.O_WRONLY | os.O_CREAT, os.O_WRONLY | os.O_APPEND])
def test_a_linked_file_is_refused(archive: Path, outside: Path, flags: int) -> None:
    (archive / "a").symlink_to(outside)
    with pytest.raises(OSError, match="symbolic") as refused:
        open_inside(archive / "a", flags, below=1)
    assert refused.value.errno == errno.ELOOP
    assert outside.read_bytes() == b"not yours"


def test_a_file_in_a_linked_folder_is_refused(archive: Path, outside: Path) -> None:
    (archive / "torn").symlink_to(outside.parent)
    with pytest.raises(OSError, match="symbolic"):
        open_inside(archive / "torn" / "file", below=2)


@pytest.mark.parametrize("below", [2, 3])
def test_names_that_lead_out_are_refused(archive: Path, below: int) -> None:
    with pytest.raises(OSError, match="Invalid argument"):
        open_inside(archive / "vault" / ".." / "lock", below=below)


def test_a_pipe_is_refused_and_not_waited_for(archive: Path) -> None:
    os.mkfifo(archive / "lock")
    with pytest.raises(OSError, match="Invalid argument"):
        open_inside(archive / "lock", below=1)


def test_a_linked_vault_is_said_and_left_alone(archive: Path, outside: Path) -> None:
    (archive / "vault").rmdir()
    (archive / "vault").symlink_to(outside.parent)
    with pytest.raises(StorageFailed, match="link"):
        Vault.open(archive / "vault", mode="write", clock=clock)
    assert [path.name for path in outside.parent.iterdir()] == ["file"]


def test_a_linked_file_of_the_vault_is_none_of_the_vaults(archive: Path, outside: Path) -> None:
    name = "giavien-20240101000000-00001.warc.gz"
    (archive / "vault" / name).symlink_to(outside)
    with Vault.open(archive / "vault", mode="write", clock=clock) as vault:
        assert vault.files() == ()
        assert [(found.kind, found.file) for found in vault.verify()] == [("foreign-file", name)]
    assert outside.read_bytes() == b"not yours"


@pytest.mark.parametrize("suffix", ["", "-wal", "-shm", "-journal"])
@pytest.mark.parametrize("mode", ["read", "write"])
def test_a_linked_library_is_said_and_left_alone(
    archive: Path, outside: Path, suffix: str, mode: str
) -> None:
    path = archive / "library.sqlite3"
    if suffix:
        Library.open(path, mode="write").close()
    path.with_name(path.name + suffix).symlink_to(outside)
    with pytest.raises(StorageFailed, match="symbolic"):
        Library.open(path, mode=mode)  # type: ignore[arg-type]
    assert outside.read_bytes() == b"not yours"
