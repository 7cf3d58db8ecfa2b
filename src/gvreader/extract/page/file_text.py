"""The text of PDF and word-processor files, for the search index. Bounded in bytes, pages and characters.

Files are strangers': whatever they hold, the answer is text or nothing.
"""

from __future__ import annotations

import io
import logging
import zipfile
import zlib
from collections.abc import Iterator
from itertools import count
from typing import Final, cast

from lxml import etree

from gvreader.extract.page.text import clean

MAX_FILE: Final = 24_000_000
MAX_PART: Final = 24_000_000
MAX_PAGES: Final = 200
MAX_DRAWN: Final = 24_000_000
MAX_OPERATIONS: Final = 1_000_000
MAX_CHARACTERS: Final = 600_000
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_ODT: Final = "application/vnd.oasis.opendocument.text"
_PARTS: Final = {
    "word/document.xml": DOCX,
    "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt/presentation.xml": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
_WORD: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TEXT: Final = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_ZIP_ERRORS: Final = (
    zipfile.BadZipFile, zlib.error, ValueError, KeyError, OSError, NotImplementedError, RuntimeError, EOFError,
)  # fmt: skip
# pypdf reports every flaw of a file to its log; a flawed file is no news here.
logging.getLogger("pypdf").addHandler(logging.NullHandler())


def office_type(body: bytes) -> str | None:
    """The media type of an Office file by the parts of its ZIP container, or None."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as container:
            names = set(container.namelist()[:5_000])
            if "mimetype" in names and container.getinfo("mimetype").file_size < 200:
                return container.read("mimetype").decode("ascii", "replace").strip() or None
    except _ZIP_ERRORS:
        return None
    return next((media_type for part, media_type in _PARTS.items() if part in names), None)


def text_of(media_type: str, body: bytes) -> str | None:
    """The text of a PDF, DOCX or ODT file, one line per paragraph; None where it has none or cannot be read."""
    if len(body) > MAX_FILE:
        return None
    if media_type == "application/pdf":
        return _joined(_pdf_lines(body))
    if media_type == DOCX:
        return _joined(_xml_lines(body, "word/document.xml", f"{_WORD}p", f"{_WORD}t"))
    if media_type == _ODT:
        return _joined(_xml_lines(body, "content.xml", f"{_TEXT}p", None))
    return None


def _joined(lines: Iterator[str]) -> str | None:
    kept: list[str] = []
    length = 0
    for line in lines:
        if shown := clean(line):
            kept.append(shown)
            length += len(shown) + 1
        if length > MAX_CHARACTERS:
            break
    return "\n".join(kept)[:MAX_CHARACTERS] or None


def _pdf_lines(body: bytes) -> Iterator[str]:
    from pypdf import PdfReader  # slow to import

    operations = count(1)

    def spend(*_operation: object) -> None:
        if next(operations) > MAX_OPERATIONS:
            raise ValueError("more operations than a document has")

    drawn = 0
    try:
        reader = PdfReader(io.BytesIO(body))
        for number, page in enumerate(reader.pages):
            # Many pages may share one large content, and a content may draw others again and again.
            contents = page.get_contents()
            drawn += len(contents.get_data()) if contents is not None else 0
            if number >= MAX_PAGES or drawn > MAX_DRAWN:
                return
            yield from page.extract_text(visitor_operand_before=spend).splitlines()
    except Exception:  # noqa: BLE001 - a stranger's file can fail anywhere inside the reader
        return


def _xml_lines(body: bytes, part: str, paragraph: str, run: str | None) -> Iterator[str]:
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, remove_comments=True)
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as container, container.open(part) as stream:
            root = etree.fromstring(stream.read(MAX_PART), parser)
    except (*_ZIP_ERRORS, etree.LxmlError):
        return
    for element in root.iter(paragraph) if root is not None else ():
        texts = element.itertext() if run is None else (one.text or "" for one in element.iter(run))
        yield "".join(cast("Iterator[str]", texts))
