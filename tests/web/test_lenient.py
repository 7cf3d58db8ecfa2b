"""Answers as broken servers send them: read, and recorded byte for byte."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gvreader.http import wire
from gvreader.model import Headers, Request
from gvreader.web import Client
from tests.packing import gzipped
from tests.web.conftest import MakeClient
from tests.web.servers import Reply, Server, after, closing, page, silence

ENDED = b"Content-Length: 2\r\n\r\nok"

HEADS: list[tuple[bytes, str, Headers]] = [
    (b"HTTP/1.1 200 OK\r\nX-Name: Gia Vi\xe1\xbb\x85n\r\n" + ENDED, "OK", (("X-Name", "Gia Viá»\x85n"),)),
    (b"HTTP/1.1 200 OK\r\nX-Latin: \xe9t\xe9\xff\xfe\r\n" + ENDED, "OK", (("X-Latin", "été\xff\xfe"),)),
    (b"HTTP/1.1 200 OK\r\nX-\xc4\x90: 1\r\n" + ENDED, "OK", (("X-Ä\x90", "1"),)),
    (b"HTTP/1.1 200 \xc4\x90\xc6\xb0\xe1\xbb\xa3c\r\n" + ENDED, "Ä\x90Æ°á»£c", ()),
    (b"HTTP/1.1 200 OK\r\nX-Control: a\x01\x1b[31mb\r\n" + ENDED, "OK", (("X-Control", "a\x01\x1b[31mb"),)),
    (b"HTTP/1.1 200 OK\r\nX-Zero: a\x00b\rc\r\n" + ENDED, "OK", (("X-Zero", "a b c"),)),
    (b"HTTP/1.1 200 OK\nX-Bare: lf\nContent-Length: 2\n\nok", "OK", (("X-Bare", "lf"),)),
    (b"HTTP/1.1 200\r\n" + ENDED, "", ()),
    (b"HTTP/1.1 200 \r\n" + ENDED, "", ()),
    (b"http/1.1  200  fine  \r\n" + ENDED, "fine", ()),
    (b"\r\n\r\nHTTP/1.1 200 OK\r\n" + ENDED, "OK", ()),
    (
        b"HTTP/1.1 200 OK\r\nX-Fold: one\r\n\t two\r\n  three  \r\n" + ENDED,
        "OK",
        (("X-Fold", "one two three"),),
    ),
    (b"HTTP/1.1 200 OK\r\n folded onto nothing\r\n" + ENDED, "OK", (("folded onto nothing", ""),)),
    (b"HTTP/1.1 200 OK\r\nno colon here\r\n" + ENDED, "OK", (("no colon here", ""),)),
    (b"HTTP/1.1 200 OK\r\n: no name\r\n" + ENDED, "OK", (("", "no name"),)),
    (b"HTTP/1.1 200 OK\r\nX-Space : a  b \r\n" + ENDED, "OK", (("X-Space", "a  b"),)),
    (b"HTTP/1.1 200 OK\r\nx-CaSe: 1\r\nX-Case: 2\r\n" + ENDED, "OK", (("x-CaSe", "1"), ("X-Case", "2"))),
    (
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\n" + ENDED,
        "OK",
        (),
    ),
    (b"HTTP/1.1 200 OK\r\n" + b"X-Many: 1\r\n" * 900 + ENDED, "OK", (("X-Many", "1"),) * 900),
]


@pytest.mark.parametrize(("answer", "reason", "headers"), HEADS)
def test_heads(server: Server, client: Client, answer: bytes, reason: str, headers: Headers) -> None:
    server.routes |= {"/a": answer, "/b": page(b"next")}
    outcome = client.fetch(Request(url=f"{server.origin}/a"))
    assert outcome.problem is None
    capture = outcome.captures[-1]
    assert (capture.status, capture.reason, capture.body) == (200, reason, b"ok")
    assert capture.headers == (*headers, ("Content-Length", "2"))
    assert client.fetch(Request(url=f"{server.origin}/b")).captures[-1].body == b"next"
    assert server.connections == 1


BODIES: list[tuple[Reply, bytes]] = [
    (closing(b"HTTP/1.1 200 OK\r\n\r\nuntil the end"), b"until the end"),
    (closing(b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\nold"), b"old"),
    (closing(b"HTTP/1.1 200 OK\r\nContent-Length: junk\r\n\r\nbody"), b"body"),
    (closing(b"HTTP/1.1 200 OK\r\nContent-Length: -4\r\n\r\nbody"), b"body"),
    (closing(b"HTTP/1.1 200 OK\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\nbody"), b"body"),
    (closing(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nraw"), b"raw"),
    (closing(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\nContent-Length: 4\r\n\r\nbody"), b"body"),
    (b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 4\r\n\r\nbody", b"body"),
    (b"HTTP/1.1 200 OK\r\nContent-Length: 4, 4\r\n\r\nbody", b"body"),
    (closing(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 9\r\n\r\nbody"), b"body"),
    (closing(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\nContent-Length: 4\r\n\r\nbody text"), b"body text"),
    (b"HTTP/1.1 204 No Content\r\n\r\n", b""),
    (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", b""),
    (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n", b"body"),
    (
        b'HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\n\r\n2;x="y"\r\nbo\r\n 02 \r\ndy\r\n00\r\nTrailer: 1\r\n\r\n',
        b"body",
    ),
    (b"HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n4\nbody\n0\n\n", b"body"),
    (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n4\r\nbody\r\n0\r\n\r\n",
        b"body",
    ),
    (closing(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n"), b"body"),
    # more than was promised: the rest is no answer to the next request
    (b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody and HTTP/1.1 500 Smuggled\r\n\r\n", b"body"),
    (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 4\r\n\r\nbody", b""),
    (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\njunk", b""),
]


@pytest.mark.parametrize(("reply", "body"), BODIES)
def test_bodies(server: Server, client: Client, reply: Reply, body: bytes) -> None:
    server.routes |= {"/a": reply, "/b": page(b"next")}
    outcome = client.fetch(Request(url=f"{server.origin}/a"))
    assert outcome.problem is None
    assert outcome.captures[-1].body == body
    assert outcome.captures[-1].truncated is None
    following = client.fetch(Request(url=f"{server.origin}/b")).captures[-1]
    assert (following.status, following.body) == (200, b"next")


def test_two_lengths_and_a_server_that_waits(server: Server, make_client: MakeClient) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 9\r\n\r\n"
    server.routes["/a"] = after(head + b"body", silence)
    outcome = make_client(server.origin, read_timeout=0.3).fetch(Request(url=f"{server.origin}/a"))
    assert outcome.problem is None
    assert outcome.captures[-1].body == b"body"


@pytest.mark.parametrize(
    "answer",
    [
        b"<html>no head at all</html>",
        b"\x15\x03\x01\x00\x02\x02\x16",
        b"HTTP/x 200 OK\r\n\r\n",
        b"HTTP/1.1 2000\r\n\r\n",
        b"SSH-2.0-x\r\n",
    ],
)
def test_what_is_not_http_is_a_connection_problem(server: Server, client: Client, answer: bytes) -> None:
    server.routes["/a"] = closing(answer)
    outcome = client.fetch(Request(url=f"{server.origin}/a"))
    assert outcome.problem is not None
    assert outcome.problem.kind == "connection"
    assert len(outcome.captures) == 1  # robots.txt
    assert len(server.pages()) == 3


def test_a_coding_that_the_body_does_not_have(server: Server, client: Client) -> None:
    server.routes |= {
        "/plain": page(b"<p>plain</p>", Content_Encoding="gzip"),
        "/junk": page(b"<p>plain</p>", Content_Encoding="utf-8"),
        "/twice": page(gzipped(b"<p>plain</p>"), Content_Encoding="gzip, gzip"),
    }
    for path in ("/plain", "/junk", "/twice"):
        assert client.fetch(Request(url=server.origin + path)).problem is None


# ── the reader alone ────────────────────────────────────────────────────────────────────────────


def read(data: bytes, size: int, method: str = "GET") -> tuple[wire.WireHead, bytes, bool]:
    """Head and body of `data` arriving `size` bytes at a time, and whether anything is left."""
    rest = bytearray(data)

    def receive(most: int) -> bytes:
        piece = bytes(rest[: min(size, most)])
        del rest[: len(piece)]
        return piece

    reader = wire.Reader(receive)
    head = wire.read_head(reader)
    body = b"".join(wire.read_body(reader, wire.framing(head, method)))
    return head, body, reader.has_more or bool(rest)


@settings(max_examples=60)
@given(
    body=st.binary(max_size=300),
    size=st.integers(1, 40),
    cuts=st.lists(st.integers(1, 50), max_size=8),
    end=st.sampled_from([b"\r\n", b"\n"]),
)
def test_chunks_come_back_however_they_arrive(body: bytes, size: int, cuts: list[int], end: bytes) -> None:
    data, at = b"HTTP/1.1 200 OK" + end + b"Transfer-Encoding: chunked" + end + end, 0
    for cut in cuts:
        if piece := body[at : at + cut]:
            data += b"%x" % len(piece) + end + piece + end
        at += cut
    data += b"0" + end + end
    _, received, left = read(data, size)
    assert received == body[: min(at, len(body))]
    assert not left


@settings(max_examples=150)
@given(data=st.binary(max_size=300), size=st.integers(1, 300), prefix=st.booleans())
def test_any_bytes_end_in_an_answer_or_a_named_error(data: bytes, size: int, prefix: bool) -> None:
    with suppress(wire.NotHttp, wire.Closed, wire.HeadTooLarge):
        read(b"HTTP/1.1 200 OK\r\n" * prefix + data, size)


# ── labels that lie ─────────────────────────────────────────────────────────────────────────────

PAGE = "<!DOCTYPE html><html><body>" + "<p>Hội nghị tổng kết công tác năm của huyện.</p>" * 40
WHOLE = f"{PAGE}</body></html>".encode()


def labelled(body: bytes, **headers: str) -> bytes:
    fields = {"Content-Type": "text/html; charset=utf-8"} | headers
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in fields.items())
    return f"HTTP/1.1 200 OK\r\n{lines}\r\n".encode() + body


def test_a_length_that_counts_letters(server: Server, client: Client) -> None:
    letters = len(WHOLE.decode())
    assert letters < len(WHOLE)
    server.routes["/closing"] = closing(labelled(WHOLE, Content_Length=str(letters), Connection="close"))
    server.routes["/open"] = labelled(WHOLE, Content_Length=str(letters))
    for path in ("/closing", "/open"):
        outcome = client.fetch(Request(url=f"{server.origin}{path}"))
        assert outcome.problem is None
        assert outcome.captures[-1].body == WHOLE
    assert client.fetch(Request(url=f"{server.origin}/closing")).captures[-1].body == WHOLE


def test_a_length_that_is_that_of_the_unpacked_page(server: Server, client: Client) -> None:
    packed = gzipped(WHOLE)
    answer = labelled(packed, Content_Length=str(len(WHOLE)), Content_Encoding="gzip")
    server.routes["/closing"] = closing(answer)
    server.routes["/open"] = answer
    for path in ("/closing", "/open"):
        outcome = client.fetch(Request(url=f"{server.origin}{path}"))
        assert outcome.problem is None
        assert outcome.captures[-1].body == packed
        assert outcome.captures[-1].truncated is None


def test_chunks_that_are_none(server: Server, client: Client) -> None:
    server.routes["/"] = closing(labelled(WHOLE, Transfer_Encoding="chunked"))
    outcome = client.fetch(Request(url=f"{server.origin}/"))
    assert outcome.problem is None
    assert outcome.captures[-1].body == WHOLE


def test_no_last_chunk(server: Server, client: Client) -> None:
    chunk = f"{len(WHOLE):x}\r\n".encode() + WHOLE + b"\r\n"
    server.routes["/"] = closing(labelled(chunk, Transfer_Encoding="chunked"))
    outcome = client.fetch(Request(url=f"{server.origin}/"))
    assert outcome.problem is None
    assert (outcome.captures[-1].body, outcome.captures[-1].truncated) == (WHOLE, None)


def test_a_part_that_nobody_asked_for(server: Server, client: Client) -> None:
    server.routes["/"] = page(WHOLE[:90], "206 Partial Content", Content_Range=f"bytes 0-89/{len(WHOLE)}")
    outcome = client.fetch(Request(url=f"{server.origin}/"))
    assert outcome.problem is not None
    assert outcome.problem.kind == "truncated"


def test_not_modified_though_nothing_was_asked_is_asked_past_caches(server: Server, client: Client) -> None:
    server.routes["/"] = [page(b"", "304 Not Modified"), page(WHOLE)]
    outcome = client.fetch(Request(url=f"{server.origin}/"))
    assert [capture.status for capture in outcome.captures if capture.url.endswith("/")] == [200]
    assert server.received[-1].header("Cache-Control") == "no-cache"


def test_a_failed_precondition_is_asked_without(server: Server, client: Client) -> None:
    server.routes["/"] = [page(b"", "412 Precondition Failed"), page(WHOLE)]
    outcome = client.fetch(Request(url=f"{server.origin}/"), etag='"1"', last_modified="yesterday")
    assert outcome.captures[-1].status == 200
    first, second = (one for one in server.received if one.path == "/")
    assert (first.header("If-None-Match"), first.header("If-Modified-Since")) == ('"1"', "yesterday")
    assert (second.header("If-None-Match"), second.header("If-Modified-Since")) == (None, None)
