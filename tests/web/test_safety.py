"""No page, name or answer leads the client to a private network, and what was checked is what is connected to."""

from __future__ import annotations

import socket
import threading

import pytest

from gvreader.model import Request
from gvreader.web import addresses
from gvreader.web.addresses import Guard
from tests.web.conftest import MakeClient
from tests.web.servers import NOT_FOUND, Server, page, redirect

PUBLIC = [
    "8.8.8.8",
    "123.30.1.1",
    "2001:4860:4860::8888",
    "2606:4700::1111",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
    "2002:808:808::1",
]
PRIVATE = [
    "127.0.0.1",
    "127.1.2.3",
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",
    "169.254.169.254",
    "168.63.129.16",
    "161.26.0.10",
    "166.9.0.1",
    "100.100.100.200",
    "192.0.0.192",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::10.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:168.63.129.16",
    "64:ff9b::a83f:8110",
    "fd00:ec2::254",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::808:808",
    "100::1",
    "2001::7f00:1",
    "2001:0:4136:e378:8000:63bf:80ff:fffe",  # Teredo to 127.0.0.1
    "2001:10::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "2002:c0a8:101::1",
    "3fff::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fe80::1%eth0",
    "fe80::5efe:808:808",
    "2606:4700::5efe:7f00:1",
    "2606:4700::200:5efe:a00:1",
    "fec0::1",
    "ff02::1",
    "",
    "localhost",
    "8.8.8",
    "2130706433",
]


@pytest.mark.parametrize("address", PUBLIC)
def test_public(address: str) -> None:
    assert addresses.is_public(address)
    assert not addresses.is_loopback(address)


@pytest.mark.parametrize("address", PRIVATE)
def test_not_public(address: str) -> None:
    assert not addresses.is_public(address)


def test_a_guard_keeps_the_order_and_drops_the_rest() -> None:
    found = ["10.0.0.1", "2606:4700::1", "127.0.0.1", "8.8.8.8"]
    assert Guard().allowed("example.com", 443, found) == ("2606:4700::1", "8.8.8.8")
    local = Guard(loopback=("localhost", 8000))
    assert local.allowed("localhost", 8000, ["::1", "127.0.0.1", "8.8.8.8"]) == ("::1", "127.0.0.1")
    assert local.allowed("localhost", 8001, ["127.0.0.1"]) == ()
    assert local.allowed("example.com", 8000, ["127.0.0.1"]) == ()


def test_the_system_resolver() -> None:
    assert addresses.resolve("127.0.0.1", 80) == ("127.0.0.1",)
    assert set(addresses.resolve("localhost", 80)) <= {"127.0.0.1", "::1"}
    for name in ("a..b", "x" * 70 + ".example"):
        with pytest.raises(socket.gaierror):
            addresses.resolve(name, 80)


class Internet:
    """Names that change their minds, and a network where every public address is the one test server."""

    def __init__(self, server: Server, **names: list[list[str]]) -> None:
        self.server = server
        self.names = {name.replace("_", "."): answers for name, answers in names.items()}
        self.asked: list[str] = []
        self.dialled: list[tuple[str, int]] = []

    def resolve(self, host: str, port: int) -> list[str]:
        self.asked.append(host)
        answers = self.names[host]
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def dial(self, address: str, port: int, timeout: float) -> socket.socket:
        self.dialled.append((address, port))
        return socket.create_connection(("127.0.0.1", self.server.port), timeout)


def test_the_address_that_was_checked_is_the_one_that_is_used(
    server: Server, make_client: MakeClient
) -> None:
    server.routes["/a"] = page()
    net = Internet(server, giavien_example_org=[["192.168.0.1", "8.8.8.8", "127.0.0.1"]])
    client = make_client("http://giavien.example.org", resolve=net.resolve, dial=net.dial)
    answer = client.fetch(Request(url="http://giavien.example.org/a")).captures[-1]
    assert net.dialled == [("8.8.8.8", 80)]
    assert net.asked == ["giavien.example.org"]
    assert answer.address == "8.8.8.8"
    assert server.received[-1].header("host") == "giavien.example.org"


