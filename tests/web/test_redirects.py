"""Redirects: each hop a capture, each hop checked."""

from __future__ import annotations

import pytest

from gvreader.model import Request
from gvreader.web import Client
from tests.web.conftest import MakeClient
from tests.web.servers import Server, page, redirect

PORTAL = "https://giavien.ninhbinh.gov.vn"


@pytest.mark.parametrize(
    "status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"]
)
@pytest.mark.parametrize(
    "location", ["/new-882.html", "new-882.html", "{origin}/new-882.html#top", "../new-882.html"]
)
def test_every_hop_is_a_capture(server: Server, client: Client, status: str, location: str) -> None:
    server.routes |= {
        "/old": redirect(location.format(origin=server.origin), status),
        "/new-882.html": page(b"new"),
    }
    outcome = client.fetch(Request(url=f"{server.origin}/old"))
    assert outcome.problem is None
    assert [(capture.url, capture.status) for capture in outcome.captures] == [
        (f"{server.origin}/robots.txt", 404),
        (f"{server.origin}/old", int(status[:3])),
        (f"{server.origin}/new-882.html", 200),
    ]


@pytest.mark.parametrize(
    ("location", "path"),
    [
        ("/b\xe1\xba\xa3n-tin.html", "/b%E1%BA%A3n-tin.html"),  # UTF-8 bytes as they are
        ("/b\xe9n.html", "/b%E9n.html"),  # no UTF-8: the bytes as they are
        ("/tin tuc.html", "/tin%20tuc.html"),
        ("\\tin.html", "/tin.html"),
        ("?page=2", "/old?page=2"),
    ],
)
def test_locations_as_servers_write_them(server: Server, client: Client, location: str, path: str) -> None:
    server.routes |= {
        "/old": redirect(location).replace(location.encode(), location.encode("latin-1")),
        path: page(),
    }
    outcome = client.fetch(Request(url=f"{server.origin}/old"))
    assert outcome.problem is None
    assert outcome.captures[-1].url == server.origin + path


def test_five_redirects_are_followed_and_no_more(server: Server, client: Client) -> None:
    server.routes |= {f"/{n}": redirect(f"/{n + 1}") for n in range(10)}
    server.routes["/10"] = page(b"end")
    within = client.fetch(Request(url=f"{server.origin}/5"))
    assert within.problem is None
    assert [capture.url[-2:] for capture in within.captures[1:]] == ["/5", "/6", "/7", "/8", "/9", "10"]
    beyond = client.fetch(Request(url=f"{server.origin}/4"))
    assert beyond.problem is not None
    assert (beyond.problem.kind, beyond.problem.url) == ("redirect-loop", f"{server.origin}/4")
    assert len(beyond.captures) == 6


@pytest.mark.parametrize("location", ["/a", "/b", "{origin}/a#x"])
def test_a_loop_is_seen_at_once(server: Server, client: Client, location: str) -> None:
    server.routes |= {"/a": redirect("/b"), "/b": redirect(location.format(origin=server.origin))}
    outcome = client.fetch(Request(url=f"{server.origin}/a"))
    assert outcome.problem is not None
    assert outcome.problem.kind == "redirect-loop"
    assert len(server.pages()) == 2


@pytest.mark.parametrize(
    "location",
    [
        "https://example.com/",
        "//example.com/a",
        "http://127.0.0.1:1/",
        "http://localhost:{port}/",
        "http://[::1]:{port}/",
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1/",
        "https://127.0.0.1:{port}/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "ftp://127.0.0.1/",
    ],
)
def test_nobody_sends_us_elsewhere(server: Server, client: Client, location: str) -> None:
    server.routes["/a"] = redirect(location.format(port=server.port))
    outcome = client.fetch(Request(url=f"{server.origin}/a"))
    assert outcome.problem is not None
    assert (outcome.problem.kind, outcome.problem.url) == ("off-site", f"{server.origin}/a")
    assert outcome.captures[-1].status == 302
    assert client.requests == 2


@pytest.mark.parametrize(
    "answer",
    [page(b"x", "302 Found"), page(b"x", "302 Found", Location=""), page(b"x", "301 Moved", Location="#")],
)
def test_a_redirect_to_nowhere_is_the_answer(server: Server, client: Client, answer: bytes) -> None:
    server.routes["/a"] = answer
    outcome = client.fetch(Request(url=f"{server.origin}/a"))
    if outcome.problem is None:
        assert outcome.captures[-1].status in (301, 302)
    else:
        assert outcome.problem.kind == "off-site"


@pytest.mark.parametrize(
    ("status", "method", "body"),
    [
        ("302 Found", "GET", b""),
        ("303 See Other", "GET", b""),
        ("307 Temporary", "POST", b"a=1"),
        ("308 Permanent", "POST", b"a=1"),
    ],
)
def test_a_form_after_a_redirect(
    server: Server, client: Client, status: str, method: str, body: bytes
) -> None:
    server.routes |= {"/form": redirect("/list", status), "/list": page()}
    headers = (("Content-Type", "application/x-www-form-urlencoded"),)
    outcome = client.fetch(Request(url=f"{server.origin}/form", method="POST", headers=headers, body=b"a=1"))
    assert outcome.problem is None
    last = server.pages()[-1]
    assert (last.method, last.body) == (method, body)
    assert (last.header("content-type") is None) == (method == "GET")


def test_a_mirror_that_redirects_to_the_portal_stays_the_mirror(
    server: Server, make_client: MakeClient
) -> None:
    server.routes |= {
        "/a": redirect(f"{PORTAL}/b"),
        "/b": redirect("http://www.giavien.ninhbinh.gov.vn/c"),
        "/c": page(b"c"),
    }
    outcome = make_client(PORTAL, base_url=server.origin).fetch(Request(url=f"{PORTAL}/a"))
    assert outcome.problem is None
    assert [capture.url for capture in outcome.captures[1:]] == [f"{PORTAL}/{path}" for path in "abc"]
    assert outcome.captures[-1].source_uri == f"{server.origin}/c"


def test_conditions_travel_along(server: Server, client: Client) -> None:
    server.routes |= {"/a": redirect("/b"), "/b": b"HTTP/1.1 304 Not Modified\r\n\r\n"}
    outcome = client.fetch(Request(url=f"{server.origin}/a"), etag='"7"')
    assert [capture.status for capture in outcome.captures[1:]] == [302, 304]
    assert [received.header("if-none-match") for received in server.pages()] == ['"7"', '"7"']


@pytest.mark.parametrize(
    "target",
    ["/(S(abc))/a", "/a;jsessionid=AB12", "/a?PHPSESSID=0123456789abcdef0123456789", "/a?sid=%2d&&x"],
)
def test_a_redirect_is_asked_as_it_is_spelled_and_stored_canonical(
    server: Server, client: Client, target: str
) -> None:
    server.routes |= {"/a": redirect(target), target: page()}
    outcome = client.fetch(Request(url=f"{server.origin}/a"))
    assert outcome.problem is None
    assert [received.path for received in server.pages()] == ["/a", target]
    first, last = outcome.captures[-2:]
    assert last.url.startswith(first.url)
    assert "abc" not in last.url
    assert "AB12" not in last.url
    assert "SESSID" not in last.url
    assert last.source_uri == f"{server.origin}{target}"
