"""What a sync would find, without storing it."""

from __future__ import annotations

import tempfile
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from gvreader.app.archive import Archive
from gvreader.app.clock import now
from gvreader.app.runs.sync_run import run_sync
from gvreader.model import ArticleStored, RunFinished

if TYPE_CHECKING:
    from gvreader.model import Event
    from gvreader.operations.sync import SyncOptions
    from gvreader.portals import Portal


def run_trial(
    archive: Archive,
    portal: Portal,
    *,
    options: SyncOptions,
    base_url: str | None = None,
    delay: float | None = None,
) -> Generator[Event]:
    """What a sync would find: only listings are read, into a copy of the library that is thrown away.

    The last event counts as new the articles that a sync would fetch, each named by an event before it.
    """
    from gvreader.ingest import known_at
    from gvreader.portals import identity

    with tempfile.TemporaryDirectory(prefix="gvreader-trial-") as name:
        trial = Archive(replace(archive.settings, archive=Path(name)), clock=now)
        if archive.library_file.exists():
            with archive.open_library() as library:
                library.snapshot_to(trial.library_file)
        asked = replace(options, listings_only=True, media=False)
        for event in run_sync(trial, portal, options=asked, base_url=base_url, delay=delay):
            if not isinstance(event, RunFinished):
                yield event
                continue
            with trial.open_library() as library:
                entries = [
                    entry
                    for entry in library.journal.waiting(portal.name)
                    if entry.kind == "article" and known_at(library, portal, entry.request.url) is None
                ]
            # One article may be listed under several addresses with one id.
            waiting = {
                identity(entry.request.url, portal.family) or entry.request.url: entry for entry in entries
            }
            for entry in waiting.values():
                yield ArticleStored(key=entry.request.url, title=entry.title or "", change="new")
            yield replace(event, tally=replace(event.tally, new=len(waiting)))
