"""Text of files: real ones that the standard libraries write, and broken ones."""

# ruff: noqa: E501 - files stand as programs write them

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Callable

import pytest

from gvreader.files import read_file
from gvreader.files.office import DOCX, ODT, PPTX, office_type
from gvreader.files.pdf import MAX_PAGES
from gvreader.files.result import MAX_CHARACTERS, FileUnreadableError
from gvreader.files.word97 import doc_lines
from tests.packing import zipped

WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
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


def text_of(media_type: str, body: bytes) -> str | None:
    return read_file(media_type, body).text


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
    assert text_of(ODT, odt()) == f"{LINES[0]}\nHai"
    assert office_type(odt()) == ODT


def test_pdf() -> None:
    found = read_file("application/pdf", pdf("Ke hoach so 15/KH-UBND", pages=3))
    assert (found.text, found.pages) == ("\f".join(["Ke hoach so 15/KH-UBND"] * 3), 3)
    assert re.fullmatch(r"pdf \(pypdf \d+\.\d+.*\)", found.by)


@pytest.mark.parametrize("media_type", ["application/pdf", DOCX, ODT, "image/png"])
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
    assert text_of("application/pdf", pdf("a", 300)) == "\f".join("a" * MAX_PAGES)
    # 6 005 operations on each page, and then half a million bytes.
    monkeypatch.setattr("gvreader.files.pdf.MAX_OPERATIONS", 100_000)
    drawn = text_of("application/pdf", pdf("a", 40, b" q Q" * 3_000))
    assert (drawn or "").rstrip("\f") == "\f".join("a" * 16)
    monkeypatch.setattr("gvreader.files.pdf.MAX_DRAWN", 4_000_000)
    filled = text_of("application/pdf", pdf("a", 40, b" " * 500_000))
    assert (filled or "").rstrip("\f") == "\f".join("a" * 7)


def test_huge_texts_are_cut() -> None:
    text = f"<w:d {WORD}>" + "<w:p><w:t>aaaa aaaa</w:t></w:p>" * 200_000 + "</w:d>"
    assert len(text_of(DOCX, zipped({"word/document.xml": text})) or "") <= MAX_CHARACTERS


def test_nested_paragraphs_are_read_once() -> None:
    text = f"<w:document {WORD}><w:body>" + "<w:p>" * 240 + "<w:t>a</w:t>" * 2_000
    assert text_of(DOCX, zipped({"word/document.xml": text})) == "a" * 2_000


def test_more_elements_than_a_document_has_end_the_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gvreader.files.office.MAX_ELEMENTS", 5)

    def text(paragraphs: int) -> str | None:
        part = f"<w:d {WORD}>" + "<w:p><w:t>a</w:t></w:p>" * paragraphs + "</w:d>"
        return text_of(DOCX, zipped({"word/document.xml": part}))

    assert text(2) == "a\na"
    assert text(3) == "a\na"


def test_rows_of_tables_are_lines() -> None:
    row = "<w:tr><w:tc><w:p><w:t>{}</w:t></w:p></w:tc><w:tc><w:p><w:t>{}</w:t></w:p><w:p><w:t>{}</w:t></w:p></w:tc></w:tr>"
    table = f"<w:d {WORD}><w:p><w:t>Giá đất</w:t></w:p><w:tbl>{row.format('Thửa', '1', '2')}{row.format('Giá', '3', '4')}</w:tbl><w:p><w:t>Hết</w:t></w:p></w:d>"
    assert text_of(DOCX, zipped({"word/document.xml": table})) == "Giá đất\nThửa | 1 2\nGiá | 3 4\nHết"


def test_what_was_deleted_and_what_fields_say_is_no_text() -> None:
    part = f"<w:d {WORD}><w:p><w:t>Còn</w:t><w:del><w:r><w:delText>mất</w:delText></w:r></w:del><w:instrText>PAGE</w:instrText></w:p></w:d>"
    assert text_of(DOCX, zipped({"word/document.xml": part})) == "Còn"


def test_slides_in_their_order() -> None:
    parts: dict[str, str | bytes] = {"ppt/presentation.xml": "<p/>"}
    for number in (10, 2, 1):
        parts[f"ppt/slides/slide{number}.xml"] = (
            f'<p:sld xmlns:p="p" xmlns:a="a"><a:p><a:r><a:t>Trang {number}</a:t></a:r></a:p></p:sld>'
        )
    found = read_file(PPTX, zipped(parts))
    assert (found.text, found.pages) == ("Trang 1\fTrang 2\fTrang 10", 3)


def workbook() -> bytes:
    book = pytest.importorskip("xlwt").Workbook(encoding="utf-8")
    sheet = book.add_sheet("Giá đất")
    for row, cells in enumerate((("Thửa", "Giá"), (1, 1250000.5))):
        for column, cell in enumerate(cells):
            sheet.write(row, column, cell)
    book.add_sheet("Hai").write(0, 0, "Xã Gia Thịnh")
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


XLSX_PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
    "xl/worksheets/sheet1.xml": '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>Tổng số</t></is></c><c r="B1"><v>12</v></c></row></sheetData></worksheet>',
}


