"""The library: one SQLite file with everything derived from the vault, and the reader's own marks."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from gvreader.archive.library import own_schema
from gvreader.archive.library.connection import Connection, Mode, connect, schema_version
from gvreader.archive.library.schema import (
    MIGRATIONS,
    migrate,
    migrated_copy,
    require_content,
    version_of,
)

if TYPE_CHECKING:
    from gvreader.archive.library.articles import Articles
    from gvreader.archive.library.captures import Captures
    from gvreader.archive.library.discovered_links import Routes
    from gvreader.archive.library.documents import DocumentStore
    from gvreader.archive.library.indexed_captures import IndexedCaptures
    from gvreader.archive.library.journal import Journal
    from gvreader.archive.library.marks import MarkStore
    from gvreader.archive.library.media import MediaStore
    from gvreader.archive.library.portals import Portals
    from gvreader.archive.library.rebuilding import Draft
    from gvreader.archive.library.results import ArchiveStatus, Inconsistency, News, Overview, Salvaged
    from gvreader.archive.library.search import Search
    from gvreader.archive.library.sections import Sections

_STEPS_BETWEEN_LOOKS: Final = 50_000


class Rebuilding:
    """A library that is being derived again; `findings` is what was noted with the last batch of an earlier run."""

    def __init__(self, library: Library, draft: Draft) -> None:
        self.library = library
        self.findings: list[dict[str, Any]] = draft.notes
        self.is_resumed = draft.is_resumed
        self._draft = draft

    def commit(self, findings: list[dict[str, Any]]) -> None:
        """End a batch: what was derived so far survives a kill, and these findings with it."""
        self._draft.commit(findings)


class Library:
    """One connection to the library file; use it in the thread that opened it, and close it.

    Where a user can mend what went wrong, methods raise errors of `gvreader.errors`: StorageFailed (disk
    full, read-only or failing), ArchiveDamaged, ArchiveLocked (another process wrote for five seconds).
    """

    def __init__(self, connection: Connection, path: Path) -> None:
        self._connection = connection
        self._path = path

    @classmethod
    def open(cls, path: Path, *, mode: Mode) -> Self:
        """Open the library at `path`. `write` creates it and brings it to the newest schema.

        `read` leaves the folder as it was: a library of an earlier schema is read in a copy of the moment. Raises
        LibraryMissing (reading what is not there), ArchiveDamaged (a schema that is not our own, too),
        StorageFailed, ArchiveLocked, and GvreaderError for a file of a newer gvreader or of another program.
        """
        connection = connect(path, mode)
        try:
            own_schema.require_own(connection)
            if mode == "write":
                migrate(connection)
                from gvreader.archive.library import marks_state

                marks_state.attach(connection, path)
            else:
                require_content(connection, path)
                if version_of(connection) < len(MIGRATIONS):
                    connection = migrated_copy(connection)
        except BaseException:
            connection.close()
            raise
        return cls(connection, path)

    @staticmethod
    def is_outdated(path: Path) -> bool:
        """Whether a file is a library of an earlier schema, which the next writer brings to the newest."""
        return 0 < schema_version(path) < len(MIGRATIONS)

    @staticmethod
    def is_misnumbered(path: Path) -> bool:
        """Whether a file states the version of a newer schema, but has the newest that is known here."""
        if schema_version(path) <= len(MIGRATIONS):
            return False
        connection = connect(path, "read")
        try:
            return not own_schema.differences(connection, len(MIGRATIONS))
        finally:
            connection.close()

    # Each is loaded when it is first asked for: a search needs none of the others, a sync no search.

    @cached_property
    def articles(self) -> Articles:
        from gvreader.archive.library.articles import Articles

        return Articles(self._connection)

    @cached_property
    def captures(self) -> Captures:
        from gvreader.archive.library.captures import Captures

        return Captures(self._connection)

    @cached_property
    def journal(self) -> Journal:
        from gvreader.archive.library.journal import Journal

        return Journal(self._connection)

    @cached_property
    def marks(self) -> MarkStore:
        from gvreader.archive.library.marks import MarkStore

        return MarkStore(self._connection)

    @cached_property
    def documents(self) -> DocumentStore:
        from gvreader.archive.library.documents import DocumentStore

        return DocumentStore(self._connection)

    @cached_property
    def media(self) -> MediaStore:
        from gvreader.archive.library.media import MediaStore

        return MediaStore(self._connection)

    @cached_property
    def portals(self) -> Portals:
        from gvreader.archive.library.portals import Portals

        return Portals(self._connection)

    @cached_property
    def routes(self) -> Routes:
        from gvreader.archive.library.discovered_links import Routes

        return Routes(self._connection)

    @cached_property
    def sections(self) -> Sections:
        from gvreader.archive.library.sections import Sections

        return Sections(self._connection)

    @cached_property
    def sightings(self) -> IndexedCaptures:
        from gvreader.archive.library.indexed_captures import IndexedCaptures

        return IndexedCaptures(self._connection)

    @cached_property
    def search(self) -> Search:
        """Full-text search."""
        from gvreader.archive.library.search import Search

        return Search(self._connection)

    def snapshot(self) -> AbstractContextManager[None]:
        """Everything inside reads one state of the library, whatever is written meanwhile."""
        return self._connection.reading()

    def close(self) -> None:
        """Close the connection; an open transaction is rolled back."""
        self._connection.close()

    def break_off_when(self, asked: Callable[[], bool]) -> None:
        """Have every statement end with sqlite3.OperationalError soon after `asked` answers True.

        For questions whose answer nobody waits for any more; `asked` is called every few milliseconds.
        """
        self._connection.set_progress_handler(asked, _STEPS_BETWEEN_LOOKS)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def transaction(self) -> AbstractContextManager[None]:
        """Everything inside becomes visible together, or not at all; transactions nest."""
        return self._connection.transaction()

    def require_files(self, files: Sequence[str]) -> None:
        """Raise ArchiveDamaged if captures lie in files of the vault other than these; says what would vanish."""
        from gvreader.archive.library.rebuilding import require_files

        require_files(self._connection, files)

    @contextmanager
    def rebuilding(self, *, version: str = "", accept_loss: bool = False) -> Iterator[Rebuilding]:
        """A library that is empty but for what cannot be derived, to be filled from the vault again.

        It takes the place of this one when the block ends well; readers see the old state until then. An exception
        or a kill leaves this one as it was, and the next call goes on after the last batch, if nothing changed
        meanwhile and `version` (of what derives) is the same. Kept are local numbers, marks, tags, notes, places,
        saved searches, portals, runs, the frontier, and articles that were imported without captures. An article
        that comes back under its key has its number and its marks again.

        Raises ArchiveDamaged, and leaves everything as it was, where captures that this library knows were not
        given again, unless `accept_loss`.
        """
        from gvreader.archive.library.rebuilding import rebuilding

        with rebuilding(self._connection, self._path, version=version, accept_loss=accept_loss) as draft:
            yield Rebuilding(type(self)(draft.connection, self._path), draft)

    def overview(self) -> Overview:
        """The counts that the reader shows; cheap enough to ask for after every change."""
        from gvreader.archive.library import overview

        return overview.overview(self._connection)

    def news(self, ids: Container[int], since: datetime | None, number: int = 0) -> News:
        """What came, changed and vanished of the articles `ids` since a moment, when `number` was the highest number.

        Without a moment all of them came.
        """
        from gvreader.archive.library import watching

        return watching.news(self._connection, ids, since, number)

    def months(self) -> tuple[tuple[str, int], ...]:
        """Each month (`YYYY-MM`) in which articles were published, with how many, newest first."""
        from gvreader.archive.library import overview

        return overview.months(self._connection)

    def status(self, portal: str | None = None) -> ArchiveStatus:
        """What the archive holds of each portal, or of one: sections, coverage, gaps, freshness."""
        from gvreader.archive.library import status

        return status.status(self._connection, portal)

    def bring_back(self, now: datetime, *, before: datetime | None = None) -> int:
        """Order looks of a clock that was ahead right before `now` (or `before`); returns how many there were."""
        from gvreader.archive.library import clock

        return clock.bring_back(self._connection, now, before=before)

    def yet_to_come(self, now: datetime) -> tuple[int, datetime | None]:
        """How many captures state a time later than `now`, and the latest of these times."""
        from gvreader.archive.library import clock

        return clock.yet_to_come(self._connection, now)

    def version(self) -> int:
        """A number that changes when another connection commits something."""
        ((version,),) = self._connection.execute("PRAGMA data_version").fetchall()
        return int(version)

    def check(self) -> tuple[Inconsistency, ...]:
        """Everything in the file that does not agree with itself; empty for a sound library."""
        from gvreader.archive.library import consistency

        return consistency.check(self._connection, self._path)

    def snapshot_to(self, target: Path) -> None:
        """Write what the library holds at this moment to a new file. Raises StorageFailed."""
        from gvreader.archive.library.connection import copy_to

        copy_to(self._connection, target)

    def is_readable(self) -> bool:
        """Whether SQLite can follow every page of the file."""
        from gvreader.archive.library import consistency

        return consistency.is_readable(self._connection)

    def repair(self) -> tuple[Inconsistency, ...]:
        """Derive counts, current rows and the index from the rest of the file; returns what is still wrong."""
        from gvreader.archive.library import consistency

        return consistency.repair(self._connection, self._path)

    def salvage(self, damaged: Path, files: Sequence[str] | None = None) -> Salvaged:
        """Take over what can still be read of another, damaged library file and cannot be derived again.

        Local numbers, marks, tags, notes, places, saved searches, runs and what waits to be visited, and articles
        without captures: imported ones,
        and with `files` (those of the vault) also those whose captures lie in a file that is lost. Called before
        the rebuild that derives the rest; nothing that is here already is lost.
        """
        from gvreader.archive.library import salvage

        return salvage.salvage(self._connection, damaged, self._path, files)

    def reindex(self, progress: Callable[[int], object] | None = None) -> int:
        """Build the full-text index again from the articles; returns how many, `progress` is told on the way."""
        from gvreader.archive.library import consistency

        return consistency.reindex(self._connection, progress)
