"""Threads that ask the library, so that the screen never waits: one that reads, one that writes.

Each job gets the thread's own library and answers through a future. Knows no Textual, so that the first questions can
be asked while Textual is still being imported.
"""

from __future__ import annotations

import sqlite3
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractContextManager, suppress
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from gvreader.archive.library import Library

Answer = TypeVar("Answer")


class Cancelled(Exception):
    """A newer question of the same name broke this one off; nobody waits for its answer."""


_Job = tuple[str, Callable[["Library"], object], "Future[Any]"]


class Worker:
    """One thread, jobs in order. A newer job takes the place of one of its name, which is cancelled or broken off."""

    def __init__(self, name: str) -> None:
        self._jobs: deque[_Job] = deque()
        self._changed = threading.Condition()
        self._stopping = False
        self._running = ""
        self._superseded = False
        # A daemon: a query that takes long never keeps the program from ending.
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    def ask(self, name: str, job: Callable[[Library], Answer]) -> Future[Answer]:
        """Run `job` on the thread's library. An empty name is never replaced by a newer job."""
        future: Future[Answer] = Future()
        with self._changed:
            if name:
                self._superseded = self._superseded or name == self._running
                for waiting in [waiting for waiting in self._jobs if waiting[0] == name]:
                    self._jobs.remove(waiting)
                    waiting[2].cancel()
            self._jobs.append((name, job, future))
            self._changed.notify()
        return future

    def stop(self, seconds: float = 1.0) -> None:
        """Finish what waits, close the library and end the thread, waiting for it a little."""
        with self._changed:
            self._stopping = True
            self._changed.notify()
        self._thread.join(seconds)

    def _library(self) -> AbstractContextManager[Library]:
        raise NotImplementedError

    def _done(self) -> None:
        """Called on the thread when it ends."""

    def _work(self) -> None:
        while (next_job := self._next()) is not None:
            _name, job, future = next_job
            if not future.set_running_or_notify_cancel():
                continue
            try:
                with self._library() as library:
                    answer = job(library)
            except BaseException as error:  # noqa: BLE001 - whoever asked is told, whatever it is
                self._answer(future, error=error)
            else:
                self._answer(future, answer)
        with suppress(Exception):
            self._done()

    def _next(self) -> _Job | None:
        with self._changed:
            while not self._jobs and not self._stopping:
                self._changed.wait()
            if not self._jobs:
                return None
            found = self._jobs.popleft()
            self._running, self._superseded = found[0], False
            return found

    def _answer(
        self, future: Future[object], answer: object = None, *, error: BaseException | None = None
    ) -> None:
        with self._changed:
            superseded, self._running = self._superseded, ""
        if superseded:
            future.set_exception(Cancelled())
        elif error is not None:
            future.set_exception(error)
        else:
            future.set_result(answer)


class ReadWorker(Worker):
    """Keeps one read-only library open for its whole life; reopened after a failure."""

    def __init__(self, open_library: Callable[[], Library]) -> None:
        self._open = open_library
        self._kept: Library | None = None
        super().__init__("gvreader-reading")

    def _library(self) -> AbstractContextManager[Library]:
        return _Borrowed(self)

    def _done(self) -> None:
        if self._kept is not None:
            self._kept.close()

    def borrow(self) -> Library:
        if self._kept is None:
            self._kept = self._open()
            self._kept.break_off_when(lambda: self._superseded)
        return self._kept

    def drop(self) -> None:
        kept, self._kept = self._kept, None
        if kept is not None:
            with suppress(Exception):
                kept.close()


class _Borrowed(AbstractContextManager["Library"]):
    def __init__(self, worker: ReadWorker) -> None:
        self._worker = worker

    def __enter__(self) -> Library:
        return self._worker.borrow()

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if error is not None and not isinstance(error, sqlite3.OperationalError):
            self._worker.drop()


class WriteWorker(Worker):
    """Opens a writer for each change, so that nothing is held while the reader only reads."""

    def __init__(self, writer: Callable[[], AbstractContextManager[Library]]) -> None:
        self._writer = writer
        super().__init__("gvreader-writing")

    def _library(self) -> AbstractContextManager[Library]:
        return self._writer()
