"""Text of files: real ones that the standard libraries write, and broken ones."""

# ruff: noqa: E501 - files stand as programs write them

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest

from gvreader.extract.page.file_text import (
    DOCX,
    MAX_CHARACTERS,
    MAX_PAGES,
    office_type,
    text_of,
)
from gvreader.model import Media
from tests.extract.pages import HOST, read
from tests.packing import zipped

LINES = ("Quyết định số 78/2008/QĐ-UBND", "Về việc ban hành Quy định quản lý nhà nước")


def docx(lines: tuple[str, ...] = LINES) -> bytes:
    document = pytest.importorskip("docx").Document()
    for line in lines:
        document.add_paragraph(line)
    stream = io.BytesIO()
    document.save(stream)
    with zipfile.ZipFile(stream) as saved:
        return zipped({name: saved.read(name) for name in saved.namelist()})


def pdf(text: str, pages: int = 1, after: bytes = b"") -> bytes:
    """A PDF with a line in a standard font, and then whatever is drawn `after` it, on every page."""
    content = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode("latin-1") + after
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b"3 0 R " * pages, pages),
        page,
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    body, offsets = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    start = len(body)
    return (
        body
        + b"xref\n0 6\n0000000000 65535 f \n"
        + table
        + b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % start
    )


def odt() -> bytes:
    content = (
        '<office xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
        f"<text:p>{LINES[0]}</text:p><text:p>Hai</text:p></office>"
    )
    return zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content})


def test_docx() -> None:
    assert text_of(DOCX, docx()) == "\n".join(LINES)
    assert office_type(docx()) == DOCX


def test_odt() -> None:
    assert text_of("application/vnd.oasis.opendocument.text", odt()) == f"{LINES[0]}\nHai"
    assert office_type(odt()) == "application/vnd.oasis.opendocument.text"


def test_pdf() -> None:
    pytest.importorskip("pypdf")
    assert text_of("application/pdf", pdf("Ke hoach so 15/KH-UBND")) == "Ke hoach so 15/KH-UBND"


@pytest.mark.parametrize(
    "media_type", ["application/pdf", DOCX, "application/vnd.oasis.opendocument.text", "image/png"]
)
@pytest.mark.parametrize(
    "broken",
    [
        lambda: b"",
        lambda: b"%PDF-1.4",
        lambda: b"PK\x03\x04",
        lambda: docx()[:-300],
        lambda: pdf("x")[:120],
        lambda: b"%PDF-1.7\n" + b"1 0 obj<<" * 500,
    ],
    ids=["empty", "a PDF's first line", "a ZIP's mark", "half a DOCX", "half a PDF", "a PDF without end"],
)
def test_broken_files_have_no_text(media_type: str, broken: Callable[[], bytes]) -> None:
    found = text_of(media_type, broken())
    assert found is None or isinstance(found, str)


def test_documents_that_draw_without_end_are_left_off(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pypdf")
    assert text_of("application/pdf", pdf("a", 300)) == "\n".join("a" * MAX_PAGES)
    # 6 005 operations on each page, and then half a million bytes.
    monkeypatch.setattr("gvreader.extract.page.file_text.MAX_OPERATIONS", 100_000)
    drawn = text_of("application/pdf", pdf("a", 40, b" q Q" * 3_000))
    assert drawn == "\n".join("a" * 16)
    monkeypatch.setattr("gvreader.extract.page.file_text.MAX_DRAWN", 4_000_000)
    filled = text_of("application/pdf", pdf("a", 40, b" " * 500_000))
    assert filled == "\n".join("a" * 7)


def test_huge_texts_are_cut() -> None:
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    text = f"<w:d {space}>" + "<w:p><w:t>aaaa aaaa</w:t></w:p>" * 200_000 + "</w:d>"
    assert len(text_of(DOCX, zipped({"word/document.xml": text})) or "") <= MAX_CHARACTERS


def test_media_carries_type_and_text() -> None:
    found = read(docx(), f"{HOST}/kh.docx", headers=(("Content-Type", "application/octet-stream"),)).page
    assert isinstance(found, Media)
    assert (found.media_type, found.text) == (DOCX, "\n".join(LINES))
