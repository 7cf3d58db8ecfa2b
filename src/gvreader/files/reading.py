"""Which reader reads a file: told by its bytes, then by what the server calls it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from typing import Final

from gvreader import __version__
from gvreader.files import office, pdf, plain, sheets, word97
from gvreader.files.result import PAGE_BREAK, FileNote, FileText, FileUnreadableError, joined

MAX_FILE: Final = 32 << 20
MAX_MEMBERS: Final = 50
MAX_UNPACKED: Final = 48 << 20
_ZIP: Final = "application/zip"
_DOC: Final = "application/msword"
_XLS: Final = "application/vnd.ms-excel"
_SHEETS: Final = {office.XLSX: "xlsx", office.ODS: "ods", _XLS: "xls"}
_NO_READER: Final = frozenset(
    {"application/vnd.rar", "application/x-7z-compressed", "application/x-ole-storage"}
)
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_KINDS: Final = (
    (b"%PDF-", "application/pdf"), (b"{\\rtf", "application/rtf"), (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
)  # fmt: skip
_BY_NAME: Final = {"txt": "text/plain", "csv": "text/csv", "htm": "text/html", "html": "text/html"}


def read_file(media_type: str, body: bytes) -> FileText:
    """The text of a file. Total but for MemoryError: what cannot be read is a note."""
    if not body:
        return FileText(media_type=media_type, note="empty")
    if len(body) > MAX_FILE:
        return FileText(media_type=media_type, note="too-large")
    media_type = _told_by_bytes(media_type, body)
    try:
        return _read(media_type, body)
    except FileUnreadableError as error:
        return FileText(media_type=media_type, note=error.note)


def _told_by_bytes(media_type: str, body: bytes) -> str:
    """What the file is, whatever its name and the server say."""
    if body.startswith(b"PK\x03\x04"):
        return office.office_type(body) or _ZIP
    if body.startswith(_OLE):
        return _ole_type(body)
    return next((kind for mark, kind in _KINDS if body[:1024].lstrip().startswith(mark)), media_type)


def _ole_type(body: bytes) -> str:
    """Word and Excel files of before 2007, and office files of after it that a password locks."""
    try:
        names = word97.streams(body)
    except FileUnreadableError:
        return "application/x-ole-storage"
    if "WordDocument" in names:
        return _DOC
    if "Workbook" in names or "Book" in names:
        return _XLS
    return "application/encrypted" if "EncryptedPackage" in names else "application/x-ole-storage"


def _read(media_type: str, body: bytes) -> FileText:
    if media_type == "application/pdf":
        lines = pdf.PdfLines(body)
        return _result(media_type, pdf.version(), lines, pages=lines.pages, without="no-text-layer")
    if media_type in _SHEETS:
        rows = sheets.SheetLines(body)
        return _result(media_type, sheets.version(_SHEETS[media_type]), rows, pages=rows.pages)
    if media_type == office.PPTX:
        slides = office.pptx_slides(body)
        return _result(media_type, _own("pptx"), office.pptx_lines(body, slides), pages=len(slides))
    if media_type == _DOC:
        return _result(media_type, word97.version(), word97.doc_lines(body))
    if media_type == _ZIP:
        return _result(media_type, _own("zip"), _members(body))
    if media_type == "application/encrypted":
        raise FileUnreadableError("encrypted")
    if media_type in _NO_READER:
        raise FileUnreadableError("no-reader")
    return _read_text(media_type, body)


def _read_text(media_type: str, body: bytes) -> FileText:
    """Files of paragraphs, each with one reader and no pages; any other kind has no text."""
    if media_type == office.DOCX:
        return _result(media_type, _own("docx"), office.docx_lines(body))
    if media_type in (office.ODT, office.ODP):
        return _result(media_type, _own("odt" if media_type == office.ODT else "odp"), office.odf_lines(body))
    if media_type in ("application/rtf", "text/rtf"):
        return _result(media_type, _rtf_version(), plain.rtf_lines(body))
    if media_type in ("text/csv", "text/tab-separated-values"):
        return _result(media_type, _own("csv"), plain.csv_lines(body))
    if media_type in ("text/html", "application/xhtml+xml"):
        return _result(media_type, _own("html"), plain.html_lines(body))
    if media_type.startswith("text/"):
        return _result(media_type, _own("txt"), plain.text_lines(body))
    return FileText(media_type=media_type)


def _members(body: bytes) -> Iterator[str]:
    """The members of a ZIP file that can be read, each under its name; what is packed inside one is left alone."""
    left = MAX_UNPACKED
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as container:
            names = [entry for entry in container.infolist()[: office.MAX_NAMES] if not entry.is_dir()]
            for number, entry in enumerate(names[:MAX_MEMBERS]):
                if entry.flag_bits & 1:
                    raise FileUnreadableError("encrypted")
                if entry.file_size > left:
                    return
                with container.open(entry) as stream:
                    content = stream.read(left)
                left -= len(content)
                if number:
                    yield PAGE_BREAK
                yield _member_name(entry)
                kind = _told_by_bytes(_BY_NAME.get(entry.filename.rpartition(".")[2].lower(), ""), content)
                if kind != _ZIP and content:
                    try:
                        yield from (_read(kind, content).text or "").replace(PAGE_BREAK, "\n").splitlines()
                    except FileUnreadableError:
                        continue
    except office.ZIP_ERRORS as error:
        raise FileUnreadableError("damaged") from error


def _member_name(entry: zipfile.ZipInfo) -> str:
    """The name as it was written: bytes of any charset, which the ZIP standard takes for code page 437."""
    if entry.flag_bits & 0x800:
        return entry.filename
    try:
        return plain.decoded(entry.filename.encode("cp437"))
    except UnicodeEncodeError:
        return entry.filename


def _own(name: str) -> str:
    return f"{name} (gvreader {__version__})"


def _rtf_version() -> str:
    from importlib.metadata import version

    return f"rtf (striprtf {version('striprtf')})"


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
