"""One WARC file open for appending: all records of a call are on disk, or none of them is."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from gvreader.archive.inside import open_inside
from gvreader.warc import RecordDraft, write_record


class Appender:
    """Appends records to a file and flushes them to disk. Errors are OSError and leave the file whole."""

    def __init__(self, path: Path, *, warcinfo_id: str, origin: str, create: bool) -> None:
        flags = os.O_WRONLY | os.O_APPEND | (os.O_CREAT | os.O_EXCL if create else 0)
        self._descriptor = open_inside(path, flags, below=2)
        self.path = path
        self.warcinfo_id = warcinfo_id
        self.origin = origin

    @property
    def size(self) -> int:
        """Bytes in the file."""
        return os.fstat(self._descriptor).st_size

    def append(self, drafts: Iterable[RecordDraft]) -> int:
        """Write the records and flush them to disk; returns the offset of the first. All or nothing."""
        start = self.size
        try:
            for draft in drafts:
                write_record(self, draft)
            os.fsync(self._descriptor)
        except BaseException:
            # What cannot be taken back here is cut as a torn tail when the file is next opened for writing.
            with suppress(OSError):
                os.ftruncate(self._descriptor, start)
                os.fsync(self._descriptor)
            raise
        return start

    def write(self, data: bytes) -> None:
        """All of `data`, or OSError."""
        view = memoryview(data)
        while view:
            view = view[os.write(self._descriptor, view) :]

    def close(self) -> None:
        """Give the file back; twice does no harm."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def sync_folder(folder: Path) -> None:
    """Make new and removed names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
