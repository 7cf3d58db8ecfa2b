"""Where the reader's questions go: its own library for what is on the screen, workers for what may take long."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, TypeVar

from gvreader.model import ArticleRow, StoredArticle
from gvreader.tui.services import ReaderServices
from gvreader.tui.worker import Cancelled, ReadWorker, WriteWorker

if TYPE_CHECKING:
    from gvreader.archive.library import Library

Answer = TypeVar("Answer")
Deliver = Callable[["Future[Any]", Callable[[Any], None]], None]
"""Called on a worker's thread with a finished future and the handler that the screen is to call."""


class LibraryAccess:
    """One reader's access to one archive. Made before Textual is imported, so that the first answers are early."""

    def __init__(self, services: ReaderServices) -> None:
        self.services = services
        self._reading = ReadWorker(services.open_library)
        self._writing: WriteWorker | None = None
        self._library: Library | None = None
        self._deliver: Deliver | None = None

    def deliver_to(self, deliver: Deliver) -> None:
        """Say who hands answers to their handlers."""
        self._deliver = deliver

    def ask(
        self, name: str, job: Callable[[Library], Answer], handler: Callable[[Answer], None]
    ) -> Future[Answer]:
        """Ask the reading worker; an older question of the same name is dropped unanswered, even if under way."""
        return self._expect(self._reading.ask(name, job), handler)

    def prepare(self, name: str, job: Callable[[Library], Answer]) -> Future[Answer]:
        """Ask now what `expect` will wait for later."""
        return self._reading.ask(name, job)

    def expect(self, future: Future[Answer], handler: Callable[[Answer], None]) -> None:
        """Have `handler` called with an answer that was prepared."""
        self._expect(future, handler)

    def write(self, job: Callable[[Library], Answer], handler: Callable[[Answer], None]) -> Future[Answer]:
        """Have the writing worker change something, after everything it was asked before."""
        if self._writing is None:
            self._writing = WriteWorker(self.services.writer)
        return self._expect(self._writing.ask("", job), handler)

    def at_once(self, job: Callable[[Library], Answer]) -> Answer:
        """Ask on the screen's own thread: for what takes a few milliseconds at most."""
        return job(self._own())

    def rows(self, ids: Sequence[int]) -> tuple[ArticleRow, ...]:
        """Rows for the list, at once."""
        return self._own().articles.rows(ids)

    def stored(self, article: int) -> StoredArticle | None:
        """One article for the text pane, at once."""
        return self._own().articles.stored(article)

    def place(self, article: int) -> int:
        """Where the reader left an article."""
        return self._own().marks.place(article)

    def reopen(self) -> None:
        """Forget the library that is open; the next question opens it again."""
        library, self._library = self._library, None
        if library is not None:
            library.close()

    def close(self) -> None:
        """Let the workers finish and close everything."""
        self._deliver = None
        if self._writing is not None:
            self._writing.stop(seconds=6.0)
        self._reading.stop(seconds=0.5)
        self.reopen()

    def _own(self) -> Library:
        if self._library is None:
            self._library = self.services.open_library()
        return self._library

    def _expect(self, future: Future[Answer], handler: Callable[[Answer], None]) -> Future[Answer]:
        def done(finished: Future[Answer]) -> None:
            if finished.cancelled() or isinstance(finished.exception(), Cancelled):
                return
            if self._deliver is not None:
                self._deliver(finished, handler)

        future.add_done_callback(done)
        return future
