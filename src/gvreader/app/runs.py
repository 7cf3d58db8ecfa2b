"""The long works on an archive, wired: sync, trial, import, restore, rebuild, verify. Each is one generator or call."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Literal

from gvreader.app.archive import (
    Archive,
    WriteSession,
    client_for,
    now,
    portal_named,
    portals,
    service_client_for,
)
from gvreader.i18n import _, ngettext
from gvreader.model import ArticleStored, Noted, RunFinished

if TYPE_CHECKING:
    from datetime import date

    from gvreader.app.config import Settings
    from gvreader.archive.vault import Vault
    from gvreader.model import Event
    from gvreader.operations.import_captures import Importing, PortalOf
    from gvreader.operations.prove import ProvenArticle
    from gvreader.operations.rebuild import Rebuilt
    from gvreader.operations.restore import Restored
    from gvreader.operations.sync import SyncOptions
    from gvreader.operations.verify import Checked
    from gvreader.portals import Portal
    from gvreader.web import Client


def run_sync(
    archive: Archive,
    portal: Portal,
    *,
    options: SyncOptions,
    base_url: str | None = None,
    delay: float | None = None,
) -> Generator[Event]:
    """Bring the archive up to date with a portal; closing the iterator stops it cleanly."""
    from gvreader.operations.sync import sync

    with (
        client_for(archive.settings, portal, base_url=base_url, delay=delay) as client,
        archive.writing(f"sync {portal.name}") as workshop,
    ):
        trust = _distrusted(archive.settings, portal, base_url)
        for sentence in (*workshop.notes, *trust, *_caught_up(archive, workshop)):
            yield Noted(message=sentence)
        yield from sync(
            portal,
            client=client,
            vault=workshop.vault,
            library=workshop.library,
            options=options,
            clock=now,
            random=Random(),  # noqa: S311 - spreads work, guards nothing
        )


def _distrusted(settings: Settings, portal: Portal, base_url: str | None) -> Iterator[str]:
    """A sentence for each host of a run whose certificate is not verified, as the configuration asks."""
    from gvreader.urls import host

    hosts = {host(base_url or portal.origin), *portal.hosts}
    for name, rule in settings.tls:
        if rule != "verified" and name.lower() in hosts:
            yield _("The connection to {host} is trusted as `{rule}`; each capture records it.").format(
                host=name, rule=rule.partition(":")[0]
            )


def _caught_up(archive: Archive, workshop: WriteSession) -> Iterator[str]:
    """Index what a run that was killed had kept but not stored; a sentence about it, if there was anything."""
    from gvreader.operations.verify import catch_up

    portal_of = _portals_of(archive.settings, workshop.vault)
    taken_in = catch_up(workshop.vault, workshop.library, portal_of)
    if taken_in:
        yield ngettext(
            "{n} capture that an interrupted run had kept was taken in.",
            "{n} captures that an interrupted run had kept were taken in.",
            taken_in,
        ).format(n=taken_in)


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
            _copy_library(archive.library_file, trial.library_file)
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


def _copy_library(source: Path, target: Path) -> None:
    """A consistent copy of a library that others may be writing to."""
    import sqlite3
    from contextlib import closing

    with (
        closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as original,
        closing(sqlite3.connect(target)) as copy,
    ):
        original.backup(copy)


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
        raise NothingMatched(
            _("There is no vault in {folder}: nothing to derive from.").format(folder=archive.folder),
            advice=_("`gvreader sync` fills an archive; --archive names another one."),
        )
    _set_aside_unreadable(archive, "rebuild", note)
    with archive.writing("rebuild") as workshop:
        for sentence in workshop.notes:
            note(sentence)
        yield from rebuild(
            vault=workshop.vault,
            library=workshop.library,
            portal_of=_portals_of(archive.settings, workshop.vault),
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

    portal_of = _whose(archive.settings)
    with archive.writing("import") as workshop:
        for sentence in (*workshop.notes, *_caught_up(archive, workshop)):
            note(sentence)
        originals = originals_in(workshop.vault, workshop.library, portal_of)
        found = chain(
            warc_files.captures(archives, originals=originals),
            *(saved_pages.captures(path, base=url) for path in saved),
        )
        yield from take_in(
            found, vault=workshop.vault, library=workshop.library, portal_of=portal_of, now=now()
        )


def home_of(source: Literal["wayback", "commoncrawl"]) -> str:
    """The address of a public web archive."""
    from gvreader.sources import commoncrawl, wayback

    return wayback.HOME if source == "wayback" else commoncrawl.INDEX_HOME


def run_backfill(
    archive: Archive,
    portal: Portal,
    *,
    source: Literal["wayback", "commoncrawl"],
    service: str | None = None,
    first: date | None = None,
    last: date | None = None,
    limit: int | None = None,
) -> Generator[Event]:
    """Fill the archive with a portal's captures in a public web archive; closing the iterator stops it cleanly."""
    from contextlib import ExitStack

    from gvreader.operations.backfill import WebArchiveSource, backfill
    from gvreader.sources import commoncrawl, wayback

    scope = portal.scope()
    with ExitStack() as stack:
        clients: list[Client] = []

        def client(home: str) -> Client:
            clients.append(stack.enter_context(service_client_for(archive.settings, home)))
            return clients[-1]

        found: WebArchiveSource
        if source == "wayback":
            home = service or wayback.HOME
            found = wayback.Wayback(
                client(home),
                scope,
                home=home,
                first=first,
                last=last,
                monotonic=time.monotonic,
                sleep=time.sleep,
            )
        else:
            home = service or commoncrawl.INDEX_HOME
            data_home = service or commoncrawl.DATA_HOME
            index = client(home)
            found = commoncrawl.CommonCrawl(
                index,
                index if service else client(data_home),
                scope,
                home=home,
                data_home=data_home,
                first=first,
                last=last,
                monotonic=time.monotonic,
                sleep=time.sleep,
            )
        workshop = stack.enter_context(archive.writing(f"backfill {source} {portal.name}"))
        for sentence in workshop.notes:
            yield Noted(message=sentence)
        yield from backfill(
            portal,
            archive=found,
            service=home,
            first=first,
            last=last,
            limit=limit,
            vault=workshop.vault,
            library=workshop.library,
            requests=lambda: (
                sum(one.requests for one in clients),
                sum(one.bytes for one in clients),
            ),
            clock=now,
            sleep=time.sleep,
        )


