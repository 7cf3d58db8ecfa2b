"""Records written by warcio, one gzip member each."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from typing import Any, Final, Protocol

from gvreader.warc.captures import RecordDraft

WARC_VERSION: Final = "WARC/1.1"
# The same ten bytes before every record on every system: deflate, no flags, no time, "Unix".
MEMBER_HEADER: Final = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03"


class Output(Protocol):
    """Where records go: raises OSError when it cannot take all bytes."""

    def write(self, data: bytes, /) -> object: ...


def write_record(output: Output, draft: RecordDraft) -> None:
    """Append one record as a gzip member of its own. The body is compressed in steps, never copied whole."""
    # warcio takes 40 ms to import: only those who write pay for it.
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    http_headers: Any = None
    if draft.head:
        http_headers = StatusAndHeaders("-", [])
        http_headers.headers_buff = draft.head
        # warcio would write headers that are not ASCII percent-encoded; evidence keeps its bytes.
        http_headers.compute_headers_buffer = lambda _filter=None: None
    member = _GzipMember(output)
    writer = WARCWriter(member, gzip=False, warc_version=WARC_VERSION)
    record = writer.create_warc_record(
        "",
        draft.type,
        payload=BytesIO(draft.body),
        length=len(draft.body),
        warc_content_type=draft.content_type,
        warc_headers_dict=dict(draft.fields),
        http_headers=http_headers,
    )
    writer.write_record(record)
    member.end()


class _GzipMember:
    """One gzip member (RFC 1952), written as its content comes."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self._deflate = zlib.compressobj(wbits=-zlib.MAX_WBITS)
        self._checksum = self._size = 0
        output.write(MEMBER_HEADER)

    def write(self, content: bytes) -> None:
        self._checksum = zlib.crc32(content, self._checksum)
        self._size += len(content)
        self._emit(self._deflate.compress(content))

    def flush(self) -> None:
        """Nothing to do before the member's end."""

    def end(self) -> None:
        self._emit(self._deflate.flush())
        self._emit(struct.pack("<LL", self._checksum, self._size & 0xFFFFFFFF))

    def _emit(self, data: bytes) -> None:
        if data:
            self._output.write(data)
