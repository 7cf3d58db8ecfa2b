"""The one place that builds clock, lock, vault, library and client from settings.

Nothing is imported before it is needed: listing articles loads no HTTP client and no HTML parser.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Final, Literal

from gvreader.errors import UsageError
from gvreader.i18n import _
from gvreader.model import ArticleStored, Noted, RunFinished

if TYPE_CHECKING:
    from gvreader.checking import Checked
    from gvreader.config import PortalProfile, Settings
    from gvreader.importing import Importing
    from gvreader.library import Library
    from gvreader.model import Event
    from gvreader.portals import Portal
    from gvreader.rebuild import Rebuilt
    from gvreader.restoring import Restored
    from gvreader.sync import SyncOptions
    from gvreader.vault import Vault
    from gvreader.web import Client

DEFAULT_PORTAL: Final = "giavien"


def now() -> datetime:
    """The present moment, UTC."""
    return datetime.now(UTC)


# ── portals ─────────────────────────────────────────────────────────────────────────────────────


def _with_profile(portal: Portal, profile: PortalProfile) -> Portal:
    """A portal with what the configuration says of it."""
    from gvreader.model import SectionLink
    from gvreader.urls import canonical
    from gvreader.urls import origin as origin_of

    origin = (origin_of(profile.origin) if profile.origin else None) or portal.origin
    return replace(
        portal,
        title=profile.title or portal.title,
        origin=origin,
        family=profile.family or portal.family,
        hosts=profile.hosts or portal.hosts,
        start=profile.start or portal.start,
        date_format=profile.date_format or portal.date_format,
        overrides=profile.selectors or portal.overrides,
        sections=tuple(
            SectionLink(
                slug=section.slug,
                title=section.title,
                parent=section.parent,
                url=portal.scope().resolve(f"{origin}/", section.url)
                or canonical(section.url)
                or section.url,
            )
            for section in profile.sections
        )
        or portal.sections,
    )


def portals(settings: Settings) -> tuple[Portal, ...]:
    """The known portals with the configuration's overrides, then those that only it names.

    Raises ConfigError for a new portal without an origin and for a family that does not exist.
    """
    from gvreader.errors import ConfigError
    from gvreader.portals import Portal, known, layouts_of

    named = {portal.name: portal for portal in known()}
    for profile in settings.portals:
        if profile.family and not layouts_of(profile.family):
            raise ConfigError(
                _("{file}: there is no CMS family `{family}`.").format(
                    file=settings.file, family=profile.family
                ),
                advice=_("`gvreader portals` lists the families."),
            )
        base = named.get(profile.name)
        if base is None:
            if profile.origin is None:
                raise ConfigError(
                    _("{file}: the portal `{name}` needs an `origin`.").format(
                        file=settings.file, name=profile.name
                    )
                )
            base = Portal(name=profile.name, title=profile.title or profile.name, origin=profile.origin)
        named[profile.name] = _with_profile(base, profile)
    return tuple(named.values())


def _seen_before(settings: Settings, name: str) -> Portal | None:
    """The portal of that name in the archive: an address that was synced before."""
    from gvreader.library import Library, LibraryMissing
    from gvreader.portals import Portal

    try:
        with Library.open(Archive(settings).library_file, mode="read") as library:
            stored = library.portals.get(name)
    except LibraryMissing:
        return None
    if stored is None:
        return None
    return Portal(name=stored.name, title=stored.title, origin=stored.origin, family=stored.family)


def portal_for(settings: Settings, target: str) -> Portal:
    """The portal that a name or an address means. Raises UsageError.

    A portal's own address means that portal; any other address is a portal whose family is found out.
    """
    from gvreader.portals import adhoc
    from gvreader.urls import twin

    known = portals(settings)
    if "://" in target:
        portal = adhoc(target)
        own = twin(portal.origin)
        return next((one for one in known if twin(one.origin) == own), portal)
    for portal in known:
        if portal.name == target:
            return portal
    seen = _seen_before(settings, target)
    if seen is not None:
        return seen
    import difflib

    near = difflib.get_close_matches(target, [portal.name for portal in known], 1)
    hint = _("Did you mean `{name}`? ").format(name=near[0]) if near else ""
    raise UsageError(
        _("There is no portal called `{name}`.").format(name=target),
        advice=hint
        + _("`gvreader portals` lists those that are known; any other needs its address, https://…"),
    )


def portal_named(settings: Settings, name: str, origin: str | None) -> Portal:
    """The portal under whose name captures are kept, for deriving from them again."""
    from gvreader.portals import adhoc

    for portal in portals(settings):
        if portal.name == name:
            return portal
    return replace(adhoc(origin or f"https://{name}"), name=name)


# ── the archive ─────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """An archive that is open for writing; `notes` say what opening it had to mend."""

    vault: Vault
    library: Library
    notes: tuple[str, ...]


class Archive:
    """The folder of an archive and what lies in it. Nothing is opened or made before it is asked for."""

    def __init__(self, settings: Settings, *, clock: Callable[[], datetime] = now) -> None:
        self.settings = settings
        self.folder = settings.archive
        self._clock = clock

    @property
    def library_file(self) -> Path:
        return self.folder / "library.sqlite3"

    @property
    def vault_folder(self) -> Path:
        return self.folder / "vault"

    def open_library(self) -> Library:
        """A new read-only library. Raises LibraryMissing before the first sync or import."""
        return self._library("read")

    def _library(self, mode: Literal["read", "write"]) -> Library:
        """The library, whose search knows the configuration's abbreviations too."""
        from gvreader.library import Library

        library = Library.open(self.library_file, mode=mode)
        if self.settings.abbreviations:
            search = library.search
            search.abbreviations = search.abbreviations.extended(dict(self.settings.abbreviations))
        return library

    @cached_property
    def library(self) -> Library:
        """The read-only library of this run; closed with the archive."""
        return self.open_library()

    def open_vault(self) -> Vault:
        """The vault for reading; an archive without one has an empty one."""
        from gvreader.vault import Vault

        return Vault.open(self.vault_folder, mode="read", clock=self._clock)

    def close(self) -> None:
        """Close what was opened."""
        opened = self.__dict__.pop("library", None)
        if opened is not None:
            opened.close()

    @contextmanager
    def marking(self) -> Iterator[Library]:
        """The library for one change of marks, which needs no lock: a sync may run meanwhile."""
        self.open_library().close()  # a library that is not there is said so, not made
        with self._library("write") as library:
            yield library

    @contextmanager
    def writing(self, command: str) -> Iterator[Workshop]:
        """The whole archive for writing; made when it is not there. Raises ArchiveLocked at once."""
        from gvreader.library import Library
        from gvreader.lock import ArchiveLock, network_warning
        from gvreader.vault import Vault

        with (
            ArchiveLock(self.folder, command=command, since=self._clock()) as lock,
            Vault.open(self.vault_folder, mode="write", clock=self._clock) as vault,
            Library.open(self.library_file, mode="write") as library,
        ):
            notes = []
            warning = network_warning(self.folder)
            if warning:
                notes.append(warning)
            if lock.taken_over is not None:
                notes.append(
                    _(
                        "`gvreader {command}` (process {pid}) ended without finishing; its lock was taken over."
                    ).format(command=lock.taken_over.command, pid=lock.taken_over.pid)
                )
            notes += [
                _(
                    "A write that never finished was cut off {file}; its {n} bytes are kept in {saved}."
                ).format(file=torn.file, n=torn.bytes, saved=torn.saved)
                for torn in vault.torn
                if torn.saved is not None
            ]
            yield Workshop(vault=vault, library=library, notes=tuple(notes))

    def portal_title(self, name: str) -> str:
        """A portal's name for people."""
        stored = self.library.portals.get(name)
        return stored.title if stored is not None else name or "gvreader"

    def portal_origin(self, name: str) -> str:
        """A portal's own address."""
        stored = self.library.portals.get(name)
        return stored.origin if stored is not None else "http://localhost"

    def portal_authority(self, name: str) -> str:
        """The host name that stands for a portal in ids: it stays when the configuration moves the portal."""
        from gvreader import portals
        from gvreader.urls import host

        known = portals.portal_for(name)
        return host(known.origin if known is not None else self.portal_origin(name))


