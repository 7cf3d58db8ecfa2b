"""HTTP heads, chunked bodies, dates and digests."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gvreader.http.messages import dechunk, parse_request, parse_response
from gvreader.warc import check_digests, digest_of, format_date, parse_date


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b"HTTP/1.1 200 OK", ("HTTP/1.1", 200, "OK")),
        (b"HTTP/1.1 200", ("HTTP/1.1", 200, "")),
        (b"HTTP/1.0 404 Kh\xf4ng th\xe2y", ("HTTP/1.0", 404, "Không thây")),
        (b"HTTP/2 200", ("HTTP/2", 200, "")),
        (b"HTTP/2.0 301 Moved", ("HTTP/2.0", 301, "Moved")),
        (b"h3 200", ("h3", 200, "")),
        (b"ICY 200 OK", ("ICY", 200, "OK")),
        (b":status: 503", ("HTTP/2", 503, "")),
    ],
)
def test_status_lines(line: bytes, expected: tuple[str, int, str]) -> None:
    message = line + b"\r\nA: 1\r\n\r\nbody"
    head = parse_response(message)
    assert head
    assert (head.version, head.status, head.reason) == expected
    assert head.headers == (("A", "1"),)
    assert message[head.size :] == b"body"


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"<html>",
        b"200 OK\r\n\r\n",
        b"HTTP/1.1 OK\r\n\r\n",
        b"\r\n\r\n",
        b"x" * (2 << 20),
        b"HTTP/1.1 200 OK\r\n" + b"a\r\n" * 20_001,
    ],
)
def test_what_is_no_response(message: bytes) -> None:
    assert parse_response(message) is None


def test_headers_of_careless_servers() -> None:
    message = b"HTTP/1.1 200 OK\nA:1\nB : 2 \n folded\nno colon\nA: \xff\nE:\n\n\nbody"
    head = parse_response(message)
    assert head
    assert head.headers == (("A", "1"), ("B", "2  folded"), ("no colon", ""), ("A", "ÿ"), ("E", ""))
    assert message[head.size :] == b"\nbody"
    cut = parse_response(b"HTTP/1.1 302 Found\r\nLocation: /x\r\n")
    assert cut
    assert (cut.headers, cut.size) == ((("Location", "/x"),), 34)


def test_requests() -> None:
    head = parse_request(b"post /a b?c HTTP/1.1\r\nHost: a.vn\r\n\r\nq=1")
    assert head
    assert (head.method, head.headers, head.size) == ("POST", (("Host", "a.vn"),), 36)
    assert parse_request(b"") is None
    assert parse_request(b"GET") is None


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"5\r\nhello\r\n0\r\n\r\n", (b"hello", True)),
        (b"5;a=b\r\nhello\r\n1\r\n!\r\n000\r\nTrailer: x\r\n\r\n", (b"hello!", True)),
        (b"5\nhello\n0\n\n", (b"hello", True)),
        (b"0\r\n\r\n", (b"", True)),
        (b"0\r\n", (b"", True)),
        (b"A\r\nhello", (b"hello", False)),
        (b"5\r\nhello\r\n", (b"hello", False)),
        (b"5\r\nhello\r\n1", (b"hello", False)),
        (b"5\r\nhello!", None),
        (b"5\r\nhello\r\nworld and more", None),
        (b"<html>", None),
        (b"", None),
        (b"0\r\n\r\n<p>after</p>", None),
        (b"-5\r\nhello\r\n0\r\n\r\n", None),
    ],
)
def test_chunked_bodies(body: bytes, expected: tuple[bytes, bool] | None) -> None:
    assert dechunk(body) == expected


@given(st.lists(st.binary(min_size=1, max_size=40), max_size=6))
def test_chunks_are_joined(parts: list[bytes]) -> None:
    body = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"
    assert dechunk(body) == (b"".join(parts), True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2023-02-07T03:04:05Z", datetime(2023, 2, 7, 3, 4, 5, tzinfo=UTC)),
        ("2023-02-07T03:04:05.123456789Z", datetime(2023, 2, 7, 3, 4, 5, 123456, tzinfo=UTC)),
        ("2023-02-07T03:04:05.5Z", datetime(2023, 2, 7, 3, 4, 5, 500000, tzinfo=UTC)),
        ("2023-02-07T10:04:05+07:00", datetime(2023, 2, 7, 3, 4, 5, tzinfo=UTC)),
        ("2023-02-07T10:04:05", datetime(2023, 2, 7, 10, 4, 5, tzinfo=UTC)),
        ("2023-02-07T03:04Z", datetime(2023, 2, 7, 3, 4, tzinfo=UTC)),
        ("2023-02-07", datetime(2023, 2, 7, tzinfo=UTC)),
        ("2023", datetime(2023, 1, 1, tzinfo=UTC)),
        ("20230207030405", datetime(2023, 2, 7, 3, 4, 5, tzinfo=UTC)),
        ("20230207", datetime(2023, 2, 7, tzinfo=UTC)),
        ("2016-12-31T23:59:60Z", datetime(2016, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ("2023-02-30T00:00:00Z", None),
        ("20230200000000", None),
        ("0000-01-01T00:00:00Z", None),
        ("0001-01-01T00:00:00+07:00", None),
        ("9999-12-31T23:59:59Z", None),
        ("yesterday", None),
        ("", None),
        (None, None),
    ],
)
def test_dates(text: str | None, expected: datetime | None) -> None:
    assert parse_date(text) == expected


@given(
    st.datetimes(
        timezones=st.sampled_from([UTC, timezone(timedelta(hours=7))]),
        min_value=datetime(2, 1, 2),
        max_value=datetime(9998, 12, 30),
    )
)
def test_dates_survive(when: datetime) -> None:
    assert parse_date(format_date(when)) == when


def test_digests_in_every_spelling() -> None:
    raw = hashlib.sha256(b"payload").digest()
    for value in (
        raw.hex(),
        raw.hex().upper(),
        base64.b32encode(raw).decode(),
        base64.b32encode(raw).decode().rstrip("="),
        base64.b64encode(raw).decode(),
        base64.urlsafe_b64encode(raw).decode(),
    ):
        assert check_digests(f"sha256:{value}", b"pay", b"load") == "match"
        assert check_digests(f"SHA-256:{value}", b"other") == "mismatch"
    sha1 = base64.b32encode(hashlib.sha1(b"payload", usedforsecurity=False).digest()).decode()
    assert check_digests(f"sha1:{sha1}", b"payload") == "match"
    assert digest_of(b"pay", b"load") == f"sha256:{raw.hex()}"


@pytest.mark.parametrize(
    "label", [None, "", "sha1", "sha1:", "sha1:zz", "crc32:00000000", "sha1:" + "!" * 32]
)
def test_digests_that_cannot_be_computed(label: str | None) -> None:
    assert check_digests(label, b"payload") == "unknown"
