"""HTTP/1.x answers as real servers send them: strict about where a body ends, lenient about all else.

Header bytes are kept as received, whatever they are. RFC 9112, with the tolerance of browsers: bare LF,
missing reason, folded lines, lines without a colon, repeated Content-Length.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from gvreader.limits import CHUNKS, HEAD_BYTES, HEAD_LINES, WIRE_BYTES

STEP: Final = 64 * 1024

_STATUS_LINE: Final = re.compile(
    rb"HTTP/(\d(?:\.\d)?)[ \t]+(\d{3})(?!\d)[ \t]*(.*)", re.IGNORECASE | re.DOTALL
)
_DANGEROUS: Final = bytes.maketrans(b"\0\r\n", b"   ")
_CHUNK_SIZE: Final = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,15})[ \t]*(?:;.*)?\r?\n?", re.DOTALL)


class NotHttp(Exception):
    """The answer does not begin with a status line."""


class HeadTooLarge(Exception):
    """The headers do not end within `HEAD_BYTES` and `HEAD_LINES`."""


class BodyTooLarge(Exception):
    """The body does not end within `WIRE_BYTES` and `CHUNKS`, framing counted."""


class Closed(Exception):
    """The server closed the connection, or lost count, before the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WireHead:
    """Status line and headers, as bytes."""

    version: bytes
    status: int
    reason: bytes
    headers: tuple[tuple[bytes, bytes], ...]

    def values(self, name: bytes) -> list[bytes]:
        """The comma-separated values of a header, lower case, over all its lines."""
        found = b",".join(value for key, value in self.headers if key.lower() == name)
        return [value for part in found.lower().split(b",") if (value := part.strip())]


class Reader:
    """A buffer over `receive`, which gives bytes as they come and none at the end; `consumed` counts them."""

    def __init__(self, receive: Callable[[int], bytes]) -> None:
        self._receive = receive
        self._buffer = bytearray()
        self.consumed = 0

    @property
    def has_more(self) -> bool:
        """Whether bytes have been received that nobody has read."""
        return bool(self._buffer)

    def some(self, limit: int) -> bytes:
        """From one to `limit` bytes; none at the end."""
        if not self._buffer:
            piece = self._receive(min(limit, STEP))
        else:
            piece = bytes(self._buffer[:limit])
            del self._buffer[:limit]
        self.consumed += len(piece)
        return piece

    def line(self, limit: int) -> bytes:
        """One line with its line feed; without it at the end of the stream. Raises HeadTooLarge."""
        searched = 0
        while (end := self._buffer.find(b"\n", searched)) < 0:
            searched = len(self._buffer)
            if searched > limit:
                raise HeadTooLarge
            more = self._receive(STEP)
            if not more:
                end = searched - 1
                break
            self._buffer += more
        if end > limit:
            raise HeadTooLarge
        line = bytes(self._buffer[: end + 1])
        del self._buffer[: end + 1]
        self.consumed += len(line)
        return line


def read_head(reader: Reader) -> WireHead:
    """The final answer's head; interim answers (1xx) are skipped. Raises NotHttp, HeadTooLarge, Closed."""
    room = HEAD_BYTES
    while True:
        line = reader.line(room)
        while line in (b"\r\n", b"\n"):
            room -= len(line)
            line = reader.line(room)
        if not line:
            raise Closed("the server closed the connection without an answer")
        status = _STATUS_LINE.fullmatch(line.rstrip(b"\r\n"))
        if status is None:
            raise NotHttp
        room -= len(line)
        fields: list[tuple[bytes, bytes]] = []
        lines = 0
        while (line := reader.line(room)) not in (b"\r\n", b"\n"):
            if not line.endswith(b"\n"):
                raise Closed("the server closed the connection within the headers")
            room -= len(line)
            lines += 1
            if lines > HEAD_LINES:
                raise HeadTooLarge
            _add_field(fields, line.rstrip(b"\r\n").translate(_DANGEROUS))
        head = WireHead(
            version=b"HTTP/" + status[1],
            status=int(status[2]),
            reason=status[3].translate(_DANGEROUS).strip(),
            headers=tuple(fields),
        )
        if head.status // 100 != 1 or head.status == 101:
            return head


