"""Answers on the wire: each limit at its boundary, and one above."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest

from gvreader.http import wire
from gvreader.http.messages import message_head, parse_response
from gvreader.limits import HEAD_BYTES, HEAD_LINES


def reader(data: bytes) -> wire.Reader:
    return wire.Reader(BytesIO(data).read)


def body_of(data: bytes, frame: wire.Framing, most: int) -> bytes:
    return b"".join(wire.read_body(reader(data), frame, most=most))


def head(lines: int) -> bytes:
    return b"HTTP/1.1 200 OK\r\n" + b"A:\n" * lines + b"\r\n"


def test_as_many_header_lines_as_may_be_are_read_and_can_be_read_again() -> None:
    found = wire.read_head(reader(head(HEAD_LINES)))
    assert len(found.headers) == HEAD_LINES
    stored = message_head(
        "HTTP/1.1 200 OK", tuple((name.decode(), value.decode()) for name, value in found.headers)
    )
    again = parse_response(stored)
    assert again is not None
    assert len(again.headers) == HEAD_LINES


def test_one_header_line_more_is_too_many() -> None:
    with pytest.raises(wire.HeadTooLarge):
        wire.read_head(reader(head(HEAD_LINES + 1)))


def test_heads_end_within_their_bytes() -> None:
    frame = len(b"HTTP/1.1 200 OK\r\nA: \r\n\r\n")
    assert (
        wire.read_head(reader(b"HTTP/1.1 200 OK\r\nA: " + b"x" * (HEAD_BYTES - frame) + b"\r\n\r\n")).status
        == 200
    )
    with pytest.raises(wire.HeadTooLarge):
        wire.read_head(reader(b"HTTP/1.1 200 OK\r\nA: " + b"x" * HEAD_BYTES + b"\r\n\r\n"))


FRAMES: list[tuple[str, Callable[[int], tuple[bytes, wire.Framing]]]] = [
    ("until it closes", lambda size: (b"x" * size, wire.Framing())),
    ("as long as it says", lambda size: (b"x" * size, wire.Framing(lengths=(size,)))),
    ("in chunks", lambda size: (b"1\r\nx\r\n" * (size // 6) + b"0\r\n\r\n", wire.Framing(chunked=True))),
    (
        "in chunks with extensions",
        lambda size: (b"1;" + b"e" * (size - 6) + b"\r\nx\r\n0\r\n\r\n", wire.Framing(chunked=True)),
    ),
    (
        "with trailers",
        lambda size: (
            b"1\r\nx\r\n0\r\n" + b"T: x\r\n" * ((size - 9) // 6) + b"\r\n",
            wire.Framing(chunked=True),
        ),
    ),
]


@pytest.mark.parametrize("make", [make for _, make in FRAMES], ids=[name for name, _ in FRAMES])
def test_a_body_may_have_so_many_bytes_with_its_framing(
    make: Callable[[int], tuple[bytes, wire.Framing]],
) -> None:
    data, frame = make(600)
    assert body_of(data, frame, len(data))
    with pytest.raises(wire.BodyTooLarge):
        body_of(data, frame, len(data) - 1)


def test_a_body_may_have_so_many_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "CHUNKS", 4)
    frame = wire.Framing(chunked=True)
    assert body_of(b"1\r\nx\r\n" * 3 + b"0\r\n\r\n", frame, 10_000) == b"xxx"
    with pytest.raises(wire.BodyTooLarge):
        body_of(b"1\r\nx\r\n" * 4 + b"0\r\n\r\n", frame, 10_000)
