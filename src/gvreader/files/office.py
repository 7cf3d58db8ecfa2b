"""The text of word-processor and presentation files: ZIP containers of XML, read in one pass without a tree."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal, cast

from lxml import etree

from gvreader.files.result import PAGE_BREAK, FileUnreadableError

DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PPTX: Final = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
ODT: Final = "application/vnd.oasis.opendocument.text"
ODS: Final = "application/vnd.oasis.opendocument.spreadsheet"
ODP: Final = "application/vnd.oasis.opendocument.presentation"

MAX_PART: Final = 24_000_000
MAX_ELEMENTS: Final = 2_000_000
MAX_NAMES: Final = 5_000
MAX_SLIDES: Final = 500
_STEP: Final = 1 << 16
_PARTS: Final = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX, "ppt/presentation.xml": PPTX}
ZIP_ERRORS: Final = (
    zipfile.BadZipFile, zlib.error, ValueError, KeyError, OSError, NotImplementedError, RuntimeError, EOFError,
)  # fmt: skip

Role = Literal["line", "text", "cell", "row", "space", "break", "page"]
_ROLES: Final[Mapping[str, Role]] = {
    "p": "line", "t": "text", "tc": "cell", "tr": "row", "tab": "space", "br": "break", "cr": "break",
    "h": "line", "table-cell": "cell", "table-row": "row", "s": "space", "line-break": "break",
}  # fmt: skip
"""What an element's local name means, in WordprocessingML, DrawingML and OpenDocument."""


def office_type(body: bytes) -> str | None:
    """The media type of an Office file by the parts of its ZIP container, or None."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as container:
            names = set(container.namelist()[:MAX_NAMES])
            if "mimetype" in names and container.getinfo("mimetype").file_size < 200:
                return container.read("mimetype").decode("ascii", "replace").strip() or None
    except ZIP_ERRORS:
        return None
    return next((media_type for part, media_type in _PARTS.items() if part in names), None)


def docx_lines(body: bytes) -> Iterator[str]:
    """Paragraphs and rows of a Word file, its notes after them. Raises FileUnreadableError."""
    with _container(body) as container:
        names = set(container.namelist()[:MAX_NAMES])
        if "word/document.xml" not in names:
            raise FileUnreadableError("damaged")
        for part in ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml"):
            if part in names:
                yield from _lines(container, part, texts_only=True)


def odf_lines(body: bytes) -> Iterator[str]:
    """Paragraphs, headings and rows of an OpenDocument file. Raises FileUnreadableError."""
    with _container(body) as container:
        if "content.xml" not in container.namelist()[:MAX_NAMES]:
            raise FileUnreadableError("damaged")
        yield from _lines(container, "content.xml", texts_only=False)


def pptx_slides(body: bytes) -> list[str]:
    """The names of the slides' parts, in their order."""
    with _container(body) as container:
        names = container.namelist()[:MAX_NAMES]
    slides = [name for name in names if name.startswith("ppt/slides/slide") and name.endswith(".xml")]
    numbered = {name: name.removeprefix("ppt/slides/slide").removesuffix(".xml") for name in slides}
    return sorted(
        (name for name in slides if numbered[name].isdecimal()), key=lambda name: int(numbered[name][:9])
    )[:MAX_SLIDES]


def pptx_lines(body: bytes, slides: list[str]) -> Iterator[str]:
    """Lines of the slides, with page breaks between them. Raises FileUnreadableError."""
    with _container(body) as container:
        for number, slide in enumerate(slides):
            if number:
                yield PAGE_BREAK
            yield from _lines(container, slide, texts_only=True)


def _container(body: bytes) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(body))
    except ZIP_ERRORS as error:
        raise FileUnreadableError("damaged") from error


class _EnoughError(Exception):
    """More elements than a document has."""


class _Gatherer:
    """A parser target: lines as they end, cells joined by ` | `. Nested paragraphs and tables are flat."""

    def __init__(self, *, texts_only: bool) -> None:
        self.lines: list[str] = []
        self._texts_only = texts_only
        self._line: list[str] = []
        self._cells: list[str] = []
        self._rows = 0
        self._texts = 0
        self._elements = 0
        self._silent = 0

    def start(self, tag: Any, _attributes: Any) -> None:
        self._elements += 1
        if self._elements > MAX_ELEMENTS:
            raise _EnoughError
        name = tag.rpartition("}")[2]
        role = _ROLES.get(name)
        if role == "text":
            self._texts += 1
        elif role == "row":
            self._end_line()
            self._rows += 1
        elif role == "line":
            self._end_line()
        elif role == "space":
            self._line.append(" ")
        elif role == "break":
            self._end_line()
        elif name in ("delText", "instrText", "annotation", "tracked-changes"):
            self._silent += 1

    def end(self, tag: Any) -> None:
        name = tag.rpartition("}")[2]
        role = _ROLES.get(name)
        if role == "text":
            self._texts -= 1
        elif role == "line":
            self._end_line()
        elif role == "cell" and self._rows:
            self._cells.append(" ".join("".join(self._line).split()))
            self._line = []
        elif role == "row" and self._rows:
            self._rows -= 1
            if not self._rows:
                if any(self._cells):
                    self.lines.append(" | ".join(self._cells))
                self._cells, self._line = [], []
        elif name in ("delText", "instrText", "annotation", "tracked-changes"):
            self._silent -= 1

    def data(self, text: Any) -> None:
        if not self._silent and (self._texts or not self._texts_only):
            self._line.append(text)

    def close(self) -> None:
        self._end_line()

    def _end_line(self) -> None:
        if self._rows:
            self._line.append(" ")  # a cell keeps its paragraphs together
            return
        if self._line:
            self.lines.append("".join(self._line))
            self._line = []


def _lines(container: zipfile.ZipFile, part: str, *, texts_only: bool) -> Iterator[str]:
    """What a part says; what is damaged ends it."""
    gatherer = _Gatherer(texts_only=texts_only)
    parser = etree.XMLParser(
        target=cast("etree.ParserTarget", gatherer),
        recover=True,
        resolve_entities=False,
        no_network=True,
        remove_comments=True,
    )
    try:
        with container.open(part) as stream:
            left = MAX_PART
            while left > 0 and (piece := stream.read(min(_STEP, left))):
                left -= len(piece)
                parser.feed(piece)
                if gatherer.lines:
                    yield from gatherer.lines
                    gatherer.lines = []
            parser.close()
    except (*ZIP_ERRORS, etree.LxmlError, _EnoughError):
        gatherer.close()
    yield from gatherer.lines