def _add_field(fields: list[tuple[bytes, bytes]], line: bytes) -> None:
    """One header line; NUL and CR have become spaces (RFC 9110 section 5.5), folds are undone (RFC 9112 5.2)."""
    if line[:1] in (b" ", b"\t") and fields:
        name, value = fields[-1]
        fields[-1] = (name, b" ".join((value, line.strip(b" \t"))).strip(b" "))
        return
    name, _, value = line.partition(b":")
    fields.append((name.strip(b" \t"), value.strip(b" \t")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Framing:
    """Where a body ends: `lengths` are all that Content-Length claims, `chunked`, else when the server closes."""

    empty: bool = False
    chunked: bool = False
    lengths: tuple[int, ...] = ()
    persistent: bool = False


def framing(head: WireHead, method: str) -> Framing:
    """RFC 9112 section 6.3. `persistent`: another request may follow on the same connection."""
    connection = head.values(b"connection")
    keeps = b"close" not in connection and (head.version == b"HTTP/1.1" or b"keep-alive" in connection)
    codings = [coding for coding in head.values(b"transfer-encoding") if coding != b"identity"]
    lengths = {int(value) for value in head.values(b"content-length") if value.isdigit() and len(value) < 19}
    if method == "HEAD" or head.status in (204, 304):
        # Servers that send a body here after all would have it read as the next answer.
        return Framing(empty=True, persistent=keeps and not codings and lengths <= {0})
    if codings:
        chunked = codings[-1] == b"chunked"
        return Framing(chunked=chunked, persistent=keeps and chunked and not lengths)
    return Framing(lengths=tuple(sorted(lengths)), persistent=keeps and len(lengths) == 1)


def read_body(reader: Reader, frame: Framing, *, most: int = WIRE_BYTES) -> Iterator[bytes]:
    """The body without its transfer coding, as it comes, at most `most` bytes with its framing.

    Raises Closed where it ends too early, BodyTooLarge once more was read than may be.
    """
    if frame.empty:
        return
    end = reader.consumed + most
    if frame.chunked:
        pieces = _read_chunks(reader, end)
    elif frame.lengths:
        pieces = _read_length(reader, frame.lengths)
    else:
        pieces = iter(lambda: reader.some(STEP), b"")
    for piece in pieces:
        yield piece
        if reader.consumed > end:
            raise BodyTooLarge
    if reader.consumed > end:
        raise BodyTooLarge


def read_on(reader: Reader) -> Iterator[bytes]:
    """Whatever comes behind the length that was promised, until the server closes or falls silent."""
    try:
        while piece := reader.some(STEP):
            yield piece
    except TimeoutError:
        return


def _read_length(reader: Reader, lengths: tuple[int, ...]) -> Iterator[bytes]:
    """The longest of the claimed lengths, unless the server stops at another one."""
    received = 0
    while received < lengths[-1]:
        try:
            piece = reader.some(lengths[-1] - received)
        except TimeoutError:
            if received in lengths:
                return
            raise
        if not piece:
            if received in lengths:
                return
            raise Closed(f"{received} bytes came of {lengths[-1]} promised")
        received += len(piece)
        yield piece


def _read_chunks(reader: Reader, end: int) -> Iterator[bytes]:
    """The content of the chunks; their framing may not lead past `end` either."""
    for chunk in range(CHUNKS):
        line = reader.line(STEP)
        size_line = _CHUNK_SIZE.fullmatch(line)
        if size_line is None:
            if not chunk and line.strip():
                # A body that only its header calls chunked: it ends with the connection.
                yield line
                while piece := reader.some(STEP):
                    yield piece
                return
            raise Closed("the chunked body ends too early or is malformed")
        left = int(size_line[1], 16)
        if not left:
            _skip_trailers(reader, end)
            return
        while left:
            piece = reader.some(left)
            if not piece:
                raise Closed("the chunked body ends within a chunk")
            left -= len(piece)
            yield piece
        if reader.line(STEP) not in (b"\r\n", b"\n"):
            raise Closed("a chunk is longer than it says")
    raise BodyTooLarge


def _skip_trailers(reader: Reader, end: int) -> None:
    """Trailers say nothing that a page needs."""
    while reader.line(STEP) not in (b"\r\n", b"\n", b""):
        if reader.consumed > end:
            raise BodyTooLarge
