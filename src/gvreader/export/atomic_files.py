"""Files that are either the old or the whole new one, whatever happens while they are written."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final

from gvreader.errors import StorageFailed, UsageError
from gvreader.i18n import _

MARKER: Final = ".gvreader-export"
"""The file that says of a folder that an export made it, and so may replace it."""


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A file to write that takes `path`'s place when the block ends well, and vanishes when it does not.

    Written beside `path`, flushed to disk, then renamed. A symbolic link keeps pointing: its target is
    replaced. Raises UsageError for a device or pipe, and StorageFailed.
    """
    target = path.resolve() if path.is_symlink() else path
    if target.exists() and not (target.is_file() or target.is_dir()):
        raise UsageError(
            _("{file} is a device or a pipe, which an export cannot replace.").format(file=path),
            advice=_("Choose another name with --output."),
        )
    _clear(target)
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
    except OSError as error:
        raise _failed(path, error) from error
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            with suppress(OSError):  # not every file system has locks
                _hold(stream.fileno())
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(_mode(target))
        temporary.replace(target)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise _failed(path, error) from error
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


@contextmanager
def replacing_folder(folder: Path, kind: str) -> Iterator[Path]:
    """A folder to fill that takes `folder`'s place when the block ends well, and vanishes when it does not.

    An earlier export of the same kind is replaced: it is moved aside, the new one moved in, the old one deleted.
    Raises UsageError for a folder that holds anything else, and StorageFailed.
    """
    target = folder.resolve() if folder.is_symlink() else folder.absolute()
    _clear(target)
    _check_replaceable(target, folder, kind)
    try:
        with (
            tempfile.TemporaryDirectory(
                prefix=f".{target.name}.", suffix=".part", dir=target.parent, ignore_cleanup_errors=True
            ) as name,
            _held(Path(name), is_needed=False),
        ):
            building = Path(name) / "new"
            building.mkdir()
            yield building
            (building / MARKER).write_text(f"{kind}\n", "utf-8")
            # What appeared there meanwhile is not ours to remove.
            _check_replaceable(target, folder, kind)
            os.sync()  # once for all: flushing each of many thousand small files takes hours on some disks
            _exchange(building, target, Path(name) / "old")
    except OSError as error:
        raise _failed(folder, error) from error


def _clear(target: Path) -> None:
    """Remove what exports to `target` that were killed left beside it; a file that one holds stays.

    Where the kill came between moving the earlier folder aside and the new one in, the earlier one comes back.
    """
    pattern = re.compile(re.escape(f".{target.name}.") + r"[a-z0-9_]{8}\.part")
    with suppress(OSError):
        for left in [path for path in target.parent.iterdir() if pattern.fullmatch(path.name)]:
            with suppress(OSError), _held(left):
                if left.is_dir():
                    if (left / "old").is_dir() and not target.exists():
                        (left / "old").replace(target)
                    shutil.rmtree(left, ignore_errors=True)
                else:
                    left.unlink()


@contextmanager
def _held(path: Path, *, is_needed: bool = True) -> Iterator[None]:
    """Hold a file or folder, so that no other export takes it for left over.

    Raises OSError where one holds it, or where the file system has no locks; not that if it is not needed.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        try:
            _hold(descriptor)
        except OSError:
            if is_needed:
                raise
        yield
    finally:
        os.close(descriptor)


def _hold(descriptor: int) -> None:
    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _exchange(new: Path, target: Path, aside: Path) -> None:
    """Put `new` in `target`'s place, what was there to `aside`; if that fails, all is as before."""
    was_there = target.exists()
    if was_there:
        target.replace(aside)
    try:
        new.replace(target)
    except OSError:
        if was_there:
            aside.replace(target)
        raise


def _check_replaceable(target: Path, shown: Path, kind: str) -> None:
    if not target.exists() or (target.is_dir() and (_kind_of(target) == kind or not any(target.iterdir()))):
        return
    raise UsageError(
        _("{folder} exists already and is no earlier export of this kind.").format(folder=shown),
        advice=_("Choose another name with --output, or remove it first."),
    )


def _kind_of(folder: Path) -> str | None:
    """The kind of export that made a folder; None for any other folder."""
    try:
        return (folder / MARKER).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None


def _mode(target: Path) -> int:
    """The permissions of the file that is replaced, else what the umask allows."""
    try:
        return target.stat().st_mode & 0o777
    except OSError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask


def _failed(path: Path, error: OSError) -> StorageFailed:
    return StorageFailed(
        _("{path} could not be written: {reason}").format(path=path, reason=error.strerror or error),
        advice=_("Nothing was replaced. Check that the folder exists, may be written to and has room."),
    )
