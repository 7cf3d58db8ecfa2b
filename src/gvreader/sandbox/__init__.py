"""Read captures so that no page and no file can stop or bend a run.

Ordinary pages are read where they are; files, and pages beyond what an ordinary one has, in a worker process with
limits of CPU, memory and time. Whatever goes wrong is a refusal.
"""

from __future__ import annotations

from gvreader.sandbox.page_reading import UNREAD_KINDS, is_page, is_redirect, read_capture, refused
from gvreader.sandbox.pool import ReaderPool
from gvreader.sandbox.worker_process import WorkerFailure, WorkerProcess, shared_worker

__all__ = [
    "UNREAD_KINDS",
    "ReaderPool",
    "WorkerFailure",
    "WorkerProcess",
    "is_page",
    "is_redirect",
    "read_capture",
    "refused",
    "shared_worker",
]
