"""Records written by warcio, one gzip member each."""

from __future__ import annotations

from io import BytesIO
from typing import Any, Protocol

from gvreader.warc.exchange import Draft

WARC_VERSION = "WARC/1.1"


class Output(Protocol):
    """Where records go: raises OSError when it cannot take all bytes."""

    def write(self, data: bytes, /) -> object: ...
    def flush(self) -> object: ...


def write_record(output: Output, draft: Draft) -> None:
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
    writer = WARCWriter(output, gzip=True, warc_version=WARC_VERSION)
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
