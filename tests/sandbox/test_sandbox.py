"""The worker process: what it reads, how it ends, and what its parent says of that."""

from __future__ import annotations

import os
import pickle
import signal
import threading
from collections.abc import Iterator

import pytest

from gvreader.limits import ORDINARY_BYTES, ORDINARY_TAGS
from gvreader.model import Article, Extraction, Media, Refusal
from gvreader.portals import adhoc
from gvreader.sandbox import ReaderPool, WorkerFailure, WorkerProcess, page_reading, read_capture
from gvreader.sandbox.frames import packed, unpacked
from gvreader.sandbox.worker import TASKS
from tests.extract.pages import FIRST, HOST, LAST, capture, page
from tests.files.test_files import LINES, WORD, docx
from tests.packing import zipped

PORTAL = adhoc(f"{HOST}/")
PAGE = capture(page(f"<p>{FIRST}</p><p>{LAST}</p>"))


@pytest.fixture
def worker() -> Iterator[WorkerProcess]:
    worker = WorkerProcess()
    yield worker
    worker.close()


def test_an_ordinary_page_starts_no_worker(worker: WorkerProcess) -> None:
    found = read_capture(PAGE, PORTAL, worker=worker)
    assert found is not None
    assert isinstance(found.page, Article)
    assert worker.started == 0


def test_the_worker_reads_what_would_be_read_here(worker: WorkerProcess) -> None:
    assert read_capture(PAGE, PORTAL, isolated=True, worker=worker) == read_capture(PAGE, PORTAL)
    assert read_capture(PAGE, PORTAL, isolated=True, worker=worker) == read_capture(PAGE, PORTAL)
    assert worker.started == 1


def test_the_memory_of_the_parent_does_not_wear_the_worker(worker: WorkerProcess) -> None:
    held = bytearray(200 << 20)
    for _ in range(2):
        assert isinstance(worker.ask("page", PAGE, PORTAL, seconds=30), Extraction)
    assert (worker.started, len(held)) == (1, 200 << 20)


@pytest.mark.parametrize(
    ("body", "started"),
    [
        (page("<p>x</p>").encode().ljust(ORDINARY_BYTES), 0),
        (page("<p>x</p>").encode().ljust(ORDINARY_BYTES + 1), 1),
        (b"<html>".ljust(20) + b"<b>" * (ORDINARY_TAGS - 1), 0),
        (b"<html>".ljust(20) + b"<b>" * ORDINARY_TAGS, 1),
    ],
    ids=["as many bytes", "a byte more", "as many tags", "a tag more"],
)
def test_pages_beyond_the_ordinary_are_read_in_the_worker(
    worker: WorkerProcess, body: bytes, started: int
) -> None:
    assert read_capture(capture(body), PORTAL, worker=worker) is not None
    assert worker.started == started


def test_a_file_is_read_in_the_worker(worker: WorkerProcess) -> None:
    found = read_capture(
        capture(docx(), f"{HOST}/a.docx", headers=(("Content-Type", "application/octet-stream"),)),
        PORTAL,
        worker=worker,
    )
    assert found is not None
    assert isinstance(found.page, Media)
    assert found.page.text == "\n".join(LINES)
    assert found.page.media_type.endswith("wordprocessingml.document")
    assert worker.started == 1


def test_a_picture_is_not(worker: WorkerProcess) -> None:
    body = b"\x89PNG\r\n\x1a\n" + bytes(100)
    found = read_capture(capture(body, f"{HOST}/a.png"), PORTAL, worker=worker)
    assert found is not None
    assert isinstance(found.page, Media)
    assert worker.started == 0


def test_too_much_work_is_too_slow(worker: WorkerProcess) -> None:
    long = capture(page(f"<p>{FIRST}</p>" * 4000))
    with pytest.raises(WorkerFailure) as failure:
        worker.ask("page", long, PORTAL, seconds=0.001)
    assert failure.value.kind == "too-slow"
    assert worker.ask("page", PAGE, PORTAL, seconds=30) == read_capture(PAGE, PORTAL)
    assert worker.started == 2


def test_too_much_memory_is_too_large(worker: WorkerProcess) -> None:
    body = b"<html><body>" + b"<a/>" * 2_000_000
    found = read_capture(capture(body), PORTAL, worker=worker)
    assert found is not None
    assert isinstance(found.page, Refusal)
    assert found.page.kind in ("too-large", "too-slow")


def test_a_worker_that_is_killed_costs_one_page(worker: WorkerProcess) -> None:
    read_capture(PAGE, PORTAL, isolated=True, worker=worker)
    process = worker._process
    assert process is not None
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    found = read_capture(PAGE, PORTAL, isolated=True, worker=worker)
    assert found is not None
    assert isinstance(found.page, Refusal)
    assert (found.page.kind, "SIGKILL" in found.page.detail) == ("unreadable", True)
    assert read_capture(PAGE, PORTAL, isolated=True, worker=worker) == read_capture(PAGE, PORTAL)


@pytest.mark.parametrize("error", [RecursionError("deep"), MemoryError(), ValueError("x"), AssertionError()])
def test_whatever_is_raised_is_a_refusal_with_its_name(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def failing(*_arguments: object) -> None:
        raise error

    monkeypatch.setattr(page_reading, "extract", failing)
    found = read_capture(PAGE, PORTAL)
    assert found is not None
    assert isinstance(found.page, Refusal)
    assert found.page.kind == "unreadable"
    assert found.page.detail.startswith(type(error).__name__)


def test_a_stop_is_no_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(page_reading, "extract", stopped)
    with pytest.raises(KeyboardInterrupt):
        read_capture(PAGE, PORTAL)


def test_several_workers_read_at_once() -> None:
    with ReaderPool(2) as pool:
        futures = [pool.submit(PAGE, PORTAL) for _ in range(6)]
        assert [future.result() for future in futures] == [read_capture(PAGE, PORTAL)] * 6


def test_a_file_that_costs_too_much_is_kept_with_a_note(
    monkeypatch: pytest.MonkeyPatch, worker: WorkerProcess
) -> None:
    monkeypatch.setattr(page_reading, "FILE_SECONDS", 0.001)
    body = zipped({"word/document.xml": f"<w:d {WORD}>" + "<w:p><w:t>aa</w:t></w:p>" * 100_000})
    found = read_capture(capture(body, f"{HOST}/a.docx"), PORTAL, worker=worker)
    assert found is not None
    assert isinstance(found.page, Media)
    assert (found.page.text, found.page.note) == (None, "too-slow")


def test_threads_take_turns(worker: WorkerProcess) -> None:
    answers: list[object] = []
    threads = [
        threading.Thread(target=lambda: answers.append(worker.ask("page", PAGE, PORTAL, seconds=30)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [read_capture(PAGE, PORTAL)] * 4


def test_frames_hold_values_and_nothing_else() -> None:
    extraction = read_capture(PAGE, PORTAL)
    assert unpacked(packed(extraction)[8:]) == extraction
    for hostile in (os.system, print, ValueError("x"), WorkerProcess):
        with pytest.raises(pickle.UnpicklingError):
            unpacked(packed(hostile)[8:])


def test_every_task_has_a_name() -> None:
    assert set(TASKS) == {"page", "file"}
