from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from warcio.archiveiterator import ArchiveIterator

from gvreader.model import Capture, Request
from gvreader.warc import (
    Original,
    Record,
    RecordDraft,
    RecordFields,
    UnusableRecordError,
    capture_of,
    exchange_records,
    read_records,
    write_record,
)
from tests.warc.strategies import captures

ORIGINAL = Original(
    record_id="urn:uuid:0",
    url="http://a.vn/",
    date="2023-01-01T00:00:00Z",
    file="a-20230101000000-00001.warc.gz",
    offset=7,
)
PAGE = Capture(
    url="https://giavien.ninhbinh.gov.vn/tin-tuc-882.html",
    captured=datetime(2023, 2, 7, 3, 4, 5, tzinfo=UTC),
    status=200,
    reason="OK",
    headers=(("Content-Type", "text/html"),),
    body="<p>Huyện uỷ</p>".encode(),
    request=Request(
        url="https://giavien.ninhbinh.gov.vn/tin-tuc-882.html",
        headers=(("Host", "giavien.ninhbinh.gov.vn"), ("User-Agent", "gvreader")),
    ),
)


def _drafts(capture: Capture, original: Original | None = None) -> tuple[RecordDraft, ...]:
    return exchange_records(
        capture, record_id="urn:uuid:1", request_id="urn:uuid:2", warcinfo_id="urn:uuid:3", original=original
    )


def _file(capture: Capture, original: Original | None = None) -> io.BytesIO:
    file = io.BytesIO()
    for draft in _drafts(capture, original):
        write_record(file, draft)
    file.seek(0)
    return file


def _records(file: io.BytesIO) -> list[Record]:
    items = list(read_records(file))
    assert all(isinstance(item, Record) and not item.wrong_length for item in items)
    return [item for item in items if isinstance(item, Record)]


@given(captures())
@settings(max_examples=300, deadline=None)
def test_what_is_written_is_read_back_equal(capture: Capture) -> None:
    assert capture_of(*_records(_file(capture))) == capture


@given(captures())
@settings(max_examples=100, deadline=None)
def test_a_revisit_with_its_payload_is_read_back_equal(capture: Capture) -> None:
    records = _records(_file(capture, ORIGINAL))
    assert records[0].type == "revisit"
    assert capture_of(*records, payload=capture.body) == capture


@given(captures())
@settings(max_examples=100, deadline=None)
def test_warcio_reads_the_same_body_and_as_many_records(capture: Capture) -> None:
    with io.BytesIO(_file(capture).getvalue()) as file:
        records = [
            (record.rec_type, record.raw_stream.read(), record.digest_checker.passed)
            for record in ArchiveIterator(file, check_digests=True)
        ]
    assert [kind for kind, _body, _passed in records] == ["response", "request"][: len(records)]
    assert records[0][1] == capture.body
    assert all(passed is True for _kind, _body, passed in records)


def test_the_file_says_what_the_standard_demands() -> None:
    capture = replace(PAGE, address="10.1.2.3", truncated="length", source_uri="http://127.0.0.1:8000/x")
    response, request = _records(_file(capture))
    assert response.version == request.version == "1.1"
    assert dict(response.fields.pairs) == {
        "WARC-Type": "response",
        "WARC-Record-ID": "<urn:uuid:1>",
        "WARC-Target-URI": "https://giavien.ninhbinh.gov.vn/tin-tuc-882.html",
        "WARC-Date": "2023-02-07T03:04:05Z",
        "WARC-Warcinfo-ID": "<urn:uuid:3>",
        # printf '<p>Huyện uỷ</p>' | sha256sum
        "WARC-Payload-Digest": "sha256:c8842bcb4459cccc93c3c0942915d3ee1bd07ea2b14c6a81772d4d7a2820fd7c",
        "WARC-Block-Digest": response.fields.get("WARC-Block-Digest"),
        "WARC-Concurrent-To": "<urn:uuid:2>",
        "WARC-IP-Address": "10.1.2.3",
        "WARC-Truncated": "length",
        "WARC-Source-URI": "http://127.0.0.1:8000/x",
        "X-Gvreader-Source": "live",
        "X-Gvreader-Trust": "unknown",
        "Content-Type": "application/http; msgtype=response",
        "Content-Length": str(len(response.block)),
    }
    assert request.fields.get("WARC-Date") == "2023-02-07T03:04:05Z"
    assert request.fields.get("WARC-Concurrent-To") == "<urn:uuid:1>"
    assert request.block == (
        b"GET /tin-tuc-882.html HTTP/1.1\r\nHost: giavien.ninhbinh.gov.vn\r\nUser-Agent: gvreader\r\n\r\n"
    )
    assert (
        response.block
        == b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>Huy\xe1\xbb\x87n u\xe1\xbb\xb7</p>"
    )


