"""Check an archive, and prove its articles."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from gvreader.app.archive import Archive
from gvreader.app.portal_lookup import portals_of
from gvreader.app.runs.damaged_library import set_aside_unreadable
from gvreader.i18n import _

if TYPE_CHECKING:
    from gvreader.operations.prove import ProvenArticle
    from gvreader.operations.verify import Checked


def run_verify(archive: Archive, *, repair: bool, note: Callable[[str], None]) -> Checked:
    """Check the archive, and with `repair` restore what can be derived.

    A library file that cannot be read at all is set aside and derived again from the vault. Raises
    LibraryMissing for an archive that holds nothing.
    """
    from collections import deque

    from gvreader.archive.library import Library, LibraryMissing
    from gvreader.archive.lock import is_held
    from gvreader.errors import ArchiveDamaged, GvreaderError
    from gvreader.operations.rebuild import rebuild
    from gvreader.operations.verify import checked, checked_without_library, repaired

    if repair:
        set_aside_unreadable(archive, "verify --repair", note)
        with archive.writing("verify --repair") as workshop:
            for sentence in workshop.notes:
                note(sentence)
            portal_of = portals_of(archive.settings, workshop.vault)
            vault, library = workshop.vault, workshop.library
            return repaired(
                vault,
                library,
                portal_of,
                lambda: deque(rebuild(vault=vault, library=library, portal_of=portal_of), maxlen=0),
            )
    with archive.open_vault() as vault:
        try:
            return checked(vault, archive.library, is_written=is_held(archive.folder))
        except LibraryMissing as error:
            if not vault.files():
                raise
            return checked_without_library(vault, archive.library_file.name, str(error))
        except ArchiveDamaged as error:
            return checked_without_library(vault, archive.library_file.name, str(error))
        except GvreaderError as error:
            # A version of the schema that is none, beside a schema that is ours, was altered.
            if not Library.is_misnumbered(archive.library_file):
                raise
            return checked_without_library(vault, archive.library_file.name, str(error))


def run_prove(archive: Archive, reference: str | None) -> Iterator[ProvenArticle]:
    """Prove every revision of one article, or without a reference the current one of every article.

    Raises NothingMatched for a reference that names none, and LibraryMissing.
    """
    from gvreader.errors import NothingMatched
    from gvreader.operations.prove import prove

    library = archive.library
    with archive.open_vault() as vault:
        portal_of = portals_of(archive.settings, vault)
        if reference is None:
            for article_id in library.articles.ids():
                yield from prove(
                    article_id, vault=vault, library=library, portal_of=portal_of, current_only=True
                )
            return
        found = library.articles.id_of(reference)
        if found is None:
            raise NothingMatched(
                _("There is no article {reference} in the archive.").format(reference=reference),
                advice=_("`gvreader list` prints the articles with their numbers."),
            )
        yield from prove(found, vault=vault, library=library, portal_of=portal_of)
