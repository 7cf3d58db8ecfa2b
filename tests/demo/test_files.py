"""Files that programs of others can read."""

from __future__ import annotations

import io
import struct
import zlib

import pytest

from gvreader.demo.files import docx, pdf, picture

LINES = ("ỦY BAN NHÂN DÂN HUYỆN GIA VIỄN", "Kế hoạch số 12/KH-UBND về việc tăng cường phòng, chống lụt bão")


def test_pdf_gives_its_vietnamese_back() -> None:
    pypdf = pytest.importorskip("pypdf")
    reader = pypdf.PdfReader(io.BytesIO(pdf(LINES)), strict=True)
    assert " ".join(reader.pages[0].extract_text().split()) == " ".join(LINES)


def test_docx_gives_its_paragraphs_back() -> None:
    word = pytest.importorskip("docx")
    assert tuple(paragraph.text for paragraph in word.Document(io.BytesIO(docx(LINES))).paragraphs) == LINES


def test_picture_is_a_whole_png() -> None:
    image = picture("anh-1-1.png", width=200, height=120)
    assert image.startswith(b"\x89PNG\r\n\x1a\n")
    position, chunks = 8, {}
    while position < len(image):
        (length,) = struct.unpack(">I", image[position : position + 4])
        kind = image[position + 4 : position + 8]
        body = image[position + 8 : position + 8 + length]
        (checksum,) = struct.unpack(">I", image[position + 8 + length : position + 12 + length])
        assert checksum == zlib.crc32(kind + body)
        chunks[kind] = body
        position += length + 12
    assert struct.unpack(">II", chunks[b"IHDR"][:8]) == (200, 120)
    pixels = zlib.decompress(chunks[b"IDAT"])
    assert len(pixels) == 120 * 201
    assert max(pixels) < len(chunks[b"PLTE"]) // 3
    assert len(set(pixels)) > 20, "a picture, not a blank"


def test_files_are_the_same_every_time_and_differ_by_name() -> None:
    assert pdf(LINES) == pdf(LINES)
    assert docx(LINES) == docx(LINES)
    assert picture("a") == picture("a")
    assert picture("a") != picture("b")
