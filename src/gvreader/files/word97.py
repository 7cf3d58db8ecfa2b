"""The text of Word files before 2007 (.doc), from their piece table (MS-DOC 2.8.35), by olefile."""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Iterator
from typing import Any, Final

from gvreader.files.legacy_text import repaired
from gvreader.files.result import FileUnreadableError

_MAX_PIECES: Final = 100_000
_MAX_CHARACTERS: Final = 5_000_000
_FIELD: Final = re.compile("\x13[^\x13\x14\x15]*(?:\x14|(?=\x15))")
_MARKS: Final = str.maketrans(
    {"\x07": " | ", "\x0b": "\n", "\x0c": "\n", "\r": "\n", "\x1e": "-", "\x1f": None, "\x15": None}
)


def version() -> str:
    """The reader and its version."""
    from importlib.metadata import version

    return f"doc (olefile {version('olefile')})"


def streams(body: bytes) -> frozenset[str]:
    """The names at the top of an OLE container; a hostile one has no bottom. Raises FileUnreadableError."""
    return frozenset(entry.name for entry in _opened(body).root.kids)


def doc_lines(body: bytes) -> Iterator[str]:
    """Paragraphs and rows of a Word file. Raises FileUnreadableError."""
    container = _opened(body)
    try:
        text = _text(container)
    except (OSError, ValueError, IndexError, KeyError, RecursionError, struct.error) as error:
        raise FileUnreadableError("damaged") from error
    for _ in range(8):  # fields lie inside each other
        text, found = _FIELD.subn("", text)
        if not found:
            break
    for line in repaired(text.replace("\x07\x07", "\n").translate(_MARKS)).splitlines():
        yield line.strip(" |")


def _opened(body: bytes) -> Any:
    import olefile  # type: ignore[import-untyped]

    try:
        return olefile.OleFileIO(io.BytesIO(body))
    except (OSError, ValueError, IndexError, RecursionError, struct.error) as error:
        raise FileUnreadableError("damaged") from error


def _text(container: Any) -> str:
    """The characters of the main text and its notes, piece by piece."""
    document = container.openstream("WordDocument").read()
    flags = struct.unpack_from("<H", document, 0x0A)[0]
    if flags & 0x0100:
        raise FileUnreadableError("encrypted")
    table = container.openstream("1Table" if flags & 0x0200 else "0Table").read()
    start, size = struct.unpack_from("<II", document, 0x01A2)
    pieces = _piece_table(table[start : start + size])
    count = (len(pieces) - 4) // 12
    if not 0 < count <= _MAX_PIECES:
        raise ValueError("no piece table")
    positions = struct.unpack_from(f"<{count + 1}I", pieces, 0)
    found: list[str] = []
    total = 0
    for index in range(count):
        length = positions[index + 1] - positions[index]
        offset = struct.unpack_from("<I", pieces, 4 * (count + 1) + 8 * index + 2)[0]
        total += length
        if length < 0 or total > _MAX_CHARACTERS:
            break
        if offset & 0x40000000:
            begin = (offset & 0x3FFFFFFF) // 2
            found.append(document[begin : begin + length].decode("cp1252", "replace"))
        else:
            found.append(document[offset : offset + 2 * length].decode("utf-16-le", "replace"))
    return "".join(found)


def _piece_table(clx: bytes) -> bytes:
    """The PlcPcd inside a Clx: what comes before it are formats."""
    position = 0
    while position < len(clx):
        if clx[position] == 2:
            size = struct.unpack_from("<I", clx, position + 1)[0]
            return clx[position + 5 : position + 5 + size]
        if clx[position] != 1:
            break
        position += 3 + struct.unpack_from("<H", clx, position + 1)[0]
    raise ValueError("no piece table")
