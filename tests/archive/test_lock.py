from __future__ import annotations

import errno
import json
import os
import signal
import socket
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gvreader.archive.lock import ArchiveLock, network_warning
from gvreader.errors import ArchiveLocked, StorageFailed

SINCE = datetime(2023, 2, 7, 3, 0, tzinfo=UTC)

HOLDER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from gvreader.archive.lock import ArchiveLock
lock = ArchiveLock(Path(sys.argv[1]), command="sync giavien", since=datetime(2023, 2, 7, 3, tzinfo=UTC)).acquire()
print("held", flush=True)
sys.stdin.read()
lock.release()
"""


def _lock(archive: Path) -> ArchiveLock:
    return ArchiveLock(archive, command="sync", since=SINCE)


def _holder(archive: Path) -> subprocess.Popen[str]:
    """A process that holds the lock until its stdin is closed."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(archive)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    assert process.stdout.readline() == "held\n"
    return process


def _end(process: subprocess.Popen[str]) -> None:
    process.communicate()


def test_a_second_writer_is_told_at_once_who_holds_it_and_since_when(tmp_path: Path) -> None:
    process = _holder(tmp_path)
    try:
        with pytest.raises(ArchiveLocked) as caught:
            _lock(tmp_path).acquire()
        message = str(caught.value)
        assert f"Process {process.pid} on {socket.gethostname()}" in message
        assert "sync giavien" in message
        assert "2023-02-07T03:00:00+00:00" in message
        assert str(tmp_path) in message
        assert caught.value.advice
        assert caught.value.exit_code == 5
        statement = json.loads((tmp_path / "lock").read_text())
        assert statement == {
            "pid": process.pid,
            "host": socket.gethostname(),
            "since": "2023-02-07T03:00:00+00:00",
            "command": "sync giavien",
        }
    finally:
        _end(process)
    with _lock(tmp_path) as lock:
        assert lock.taken_over is None


def test_the_lock_of_a_killed_process_is_no_obstacle(tmp_path: Path) -> None:
    process = _holder(tmp_path)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    with _lock(tmp_path) as lock:
        assert lock.taken_over
        assert lock.taken_over.pid == process.pid
        assert lock.taken_over.command == "sync giavien"
        assert json.loads((tmp_path / "lock").read_text())["pid"] == os.getpid()


def test_it_is_one_lock_for_one_process_too_and_free_afterwards(tmp_path: Path) -> None:
    with _lock(tmp_path / "new" / "archive") as lock:
        with pytest.raises(ArchiveLocked):
            _lock(tmp_path / "new" / "archive").acquire()
        with _lock(tmp_path / "other"):
            pass
        lock.release()
        lock.release()
        assert (tmp_path / "new" / "archive" / "lock").read_bytes() == b""
        with _lock(tmp_path / "new" / "archive"):
            pass


@pytest.mark.parametrize(
    "statement", [b"", b"{", b"[]", b"null", b'{"pid": "x"}', b"\xff" * 9000, b"[" * 4000]
)
def test_a_lock_file_that_says_nonsense_is_no_obstacle(tmp_path: Path, statement: bytes) -> None:
    (tmp_path / "lock").write_bytes(statement)
    with _lock(tmp_path) as lock:
        assert lock.taken_over is None
        (tmp_path / "lock").write_bytes(statement)
        with pytest.raises(ArchiveLocked, match="Another process"):
            _lock(tmp_path).acquire()


def test_a_lock_file_that_leads_elsewhere_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("precious", "utf-8")
    (tmp_path / "archive").mkdir()
    (tmp_path / "archive" / "lock").symlink_to(tmp_path / "precious")
    with pytest.raises(StorageFailed, match="lock file"):
        _lock(tmp_path / "archive").acquire()
    assert (tmp_path / "precious").read_text("utf-8") == "precious"


def test_a_folder_that_cannot_hold_a_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StorageFailed, match="lock file"):
        _lock(tmp_path / "file").acquire()

    def unsupported(_descriptor: int, _operation: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.flock", unsupported)
    with pytest.raises(StorageFailed, match="No locks available"):
        _lock(tmp_path).acquire()


MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
server:/export {root} nfs4 rw 0 0
//nas/share {root}/with\\040space cifs rw 0 0
tmpfs {root}/local tmpfs rw 0 0
me@host:/ {root}/local/ssh fuse.sshfs rw 0 0
broken
"""


@pytest.mark.parametrize(
    ("folder", "expected"),
    [
        ("", "nfs4"),
        ("deep/not/yet/there", "nfs4"),
        ("with space/a", "cifs"),
        ("local", None),
        ("localhost", "nfs4"),
        ("local/ssh/archive", "fuse.sshfs"),
        ("..", None),
    ],
)
def test_network_file_systems_are_warned_of(tmp_path: Path, folder: str, expected: str | None) -> None:
    root = tmp_path / "root"
    root.mkdir()
    mounts = tmp_path / "mounts"
    mounts.write_text(MOUNTS.format(root=root))
    warning = network_warning(root / folder, mounts)
    if expected is None:
        assert warning is None
    else:
        assert warning
        assert expected in warning


def test_systems_without_a_table_of_mounts(tmp_path: Path) -> None:
    assert network_warning(tmp_path, tmp_path / "none") is None
    assert network_warning(Path("/nowhere"), tmp_path) is None
