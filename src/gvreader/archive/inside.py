"""Files of an archive, opened so that no link leads out of its folder: the archive may come from a stranger.

The folder of the archive itself may be reached through links: its owner named it. What lies in it may not.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO, Final

_ALWAYS: Final = os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
_FOLDER: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


def open_inside(path: Path, flags: int = os.O_RDONLY, *, below: int) -> int:
    """A descriptor of a file or, with O_DIRECTORY, a folder; the last `below` names of `path` are no links.

    `below` is 1 for what lies in the archive's folder, 2 for what lies in its vault. Raises OSError: ELOOP for
    a link, EINVAL for what is neither file nor folder (a pipe, a device).
    """
    names = path.parts[-below:]
    parent = os.open(path.parents[below - 1], os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for name in names[:-1]:
            below_it = _step(parent, name, _FOLDER)
            os.close(parent)
            parent = below_it
        descriptor = _step(parent, names[-1], flags | _ALWAYS)
    finally:
        os.close(parent)
    kind = os.fstat(descriptor).st_mode
    if stat.S_ISREG(kind) or stat.S_ISDIR(kind):
        return descriptor
    os.close(descriptor)
    raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), str(path))


def reading_inside(path: Path, *, below: int) -> BinaryIO:
    """A file of an archive, open for reading; see `open_inside`."""
    return os.fdopen(open_inside(path, below=below), "rb")


def is_plain(path: Path) -> bool:
    """Whether an existing path is a file of its own: no link, folder, pipe or device."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def _step(parent: int, name: str, flags: int) -> int:
    if name in ("", ".", "..") or "/" in name:
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), name)
    try:
        return os.open(name, flags, 0o644, dir_fd=parent)
    except OSError as error:
        # Of a link that should be a folder, the system says that it is none.
        if error.errno == errno.ENOTDIR and _is_link(parent, name):
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), name) from None
        raise


def _is_link(parent: int, name: str) -> bool:
    return stat.S_ISLNK(os.stat(name, dir_fd=parent, follow_symlinks=False).st_mode)
