"""Too much, too slow, too short: every broken answer has a kind, and what came of it is kept."""

from __future__ import annotations

import socket
import time
import tracemalloc
import zlib
from collections.abc import Callable

import pytest

from gvreader.limits import HEAD_BYTES
from gvreader.model import ProblemKind, Request, Truncation
from gvreader.web import Client
from tests.packing import gzipped
from tests.web.conftest import MakeClient
from tests.web.servers import Received, Reply, Server, after, closing, drip, page, reset, silence

MEBIBYTE = 1024 * 1024
HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def pouring(sock: socket.socket, _: Received) -> None:
    """A body without end."""
    sock.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        sock.sendall(bytes(65536))


def headers_without_end(sock: socket.socket, _: Received) -> None:
    sock.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        sock.sendall(b"X-More: and more\r\n" * 1000)


CUT = gzipped(bytes(zlib.crc32(bytes([n % 251, n % 241])) & 0xFF for n in range(60_000)))[:-2000]
CORRUPT = b"\x1f\x8b\x08\0\0\0\0\0\0\x03" + b"\xff" * 500

BROKEN: list[tuple[str, Reply, ProblemKind, Truncation | None, bytes, int]] = [
    # name, answer, kind, truncation, body kept, attempts
    ("too few bytes", closing(HEAD + b"four"), "truncated", "disconnect", b"four", 3),
    ("no bytes at all", closing(HEAD), "truncated", "disconnect", b"", 3),
    ("reset within the body", after(HEAD + b"four", reset), "truncated", "disconnect", b"four", 3),
    ("no last chunk", closing(CHUNKED + b"4\r\nbody\r\n"), "truncated", "disconnect", b"body", 3),
    ("half a chunk", closing(CHUNKED + b"9\r\nbody"), "truncated", "disconnect", b"body", 3),
    (
        "a chunk without a size",
        closing(CHUNKED + b"4\r\nbody\r\nzz\r\n"),
        "truncated",
        "disconnect",
        b"body",
        3,
    ),
    (
        "a chunk of more than it says",
        closing(CHUNKED + b"2\r\nbody\r\n0\r\n\r\n"),
        "truncated",
        "disconnect",
        b"bo",
        3,
    ),
    ("half a gzip stream", page(CUT, Content_Encoding="gzip"), "truncated", None, CUT, 3),
    ("a corrupt gzip stream", page(CORRUPT, Content_Encoding="gzip"), "bad-encoding", None, CORRUPT, 1),
    ("a coding nobody has", page(b"\1\2", Content_Encoding="compress"), "bad-encoding", None, b"\1\2", 1),
    ("a body without end", pouring, "too-large", "length", bytes(MEBIBYTE), 1),
    ("a promise of too much", after(HEAD.replace(b"10", b"1048577"), silence), "too-large", "length", b"", 1),
]


@pytest.mark.parametrize(
    ("reply", "kind", "truncated", "body", "attempts"),
    [case[1:] for case in BROKEN],
    ids=[case[0] for case in BROKEN],
)
def test_a_broken_answer_is_kept_with_its_kind(
    server: Server,
    make_client: MakeClient,
    reply: Reply,
    kind: str,
    truncated: str,
    body: bytes,
    attempts: int,
) -> None:
    server.routes |= {"/a": reply, "/b": page(b"next")}
    client = make_client(server.origin, max_wire=MEBIBYTE)
    outcome = client.fetch(Request(url=f"{server.origin}/a"))
    assert outcome.problem is not None
    assert (outcome.problem.url, outcome.problem.kind) == (f"{server.origin}/a", kind)
    assert outcome.problem.detail
    assert len(outcome.captures) == 2
    assert outcome.captures[-1].truncated == truncated
    assert outcome.captures[-1].body == body
    assert len(server.pages()) == attempts
    assert client.fetch(Request(url=f"{server.origin}/b")).captures[-1].body == b"next"


NOTHING: list[tuple[str, Reply, ProblemKind, int]] = [
    ("closed at once", closing(b""), "connection", 3),
    ("closed within the headers", closing(b"HTTP/1.1 200 OK\r\nContent-Le"), "connection", 3),
    ("reset at once", reset, "connection", 3),
    ("silence", silence, "timeout", 2),
    ("silence within the headers", after(b"HTTP/1.1 200 OK\r\n", silence), "timeout", 2),
    ("headers without end", headers_without_end, "too-large", 1),
    ("a header line without end", closing(b"HTTP/1.1 200 " + b"x" * (HEAD_BYTES + 1)), "too-large", 1),
]


@pytest.mark.parametrize(
    ("reply", "kind", "attempts"), [case[1:] for case in NOTHING], ids=[case[0] for case in NOTHING]
)
def test_no_answer(server: Server, make_client: MakeClient, reply: Reply, kind: str, attempts: int) -> None:
    server.routes |= {"/a": reply, "/b": page(b"next")}
    client = make_client(server.origin, read_timeout=0.2)
    outcome = client.fetch(Request(url=f"{server.origin}/a"))
    assert outcome.problem is not None
    assert outcome.problem.kind == kind
    assert [capture.url for capture in outcome.captures] == [f"{server.origin}/robots.txt"]
    assert len(server.pages()) == attempts
    assert client.fetch(Request(url=f"{server.origin}/b")).captures[-1].body == b"next"


