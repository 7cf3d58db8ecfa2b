"""A page, exactly as it came."""

from __future__ import annotations

import socket
from datetime import UTC, datetime

import pytest

from gvreader import __version__
from gvreader.errors import UsageError
from gvreader.model import Request
from gvreader.urls import Scope
from gvreader.web import Client, Policy
from gvreader.web.cookies import Cookies
from tests.packing import gzipped
from tests.web.conftest import Clock, MakeClient
from tests.web.servers import NOT_FOUND, Received, Server, closing, page

PORTAL = "https://giavien.ninhbinh.gov.vn"


def test_a_page_is_one_capture_after_robots(server: Server, client: Client) -> None:
    server.routes["/tin-882.html?a=1"] = page(
        b"<p>n\xe1\xbb\x99i dung</p>", X_Powered_By="PHP/5.6", Server="Apache"
    )
    outcome = client.fetch(Request(url=f"{server.origin}/tin-882.html?a=1#top"))
    assert outcome.problem is None
    robots, answer = outcome.captures
    assert (robots.url, robots.status) == (f"{server.origin}/robots.txt", 404)
    assert answer.url == f"{server.origin}/tin-882.html?a=1"
    assert answer.source_uri is None
    assert (answer.status, answer.reason, answer.http_version) == (200, "OK", "HTTP/1.1")
    assert answer.headers == (
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Length", "17"),
        ("X-Powered-By", "PHP/5.6"),
        ("Server", "Apache"),
    )
    assert answer.body == b"<p>n\xe1\xbb\x99i dung</p>"
    assert (answer.source, answer.trust, answer.address) == ("live", "plain", "127.0.0.1")
    assert answer.truncated is None
    assert answer.captured == datetime(2023, 2, 7, 0, 0, 1, tzinfo=UTC)
    assert (client.requests, client.bytes) == (2, len(b"none") + 17)


def test_the_request_is_recorded_as_it_was_sent(server: Server, client: Client) -> None:
    server.routes["/a"] = page()
    answer = client.fetch(Request(url=f"{server.origin}/a")).captures[-1]
    (received,) = server.pages()
    assert received.head.startswith(b"GET /a HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n" % server.port)
    assert answer.request.headers == received.headers
    assert dict(received.headers) == {
        "Host": f"127.0.0.1:{server.port}",
        "User-Agent": f"gvreader/{__version__}",
        "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        "Accept-Language": "vi,en;q=0.5",
        "Accept-Encoding": "gzip, deflate",
    }
    assert (answer.request.method, answer.request.url, answer.request.body) == (
        "GET",
        f"{server.origin}/a",
        b"",
    )


def test_a_form_is_posted(server: Server, client: Client) -> None:
    server.routes["/LoadArticle"] = page(b"<li>")
    request = Request(
        url=f"{server.origin}/LoadArticle",
        method="POST",
        headers=(("Content-Type", "application/json"), ("X-Requested-With", "XMLHttpRequest")),
        body=b'{"page": 2}',
    )
    answer = client.fetch(request).captures[-1]
    (received,) = server.pages()
    assert (received.method, received.body) == ("POST", b'{"page": 2}')
    assert received.header("Content-Type") == "application/json"
    assert received.header("X-Requested-With") == "XMLHttpRequest"
    assert answer.request.headers == received.headers
    assert answer.request.body == b'{"page": 2}'


def test_a_page_cannot_choose_our_headers(server: Server, client: Client) -> None:
    server.routes["/a"] = page()
    hostile = (
        ("Host", "intranet"),
        ("Cookie", "a=b"),
        ("Authorization", "Basic eA=="),
        ("Transfer-Encoding", "chunked"),
        ("Content-Length", "7"),
        ("X-Two\r\nX-Evil", "1"),
        ("X-One", "1\r\nX-Evil: 1"),
        ("Accept", "application/json"),
        ("X-Name", "Gia Viễn"),
    )
    client.fetch(Request(url=f"{server.origin}/a", headers=hostile))
    (received,) = server.pages()
    names = [name for name, _ in received.headers]
    assert names == ["Host", "User-Agent", "Accept-Language", "Accept-Encoding", "X-One", "Accept", "X-Name"]
    assert received.header("Host") == f"127.0.0.1:{server.port}"
    assert received.header("X-One") == "1 X-Evil: 1"
    assert received.header("X-Name") == "Gia Vi?n"


def test_validators_make_a_request_conditional(server: Server, client: Client) -> None:
    server.routes["/a"] = b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n'
    outcome = client.fetch(
        Request(url=f"{server.origin}/a"), etag='"1"', last_modified="Tue, 07 Feb 2023 00:00:00 GMT"
    )
    assert outcome.problem is None
    assert (outcome.captures[-1].status, outcome.captures[-1].body) == (304, b"")
    (received,) = server.pages()
    assert received.header("If-None-Match") == '"1"'
    assert received.header("If-Modified-Since") == "Tue, 07 Feb 2023 00:00:00 GMT"


