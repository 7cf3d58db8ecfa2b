"""The folder of an archive: the one place that builds its lock, vault and library.

Nothing is imported before it is needed: listing articles loads no HTTP client and no HTML parser.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from gvreader.app.clock import now
from gvreader.frozen import dataclass
from gvreader.i18n import _, ngettext

if TYPE_CHECKING:
    from gvreader.app.config import Settings
    from gvreader.archive.library import Library
    from gvreader.archive.vault import Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteSession:
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
        from gvreader.archive.library import Library, LibraryMissing

        try:
            library = Library.open(self.library_file, mode=mode)
        except LibraryMissing as error:
            with self.open_vault() as vault:
                if not vault.files():
                    raise
            raise LibraryMissing(
                _("The archive {folder} has no library, but a vault to derive it from.").format(
                    folder=self.folder
                ),
                advice=_("`gvreader rebuild` derives it."),
            ) from error
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
        from gvreader.archive.vault import Vault

        return Vault.open(self.vault_folder, mode="read", clock=self._clock)

    def close(self) -> None:
        """Close what was opened."""
        opened = self.__dict__.pop("library", None)
        if opened is not None:
            opened.close()

    def prepare_marking(self) -> None:
        """Bring a library of an earlier schema to the newest, if it may be written: who reads here, marks."""
        from gvreader.archive.library import Library
        from gvreader.errors import GvreaderError

        if Library.is_outdated(self.library_file):
            with suppress(GvreaderError):
                Library.open(self.library_file, mode="write").close()

    @contextmanager
    def marking(self) -> Iterator[Library]:
        """The library for one change of marks, which needs no lock: a sync may run meanwhile."""
        self.open_library().close()  # a library that is not there is said so, not made
        with self._library("write") as library:
            yield library

    @contextmanager
    def writing(self, command: str) -> Iterator[WriteSession]:
        """The whole archive for writing; made when it is not there. Raises ArchiveLocked at once."""
        from gvreader.archive.library import Library
        from gvreader.archive.lock import ArchiveLock, network_warning
        from gvreader.archive.vault import Vault

        with (
            ArchiveLock(self.folder, command=command, since=self._clock()) as lock,
            Library.open(self.library_file, mode="write") as library,
            Vault.open(
                self.vault_folder, mode="write", clock=self._clock, indexed=library.captures.last_in
            ) as vault,
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
            notes += [
                _(
                    "{n} bytes at the end of {file} are damaged and were left as they are; new captures go to a "
                    "new file. `gvreader verify` says what is affected."
                ).format(file=torn.file, n=torn.bytes)
                for torn in vault.torn
                if torn.saved is None
            ]
            notes += _future_notes(library, self._clock())
            yield WriteSession(vault=vault, library=library, notes=tuple(notes))

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


def _future_notes(library: Library, now: datetime) -> list[str]:
    """What a clock that was ahead has left is ordered before what comes now, and said."""
    if not library.bring_back(now):
        return []
    count, latest = library.yet_to_come(now)
    return [
        ngettext(
            "{n} capture states a time that is yet to come (up to {day}): the clock of this computer was ahead when "
            "it was taken. It counts as older than what is fetched now.",
            "{n} captures state times that are yet to come (up to {day}): the clock of this computer was ahead when "
            "they were taken. They count as older than what is fetched now.",
            count,
        ).format(n=count, day=f"{latest:%Y-%m-%d}")
    ]
