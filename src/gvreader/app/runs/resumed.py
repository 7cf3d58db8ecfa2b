"""What a run that was killed had kept, taken in by the next."""

from __future__ import annotations

from collections.abc import Iterator

from gvreader.app.archive import Archive, WriteSession
from gvreader.app.portal_lookup import portals_of
from gvreader.i18n import ngettext


def caught_up(archive: Archive, workshop: WriteSession) -> Iterator[str]:
    """Index what a run that was killed had kept but not stored; a sentence about it, if there was anything."""
    from gvreader.operations.verify import catch_up

    portal_of = portals_of(archive.settings, workshop.vault)
    taken_in = catch_up(workshop.vault, workshop.library, portal_of)
    if taken_in:
        yield ngettext(
            "{n} capture that an interrupted run had kept was taken in.",
            "{n} captures that an interrupted run had kept were taken in.",
            taken_in,
        ).format(n=taken_in)
