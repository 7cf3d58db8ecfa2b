"""A library file that cannot be read any more, set aside."""

from __future__ import annotations

from collections.abc import Callable

from gvreader.app.archive import Archive
from gvreader.app.clock import now
from gvreader.i18n import _


def set_aside_unreadable(archive: Archive, command: str, note: Callable[[str], None]) -> None:
    """Rename a library file whose pages SQLite cannot follow, so that a new one can be derived."""
    from gvreader.archive.library import Library, LibraryMissing
    from gvreader.archive.lock import ArchiveLock
    from gvreader.errors import ArchiveDamaged, GvreaderError

    file = archive.library_file
    if not file.exists():
        return
    damaged = file.with_name(f"{file.stem}-damaged-{now():%Y%m%d%H%M%S}{file.suffix}")
    with ArchiveLock(archive.folder, command=command, since=now()):
        try:
            with archive.open_library() as library:
                if library.is_readable():
                    return
        except LibraryMissing:
            return
        except ArchiveDamaged:
            pass
        except GvreaderError:
            if not Library.is_misnumbered(file):
                raise
        for suffix in ("", "-wal", "-shm"):
            part = file.with_name(file.name + suffix)
            if part.exists():
                part.rename(damaged.with_name(damaged.name + suffix))
        with Library.open(file, mode="write") as library, archive.open_vault() as vault:
            saved = library.salvage(damaged, [path.name for path in vault.files()])
    note(
        _(
            "The library file could not be read. It is kept as {name}, and a new one is derived from the vault. "
            "Saved from it: {marks} marks and {articles} articles without captures."
        ).format(name=damaged.name, marks=saved.marks, articles=saved.articles)
    )
