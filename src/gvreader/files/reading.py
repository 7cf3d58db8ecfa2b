"""Which reader reads a file: told by its bytes, then by what the server calls it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from gvreader import __version__
from gvreader.files import office, pdf
from gvreader.files.result import FileNote, FileText, FileUnreadableError, joined

MAX_FILE: Final = 32 << 20


def read_file(media_type: str, body: bytes) -> FileText:
    """The text of a file. Total but for MemoryError: what cannot be read is a note."""
    if media_type == "application/zip":
        media_type = office.office_type(body) or media_type
    if not body:
        return FileText(media_type=media_type, note="empty")
    if len(body) > MAX_FILE:
        return FileText(media_type=media_type, note="too-large")
    try:
        return _read(media_type, body)
    except FileUnreadableError as error:
        return FileText(media_type=media_type, note=error.note)


def _read(media_type: str, body: bytes) -> FileText:
    if media_type == "application/pdf":
        lines = pdf.PdfLines(body)
        return _result(media_type, pdf.version(), lines, pages=lines.pages, without="no-text-layer")
    if media_type == office.DOCX:
        return _result(media_type, _own("docx"), office.docx_lines(body))
    if media_type in (office.ODT, office.ODP):
        return _result(media_type, _own("odf"), office.odf_lines(body))
    if media_type == office.PPTX:
        slides = office.pptx_slides(body)
        return _result(media_type, _own("pptx"), office.pptx_lines(body, slides), pages=len(slides))
    return FileText(media_type=media_type)


def _own(name: str) -> str:
    return f"{name} (gvreader {__version__})"


def _result(
    media_type: str,
    by: str,
    lines: Iterable[str],
    *,
    pages: int | None = None,
    without: FileNote = "empty",
) -> FileText:
    """The text of the lines; `without` says why there is none."""
    text = joined(lines)
    if not text:
        return FileText(media_type=media_type, by=by, pages=pages, note=without)
    return FileText(media_type=media_type, text=text, by=by, pages=pages)
