"""Every error that a user can mend, and the exit code each one ends a command with.

    GvreaderError               1   unexpected failure that still has a sentence for the user
    ├── UsageError              2   wrong arguments
    │   └── ConfigError         2   the configuration file is not valid
    ├── PortalUnreachable       4   the portal could not be reached or refused us; nothing was changed
    ├── ArchiveLocked           5   another run holds the archive
    ├── ArchiveDamaged          6   the archive is damaged
    ├── ArchiveGone             1   an archive that was open is no longer where it was
    ├── LayoutChanged           7   pages were kept, but no article could be derived from them
    ├── NothingMatched          8   nothing matched what was asked for
    ├── MissingExtra            2   an optional dependency is not installed
    └── StorageFailed           1   the disk is full, read-only or failing

Failures of single pages are values (`gvreader.model.Problem`), never exceptions.
"""

from __future__ import annotations

from typing import ClassVar

EXIT_DONE = 0
EXIT_PARTIAL = 3
EXIT_INTERRUPTED = 130


class GvreaderError(Exception):
    """Root of the tree. `str(error)` says what happened; `advice` says what to do about it."""

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, advice: str = "") -> None:
        super().__init__(message)
        self.advice = advice


class UsageError(GvreaderError):
    exit_code = 2


class ConfigError(UsageError):
    pass


class PortalUnreachable(GvreaderError):
    exit_code = 4


class ArchiveLocked(GvreaderError):
    exit_code = 5


class ArchiveDamaged(GvreaderError):
    exit_code = 6


class ArchiveGone(GvreaderError):
    exit_code = 1


class LayoutChanged(GvreaderError):
    exit_code = 7


class NothingMatched(GvreaderError):
    exit_code = 8


class MissingExtra(GvreaderError):
    exit_code = 2


class StorageFailed(GvreaderError):
    exit_code = 1