def test_nobody_listens(make_client: MakeClient) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    client = make_client(f"http://127.0.0.1:{port}")
    outcome = client.fetch(Request(url=f"http://127.0.0.1:{port}/a"))
    assert outcome.problem is not None
    assert outcome.problem.kind == "connection"
    assert outcome.captures == ()
    assert client.requests == 0


def test_an_answer_that_comes_at_the_second_attempt(server: Server, client: Client) -> None:
    server.routes["/a"] = [closing(HEAD + b"four"), reset, HEAD + b"ten bytes!"]
    outcome = client.fetch(Request(url=f"{server.origin}/a"))
    assert outcome.problem is None
    assert [capture.body for capture in outcome.captures] == [b"none", b"ten bytes!"]
    assert client.requests == 4


def test_the_deadline_ends_a_drip(server: Server, make_client: MakeClient) -> None:
    server.routes["/a"] = drip(HEAD + b"ten bytes!", pause=0.05)
    client = make_client(
        server.origin, deadline=1.0, max_attempts=1, monotonic=time.monotonic, sleep=time.sleep, delay=0
    )
    outcome = client.fetch(Request(url=f"{server.origin}/a"))
    assert outcome.problem is not None
    assert outcome.problem.kind == "timeout"
    assert "deadline" in outcome.problem.detail
    assert len(outcome.captures) == 1


def test_the_deadline_ends_a_body_that_drips(server: Server, make_client: MakeClient) -> None:
    def dripping(sock: socket.socket, received: Received) -> None:
        sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nfirst ")
        drip(b"x" * 994, pause=0.05)(sock, received)

    server.routes["/a"] = dripping
    client = make_client(
        server.origin, deadline=0.5, max_attempts=1, monotonic=time.monotonic, sleep=time.sleep, delay=0
    )
    outcome = client.fetch(Request(url=f"{server.origin}/a"))
    assert outcome.problem is not None
    assert outcome.problem.kind == "timeout"
    assert outcome.captures[-1].truncated == "time"
    assert outcome.captures[-1].body.startswith(b"first ")
    assert len(outcome.captures[-1].body) < 1000


def test_a_drip_is_given_up_long_before_the_deadline(server: Server, make_client: MakeClient) -> None:
    server.routes["/a"] = drip(HEAD + b"ten bytes!", pause=0.05)
    client = make_client(
        server.origin, slow_after=0.4, monotonic=time.monotonic, sleep=time.sleep, delay=0, backoff=0.0
    )
    outcome = client.fetch(Request(url=f"{server.origin}/a"))
    assert outcome.problem is not None
    assert outcome.problem.kind == "timeout"
    assert "bytes a second" in outcome.problem.detail
    assert len(server.pages()) == 1


def test_silence_within_a_body(server: Server, make_client: MakeClient) -> None:
    server.routes["/a"] = after(HEAD + b"four", silence)
    outcome = make_client(server.origin, read_timeout=0.2).fetch(Request(url=f"{server.origin}/a"))
    assert outcome.problem is not None
    assert outcome.problem.kind == "timeout"
    assert (outcome.captures[-1].truncated, outcome.captures[-1].body) == ("time", b"four")


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "gzip, gzip"])
def test_a_bomb_stops_the_reading(server: Server, make_client: MakeClient, encoding: str) -> None:
    zeros = bytes(40 * MEBIBYTE)
    bomb: dict[str, Callable[[bytes], bytes]] = {
        "gzip": gzipped,
        "deflate": zlib.compress,
        "gzip, gzip": lambda b: gzipped(gzipped(b)),
    }
    server.routes["/a"] = page(bomb[encoding](zeros), Content_Encoding=encoding)
    outcome = make_client(server.origin, max_decoded=MEBIBYTE).fetch(Request(url=f"{server.origin}/a"))
    assert outcome.problem is not None
    assert outcome.problem.kind == "too-large"
    assert outcome.captures[-1].truncated == "length"


def test_a_status_outweighs_a_broken_error_page(server: Server, client: Client) -> None:
    server.routes |= {
        "/cut": closing(HEAD.replace(b"200 OK", b"404 Not Found") + b"four"),
        "/bad": page(CORRUPT, "410 Gone", Content_Encoding="gzip"),
    }
    for path, status in (("/cut", 404), ("/bad", 410)):
        outcome = client.fetch(Request(url=server.origin + path))
        assert outcome.problem is None
        assert outcome.captures[-1].status == status
    assert client.fetch(Request(url=f"{server.origin}/cut")).captures[-1].truncated == "disconnect"


def test_the_limit_is_not_passed_by_a_full_page(server: Server, make_client: MakeClient) -> None:
    server.routes["/a"] = page(bytes(1000))
    outcome = make_client(server.origin, max_wire=1000).fetch(Request(url=f"{server.origin}/a"))
    assert outcome.problem is None
    assert outcome.captures[-1].truncated is None


def test_a_body_in_tiny_pieces_takes_little_more_memory_than_its_size(server: Server, client: Client) -> None:
    count = 200_000
    server.routes["/a"] = closing(CHUNKED + b"2\r\nab\r\n" * count + b"0\r\n\r\n")
    client.fetch(Request(url=server.origin + "/"))  # imports and robots.txt
    tracemalloc.start()
    outcome = client.fetch(Request(url=server.origin + "/a"))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert outcome.captures[-1].body == b"ab" * count
    assert peak < 6_000_000