def _whose(settings: Settings) -> PortalOf:
    """Whose capture an address is: a portal's of that name, one at that address, or a new one of its own."""
    from gvreader import urls
    from gvreader.archive.vault import is_portal_name

    known = portals(settings)
    whose: dict[tuple[str | None, str], Portal] = {}

    def portal_of(url: str, *, name: str | None, origin: str | None) -> Portal:
        place = (name, urls.origin(url) or url)
        if place not in whose:
            whose[place] = (
                portal_named(settings, name, origin)
                if name is not None and is_portal_name(name)
                else _portal_at(known, url)
            )
        return whose[place]

    return portal_of


def _portal_at(known: Sequence[Portal], url: str) -> Portal:
    """The known portal whose page or file an address is, else a portal of its own."""
    from gvreader.portals import adhoc
    from gvreader.urls import host, twin

    portal = replace(adhoc(url), start=("/",))
    own = twin(portal.origin)
    for candidate in known:
        if twin(candidate.origin) == own:
            return candidate
    return next((candidate for candidate in known if host(url) in candidate.hosts), portal)


def _portals_of(settings: Settings, vault: Vault) -> Callable[[str], Portal]:
    """The portal of each name that captures are kept under."""
    origins = vault.portals()
    return lambda name: portal_named(settings, name, origins.get(name))


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
        _set_aside_unreadable(archive, "verify --repair", note)
        with archive.writing("verify --repair") as workshop:
            for sentence in workshop.notes:
                note(sentence)
            portal_of = _portals_of(archive.settings, workshop.vault)
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
        portal_of = _portals_of(archive.settings, vault)
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


def _set_aside_unreadable(archive: Archive, command: str, note: Callable[[str], None]) -> None:
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