@pytest.mark.parametrize(
    "status", ["404 Not Found", "403 Forbidden", "410 Gone", "401 Unauthorized", "300 Multiple"]
)
def test_any_status_is_an_answer(server: Server, client: Client, status: str) -> None:
    server.routes["/a"] = page(b"no", status)
    outcome = client.fetch(Request(url=f"{server.origin}/a"))
    assert outcome.problem is None
    assert outcome.captures[-1].status == int(status[:3])
    assert len(server.pages()) == 1


def test_compressed_bytes_stay_compressed(server: Server, client: Client) -> None:
    body = gzipped(b"<p>" * 1000)
    server.routes["/a"] = page(body, Content_Encoding="gzip")
    outcome = client.fetch(Request(url=f"{server.origin}/a"))
    assert outcome.problem is None
    assert outcome.captures[-1].body == body


def test_a_cookie_lasts_for_the_run_and_is_not_kept(
    server: Server, client: Client, make_client: MakeClient
) -> None:
    server.routes["/a"] = page(Set_Cookie="D1N=abc; path=/")
    answers = [client.fetch(Request(url=f"{server.origin}/a")).captures[-1] for _ in range(2)]
    assert answers[-1].header("set-cookie") == "D1N=abc; path=/"
    assert [received.header("cookie") for received in server.pages()] == [None, "D1N=abc"]
    assert all(name.lower() != "cookie" for answer in answers for name, _ in answer.request.headers)
    make_client(server.origin).fetch(Request(url=f"{server.origin}/a"))
    assert server.pages()[-1].header("cookie") is None


def test_a_page_that_wants_a_cookie_before_it_answers(server: Server, client: Client) -> None:
    def gate(sock: socket.socket, received: Received) -> None:
        has_it = received.header("cookie") == "s=1"
        sock.sendall(page() if has_it else page(b"", "302 Found", Location="/a", Set_Cookie="s=1"))

    server.routes["/a"] = gate
    outcome = client.fetch(Request(url=f"{server.origin}/a"))
    assert outcome.problem is None
    assert outcome.captures[-1].status == 200


