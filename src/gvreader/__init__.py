"""Terminal news reader and archiver for Vietnamese district portals."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from gvreader.app.read_only import ReadOnlyArchive

__all__ = ["__version__", "open_archive"]
__version__ = "0.1.0"


def open_archive(folder: str | Path) -> ReadOnlyArchive:
    """An archive for reading from Python; a context manager, for one thread. See docs/api.md.

    Nothing in the folder is written, and a sync may run meanwhile. Raises `gvreader.errors.NothingMatched` where
    there is no archive and `ArchiveDamaged` where it cannot be read.
    """
    import pathlib

    from gvreader.app.read_only import ReadOnlyArchive

    return ReadOnlyArchive(pathlib.Path(folder))
