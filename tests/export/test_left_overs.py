"""What killed exports leave behind goes with the next one; a full disk is said in a sentence."""

from __future__ import annotations

import errno
import gc
import io
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from gvreader.export.atomic_files import replacing, replacing_folder
from gvreader.export.zip_file import ZipFile


def killed(work: Callable[[], None]) -> None:
    """Do something in another process that is killed in the middle of it."""
    pid = os.fork()
    if pid == 0:
        try:
            work()
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_killed_file_goes_with_the_next_export(tmp_path: Path) -> None:
    target = tmp_path / "all.epub"

    def work() -> None:
        with replacing(target) as stream:
            stream.write(b"half")
            die()

    killed(work)
    assert len(names(tmp_path)) == 1
    (tmp_path / ".all.epub.notours.part").touch()
    with replacing(target) as stream:
        stream.write(b"whole")
    assert names(tmp_path) == {"all.epub", ".all.epub.notours.part"}


def test_a_killed_folder_goes_with_the_next_export(tmp_path: Path) -> None:
    target = tmp_path / "site"

    def work() -> None:
        with replacing_folder(target, "site") as building:
            (building / "index.html").touch()
            die()

    killed(work)
    with replacing_folder(target, "site") as building:
        (building / "a.html").touch()
    assert names(tmp_path) == {"site"}
    assert names(target) == {"a.html", ".gvreader-export"}


def test_an_export_that_was_moved_aside_comes_back(tmp_path: Path) -> None:
    target = tmp_path / "site"
    with replacing_folder(target, "site") as building:
        (building / "first.html").touch()
    left = tmp_path / ".site.abcdefgh.part"
    left.mkdir()
    target.rename(left / "old")

    def fail() -> None:
        with replacing_folder(target, "site"):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert names(tmp_path) == {"site"}
    assert "first.html" in names(target)


def test_an_export_under_way_keeps_its_parts(tmp_path: Path) -> None:
    target = tmp_path / "all.csv"
    with replacing(target) as first:
        first.write(b"first")
        with replacing(target) as second:
            second.write(b"second")
        assert target.read_bytes() == b"second"
    assert target.read_bytes() == b"first"
    assert names(tmp_path) == {"all.csv"}


class FullDisk(io.BytesIO):
    """A stream on a disk without room."""

    def write(self, data: object, /) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.filterwarnings("error::pytest.PytestUnraisableExceptionWarning")
def test_a_zip_file_on_a_full_disk_has_no_last_words() -> None:
    def write() -> None:
        stream = FullDisk()
        package = ZipFile(stream, "w")
        try:
            package.writestr("a", b"b")
        finally:
            stream.close()

    with pytest.raises(OSError, match="No space"):
        write()
    gc.collect()
