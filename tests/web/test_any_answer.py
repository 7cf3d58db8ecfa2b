"""Whatever comes over the wire, a fetch ends in an outcome that says so."""

from __future__ import annotations

import socket
from typing import get_args

from hypothesis import given, settings
from hypothesis import strategies as st

from gvreader.model import ProblemKind, Request
from gvreader.urls import Scope
from gvreader.web import Client, Policy
from tests.packing import gzipped
from tests.web.conftest import Clock
from tests.web.servers import page, redirect

PORTAL = "http://giavien.example.org"
SEEDS = st.sampled_from(
    [
        page(b"<h1>" * 20),
        page(gzipped(b"<h1>" * 50), Content_Encoding="gzip"),
        page(b"\1\2\3", Content_Encoding="deflate, br"),
        redirect("/b\xe1?c", "301 Moved"),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n",
        page(
            b"", "503 Busy", Retry_After="Tue, 07 Feb 2023 00:00:31 GMT", Date="Tue, 07 Feb 2023 00:00:00 GMT"
        ),
        page(b"User-agent: *\nDisallow: /\n"),
    ]
)
SPLICES = st.lists(
    st.tuples(
        st.integers(0, 300),
        st.integers(0, 12),
        st.one_of(
            st.binary(max_size=6),
            st.sampled_from(
                [
                    b"\r\n",
                    b"\n\n",
                    b": ",
                    b"-1",
                    b"99999999999",
                    b"\x00",
                    b"chunked",
                    b"1f\r\n",
                    b"HTTP/1.1 100 ",
                ]
            ),
        ),
    ),
    max_size=4,
)


def spliced(seed: bytes, splices: list[tuple[int, int, bytes]]) -> bytes:
    for at, size, piece in splices:
        at %= len(seed) + 1
        seed = seed[:at] + piece + seed[at + size :]
    return seed


@settings(max_examples=250, deadline=None)
@given(seed=SEEDS, splices=SPLICES, extra=st.binary(max_size=30))
def test_any_answer_gives_an_outcome(
    seed: bytes, splices: list[tuple[int, int, bytes]], extra: bytes
) -> None:
    answer = spliced(seed, splices) + extra
    ends: list[socket.socket] = []

    def dial(address: str, port: int, timeout: float) -> socket.socket:
        ours, theirs = socket.socketpair()
        ends.append(theirs)
        theirs.sendall(answer)
        theirs.shutdown(socket.SHUT_WR)
        return ours

    clock = Clock()
    client = Client(
        Policy(max_decoded=10_000),
        Scope(origin=PORTAL),
        monotonic=clock.monotonic,
        now=clock.now,
        sleep=clock.sleep,
        resolve=lambda host, port: ["8.8.8.8"],
        dial=dial,
    )
    with client:
        outcome = client.fetch(Request(url=f"{PORTAL}/a"))
    for end in ends:
        end.close()
    if outcome.problem is None:
        assert outcome.captures[-1].truncated in (None, "disconnect")
    else:
        assert outcome.problem.kind in get_args(ProblemKind)
        assert outcome.problem.detail.isprintable()
    for capture in outcome.captures:
        assert not any({"\r", "\n", "\x00"} & set(name + value) for name, value in capture.headers)
