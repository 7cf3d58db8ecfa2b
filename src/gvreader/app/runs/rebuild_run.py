"""Derive the library, or its index, again."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import suppress
from typing import TYPE_CHECKING

from gvreader.app.archive import Archive
from gvreader.app.clock import now
from gvreader.app.portal_lookup import portals_of
from gvreader.app.runs.damaged_library import set_aside_unreadable
from gvreader.i18n import _

if TYPE_CHECKING:
    from gvreader.operations.rebuild import Rebuilt


def run_rebuild(
    archive: Archive, *, jobs: int, note: Callable[[str], None], accept_loss: bool = False
) -> Generator[Rebuilt]:
    """Derive the library again from the vault; one that cannot be read is set aside first.

    Raises NothingMatched when there is no vault, and ArchiveDamaged where something would vanish that the library
    knows, unless `accept_loss`.
    """
    from gvreader.errors import NothingMatched
    from gvreader.operations.rebuild import rebuild

    if not archive.vault_folder.is_dir():
        if not accept_loss:
            with suppress(NothingMatched), archive.open_library() as library:
                library.require_files([])
        raise NothingMatched(
            _("There is no vault in {folder}: nothing to derive from.").format(folder=archive.folder),
            advice=_("`gvreader sync` fills an archive; --archive names another one."),
        )
    set_aside_unreadable(archive, "rebuild", note)
    with archive.writing("rebuild") as workshop:
        for sentence in workshop.notes:
            note(sentence)
        yield from rebuild(
            vault=workshop.vault,
            library=workshop.library,
            portal_of=portals_of(archive.settings, workshop.vault),
            jobs=jobs,
            accept_loss=accept_loss,
            now=now(),
        )


def run_reindex(archive: Archive, *, note: Callable[[str], None], progress: Callable[[int], object]) -> int:
    """Build the full-text index again from the articles; returns how many. Raises LibraryMissing."""
    archive.open_library().close()  # a library that is not there is said so, not made
    with archive.writing("rebuild --index") as workshop:
        for sentence in workshop.notes:
            note(sentence)
        return workshop.library.reindex(progress)
