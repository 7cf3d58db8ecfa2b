"""What the reader needs of the world. `wiring` supplies it; tests supply their own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from gvreader.app.desktop import HandOver, RunInTerminal
from gvreader.export.formats import ExportFormat
from gvreader.model import ArticleRow, Event

if TYPE_CHECKING:
    from gvreader.archive.library import Library


class ReaderServices(Protocol):
    """Called from several threads at once. Every method may raise a GvreaderError, whose advice is then shown."""

    @property
    def archive(self) -> Path:
        """The archive's folder, as it is shown to the reader."""
        ...

    def open_library(self) -> Library:
        """A new read-only library for the calling thread; LibraryMissing (a NothingMatched) before the first sync."""
        ...

    def writer(self) -> AbstractContextManager[Library]:
        """A library that may be written, for one short change of marks; closed when the context ends."""
        ...

    def sync(self, portal: str | None) -> Iterator[Event]:
        """A sync of one portal (of all that the archive holds, for None) as events; closing the iterator stops it
        cleanly.
        """
        ...

    def backfill(self, portal: str | None) -> Iterator[Event]:
        """Captures of one portal (of all that the archive holds, for None) from a public web archive, as `sync`."""
        ...

    def leave_for(self, command: Sequence[str]) -> None:
        """Once the reader is closed, run a gvreader command in the terminal, then open the reader again."""
        ...

    def open_url(self, url: str, in_terminal: RunInTerminal) -> HandOver:
        """Open an http(s) address in the browser; `in_terminal` runs one that needs the terminal."""
        ...

    def open_copy(self, url: str) -> HandOver | None:
        """Open the archive's own copy of a file, picture or page in the system's viewer; None when there is none."""
        ...

    def picture(self, url: str) -> bytes | None:
        """The archive's copy of a picture, never fetched; None when there is none."""
        ...

    def cite(self, row: ArticleRow) -> str:
        """A citation of one article, with its provenance."""
        ...

    def export(self, export_format: ExportFormat, ids: Sequence[int], title: str) -> Path:
        """Write articles to a new file or folder for the reader, and say where. `title` is what a book is called."""
        ...

    def recall(self) -> str:
        """What `remember` was last given, on this machine; empty when there is nothing."""
        ...

    def remember(self, ui_state: str) -> None:
        """Keep how the reader looks for the next time; a failure to do so is no trouble."""
        ...

    def now(self) -> datetime:
        """The present moment, aware."""
        ...
