"""robots.txt: asked once, obeyed, and no reason to give up for ever."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gvreader.model import Capture, Request
from gvreader.web import Client, robots
from tests.packing import gzipped
from tests.web.conftest import Clock, MakeClient
from tests.web.servers import NOT_FOUND, Reply, Script, Server, closing, page, redirect, reset, silence

RULES = b"User-agent: *\nDisallow: /private\nAllow: /private/open\nDisallow: /*.doc$\nCrawl-delay: 7\n"


def test_it_is_asked_once_and_obeyed(server: Server, client: Client) -> None:
    server.routes |= {"/robots.txt": page(RULES), "/a": page(), "/private/open": page()}
    verdicts = {}
    for path in ("/private/a", "/a", "/private/open", "/x.doc", "/x.doc?a", "/robots.txt"):
        problem = client.fetch(Request(url=server.origin + path)).problem
        verdicts[path] = problem.kind if problem else None
    assert verdicts == {
        "/private/a": "robots",
        "/a": None,
        "/private/open": None,
        "/x.doc": "robots",
        "/x.doc?a": None,
        "/robots.txt": None,
    }
    assert server.paths == ["/robots.txt", "/a", "/private/open", "/x.doc?a", "/robots.txt"]


def test_its_capture_comes_with_the_first_fetch_even_of_a_forbidden_page(
    server: Server, client: Client
) -> None:
    server.routes["/robots.txt"] = page(RULES)
    outcome = client.fetch(Request(url=f"{server.origin}/private"))
    assert [capture.url for capture in outcome.captures] == [f"{server.origin}/robots.txt"]
    assert outcome.captures[0].body == RULES
    assert client.fetch(Request(url=f"{server.origin}/private")).captures == ()


def test_our_own_group_counts(server: Server, client: Client) -> None:
    server.routes["/robots.txt"] = page(b"User-agent: *\nDisallow: /\n\nUser-agent: GVReader\nDisallow: /a\n")
    assert client.fetch(Request(url=f"{server.origin}/b")).problem is None
    problem = client.fetch(Request(url=f"{server.origin}/a")).problem
    assert problem is not None
    assert problem.kind == "robots"


@pytest.mark.parametrize(
    ("lines", "delay"),
    [
        (b"Crawl-delay: 7", 7.0),
        (b"Crawl-delay: 0.1", 1.0),
        (b"Crawl-delay: 86400", 60.0),
        (b"Crawl-delay: nan", 1.0),
        (b"Crawl-delay: -5", 1.0),
        (b"Request-rate: 1/5", 5.0),
        (b"Request-rate: 2/1m\nCrawl-delay: 3", 30.0),
    ],
)
def test_its_delay_is_kept(server: Server, client: Client, clock: Clock, lines: bytes, delay: float) -> None:
    server.routes["/robots.txt"] = page(b"User-agent: *\n" + lines)
    for path in ("/a", "/b"):
        client.fetch(Request(url=server.origin + path))
    assert clock.slept == [delay, delay]


ALLOWING: list[Reply] = [
    NOT_FOUND,
    page(b"", "403 Forbidden"),
    page(b"", "410 Gone"),
    page(b"", "204 No Content"),
    page(b"", "302 Found"),
    page(b""),
    page(b"<!DOCTYPE html><html><body>Kh\xc3\xb4ng t\xc3\xacm th\xe1\xba\xa5y</body></html>"),
    page(bytes(range(256))),
    page(b"\x1f\x8b broken", Content_Encoding="gzip"),
    redirect("https://example.com/robots.txt"),
    redirect("/robots.txt"),
]


@pytest.mark.parametrize("reply", ALLOWING)
def test_what_leaves_everything_allowed(server: Server, client: Client, reply: Reply) -> None:
    server.routes["/robots.txt"] = reply
    server.routes["/a"] = page(b"a")
    outcome = client.fetch(Request(url=f"{server.origin}/a"))
    assert outcome.problem is None
    assert outcome.captures[-1].body == b"a"
    assert outcome.captures[0].url == f"{server.origin}/robots.txt"


FILES: list[Reply] = [
    page(b"\xef\xbb\xbf" + RULES),
    page(RULES.replace(b"\n", b"\r\n")),
    page(RULES.replace(b"\n", b"\r")),
    page(gzipped(RULES), Content_Encoding="gzip"),
    page(RULES, Content_Type="text/html", Content_Encoding="gzip"),
    page(RULES + b"# more\n" * 200_000),
    closing(page(RULES).replace(b"Content-Length: ", b"Content-Length: 9")),
]


@pytest.mark.parametrize("reply", FILES)
def test_odd_files_count_all_the_same(server: Server, client: Client, reply: Reply) -> None:
    server.routes["/robots.txt"] = reply
    problem = client.fetch(Request(url=f"{server.origin}/private")).problem
    assert problem is not None
    assert problem.kind == "robots"


def test_a_redirected_file_counts(server: Server, client: Client) -> None:
    server.routes |= {"/robots.txt": redirect("/static/robots.txt"), "/static/robots.txt": page(RULES)}
    outcome = client.fetch(Request(url=f"{server.origin}/private"))
    assert outcome.problem is not None
    assert outcome.problem.kind == "robots"
    assert [capture.status for capture in outcome.captures] == [302, 200]


@pytest.mark.parametrize("status", ["500 Error", "503 Unavailable", "429 Too Many"])
def test_a_failing_server_forbids_everything_for_a_while(
    server: Server, client: Client, clock: Clock, status: str
) -> None:
    server.routes |= {"/robots.txt": [page(b"", status)] * 3 + [page(RULES)], "/a": page(b"a")}
    first = client.fetch(Request(url=f"{server.origin}/a"))
    assert first.problem is not None
    assert first.problem.kind == "http-status"
    assert status[:3] in first.problem.detail
    assert [capture.status for capture in first.captures] == [int(status[:3])]
    again = client.fetch(Request(url=f"{server.origin}/a"))
    assert again.problem is not None
    assert (again.problem.kind, again.captures) == ("http-status", ())
    assert server.paths == ["/robots.txt"] * 3
    clock.elapsed += 61
    assert client.fetch(Request(url=f"{server.origin}/a")).problem is None
    assert client.fetch(Request(url=f"{server.origin}/private")).problem is not None


@pytest.mark.parametrize(
    ("reply", "kind", "attempts"),
    [(reset, "connection", 3), (silence, "timeout", 2), (closing(b"junk"), "connection", 3)],
)
def test_a_dead_server_is_not_called_forbidden(
    server: Server, make_client: MakeClient, clock: Clock, reply: Script, kind: str, attempts: int
) -> None:
    server.routes |= {"/robots.txt": [*[reply] * attempts, NOT_FOUND], "/a": page(b"a")}
    client = make_client(server.origin, read_timeout=0.1)
    for _ in range(2):
        outcome = client.fetch(Request(url=f"{server.origin}/a"))
        assert outcome.problem is not None
        assert outcome.problem.kind == kind
        assert outcome.captures == ()
    assert len(server.paths) == attempts
    clock.elapsed += 61
    assert client.fetch(Request(url=f"{server.origin}/a")).problem is None


def test_a_file_that_comes_at_the_second_attempt(server: Server, client: Client) -> None:
    server.routes |= {"/robots.txt": [page(b"", "503 Busy"), page(RULES)], "/a": page(b"a")}
    assert client.fetch(Request(url=f"{server.origin}/a")).problem is None


@settings(max_examples=60)
@given(
    content=st.one_of(
        st.binary(max_size=300),
        st.text(alphabet="UserAgntDisalowC-dy:*/$# \n%1", max_size=300).map(str.encode),
    )
)
def test_any_file_gives_rules(content: bytes) -> None:
    url = "https://giavien.ninhbinh.gov.vn/robots.txt"
    capture = Capture(
        url=url, captured=datetime(2023, 1, 1, tzinfo=UTC), status=200, body=content, request=Request(url=url)
    )
    rules = robots.read([capture], None, until=0)
    assert rules.allows(f"{url}?a=%zz&b", "gvreader") in (True, False)
    assert rules.delay("gvreader") >= 0


@pytest.mark.parametrize(
    "answer",
    [
        page(RULES, "203 Non-Authoritative Information"),
        page(RULES, "206 Partial Content"),
        page(b"\xff\xfe" + RULES.decode().encode("utf-16-le")),
        page(RULES.decode().encode("utf-16-be")),
        page(gzipped(RULES)),
    ],
    ids=["203", "206", "utf-16 with a mark", "utf-16 without", "gzip nobody named"],
)
def test_it_is_obeyed_however_it_comes(server: Server, client: Client, answer: bytes) -> None:
    server.routes |= {"/robots.txt": answer, "/a": page()}
    problem = client.fetch(Request(url=f"{server.origin}/private/a")).problem
    assert problem is not None
    assert problem.kind == "robots"
    assert client.fetch(Request(url=f"{server.origin}/a")).problem is None
