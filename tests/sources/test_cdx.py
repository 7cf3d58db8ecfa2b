"""Listings of web archives, clean and dirty."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gvreader.model import Capture, Request, Sighting
from gvreader.sources.cdx import commoncrawl_page, moment_of, wayback_page
from gvreader.sources.commoncrawl import CommonCrawl
from gvreader.sources.service import Lane, Service
from gvreader.sources.wayback import Wayback
from gvreader.urls import Scope
from gvreader.web import Outcome

from .test_warcfile import PAGE, record

HEADER = ["urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length"]
ROW = ["vn,a)/x", "20220304050607", "http://a.vn:80/x", "text/html", "200", "A" * 32, "1234"]
SEEN = Sighting(
    url="http://a.vn:80/x",
    stamp="20220304050607",
    captured=datetime(2022, 3, 4, 5, 6, 7, tzinfo=UTC),
    status=200,
    media_type="text/html",
    digest="A" * 32,
    length=1234,
)


def test_a_page_of_wayback() -> None:
    page = wayback_page(json.dumps([HEADER, ROW, [], ["vn%2Ca%29%2Fx+20220304050607%21"]]).encode())
    assert page is not None
    assert page.sightings == (SEEN,)
    assert page.resume == "vn%2Ca%29%2Fx+20220304050607%21"
    assert page.dirty == 0


def test_columns_are_told_by_their_header() -> None:
    rows = [["original", "timestamp", "digest"], ["http://a.vn:80/x", "20220304050607", "A" * 32]]
    page = wayback_page(json.dumps(rows).encode())
    assert page is not None
    assert page.sightings[0].status is None
    assert page.sightings[0].digest == "A" * 32


def test_text_is_read_as_well() -> None:
    page = wayback_page((" ".join(ROW) + "\nbad line\n\nkey+1%21\n").encode())
    assert page is not None
    assert (page.sightings, page.resume, page.dirty) == ((SEEN,), "key+1%21", 1)


def test_revisits_and_unknowns_say_nothing() -> None:
    row = [*ROW[:3], "warc/revisit", "-", "A" * 32, "-"]
    page = wayback_page(json.dumps([HEADER, row]).encode())
    assert page is not None
    (seen,) = page.sightings
    assert (seen.status, seen.media_type, seen.length) == (None, None, None)


@pytest.mark.parametrize("body", [b"[]", b"", b"\n"])
def test_nothing_is_a_listing(body: bytes) -> None:
    page = wayback_page(body)
    assert page is not None
    assert page.sightings == ()


@pytest.mark.parametrize(
    "body", [b"<html>Blocked Site Error</html>", b'{"error": "x"}', b"org.archive.util.io.RuntimeIOException"]
)
def test_messages_are_no_listings(body: bytes) -> None:
    assert wayback_page(body) is None


def test_a_page_of_common_crawl() -> None:
    record = {
        "urlkey": "vn,a)/x",
        "timestamp": "20220304050607",
        "url": "http://a.vn:80/x",
        "mime": "text/html",
        "status": "200",
        "digest": "A" * 32,
        "length": "1234",
        "offset": "99",
        "filename": "crawl-data/x.warc.gz",
    }
    page = commoncrawl_page(json.dumps(record).encode() + b"\nnot json\n")
    (seen,) = page.sightings
    assert (seen.file, seen.offset, seen.length) == ("crawl-data/x.warc.gz", 99, 1234)
    assert page.dirty == 1


@pytest.mark.parametrize(
    ("stamp", "expected"),
    [
        ("20220304050607", (2022, 3, 4, 5, 6, 7)),
        ("20220000000000", (2022, 1, 1, 0, 0, 0)),
        ("20220231996199", (2022, 2, 28, 23, 59, 59)),
        ("2022", (2022, 1, 1, 0, 0, 0)),
        ("20220304050607123", (2022, 3, 4, 5, 6, 7)),
    ],
)
def test_impossible_times_are_brought_into_range(stamp: str, expected: tuple[int, ...]) -> None:
    year, month, day, hour, minute, second = expected
    assert moment_of(stamp) == datetime(year, month, day, hour, minute, second, tzinfo=UTC)


@pytest.mark.parametrize("stamp", ["", "-", "abc", "00000000000000", "202"])
def test_what_is_no_time(stamp: str) -> None:
    assert moment_of(stamp) is None


@given(
    st.binary(max_size=300) | st.recursive(st.text(), st.lists).map(lambda value: json.dumps(value).encode())
)
def test_no_bytes_whatever_raise(body: bytes) -> None:
    wayback_page(body)
    commoncrawl_page(body)


def test_a_lane_keeps_both_limits() -> None:
    lane = Lane(most=3, span=10.0, gap=1.0)
    now = 0.0
    starts = []
    for _ in range(7):
        now += lane.wait_from(now)
        lane.started(now)
        starts.append(now)
    assert starts == [0, 1, 2, 10, 11, 12, 20]


class _Replies:
    """Stands for the network: answers what it is told, in order."""

    def __init__(self, *outcomes: Outcome) -> None:
        self.outcomes = list(outcomes)
        self.asked: list[str] = []

    def once(self, request: Request) -> Outcome:
        self.asked.append(request.url)
        return self.outcomes.pop(0)


def reply(status: int, body: bytes = b"", /, **headers: str) -> Outcome:
    return Outcome(
        captures=(
            Capture(
                url="https://web.archive.org/",
                captured=datetime(2026, 1, 1, tzinfo=UTC),
                status=status,
                headers=tuple((name.replace("_", "-"), value) for name, value in headers.items()),
                body=body,
                request=Request(url="https://web.archive.org/"),
                trust="verified",
            ),
        )
    )


def wayback(replies: _Replies) -> Wayback:
    return Wayback(replies, Scope(origin="https://a.vn"), monotonic=lambda: 0.0, sleep=lambda _seconds: None)


@pytest.mark.parametrize(
    ("key", "sent"),
    [
        ("vn%2Ca%29%2Fx+20220304050607%21", "vn%2Ca%29%2Fx+20220304050607%21"),
        ("vn,a)/x 2022!", "vn%2Ca%29%2Fx%202022%21"),
        ("b64+key/==", "b64%2Bkey%2F%3D%3D"),
    ],
)
def test_resume_keys_are_sent_as_they_are_meant(key: str, sent: str) -> None:
    replies = _Replies(reply(200, b"[]"))
    wayback(replies).page("", key)
    assert replies.asked[0].endswith(f"&resumeKey={sent}")


def test_the_index_is_asked_for_the_whole_host() -> None:
    replies = _Replies(reply(200, b"[]"))
    wayback(replies).page("", None)
    assert replies.asked[0].startswith(
        "https://web.archive.org/cdx/search/cdx?url=a.vn&matchType=host&output=json"
    )


def test_locations_are_those_of_the_portal() -> None:
    headers = {
        "Memento_Datetime": "Fri, 04 Mar 2022 05:06:07 GMT",
        "Location": "https://web.archive.org/web/20220304050607id_/http://a.vn/y",
        "x_archive_orig_server": "IIS",
        "Content_Type": "text/html",
    }
    fetched = wayback(_Replies(reply(302, b"", **headers))).fetch(SEEN)
    assert fetched.capture is not None
    assert fetched.capture.url == "https://a.vn/x"
    assert fetched.capture.header("location") == "http://a.vn/y"
    assert fetched.capture.header("server") == "IIS"
    assert (fetched.capture.status, fetched.capture.trust) == (302, "verified")


def test_another_spelling_of_the_address_is_the_same_capture() -> None:
    replies = _Replies(
        reply(302, Location="/web/20220304050607id_/http://a.vn/x"),
        reply(200, b"x", Memento_Datetime="Fri, 04 Mar 2022 05:06:07 GMT"),
    )
    fetched = wayback(replies).fetch(SEEN)
    assert fetched.capture is not None
    assert replies.asked[1] == "https://web.archive.org/web/20220304050607id_/http://a.vn/x"


def test_a_redirect_to_itself_ends() -> None:
    location = "/web/20220304050607id_/http://a.vn:80/x"
    fetched = wayback(_Replies(*[reply(302, Location=location)] * 5)).fetch(SEEN)
    assert fetched.problem is not None
    assert (fetched.problem.kind, fetched.for_good) == ("redirect-loop", True)


def test_an_answer_without_a_time_is_no_capture() -> None:
    fetched = wayback(_Replies(reply(200, b"<p>Wayback"))).fetch(SEEN)
    assert fetched.capture is None
    assert fetched.problem is not None
    assert not fetched.for_good


def test_busy_archives_are_told_from_archived_errors() -> None:
    busy = wayback(_Replies(reply(429, Retry_After="300"))).fetch(SEEN)
    assert busy.busy == 300.0
    archived = wayback(_Replies(reply(429, Memento_Datetime="Fri, 04 Mar 2022 05:06:07 GMT"))).fetch(SEEN)
    assert archived.capture is not None


def test_failures_are_asked_again_after_a_pause() -> None:
    slept: list[float] = []
    replies = _Replies(reply(502), reply(503), reply(200, b"[]"))
    service = Service(replies, monotonic=lambda: 0.0, sleep=slept.append)
    assert service.ask("https://x.vn/", Lane(most=10, span=1.0)).capture is not None
    assert slept == [1.0, 3.0]


PLACED = replace(SEEN, file="crawl-data/x.warc.gz", offset=7, length=100)


def commoncrawl(replies: _Replies) -> CommonCrawl:
    return CommonCrawl(
        replies, replies, Scope(origin="https://a.vn"), monotonic=lambda: 0.0, sleep=lambda _seconds: None
    )


def test_a_record_out_of_a_file() -> None:
    member = record("response", PAGE, uri="http://a.vn:80/x", WARC_Payload_Digest="sha1:" + "A" * 32)
    replies = _Replies(reply(206, member))
    fetched = commoncrawl(replies).fetch(PLACED)
    assert replies.asked == ["https://data.commoncrawl.org/crawl-data/x.warc.gz"]
    assert fetched.capture is not None
    assert (fetched.capture.url, fetched.capture.body) == ("https://a.vn/x", b"<p>Hello</p>")
    assert fetched.capture.source_uri == "https://data.commoncrawl.org/crawl-data/x.warc.gz#7"


@pytest.mark.parametrize(
    "answer",
    [
        record("response", PAGE, uri="http://a.vn/khac"),
        record("response", PAGE, uri="http://a.vn/x", WARC_Block_Digest="sha1:" + "A" * 32),
        record("metadata", b"x", uri="http://a.vn/x"),
        b"garbage",
        b"",
    ],
)
def test_records_that_are_not_what_the_index_says(answer: bytes) -> None:
    fetched = commoncrawl(_Replies(reply(206, answer))).fetch(PLACED)
    assert fetched.capture is None
    assert fetched.problem is not None
    assert fetched.for_good


def test_a_server_that_sends_the_whole_file() -> None:
    member = record("response", PAGE, uri="http://a.vn/x")
    fetched = commoncrawl(_Replies(reply(200, b"_" * 7 + member))).fetch(replace(PLACED, length=len(member)))
    assert fetched.capture is not None


def test_indexes_are_asked_where_the_service_is() -> None:
    crawls = [{"id": "CC-MAIN-2023-06", "cdx-api": "https://index.commoncrawl.org/CC-MAIN-2023-06-index"}, 7]
    replies = _Replies(reply(200, json.dumps(crawls).encode()), reply(404))
    archive = CommonCrawl(
        replies,
        replies,
        Scope(origin="https://a.vn"),
        home="http://127.0.0.1:9/",
        monotonic=lambda: 0.0,
        sleep=lambda _seconds: None,
    )
    assert archive.collections()[0] == ("CC-MAIN-2023-06",)
    assert archive.page("CC-MAIN-2023-06", None).listed.sightings == ()
    assert replies.asked[1].startswith("http://127.0.0.1:9/CC-MAIN-2023-06-index?url=a.vn&matchType=host")


def test_redirects_to_no_address_are_no_captures() -> None:
    fetched = wayback(_Replies(reply(302, b"", Location="http://["))).fetch(SEEN)
    assert fetched.capture is None
    assert fetched.problem is not None


def test_mementos_of_no_time_are_no_captures() -> None:
    headers = {"Memento_Datetime": "Fri, 31 Dec 9999 23:59:59 -1400"}
    assert wayback(_Replies(reply(200, b"x", **headers))).fetch(SEEN).capture is None


def test_crawls_without_an_address_are_left_out() -> None:
    crawls = [{"id": "CC-1", "cdx-api": "http://["}, {"id": "CC-2", "cdx-api": "/CC-2-index"}]
    assert commoncrawl(_Replies(reply(200, json.dumps(crawls).encode()))).collections()[0] == ("CC-2",)
