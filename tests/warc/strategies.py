"""Captures of every kind, for properties."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import get_args

from hypothesis import strategies as st

from gvreader.model import (
    Capture,
    Request,
    Source,
    TimeSource,
    Truncation,
    Trust,
)

# Header text as it may arrive: latin-1, and now and then what no header should hold.
_CHARACTERS = st.one_of(
    st.characters(min_codepoint=0x20, max_codepoint=0xFF),
    st.sampled_from("\r\n\x00\t:;= \u1ea1\ud800"),
)
_TEXT = st.text(_CHARACTERS, max_size=12)
_NAMES = st.one_of(
    st.sampled_from(
        ["Content-Type", "Set-Cookie", "Transfer-Encoding", "transfer-encoding", "Content-Encoding"]
    ),
    st.sampled_from(["X-Crawler-Transfer-Encoding", "Content-Length", ":status", ""]),
    _TEXT,
)
_HEADERS = st.lists(st.tuples(_NAMES, st.one_of(st.just("chunked"), st.just("gzip"), _TEXT)), max_size=5).map(
    tuple
)
_URLS = st.builds(
    "{}://{}{}".format,
    st.sampled_from(["http", "https"]),
    st.sampled_from(["giavien.ninhbinh.gov.vn", "127.0.0.1:8080", "[::1]:80"]),
    st.sampled_from(
        ["/", "", "/tin-tuc/bài-viết-882.html", "/a?b=c&d=%20", "/a b".replace(" ", "%20"), "/'\"<>"]
    ),
)
_BODIES = st.one_of(
    st.binary(max_size=200),
    st.sampled_from(
        [b"", b"\r\n\r\n", b"WARC/1.1\r\nWARC-Type: response\r\n\r\n", b"5\r\nhello\r\n0\r\n\r\n"]
    ),
)
_ZONES = st.sampled_from([UTC, timezone(timedelta(hours=7))])
_TIMES = st.datetimes(datetime(1996, 1, 1), datetime(2200, 1, 1), timezones=_ZONES)

requests = st.builds(
    Request, url=_URLS, method=st.sampled_from(["GET", "POST"]), headers=_HEADERS, body=_BODIES
)


@st.composite
def captures(draw: st.DrawFn) -> Capture:
    """Any capture that the model allows, sane or not."""
    url = draw(_URLS)
    return Capture(
        url=url,
        captured=draw(_TIMES),
        status=draw(st.one_of(st.sampled_from([200, 301, 404, 503]), st.integers(-1, 2000))),
        reason=draw(st.one_of(st.sampled_from(["OK", "", "Không tìm thấy"]), _TEXT)),
        http_version=draw(st.one_of(st.sampled_from(["HTTP/1.1", "HTTP/1.0", "HTTP/2"]), _TEXT)),
        headers=draw(_HEADERS),
        body=draw(_BODIES),
        request=draw(st.one_of(requests, st.just(Request(url=url)))),
        source=draw(st.sampled_from(get_args(Source))),
        source_uri=draw(st.one_of(st.none(), _URLS, _TEXT)),
        trust=draw(st.sampled_from(get_args(Trust))),
        address=draw(st.one_of(st.sampled_from([None, "10.0.0.1", "2001:db8::1", ""]), _TEXT)),
        truncated=draw(st.sampled_from([None, *get_args(Truncation)])),
        time_source=draw(st.sampled_from(get_args(TimeSource))),
    )
