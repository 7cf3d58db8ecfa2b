"""One writer per archive: an advisory lock on `<archive>/lock` that the system frees when its holder dies.

The file stays in place, empty while nobody writes; it says in JSON who holds it. Readers never look at it.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import re
import socket
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from gvreader.archive.inside import open_inside
from gvreader.errors import ArchiveLocked, StorageFailed
from gvreader.i18n import _

LOCK_FILE: Final = "lock"
_MAX_STATEMENT: Final = 1 << 12
_NETWORK_TYPES: Final = re.compile(
    r"nfs\d?|cifs|smbfs|smb\d|afs|ceph|lustre|gpfs|beegfs|glusterfs|davfs|ncpfs|pvfs2|"
    r"fuse\.(?:sshfs|glusterfs|ceph|rclone|davfs2?|s3fs|gcsfuse|smbnetfs|curlftpfs|juicefs|vmhgfs-fuse)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Who writes to an archive. `since` is ISO 8601 UTC; `command` is what the process was asked to do."""

    pid: int
    host: str
    since: str
    command: str


class ArchiveLock:
    """The right to write to an archive, held until `release`, or the end of the block or process.

    Child processes made by `fork` without `exec` share it: they must end before it is free again.
    """

    def __init__(self, archive: Path, *, command: str, since: datetime) -> None:
        self._path = archive / LOCK_FILE
        self._holder = Holder(
            pid=os.getpid(),
            host=socket.gethostname(),
            since=since.isoformat(timespec="seconds"),
            command=command,
        )
        self._descriptor = -1
        self.taken_over: Holder | None = None

    def acquire(self) -> Self:
        """Take the lock at once, making the archive's folder if need be.

        `taken_over` is then the holder who died without giving the lock back, if there was one. Raises
        ArchiveLocked, which names the holder and since when, and StorageFailed.
        """
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = open_inside(self._path, os.O_RDWR | os.O_CREAT, below=1)
        except OSError as error:
            raise _unusable(error, self._path) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self.taken_over = _read(descriptor)
            _write(descriptor, self._holder)
        except OSError as error:
            holder = _read(descriptor)
            os.close(descriptor)
            if error.errno in (errno.EWOULDBLOCK, errno.EACCES):
                raise _locked(self._path, holder) from None
            raise _unusable(error, self._path) from error
        self._descriptor = descriptor
        return self

    def release(self) -> None:
        """Give the lock back; twice does no harm."""
        if self._descriptor < 0:
            return
        descriptor, self._descriptor = self._descriptor, -1
        try:
            os.ftruncate(descriptor, 0)
        finally:
            os.close(descriptor)

    def __enter__(self) -> Self:
        return self.acquire()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def is_held(archive: Path) -> bool:
    """Whether a run is writing to an archive, as far as can be seen without touching its lock."""
    try:
        descriptor = open_inside(archive / LOCK_FILE, below=1)
    except OSError:
        return False
    try:
        holder = _read(descriptor)
    finally:
        os.close(descriptor)
    if holder is None:
        return False
    if holder.host != socket.gethostname():
        return True
    try:
        os.kill(holder.pid, 0)
    except PermissionError:
        return True
    except (OSError, OverflowError):
        return False
    return True


def network_warning(folder: Path, mounts: Path = Path("/proc/self/mounts")) -> str | None:
    """A sentence for people whose archive lies on a network file system, where locks may not hold; else None.

    Reads the table of mounts that Linux keeps; None on systems without one.
    """
    file_system = _file_system(folder, mounts)
    if file_system is None or not _NETWORK_TYPES.fullmatch(file_system):
        return None
    return _(
        "The archive {folder} lies on a network file system ({type}). Locks may not hold there: never let "
        "two computers write to it at once, or move it to a local disk."
    ).format(folder=folder, type=file_system)


def _read(descriptor: int) -> Holder | None:
    try:
        statement = json.loads(os.pread(descriptor, _MAX_STATEMENT, 0))
        return Holder(
            pid=int(statement["pid"]),
            host=str(statement["host"]),
            since=str(statement["since"]),
            command=str(statement["command"]),
        )
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None


def _write(descriptor: int, holder: Holder) -> None:
    statement = json.dumps(asdict(holder), ensure_ascii=False).encode("utf-8", "replace") + b"\n"
    os.pwrite(descriptor, statement[:_MAX_STATEMENT], 0)
    os.ftruncate(descriptor, min(len(statement), _MAX_STATEMENT))


def _locked(path: Path, holder: Holder | None) -> ArchiveLocked:
    if holder is None:
        message = _("Another process is writing to the archive {archive}.").format(archive=path.parent)
    else:
        message = _(
            "Process {pid} on {host} ({command}) has been writing to the archive {archive} since {since}."
        ).format(archive=path.parent, **asdict(holder))
    return ArchiveLocked(
        message, advice=_("Wait until it is done. Reading and searching work meanwhile; nothing was changed.")
    )


def _unusable(error: OSError, path: Path) -> StorageFailed:
    reason = os.strerror(error.errno) if error.errno else str(error)
    return StorageFailed(
        _("The lock file {path} cannot be used ({reason}).").format(path=path, reason=reason),
        advice=_("Check that the disk is mounted, has room, and may be written by you; nothing was changed."),
    )


def _file_system(folder: Path, mounts: Path) -> str | None:
    """The type of the file system that a folder, or its nearest existing parent, lies on."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return None
    place = folder.resolve()
    best, found = -1, None
    for line in lines:
        parts = line.split(" ")
        if len(parts) < 3:
            continue
        point = Path(re.sub(r"\\([0-7]{3})", lambda match: chr(int(match[1], 8)), parts[1]))
        # Of several mounts on one point the last one counts.
        if place.is_relative_to(point) and len(point.parts) >= best:
            best, found = len(point.parts), parts[2]
    return found
