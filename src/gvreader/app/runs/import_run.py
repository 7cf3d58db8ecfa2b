"""Take in what others hold: captures, saved pages, articles that were exported."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from gvreader.app.archive import Archive
from gvreader.app.clock import now
from gvreader.app.portal_lookup import owner_of, portal_named
from gvreader.app.runs.resumed import caught_up

if TYPE_CHECKING:
    from gvreader.operations.import_captures import Importing
    from gvreader.operations.restore import Restored
    from gvreader.portals import Portal


def run_import(
    archive: Archive,
    archives: Sequence[Path],
    saved: Sequence[Path],
    *,
    url: str | None,
    note: Callable[[str], None],
) -> Generator[Importing]:
    """Take in the captures of WARC, ARC and WACZ files and saved pages; yields the state as it grows.

    `url` is the address that each saved folder or page stands for, where it does not say so itself.
    """
    from itertools import chain

    from gvreader.operations.import_captures import originals_in, take_in
    from gvreader.sources import saved_pages, warc_files

    portal_of = owner_of(archive.settings)
    with archive.writing("import") as workshop:
        for sentence in (*workshop.notes, *caught_up(archive, workshop)):
            note(sentence)
        originals = originals_in(workshop.vault, workshop.library, portal_of)
        found = chain(
            warc_files.captures(archives, originals=originals),
            *(saved_pages.captures(path, base=url) for path in saved),
        )
        yield from take_in(
            found, vault=workshop.vault, library=workshop.library, portal_of=portal_of, now=now()
        )


def run_restore(
    archive: Archive, paths: Sequence[Path], *, note: Callable[[str], None]
) -> Generator[Restored]:
    """Take in files that `export jsonl` wrote; yields the state of each file as it grows."""
    from gvreader.operations.restore import restore
    from gvreader.urls import origin

    def portal_of(name: str, url: str) -> Portal:
        return portal_named(archive.settings, name, origin(url))

    with archive.writing("import") as workshop:
        for sentence in workshop.notes:
            note(sentence)
        for path in paths:
            yield from restore(path, library=workshop.library, portal_of=portal_of, clock=now)