# ── work on the archive ─────────────────────────────────────────────────────────────────────────


def client_for(
    settings: Settings, portal: Portal, *, base_url: str | None = None, delay: float | None = None
) -> Client:
    """The polite client of a run. Raises UsageError for a delay that is not allowed."""
    from gvreader import __version__
    from gvreader.web import Client, Policy

    contact = settings.sync.contact
    policy = Policy(
        delay=settings.sync.delay if delay is None else delay,
        user_agent=f"gvreader/{__version__}" + (f" (+{contact})" if contact else ""),
    )
    return Client(policy, portal.scope(), base_url=base_url, tls=dict(settings.tls), now=now)


def run_sync(
    archive: Archive,
    portal: Portal,
    *,
    options: SyncOptions,
    base_url: str | None = None,
    delay: float | None = None,
) -> Generator[Event]:
    """Bring the archive up to date with a portal; closing the iterator stops it cleanly."""
    from gvreader.sync import sync

    with (
        client_for(archive.settings, portal, base_url=base_url, delay=delay) as client,
        archive.writing(f"sync {portal.name}") as workshop,
    ):
        for sentence in workshop.notes:
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


def run_rebuild(archive: Archive, *, jobs: int, note: Callable[[str], None]) -> Iterator[Rebuilt]:
    """Derive the library again from the vault. Raises NothingMatched when there is no vault."""
    from gvreader.errors import NothingMatched
    from gvreader.rebuild import rebuild

    if not archive.vault_folder.is_dir():
        raise NothingMatched(
            _("There is no vault in {folder}: nothing to derive from.").format(folder=archive.folder),
            advice=_("`gvreader sync` fills an archive; --archive names another one."),
        )
    with archive.writing("rebuild") as workshop:
        for sentence in workshop.notes:
            note(sentence)
        yield from rebuild(
            vault=workshop.vault,
            library=workshop.library,
            portal_of=_portals_of(archive.settings, workshop.vault),
            jobs=jobs,
        )


