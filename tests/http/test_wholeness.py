"""Whole or a part: labels lie in both directions, what proves an end does not."""

from __future__ import annotations

import zlib
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import zstandard

from gvreader.http.wholeness import PageEnds, is_conditional, judge
from gvreader.model import Capture, Headers, Request, Truncation
from tests.packing import gzipped

PAGE = "<!DOCTYPE html><html><body><p>Hội nghị tổng kết công tác năm của huyện.</p></body></html>".encode()
CUT = PAGE[:60]
URL = "http://a.vn/tin-1.html"


def answer(
    body: bytes, *headers: tuple[str, str], status: int = 200, truncated: Truncation | None = None
) -> Capture:
    return Capture(
        url=URL,
        captured=datetime(2023, 2, 7, tzinfo=UTC),
        status=status,
        headers=(("Content-Type", "text/html"), *headers),
        body=body,
        request=Request(url=URL),
        truncated=truncated,
    )


def length(size: int) -> tuple[str, str]:
    return ("Content-Length", str(size))


GZIP = ("Content-Encoding", "gzip")
CHUNKED = ("Transfer-Encoding", "chunked")
PACKED = gzipped(PAGE)
WHOLE = {
    "nothing promised": answer(PAGE),
    "as long as promised": answer(PAGE, length(len(PAGE))),
    "longer than promised": answer(PAGE, length(20)),
    "one of two lengths": answer(PAGE, length(len(PAGE)), length(900)),
    "gzip with the length of the page": answer(PACKED, GZIP, length(len(PAGE) * 9)),
    "gzip that was cut behind its end": answer(PACKED, GZIP, truncated="disconnect"),
    "gzip without its trailer": answer(PACKED[:-8], GZIP, length(900)),
    "gzip nobody named": answer(PACKED, length(900)),
    "gzip twice, named once": answer(gzipped(PACKED), GZIP, length(900)),
    "gzip named zstd": answer(PACKED, ("Content-Encoding", "zstd"), length(900)),
    "zstd": answer(zstandard.compress(PAGE), ("Content-Encoding", "zstd"), length(900)),
    "deflate": answer(zlib.compress(PAGE), ("Content-Encoding", "deflate"), length(900)),
    "chunked beats length": answer(PAGE, CHUNKED, length(900)),
    "no last chunk, but the end of the page": answer(PAGE, CHUNKED, truncated="disconnect"),
    "206 with all bytes": answer(PAGE, ("Content-Range", f"bytes 0-{len(PAGE) - 1}/{len(PAGE)}"), status=206),
    "206 with all of a stream": answer(PACKED, GZIP, status=206),
    "an error that was cut": answer(CUT, length(900), status=404),
    "a fragment": answer(b"<li>Tin</li>"),
    "a packed file is no page": replace(answer(PACKED[:20]), headers=(("Content-Type", "application/gzip"),)),
}
PARTS = {
    "shorter than promised": answer(PAGE, length(len(PAGE) + 1)),
    "206": answer(PAGE, status=206),
    "206 of a stretch": answer(PAGE, ("Content-Range", f"bytes 0-{len(PAGE) - 1}/900"), status=206),
    "206 of another place": answer(PAGE, ("Content-Range", "bytes 5-9/900"), status=206),
    "cut": answer(PAGE, truncated="length"),
    "no last chunk and no end": answer(CUT, CHUNKED, truncated="disconnect"),
    "gzip": answer(PACKED[:40], GZIP),
    "gzip as long as promised": answer(PACKED[:40], GZIP, length(40)),
    "gzip nobody named": answer(PACKED[:40]),
    "zstd": answer(zstandard.compress(PAGE)[:30], ("Content-Encoding", "zstd")),
    "within a tag": answer(PAGE[: PAGE.index(b"</p>") + 2]),
    "within a letter": answer(PAGE[: PAGE.index("ộ".encode()) + 1]),
}


@pytest.mark.parametrize("name", WHOLE)
def test_whole(name: str) -> None:
    assert judge(WHOLE[name]).missing is None


@pytest.mark.parametrize("name", PARTS)
def test_part(name: str) -> None:
    assert judge(PARTS[name]).missing


@pytest.mark.parametrize("headers", [(), (length(len(CUT)),), (CHUNKED,)])
def test_a_page_without_an_end_where_pages_have_one(headers: Headers) -> None:
    assert judge(answer(CUT, *headers), ends_pages=True).doubt
    assert judge(answer(CUT, *headers)).doubt is None
    assert judge(answer(CUT, *headers)).ends is False
    assert judge(answer(PAGE, *headers), ends_pages=True).doubt is None


def test_what_a_portal_does_is_learnt_and_unlearnt() -> None:
    habit = PageEnds()
    assert not habit.are_usual
    for number in range(30):
        habit = habit.seen(f"a{number}", has_end=True)
    assert habit.are_usual
    for _ in range(30):
        habit = habit.seen("b", has_end=False)
    assert habit.are_usual, "one bad page is not a habit"
    for number in range(10):
        habit = habit.seen(f"c{number}", has_end=False)
    assert not habit.are_usual
    assert PageEnds.of(habit.as_json()) == habit
    for number in range(10):
        habit = habit.seen(f"c{number}", has_end=True)
    assert habit.are_usual


def test_what_was_asked_conditionally() -> None:
    asked = Request(url=URL, headers=(("Host", "a.vn"), ("If-None-Match", '"1"')))
    plain = Request(url=URL, headers=(("Host", "a.vn"),))
    found = answer(b"", status=304)
    assert is_conditional(found) is None
    assert is_conditional(replace(found, request=asked)) is True
    assert is_conditional(replace(found, request=plain)) is False