def test_the_transfer_encoding_is_hidden_from_replay_and_restored() -> None:
    capture = replace(
        PAGE, headers=(("transfer-encoding", "chunked"), ("Content-Encoding", "gzip")), body=b"\x1f\x8b"
    )
    records = _records(_file(capture))
    assert b"\r\nX-Crawler-transfer-encoding: chunked\r\n" in records[0].block
    assert records[0].fields.get("X-Gvreader-Exact") is None
    assert capture_of(*records).headers == capture.headers


def test_a_revisit_names_its_profile_and_its_original() -> None:
    identical = _records(_file(PAGE, ORIGINAL))[0]
    assert identical.fields.get("WARC-Profile") == (
        "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
    )
    assert identical.fields.get("WARC-Refers-To") == "<urn:uuid:0>"
    assert identical.fields.get("WARC-Refers-To-Target-URI") == "http://a.vn/"
    assert identical.fields.get("WARC-Refers-To-Date") == "2023-01-01T00:00:00Z"
    assert identical.fields.get("WARC-Payload-Digest") == f"sha256:{PAGE.payload_sha256}"
    assert identical.block == b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
    unmodified = _records(_file(replace(PAGE, status=304, reason="Not Modified", body=b""), ORIGINAL))[0]
    assert unmodified.fields.get("WARC-Profile") == (
        "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
    )
    assert unmodified.fields.get("WARC-Payload-Digest") is None


def test_a_header_cannot_smuggle_in_another_one() -> None:
    capture = replace(PAGE, headers=(("X-A", "1\r\nSet-Cookie: evil=1\r\n\r\n<script>"),))
    with io.BytesIO(_file(capture).getvalue()) as file:
        record = next(iter(ArchiveIterator(file)))
        assert record.http_headers.get_header("Set-Cookie") is None
        assert record.raw_stream.read() == capture.body
    assert capture_of(*_records(_file(capture))) == capture


def test_a_request_of_which_nothing_is_known_gets_no_record() -> None:
    records = _records(_file(replace(PAGE, request=Request(url=PAGE.url))))
    assert [record.type for record in records] == ["response"]
    assert records[0].fields.get("WARC-Concurrent-To") is None


@pytest.mark.parametrize(
    "url", ["", "ftp://a.vn/", "http://a.vn/\r\nWARC-Type: x", "http://a.vn/a b", "http:///x"]
)
def test_addresses_that_no_field_can_hold_are_refused(url: str) -> None:
    with pytest.raises(ValueError, match="address"):
        _drafts(replace(PAGE, url=url))


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        _drafts(replace(PAGE, captured=datetime(2023, 1, 1)))


@pytest.mark.parametrize(
    "exact",
    [
        "",
        "[]",
        "{",
        '{"status":"200"}',
        '{"headers":[["a"]]}',
        '{"headers":"ab"}',
        '{"body":"x"}',
        '{"request":{"method":"DELETE"}}',
        '{"reason":5}',
        "[" * 100_000,
    ],
)
def test_an_exact_field_that_makes_no_sense_is_ignored(exact: str) -> None:
    response, request = _records(_file(PAGE))
    forged = replace(response, fields=RecordFields((*response.fields.pairs, ("X-Gvreader-Exact", exact))))
    assert capture_of(forged, request) == PAGE


def test_what_is_no_exchange_is_named() -> None:
    def kind(block: bytes, **fields: str) -> str:
        pairs = {
            "WARC-Type": "response",
            "WARC-Target-URI": "http://a.vn/",
            "WARC-Date": "2023-01-01T00:00:00Z",
        }
        record = Record(
            offset=0, version="1.0", fields=RecordFields(tuple((pairs | fields).items())), block=block
        )
        with pytest.raises(UnusableRecordError) as caught:
            capture_of(record)
        return caught.value.kind

    assert kind(b"<html>") == "bad-http"
    assert kind(b"") == "bad-http"
    assert kind(b"HTTP/1.1 200 OK\r\n\r\n", **{"WARC-Date": "soon"}) == "no-date"
    assert kind(b"HTTP/1.1 200 OK\r\n\r\n", **{"WARC-Target-URI": "dns:a.vn"}) == "not-http"
    assert kind(b"HTTP/1.1 200 OK\r\n\r\n", **{"WARC-Type": "revisit"}) == "unresolved-revisit"


def test_the_largest_head_that_is_read_can_be_written_and_read_again() -> None:
    block = b"HTTP/1.1 200 OK\n" + b"x\n" * 10_000 + b"transfer-encoding:" + b"y" * 500_000 + b"\n\nbody"
    fields = RecordFields((("WARC-Target-URI", PAGE.url), ("WARC-Date", "2023-02-07T03:04:05Z")))
    capture = capture_of(Record(offset=0, version="1.0", fields=fields, block=block))
    assert len(capture.headers) == 10_001
    assert capture_of(*_records(_file(capture))) == capture
    strange = replace(capture, headers=((":", "\u1ea1" * 1_000_000),))
    assert capture_of(*_records(_file(strange))) == strange
    with pytest.raises(ValueError, match="too long"):
        _drafts(replace(capture, headers=((":", "\u1ea1" * 2_000_000),)))