def test_a_name_that_turns_private_is_refused_at_the_next_connection(
    server: Server, make_client: MakeClient
) -> None:
    net = Internet(server, giavien_example_org=[["8.8.8.8"], ["127.0.0.1"]])
    server.routes |= {"/robots.txt": page(b"", Connection="close"), "/a": page()}
    client = make_client("http://giavien.example.org", resolve=net.resolve, dial=net.dial)
    outcome = client.fetch(Request(url="http://giavien.example.org/a"))
    assert outcome.problem is not None
    assert outcome.problem.kind == "off-site"
    assert "giavien.example.org" in outcome.problem.detail
    assert net.dialled == [("8.8.8.8", 80)]
    assert server.paths == ["/robots.txt"]


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.1.1.1", "169.254.169.254", "::1", "::ffff:10.1.1.1", "64:ff9b::a01:101"]
)
def test_a_portal_that_resolves_to_a_private_address(
    server: Server, make_client: MakeClient, address: str
) -> None:
    net = Internet(server, giavien_example_org=[[address]])
    client = make_client("http://giavien.example.org", resolve=net.resolve, dial=net.dial)
    outcome = client.fetch(Request(url="http://giavien.example.org/a"))
    assert outcome.problem is not None
    assert (outcome.problem.kind, net.dialled, outcome.captures) == ("off-site", [], ())


@pytest.mark.parametrize(
    "origin",
    ["http://10.0.0.1", "http://[fe80::1]", "http://192.168.1.1:8080", "http://[::ffff:127.0.0.1]:81"],
)
def test_a_portal_that_is_a_private_address(server: Server, make_client: MakeClient, origin: str) -> None:
    net = Internet(server)
    client = make_client(origin, resolve=net.resolve, dial=net.dial)
    outcome = client.fetch(Request(url=f"{origin}/a"))
    assert outcome.problem is not None
    assert (outcome.problem.kind, net.dialled) == ("off-site", [])


def test_a_file_host_that_resolves_to_us(server: Server, make_client: MakeClient) -> None:
    net = Internet(server, giavien_example_org=[["8.8.8.8"]], files_example_org=[["127.0.0.1"]])
    server.routes["/a"] = redirect("http://files.example.org/x.pdf")
    client = make_client(
        "http://giavien.example.org", hosts=("files.example.org",), resolve=net.resolve, dial=net.dial
    )
    outcome = client.fetch(Request(url="http://giavien.example.org/a"))
    assert outcome.problem is not None
    assert outcome.problem.kind == "off-site"
    assert net.dialled == [("8.8.8.8", 80)]


def test_a_portal_on_loopback_has_no_other_hosts(server: Server, make_client: MakeClient) -> None:
    with Server({"/x.pdf": page()}) as other:
        client = make_client(server.origin, hosts=("127.0.0.1", "localhost", "files.example.org"))
        for url in (
            f"{other.origin}/x.pdf",
            f"http://localhost:{server.port}/",
            "https://files.example.org/x.pdf",
        ):
            outcome = client.fetch(Request(url=url))
            assert outcome.problem is not None
            assert outcome.problem.kind == "off-site"
        assert other.received == []
        assert server.received == []


def test_file_hosts_have_their_own_robots_and_pace(server: Server, make_client: MakeClient) -> None:
    net = Internet(server, giavien_example_org=[["8.8.8.8"]], files_example_org=[["8.8.4.4"]])
    server.routes |= {"/a": page(), "/x.pdf": page()}
    client = make_client(
        "http://giavien.example.org", hosts=("files.example.org",), resolve=net.resolve, dial=net.dial
    )
    for url in ("http://giavien.example.org/a", "http://files.example.org/x.pdf"):
        assert client.fetch(Request(url=url)).problem is None
    hosts = [(received.header("host"), received.path) for received in server.received]
    assert hosts == [
        ("giavien.example.org", "/robots.txt"),
        ("giavien.example.org", "/a"),
        ("files.example.org", "/robots.txt"),
        ("files.example.org", "/x.pdf"),
    ]


def test_the_next_address_is_tried(server: Server, make_client: MakeClient) -> None:
    net = Internet(server, giavien_example_org=[["2606:4700::1", "8.8.8.8"]])
    server.routes["/a"] = page()

    def dial(address: str, port: int, timeout: float) -> socket.socket:
        if ":" in address:
            raise OSError(101, "Network is unreachable")
        return net.dial(address, port, timeout)

    client = make_client("http://giavien.example.org", resolve=net.resolve, dial=dial)
    assert client.fetch(Request(url="http://giavien.example.org/a")).captures[-1].address == "8.8.8.8"


# ── names ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("error", "attempts"),
    [
        (socket.gaierror(socket.EAI_NONAME, "Name or service not known"), 1),
        (socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution"), 3),
    ],
)
def test_a_name_that_is_not_found(make_client: MakeClient, error: OSError, attempts: int) -> None:
    asked = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        raise error

    outcome = make_client("https://giavien.example.org", resolve=resolve).fetch(
        Request(url="https://giavien.example.org/a")
    )
    assert outcome.problem is not None
    assert outcome.problem.kind == "connection"
    assert "giavien.example.org" in outcome.problem.detail
    assert len(asked) == attempts


