from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from gvreader.errors import StorageFailed, UsageError
from gvreader.export.atomic_files import replacing


def test_the_file_changes_as_a_whole(tmp_path: Path) -> None:
    target = tmp_path / "feed.xml"
    target.write_text("old")
    target.chmod(0o640)
    with replacing(target) as stream:
        stream.write(b"new")
        assert target.read_text() == "old"
    assert target.read_text() == "new"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    assert list(tmp_path.iterdir()) == [target]


def test_a_failure_keeps_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "feed.xml"
    target.write_text("old")
    with pytest.raises(OverflowError), replacing(target) as stream:
        stream.write((1 << 64).to_bytes(4))
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_pipes_and_devices_are_not_replaced(tmp_path: Path) -> None:
    pipe, link = tmp_path / "pipe", tmp_path / "link"
    os.mkfifo(pipe)
    link.symlink_to(pipe)
    for path in (pipe, link):
        with pytest.raises(UsageError, match="device or a pipe"), replacing(path):
            pass
    assert pipe.is_fifo()
    assert link.is_symlink()


def test_a_link_keeps_pointing(tmp_path: Path) -> None:
    target, link = tmp_path / "real.xml", tmp_path / "link.xml"
    target.write_text("old")
    link.symlink_to(target)
    with replacing(link) as stream:
        stream.write(b"new")
    assert link.is_symlink()
    assert target.read_text() == "new"


def test_a_new_file_follows_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        with replacing(tmp_path / "x") as stream:
            stream.write(b"x")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "x").stat().st_mode) == 0o640


def test_a_place_that_cannot_be_written_is_explained(tmp_path: Path) -> None:
    with pytest.raises(StorageFailed) as caught, replacing(tmp_path / "no" / "x"):
        pass
    assert "could not be written" in str(caught.value)
    assert caught.value.advice
