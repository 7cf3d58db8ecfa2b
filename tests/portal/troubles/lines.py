"""How a response arrives: late, slowly, in part, or not at all."""

from __future__ import annotations

from dataclasses import dataclass

from gvreader.demo.exchange import Line, Wire
from tests.portal.faults import Fault


@dataclass(frozen=True, slots=True)
class Hang(Fault):
    """Nothing for `seconds`, then the honest answer."""

    seconds: float = 120

    def send(self, wire: Wire, line: Line) -> None:
        if line.wait(self.seconds):
            line.write(wire.head + wire.body)
        else:
            line.closed = True


@dataclass(frozen=True, slots=True)
class Drip(Fault):
    """The body in steps of `size` bytes with a pause after each: no read ever times out, and it takes for ever."""

    size: int = 64
    pause: float = 0.5

    def send(self, wire: Wire, line: Line) -> None:
        line.write(wire.head)
        _slowly(wire.body, line, self.size, self.pause)


@dataclass(frozen=True, slots=True)
class SlowHeaders(Fault):
    """The header block byte by byte."""

    size: int = 1
    pause: float = 0.25

    def send(self, wire: Wire, line: Line) -> None:
        _slowly(wire.head, line, self.size, self.pause)
        if not line.closed:
            line.write(wire.body)


def _slowly(data: bytes, line: Line, size: int, pause: float) -> None:
    for start in range(0, len(data), size):
        line.write(data[start : start + size])
        if not line.wait(pause):
            line.closed = True
            return


@dataclass(frozen=True, slots=True)
class Reset(Fault):
    """The connection is reset after `after` bytes of the response."""

    after: int = 0

    def send(self, wire: Wire, line: Line) -> None:
        line.write((wire.head + wire.body)[: self.after])
        line.wait(0.05)
        line.reset()


@dataclass(frozen=True, slots=True)
class Truncated(Fault):
    """The announced length is not delivered: only the share `kept` of the body, then the end."""

    kept: float = 0.5

    def send(self, wire: Wire, line: Line) -> None:
        line.closed = True
        line.write(wire.head + wire.body[: int(len(wire.body) * self.kept)])


@dataclass(frozen=True, slots=True)
class Chunked(Fault):
    """Transfer in chunks, which is no fault; with `cut`, the last chunk never comes."""

    size: int = 1000
    cut: bool = False

    def send(self, wire: Wire, line: Line) -> None:
        wire.set(b"Content-Length", None)
        wire.set(b"Transfer-Encoding", b"chunked")
        chunks = [wire.body[start : start + self.size] for start in range(0, len(wire.body), self.size)]
        if self.cut:
            line.closed = True
            chunks = chunks[: len(chunks) // 2]
        coded = b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks)
        line.write(wire.head + coded + (b"" if self.cut else b"0\r\n\r\n"))


@dataclass(frozen=True, slots=True)
class Unsized(Fault):
    """HTTP/1.0 as old servers speak it: no length, the end of the connection ends the body."""

    def send(self, wire: Wire, line: Line) -> None:
        wire.version = b"HTTP/1.0"
        wire.set(b"Content-Length", None)
        wire.set(b"Connection", b"close")
        line.closed = True
        line.write(wire.head + wire.body)
