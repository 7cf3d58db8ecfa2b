"""What the reader asks of the world: libraries, marks, syncs, copies of files, the browser."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import unquote, urlsplit

from gvreader.app import clock
from gvreader.app.archive import Archive
from gvreader.app.desktop import HandOver, RunInTerminal, hand_over_address, hand_over_file
from gvreader.app.portal_lookup import DEFAULT_PORTAL, portal_for, portals_in
from gvreader.errors import ArchiveGone, GvreaderError, PortalUnreachable
from gvreader.i18n import _
from gvreader.media_types import viewed_as
from gvreader.model import Noted

if TYPE_CHECKING:
    from gvreader.archive.library import Library
    from gvreader.export.formats import ExportFormat
    from gvreader.model import ArticleRow, Event

_LARGEST_COPY: Final = 256 << 20


class Services:
    """The reader's services on one archive. `portal` is what `r` syncs where the archive holds none yet; `base_url`
    the origin that serves what is synced.

    `errand` is the command that the reader was closed for, empty for none.
    """

    def __init__(
        self,
        archive: Archive,
        *,
        portal: str = DEFAULT_PORTAL,
        base_url: str | None = None,
        delay: float | None = None,
    ) -> None:
        self._archive = archive
        self._portal = portal
        self._base_url = base_url
        self._delay = delay
        self._was_there = False
        self.errand: tuple[str, ...] = ()

    @property
    def archive(self) -> Path:
        return self._archive.folder

    def now(self) -> datetime:
        return clock.now()

    def open_library(self) -> Library:
        from gvreader.archive.library import LibraryMissing

        try:
            library = self._archive.open_library()
        except LibraryMissing:
            self._check_there()
            raise
        self._was_there = True
        return library

    def writer(self) -> AbstractContextManager[Library]:
        self._check_there()
        return self._archive.marking()

    def _check_there(self) -> None:
        """Raise ArchiveGone for an archive that was open and is not there any more: absence is no beginning."""
        if self._was_there and not self._archive.library_file.exists():
            raise ArchiveGone(
                _("The archive at {folder} is no longer there.").format(folder=self.archive),
                advice=_(
                    "Bring it back (a disk, a network share?) and try again; nothing was written in its place."
                ),
            )

    def sync(self, portal: str | None) -> Iterator[Event]:
        from gvreader.app.runs.sync_run import run_sync
        from gvreader.operations.sync import SyncOptions

        settings = self._archive.settings
        options = SyncOptions(media=settings.sync.media)

        def begin(name: str) -> Iterator[Event]:
            one = portal_for(settings, name)
            return run_sync(self._archive, one, options=options, base_url=self._base_url, delay=self._delay)

        return self._one_after_the_other(portal, begin)

    def backfill(self, portal: str | None) -> Iterator[Event]:
        from gvreader.app.runs.backfill_run import run_backfill

        def begin(name: str) -> Iterator[Event]:
            one = portal_for(self._archive.settings, name)
            return run_backfill(self._archive, one, source="wayback")

        return self._one_after_the_other(portal, begin)

    def _one_after_the_other(
        self, portal: str | None, begin: Callable[[str], Iterator[Event]]
    ) -> Generator[Event]:
        """Runs of the portal that is asked for, else of all that the archive holds, else of the usual one.

        One that cannot be reached does not keep the others from it; raises its error when none could be.
        """
        self._check_there()
        names = (portal,) if portal else portals_in(self._archive.settings) or (self._portal,)
        failed: list[GvreaderError] = []
        for name in names:
            try:
                yield from begin(name)
            except PortalUnreachable as error:
                failed.append(error)
                if len(names) > 1:
                    yield Noted(message=f"{name}: {error}")
        if len(failed) == len(names):
            raise failed[0]

    def leave_for(self, command: Sequence[str]) -> None:
        self.errand = tuple(command)

    def open_url(self, url: str, in_terminal: RunInTerminal) -> HandOver:
        from gvreader.export.html import safe_link

        link = safe_link(url)
        return hand_over_address(link, in_terminal) if link is not None else HandOver()

    def open_copy(self, url: str) -> HandOver | None:
        from gvreader.export.html import page

        found = self._copy(url)
        if found is not None:
            body, media_type = found
            ending = viewed_as(media_type)
            return hand_over_file(_write_copy(url, ending, body)) if ending is not None else None
        with self.open_library() as library:
            stored = library.articles.get(url)
        if stored is None:
            return None
        return hand_over_file(_write_copy(url, ".html", page(stored.article).encode("utf-8", "replace")))

    def picture(self, url: str) -> bytes | None:
        found = self._copy(url)
        return found[0] if found is not None else None

    def cite(self, row: ArticleRow) -> str:
        from gvreader.export.citations import cite
        from gvreader.export.job import provenance

        with self.open_library() as library:
            stored = library.articles.stored(row.id)
            portal = library.portals.get(row.portal)
            source = provenance(library, stored) if stored is not None else None
        title = portal.title if portal else row.portal
        return cite(stored, title, "text", source) if stored is not None else row.url

    def export(self, export_format: ExportFormat, ids: Sequence[int], title: str) -> Path:
        from uuid import uuid4

        from gvreader.export.atomic_files import replacing
        from gvreader.export.formats import writer_of
        from gvreader.export.job import ExportInfo, ExportJob, ExportSources

        place = _new_place(export_format)
        write = cast("Callable[..., Any]", writer_of(export_format))
        with self.open_library() as library, self._archive.open_vault() as vault:
            job = ExportJob(
                articles=library.articles.stream(ids),
                ids=ids,
                sources=ExportSources(library, vault),
                info=ExportInfo(title=title, query=title, publisher=title, when=clock.now(), new_id=uuid4()),
                name=place.name,
                bom=True,
            )
            if export_format.shape == "folder":
                write(place, job)
                return place
            with replacing(place) as stream:
                if export_format.shape == "file":
                    write(stream, job)
                else:
                    for text in write(job):
                        stream.write(text.encode("utf-8", "backslashreplace"))
        return place

    def recall(self) -> str:
        try:
            return _looks_file().read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""

    def remember(self, looks: str) -> None:
        from gvreader.export.atomic_files import replacing

        place = _looks_file()
        with suppress(OSError):
            place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with replacing(place) as stream:
                stream.write(looks.encode("utf-8"))

    def _copy(self, url: str) -> tuple[bytes, str] | None:
        """The archive's own bytes of a file or picture and their media type; None when it has none."""
        from gvreader.http.codings import BadCoding, TooLarge, decode

        with self.open_library() as library, self._archive.open_vault() as vault:
            ref = library.media.record_of(url)
            if ref is None:
                return None
            capture = vault.get(ref)
        try:
            body = decode(capture.body, capture.header("Content-Encoding"), limit=_LARGEST_COPY)
        except (BadCoding, TooLarge):
            return None
        return body, (capture.header("Content-Type") or "").partition(";")[0].strip().lower()


def _new_place(export_format: ExportFormat) -> Path:
    """A file or folder of the present folder that is not there yet."""
    stem = f"gvreader-{clock.now().astimezone():%Y%m%d-%H%M%S}"
    names = (
        f"{stem}{number}{export_format.suffix}" for number in ("", *(f"-{count}" for count in range(2, 1000)))
    )
    return next(place for name in names if not (place := Path.cwd() / name).exists())


def _looks_file() -> Path:
    """Where this machine keeps how the reader looked; it is no part of an archive."""
    from gvreader.app.config import state_folder

    return state_folder() / "reader.json"


def _write_copy(url: str, ending: str, body: bytes) -> Path:
    """A file in the user's cache for the system's viewer; its ending says what it is, whatever the address said."""
    import platformdirs

    name = Path(unquote(urlsplit(url).path, errors="replace")).stem
    safe = "".join(character if character.isalnum() else "-" for character in name)[:60].strip("-") or "copy"
    folder = platformdirs.user_cache_path("gvreader", appauthor=False) / "copies"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    place = folder / f"{safe}-{hashlib.sha256(url.encode('utf-8', 'replace')).hexdigest()[:8]}{ending}"
    place.write_bytes(body)
    return place
