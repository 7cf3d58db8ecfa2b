"""Records as WARC 1.1 writes them (ISO 28500), one gzip member each."""

from __future__ import annotations

import re
import struct
import zlib
from typing import Final, Protocol

from gvreader.warc.captures import RecordDraft

# The same ten bytes before every record on every system: deflate, no flags, no time, "Unix".
MEMBER_HEADER: Final = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03"
_STEP: Final = 16_384
_LINE_END: Final = re.compile(r"[\r\n]")


class Output(Protocol):
    """Where records go: raises OSError when it cannot take all bytes."""

    def write(self, data: bytes, /) -> object: ...


def write_record(output: Output, draft: RecordDraft) -> None:
    """Append one record as a gzip member of its own. The body is compressed in steps, never copied whole.

    Raises ValueError, before anything is written, for a field that would be more than one line.
    """
    fields = _fields(draft)
    member = _GzipMember(output)
    member.write(fields)
    member.write(draft.head)
    body = memoryview(draft.body)
    for start in range(0, len(body), _STEP):
        member.write(body[start : start + _STEP])
    member.write(b"\r\n\r\n")
    member.end()


def _fields(draft: RecordDraft) -> bytes:
    """The version and the named fields in UTF-8, with the empty line that ends them."""
    pairs = (
        *draft.fields,
        ("Content-Type", draft.content_type),
        ("Content-Length", str(len(draft.head) + len(draft.body))),
    )
    lines = ["WARC/1.1", *(f"{name}: {value}" for name, value in pairs)]
    for line in lines:
        if _LINE_END.search(line):
            raise ValueError(f"not one line: {line[:200]!r}")
    return "".join(f"{line}\r\n" for line in (*lines, "")).encode()


class _GzipMember:
    """One gzip member (RFC 1952), written as its content comes."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self._deflate = zlib.compressobj(wbits=-zlib.MAX_WBITS)
        self._checksum = self._size = 0
        output.write(MEMBER_HEADER)

    def write(self, content: bytes | memoryview) -> None:
        self._checksum = zlib.crc32(content, self._checksum)
        self._size += len(content)
        self._emit(self._deflate.compress(content))

    def end(self) -> None:
        self._emit(self._deflate.flush())
        self._emit(struct.pack("<LL", self._checksum, self._size & 0xFFFFFFFF))

    def _emit(self, data: bytes) -> None:
        if data:
            self._output.write(data)
