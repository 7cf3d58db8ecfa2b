"""The writer of records beside warcio, the reference implementation."""

from __future__ import annotations

import gzip
import io
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from warcio.warcwriter import WARCWriter

from gvreader.model import Capture
from gvreader.warc import Original, RecordDraft, exchange_records, write_record
from gvreader.warc.captures import warcinfo_record
from tests.warc.strategies import captures

INFO = warcinfo_record(
    "urn:uuid:9",
    when=datetime(2023, 2, 7, tzinfo=UTC),
    filename="giavien-00001.warc.gz",
    info={"software": "gvreader", "isPartOf": "Gia Viễn"},
)
ORIGINAL = Original(
    record_id="urn:uuid:0", url="http://a.vn/", date="2023-01-01T00:00:00Z", file="a", offset=7
)


def _written(draft: RecordDraft) -> bytes:
    stream = io.BytesIO()
    write_record(stream, draft)
    return stream.getvalue()


def _exchange(capture: Capture, original: Original | None = None) -> tuple[RecordDraft, ...]:
    return exchange_records(
        capture, record_id="urn:uuid:1", request_id="urn:uuid:2", warcinfo_id="urn:uuid:3", original=original
    )


def _of_warcio(draft: RecordDraft) -> bytes:
    """The record as warcio writes it, its HTTP head as the bytes that it is."""
    stream = io.BytesIO()
    head = SimpleNamespace(headers_buff=draft.head, compute_headers_buffer=lambda _filter: None)
    writer = WARCWriter(stream, gzip=False, warc_version="WARC/1.1")
    record = writer.create_warc_record(
        "",
        draft.type,
        payload=io.BytesIO(draft.body),
        length=len(draft.body),
        warc_content_type=draft.content_type,
        warc_headers_dict=dict(draft.fields),
        http_headers=head,
    )
    writer.write_record(record)
    return stream.getvalue()


@given(captures())
@settings(max_examples=100, deadline=None)
def test_records_are_those_of_warcio(capture: Capture) -> None:
    for draft in (INFO, *_exchange(capture), *_exchange(capture, ORIGINAL)):
        assert gzip.decompress(_written(draft)) == _of_warcio(draft)


def test_a_record_is_one_member_with_the_same_ten_bytes_before_it() -> None:
    written = _written(INFO)
    assert written.startswith(b"\x1f\x8b\x08\0\0\0\0\0\0\x03")
    assert (
        gzip.decompress(written)
        == (
            "WARC/1.1\r\n"
            "WARC-Type: warcinfo\r\n"
            "WARC-Record-ID: <urn:uuid:9>\r\n"
            "WARC-Date: 2023-02-07T00:00:00Z\r\n"
            "WARC-Filename: giavien-00001.warc.gz\r\n"
            # printf 'software: gvreader\r\nisPartOf: Gia Viễn\r\n' | sha256sum
            "WARC-Block-Digest: sha256:bd9168759c082361cb86b894ac3b7688c09740e4e95a7c6e1b218040fb5ee648\r\n"
            "Content-Type: application/warc-fields\r\n"
            "Content-Length: 42\r\n"
            "\r\n"
            "software: gvreader\r\nisPartOf: Gia Viễn\r\n"
            "\r\n\r\n"
        ).encode()
    )


@pytest.mark.parametrize("size", [0, 1, 16_383, 16_384, 16_385, 3_000_000])
def test_bodies_of_any_size_are_whole(size: int) -> None:
    body = bytes(range(251)) * (size // 251 + 1)
    draft = replace(INFO, body=body[:size])
    content = gzip.decompress(_written(draft))
    assert content.endswith(b"\r\n\r\n" + body[:size] + b"\r\n\r\n")
    assert f"Content-Length: {size}\r\n".encode() in content


@pytest.mark.parametrize("value", ["a\r\nWARC-Type: response", "a\nb", "a\rb"])
def test_a_field_of_two_lines_is_refused_before_a_byte_is_written(value: str) -> None:
    stream = io.BytesIO()
    for draft in (
        replace(INFO, fields=(*INFO.fields, ("WARC-Filename", value))),
        replace(INFO, content_type=value),
    ):
        with pytest.raises(ValueError, match="not one line"):
            write_record(stream, draft)
    assert stream.getvalue() == b""
