"""What a capture says, whatever it does to its reader. Total: every failure is a refusal or a note beside a file."""

from __future__ import annotations

from typing import Final, Literal
from urllib.parse import urlsplit

from gvreader.extract import AnswerBody, extract, open_answer
from gvreader.files.result import FileText
from gvreader.frozen import replace
from gvreader.limits import FILE_SECONDS, ORDINARY_BYTES, ORDINARY_TAGS, PAGE_SECONDS
from gvreader.model import Capture, Extraction, Media, ProblemKind, Refusal
from gvreader.portals import Portal
from gvreader.sandbox.worker_process import WorkerFailure, WorkerProcess, shared_worker
from gvreader.urls import refresh_target

UNREAD_KINDS: Final[frozenset[ProblemKind]] = frozenset({"unreadable", "too-slow"})
"""Refusals that say nothing of the page: another version of the extractor may read it."""

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_WITHOUT_TEXT: Final = ("image/", "audio/", "video/", "font/", "text/css", "text/javascript")
_UNPACKED: Final = "application/octet-stream"


def is_redirect(capture: Capture) -> bool:
    """Whether an answer sends its reader elsewhere, by its status or at once by a Refresh header."""
    refresh = capture.header("refresh") if capture.status // 100 == 2 else None
    return capture.status in _REDIRECTS or (
        refresh is not None and refresh_target(refresh, capture.url) is not None
    )


def is_page(capture: Capture) -> bool:
    """Whether a capture is to be read at all: no robots.txt, redirect or 304."""
    is_moved = is_redirect(capture) or capture.status == 304
    return not is_moved and urlsplit(capture.url).path != "/robots.txt"


def read_capture(
    capture: Capture, portal: Portal, *, isolated: bool = False, worker: WorkerProcess | None = None
) -> Extraction | None:
    """What a capture says; None for what is no page.

    `isolated`: in the worker process whatever it is; `worker` is another one than the process's own.
    """
    if not is_page(capture):
        return None
    try:
        return _read(capture, portal, isolated=isolated, worker=worker or shared_worker())
    except WorkerFailure as failure:
        return refused(capture, portal, failure.kind, failure.detail)
    except Exception as error:  # noqa: BLE001 - one page never stops a run
        return refused(capture, portal, "unreadable", _named(error))


def refused(capture: Capture, portal: Portal, kind: ProblemKind, detail: str) -> Extraction:
    """A capture that could not be read, as a page that says nothing."""
    url = portal.scope().logical(capture.url) or capture.url
    return Extraction(page=Refusal(url=url, kind=kind, detail=detail))


def _named(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:200].rstrip(": ")


def _read(capture: Capture, portal: Portal, *, isolated: bool, worker: WorkerProcess) -> Extraction:
    opened = open_answer(capture, portal)
    if isinstance(opened, Extraction):
        return opened
    if opened.media is not None:
        return Extraction(page=_with_text(opened.media, opened.body, worker))
    if isolated or not _is_ordinary(opened):
        extraction = worker.ask("page", capture, portal, seconds=PAGE_SECONDS)
        assert isinstance(extraction, Extraction)
        return extraction
    return extract(capture, portal, opened)


def _is_ordinary(opened: AnswerBody) -> bool:
    body = opened.body
    return len(body) <= ORDINARY_BYTES and body.count(b"<") <= ORDINARY_TAGS


def _with_text(media: Media, body: bytes, worker: WorkerProcess) -> Media:
    """A file with the text that the worker finds in it."""
    if media.media_type.startswith(_WITHOUT_TEXT) or media.media_type == _UNPACKED or not body:
        return media
    try:
        found = worker.ask("file", media.media_type, body, seconds=FILE_SECONDS)
    except WorkerFailure as failure:
        return replace(media, note=_note(failure.kind))
    assert isinstance(found, FileText)
    return replace(
        media,
        media_type=found.media_type,
        text=found.text,
        text_by=found.by,
        pages=found.pages,
        note=found.note,
    )


def _note(kind: ProblemKind) -> Literal["too-slow", "too-large", "unreadable"]:
    if kind == "too-slow":
        return "too-slow"
    return "too-large" if kind == "too-large" else "unreadable"