def test_a_resolver_that_never_answers(make_client: MakeClient) -> None:
    never = threading.Event()

    def resolve(host: str, port: int) -> list[str]:
        never.wait(30)
        return []

    client = make_client("https://giavien.example.org", resolve=resolve, connect_timeout=0.1, max_attempts=1)
    outcome = client.fetch(Request(url="https://giavien.example.org/a"))
    never.set()
    assert outcome.problem is not None
    assert outcome.problem.kind == "timeout"


# ── a portal that moved to a twin ───────────────────────────────────────────────────────────────


def test_a_move_to_www_is_met_once(server: Server, make_client: MakeClient) -> None:
    net = Internet(server, giavien_example_org=[["8.8.8.8"]], www_giavien_example_org=[["8.8.4.4"]])
    twin = "http://www.giavien.example.org"

    def answer(sock: socket.socket, received: object) -> None:
        path, host = received.path, received.header("host")  # type: ignore[attr-defined]
        sock.sendall(page(b"ok", Connection="close") if host.startswith("www.") else redirect(twin + path))

    server.routes |= dict.fromkeys(("/a", "/b", "/c"), answer)
    client = make_client("http://giavien.example.org", resolve=net.resolve, dial=net.dial)
    first = client.fetch(Request(url="http://giavien.example.org/a"))
    assert [(capture.url, capture.source_uri) for capture in first.captures] == [
        ("http://giavien.example.org/robots.txt", None),
        ("http://giavien.example.org/a", None),
        ("http://giavien.example.org/robots.txt", f"{twin}/robots.txt"),
        ("http://giavien.example.org/a", f"{twin}/a"),
    ]
    for path in ("/b", "/c"):
        assert len(client.fetch(Request(url=f"http://giavien.example.org{path}")).captures) == 1
    assert [received.path for received in server.received].count("/robots.txt") == 2
    assert client.requests == 6


def test_robots_that_move_with_the_portal_are_asked_once(server: Server, make_client: MakeClient) -> None:
    net = Internet(server, giavien_example_org=[["8.8.8.8"]], www_giavien_example_org=[["8.8.4.4"]])

    def answer(sock: socket.socket, received: object) -> None:
        path, host = received.path, received.header("host")  # type: ignore[attr-defined]
        moved = redirect(f"http://www.giavien.example.org{path}", "301 Moved")
        sock.sendall(
            (NOT_FOUND if path == "/robots.txt" else page(b"ok")) if host.startswith("www.") else moved
        )

    server.routes |= dict.fromkeys(("/robots.txt", "/a"), answer)
    client = make_client("http://giavien.example.org", resolve=net.resolve, dial=net.dial)
    outcome = client.fetch(Request(url="http://giavien.example.org/a"))
    assert outcome.problem is None
    assert [capture.status for capture in outcome.captures] == [301, 404, 200]


def test_origins_that_send_us_back_and_forth(server: Server, make_client: MakeClient) -> None:
    net = Internet(server, giavien_example_org=[["8.8.8.8"]], www_giavien_example_org=[["8.8.4.4"]])

    def answer(sock: socket.socket, received: object) -> None:
        host = received.header("host")  # type: ignore[attr-defined]
        other = host.removeprefix("www.") if host.startswith("www.") else f"www.{host}"
        sock.sendall(redirect(f"http://{other}{received.path}"))  # type: ignore[attr-defined]

    server.routes |= dict.fromkeys(("/robots.txt", "/a"), answer)
    client = make_client("http://giavien.example.org", resolve=net.resolve, dial=net.dial)
    for _ in range(2):
        outcome = client.fetch(Request(url="http://giavien.example.org/a"))
        assert outcome.problem is not None
        assert outcome.problem.kind == "redirect-loop"


@pytest.mark.parametrize("port", [22, 25, 6379, 8080])
def test_file_hosts_are_asked_on_their_own_ports_only(
    server: Server, make_client: MakeClient, port: int
) -> None:
    net = Internet(server, giavien_example_org=[["8.8.8.8"]], files_example_org=[["8.8.4.4"]])
    server.routes["/a"] = redirect(f"http://files.example.org:{port}/x.pdf")
    client = make_client(
        "http://giavien.example.org", hosts=("files.example.org",), resolve=net.resolve, dial=net.dial
    )
    for url in ("http://giavien.example.org/a", f"http://files.example.org:{port}/x.pdf"):
        outcome = client.fetch(Request(url=url))
        assert outcome.problem is not None
        assert outcome.problem.kind == "off-site"
    assert net.dialled == [("8.8.8.8", 80)]