@pytest.mark.parametrize(
    ("line", "path", "sent"),
    [
        ("a=1; Path=/x", "/x/y", "a=1"),
        ("a=1; Path=/x", "/xy", None),
        ("a=1; Secure", "/x", None),
        ("a=1; Max-Age=0", "/x", None),
        ("a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "/x", None),
        ("a=1; Domain=example.vn", "/x", "a=1"),
        ("a b=1", "/x", None),
        ("nothing", "/x", None),
    ],
)
def test_which_cookie_goes_where(
    server: Server, client: Client, line: str, path: str, sent: str | None
) -> None:
    server.routes |= {"/": page(Set_Cookie=line), path: page()}
    client.fetch(Request(url=f"{server.origin}/"))
    client.fetch(Request(url=server.origin + path))
    assert server.pages()[-1].header("cookie") == sent


def test_a_cookie_goes_to_no_other_host(server: Server, make_client: MakeClient) -> None:
    client = make_client(server.origin)
    server.routes["/"] = page(Set_Cookie="a=1")
    answer = client.fetch(Request(url=f"{server.origin}/")).captures[-1]
    cookies = Cookies()
    cookies.learn("http://127.0.0.1:1/", answer)
    assert cookies.header_for("http://127.0.0.1:1/") == "a=1"
    assert cookies.header_for("http://127.0.0.1:2/") is None
    assert cookies.header_for("http://other.vn/") is None


def test_a_refresh_header_leads_on(server: Server, client: Client) -> None:
    server.routes |= {
        "/": page(b"", Refresh="0; url=/b"),
        "/b": page(b"here", Refresh="300; url=/b"),
        "/c": page(b"stays", Refresh="600;URL='/b'"),
    }
    assert client.fetch(Request(url=f"{server.origin}/")).captures[-1].body == b"here"
    assert client.fetch(Request(url=f"{server.origin}/b")).captures[-1].body == b"here"
    assert client.fetch(Request(url=f"{server.origin}/c")).captures[-1].body == b"stays"


def test_one_connection_serves_them_all(server: Server, client: Client) -> None:
    for path in "/a", "/b", "/c":
        server.routes[path] = page()
        client.fetch(Request(url=server.origin + path))
    assert server.paths == ["/robots.txt", "/a", "/b", "/c"]
    assert server.connections == 1


def test_a_kept_connection_that_was_closed_is_no_problem(server: Server, client: Client) -> None:
    def close_after(sock: object, _: object) -> None:
        sock.sendall(page())  # type: ignore[attr-defined]

    server.routes |= {"/a": close_after, "/b": page()}
    assert client.fetch(Request(url=f"{server.origin}/a")).problem is None
    assert client.fetch(Request(url=f"{server.origin}/b")).problem is None
    assert server.paths == ["/robots.txt", "/a", "/b"]
    assert server.connections == 2


def test_odd_addresses_are_asked_as_they_are_spelled(server: Server, client: Client) -> None:
    path = "/public/userfiles/K%E1%BA%BF%20ho%E1%BA%A1ch%20(1)'%5B2%5D;v=1,2.pdf?a=%26&b=+|%7C[]"
    client.fetch(Request(url=f"{server.origin}{path}"))
    assert server.paths[-1] == path.replace("|%", "%7C%").replace("[]", "%5B%5D")


# ── a mirror ────────────────────────────────────────────────────────────────────────────────────


def test_a_base_url_serves_the_portals_pages(server: Server, make_client: MakeClient) -> None:
    server.routes["/tin-882.html"] = page()
    client = make_client(PORTAL, base_url=f"{server.origin}/")
    robots, answer = client.fetch(Request(url=f"{PORTAL}/tin-882.html")).captures
    assert (robots.url, robots.source_uri) == (f"{PORTAL}/robots.txt", f"{server.origin}/robots.txt")
    assert (answer.url, answer.source_uri) == (f"{PORTAL}/tin-882.html", f"{server.origin}/tin-882.html")
    assert answer.request.url == f"{PORTAL}/tin-882.html"
    assert dict(answer.request.headers)["Host"] == f"127.0.0.1:{server.port}"
    assert (
        client.fetch(Request(url=f"{server.origin}/tin-882.html")).captures[0].url == f"{PORTAL}/tin-882.html"
    )
    assert client.fetch(Request(url="http://www.giavien.ninhbinh.gov.vn/tin-882.html")).problem is None


@pytest.mark.parametrize(
    "base_url", ["", "127.0.0.1:80", "ftp://127.0.0.1/", "http://127.0.0.1/mirror", "http://h/?a"]
)
def test_a_base_url_is_an_origin(base_url: str) -> None:
    with pytest.raises(UsageError):
        Client(Policy(), Scope(origin=PORTAL), base_url=base_url)


@pytest.mark.parametrize("delay", [0.0, 0.49])
def test_haste_is_for_loopback_only(delay: float, server: Server) -> None:
    with pytest.raises(UsageError):
        Client(Policy(delay=delay), Scope(origin=PORTAL))
    Client(Policy(delay=delay), Scope(origin=PORTAL), base_url=server.origin).close()
    Client(Policy(delay=delay), Scope(origin=server.origin)).close()


@pytest.mark.parametrize(
    "settings", [{"delay": -1}, {"delay": float("nan")}, {"user_agent": "a\r\nb"}, {"user_agent": ""}]
)
def test_a_policy_that_cannot_be(settings: dict[str, float | str]) -> None:
    with pytest.raises(UsageError):
        Policy(**settings)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "url", ["", "mailto:a@b.vn", "/a", "https://example.com/", "https://giavien.ninhbinh.gov.vn.evil/"]
)
def test_what_is_not_the_portals_is_not_asked(server: Server, client: Client, url: str) -> None:
    outcome = client.fetch(Request(url=url))
    assert outcome.captures == ()
    assert outcome.problem is not None
    assert outcome.problem.kind == "off-site"
    assert server.received == []


def test_a_page_that_is_not_there_after_robots_404(server: Server, client: Client, clock: Clock) -> None:
    assert client.fetch(Request(url=f"{server.origin}/x")).captures[-1].body == NOT_FOUND[-4:]
    assert clock.slept == [1.0]


@pytest.mark.parametrize("head", ["304 Not Modified", "404 Not Found"])
def test_a_length_that_nothing_follows_is_no_size(server: Server, make_client: MakeClient, head: str) -> None:
    """A 304 may tell the length of the page that it does not send."""
    answer = f"HTTP/1.1 {head}\r\nContent-Length: 5000\r\n\r\n".encode()
    server.routes["/a"] = closing(answer if head.startswith("304") else answer + bytes(5000))
    outcome = make_client(server.origin, max_wire=6000).fetch(Request(url=f"{server.origin}/a"))
    assert outcome.problem is None
    small = make_client(server.origin, max_wire=4000).fetch(Request(url=f"{server.origin}/a"))
    assert (small.problem is None) == head.startswith("304")


def test_a_part_of_a_file(server: Server, client: Client) -> None:
    part = gzipped(b"<p>" * 1000)[40:60]
    server.routes["/warc.gz"] = page(part, "206 Partial Content", Content_Encoding="gzip")
    request = Request(url=f"{server.origin}/warc.gz", headers=(("Range", "bytes=40-59"),))
    outcome = client.fetch(request)
    assert outcome.problem is None
    assert (outcome.captures[-1].status, outcome.captures[-1].body) == (206, part)
    assert server.pages()[0].header("range") == "bytes=40-59"