def test_old_and_new_workbooks() -> None:
    found = read_file("application/vnd.ms-excel", workbook())
    assert (found.text, found.pages) == ("Giá đất\nThửa | Giá\n1 | 1250000.5\fHai\nXã Gia Thịnh", 2)
    new = read_file("application/octet-stream", zipped(dict(XLSX_PARTS)))
    assert (new.text, new.pages) == ("Tổng số | 12", 1)


TCVN3 = "Uû ban nh©n d©n huyÖn Gia ViÔn th«ng b¸o"
PLAIN = "Uỷ ban nhân dân huyện Gia Viễn thông báo"


@pytest.mark.parametrize(
    ("media_type", "body", "text"),
    [
        ("text/plain", TCVN3.encode("latin-1"), PLAIN),
        ("text/plain", PLAIN.encode("utf-16"), PLAIN),
        ("text/plain", PLAIN.encode("utf-8-sig"), PLAIN),
        ("text/csv", "Thửa;Giá\n1;250.000\n".encode(), "Thửa | Giá\n1 | 250.000"),
        ("text/html", "<h1>Thông báo</h1><script>x</script><p>Họp</p>".encode(), "Thông báo\nHọp"),
        (
            "application/msword",
            ("{\\rtf1\\ansi\\ansicpg1252\\f0 " + TCVN3 + "\\par Tr\\u432?\\u417?ng\\par}").encode("latin-1"),
            f"{PLAIN}\nTrương",
        ),
    ],
    ids=["TCVN3", "UTF-16", "a mark", "CSV", "HTML", "RTF called Word"],
)
def test_texts_in_any_charset(media_type: str, body: bytes, text: str) -> None:
    assert read_file(media_type, body).text == text


def test_members_of_a_container_under_their_names() -> None:
    inner = zipped({"x.txt": "trong"})
    body = zipped(
        {"bang.xls": workbook(), "so.txt": "Số 12/QĐ-UBND", "anh.jpg": b"\xff\xd8\xff", "z.zip": inner}
    )
    text = read_file("application/zip", body).text or ""
    assert [part.partition("\n")[0] for part in text.split("\f")] == [
        "bang.xls",
        "so.txt",
        "anh.jpg",
        "z.zip",
    ]
    assert "Xã Gia Thịnh" in text
    assert "trong" not in text


@pytest.mark.parametrize(
    ("media_type", "body", "note"),
    [
        ("application/pdf", b"", "empty"),
        ("application/pdf", b"%PDF-1.4", "damaged"),
        ("application/pdf", pdf(""), "no-text-layer"),
        ("application/vnd.rar", b"Rar!\x1a\x07\0", "no-reader"),
        ("application/msword", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "no-reader"),
        (DOCX, b"PK\x03\x04", ""),
        ("application/vnd.ms-excel", b"no workbook", "damaged"),
    ],
)
def test_a_file_without_text_says_why(media_type: str, body: bytes, note: str) -> None:
    found = read_file(media_type, body)
    assert found.text is None
    assert found.note == (note or found.note)
    assert found.note or media_type == DOCX


def doc(pieces: list[tuple[str, bool]]) -> tuple[bytes, bytes]:
    """The streams of a Word file of these pieces, in one byte a letter or in two."""
    document, positions, places = bytearray(1024), [0], []
    for text, is_wide in pieces:
        places.append(len(document) if is_wide else 0x40000000 | 2 * len(document))
        document += text.encode("utf-16-le" if is_wide else "cp1252")
        positions.append(positions[-1] + len(text))
    table = struct.pack(f"<{len(positions)}I", *positions)
    table += b"".join(struct.pack("<HIH", 0, place, 0) for place in places)
    clx = b"\x01\x02\x00ab\x02" + struct.pack("<I", len(table)) + table
    struct.pack_into("<H", document, 0x0A, 0x0200)
    struct.pack_into("<II", document, 0x01A2, 0, len(clx))
    return bytes(document), clx


class Container:
    """An OLE container of two streams."""

    def __init__(self, document: bytes, table: bytes) -> None:
        self._streams = {"WordDocument": document, "1Table": table}

    def openstream(self, name: str) -> io.BytesIO:
        return io.BytesIO(self._streams[name])


def test_old_word_files_by_their_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    pieces = [("Quyết định số 12\rÔ một\x07Ô hai\x07\x07", True), ("\x13PAGE\x141\x15 trang\r", False)]
    monkeypatch.setattr("gvreader.files.word97._opened", lambda _body: Container(*doc(pieces)))
    assert list(doc_lines(b"")) == ["Quyết định số 12", "Ô một | Ô hai", "1 trang"]


def test_a_locked_word_file_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    document, table = doc([("x", True)])
    locked = document[:0x0A] + b"\x00\x03" + document[0x0C:]
    monkeypatch.setattr("gvreader.files.word97._opened", lambda _body: Container(locked, table))
    with pytest.raises(FileUnreadableError, match="encrypted"):
        list(doc_lines(b""))
