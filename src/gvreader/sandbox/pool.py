"""Several workers that read at once, for works that read a whole vault."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self

from gvreader.model import Capture, Extraction
from gvreader.portals import Portal
from gvreader.sandbox.page_reading import read_capture
from gvreader.sandbox.worker_process import WorkerProcess


class ReaderPool:
    """Reads captures in `jobs` worker processes, each in one of them; a context manager."""

    def __init__(self, jobs: int) -> None:
        self._workers: list[WorkerProcess] = []
        self._own = threading.local()
        self._threads = ThreadPoolExecutor(jobs, thread_name_prefix="gvreader-read")

    def submit(self, capture: Capture, portal: Portal) -> Future[Extraction | None]:
        """What a capture says, as soon as a worker has read it."""
        return self._threads.submit(self._read, capture, portal)

    def close(self) -> None:
        """Forget what waits, and end the workers."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        for worker in self._workers:
            worker.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _read(self, capture: Capture, portal: Portal) -> Extraction | None:
        worker: WorkerProcess | None = getattr(self._own, "worker", None)
        if worker is None:
            worker = self._own.worker = WorkerProcess()
            self._workers.append(worker)
        return read_capture(capture, portal, isolated=True, worker=worker)