def run_restore(
    archive: Archive, paths: Sequence[Path], *, note: Callable[[str], None]
) -> Iterator[Restored]:
    """Take in files that `export jsonl` wrote; yields the state of each file as it grows."""
    from gvreader.restoring import restore
    from gvreader.urls import origin

    def portal_of(name: str, url: str) -> Portal:
        return portal_named(archive.settings, name, origin(url))

    with archive.writing("import") as workshop:
        for sentence in workshop.notes:
            note(sentence)
        for path in paths:
            yield from restore(path, library=workshop.library, portal_of=portal_of, clock=now)


def run_import(
    archive: Archive, paths: Sequence[Path], *, note: Callable[[str], None]
) -> Iterator[Importing]:
    """Take in the captures of WARC, ARC and WACZ files; yields the state as it grows."""
    from gvreader import urls
    from gvreader.importing import take_in
    from gvreader.vault import is_portal_name

    known = portals(archive.settings)
    whose: dict[tuple[str | None, str], Portal] = {}

    def portal_of(url: str, *, name: str | None, origin: str | None) -> Portal:
        place = (name, urls.origin(url) or url)
        if place not in whose:
            whose[place] = (
                portal_named(archive.settings, name, origin)
                if name is not None and is_portal_name(name)
                else _portal_at(known, url)
            )
        return whose[place]

    with archive.writing("import") as workshop:
        for sentence in workshop.notes:
            note(sentence)
        yield from take_in(paths, vault=workshop.vault, library=workshop.library, portal_of=portal_of)


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
    from gvreader.checking import checked, checked_without_library, repaired
    from gvreader.errors import ArchiveDamaged
    from gvreader.library import LibraryMissing

    if repair:
        _set_aside_unreadable(archive, note)
        with archive.writing("verify --repair") as workshop:
            for sentence in workshop.notes:
                note(sentence)
            portal_of = _portals_of(archive.settings, workshop.vault)
            return repaired(workshop.vault, workshop.library, portal_of)
    with archive.open_vault() as vault:
        try:
            return checked(vault, archive.library)
        except LibraryMissing as error:
            if not vault.files():
                raise
            return checked_without_library(vault, archive.library_file.name, str(error))
        except ArchiveDamaged as error:
            return checked_without_library(vault, archive.library_file.name, str(error))


def _set_aside_unreadable(archive: Archive, note: Callable[[str], None]) -> None:
    """Rename a library file whose pages SQLite cannot follow, so that a new one can be derived."""
    from gvreader.errors import ArchiveDamaged
    from gvreader.lock import ArchiveLock

    file = archive.library_file
    if not file.exists():
        return
    with ArchiveLock(archive.folder, command="verify --repair", since=now()):
        try:
            with archive.open_library() as library:
                if not any(flaw.where == "file" for flaw in library.check()):
                    return
        except ArchiveDamaged:
            pass
        stamp = f"{now():%Y%m%d%H%M%S}"
        for suffix in ("", "-wal", "-shm"):
            part = file.with_name(file.name + suffix)
            if part.exists():
                part.rename(file.with_name(f"{file.stem}-damaged-{stamp}{file.suffix}{suffix}"))
    note(
        _(
            "The library file could not be read. It is kept as {name}, and a new one is derived from the vault; "
            "marks and articles without captures are only in the old file."
        ).format(name=f"{file.stem}-damaged-{stamp}{file.suffix}")
    )
