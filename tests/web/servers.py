"""A loopback server that answers with exactly the bytes it is told, and remembers exactly what it was asked."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self


@dataclass(frozen=True)
class Received:
    """One request. `head` is its raw head; `connection` counts from 1."""

    at: float
    head: bytes
    body: bytes
    connection: int

    @property
    def method(self) -> str:
        return self.head.split(b" ", 1)[0].decode()

    @property
    def path(self) -> str:
        return self.head.split(b" ", 2)[1].decode()

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        lines = self.head.rstrip(b"\r\n").split(b"\r\n")[1:]
        pairs = (line.decode("latin-1").partition(": ") for line in lines)
        return tuple((name, value) for name, _, value in pairs)

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


Script = Callable[[socket.socket, Received], None]
"""Answers on the socket as it likes; the connection is closed after it."""

Reply = bytes | Script | Sequence["bytes | Script"]
"""Bytes keep the connection open; of a sequence each request takes the next one, the last one stays."""


def page(body: bytes = b"<h1>Gia Vi\xe1\xbb\x85n</h1>", status: str = "200 OK", **headers: str) -> bytes:
    """A complete, well-formed answer; `Content_Type` stands for Content-Type."""
    fields = {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(body))}
    fields |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + body


NOT_FOUND = page(b"none", "404 Not Found")


def redirect(location: str, status: str = "302 Found") -> bytes:
    return page(b"", status, Location=location)


def closing(answer: bytes) -> Script:
    """The bytes, then the end of the connection."""

    def script(sock: socket.socket, _: Received) -> None:
        sock.sendall(answer)

    return script


def silence(sock: socket.socket, _: Received) -> None:
    """Nothing, until the client gives up."""
    with suppress(OSError):
        sock.recv(1)


def reset(sock: socket.socket, _: Received) -> None:
    """A TCP reset instead of an answer."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")


def after(answer: bytes, script: Script) -> Script:
    def both(sock: socket.socket, received: Received) -> None:
        sock.sendall(answer)
        script(sock, received)

    return both


def drip(answer: bytes, pause: float = 0.02) -> Script:
    """One byte at a time."""

    def script(sock: socket.socket, _: Received) -> None:
        for at in range(len(answer)):
            sock.sendall(answer[at : at + 1])
            time.sleep(pause)

    return script


@dataclass
class Server:
    """Serves `routes` (path with query → reply) on 127.0.0.1 until it leaves its `with` block."""

    routes: dict[str, Reply] = field(default_factory=dict)
    context: ssl.SSLContext | None = None
    received: list[Received] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._connections = 0
        self._open: set[socket.socket] = set()
        self._turns: dict[str, int] = {}
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            for sock in self._open:
                with suppress(OSError):
                    sock.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(timeout=10)

    @property
    def origin(self) -> str:
        return f"{'https' if self.context else 'http'}://127.0.0.1:{self.port}"

    @property
    def paths(self) -> list[str]:
        return [request.path for request in self.received]

    def pages(self) -> list[Received]:
        """What was asked for, robots.txt left out."""
        return [request for request in self.received if request.path != "/robots.txt"]

    @property
    def connections(self) -> int:
        return self._connections

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            self._connections += 1
            thread = threading.Thread(target=self._serve, args=(sock, self._connections), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, sock: socket.socket, connection: int) -> None:
        with suppress(OSError):
            if self.context is not None:
                sock = self.context.wrap_socket(sock, server_side=True)
        with self._lock:
            self._open.add(sock)
        with suppress(OSError):
            while self._answer(sock, connection):
                pass
        with self._lock:
            self._open.discard(sock)
        sock.close()

    def _answer(self, sock: socket.socket, connection: int) -> bool:
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            byte = sock.recv(1)
            if not byte:
                return False
            head += byte
        request = Received(time.monotonic(), head, b"", connection)
        length = int(request.header("content-length") or 0)
        body = b""
        while len(body) < length:
            body += sock.recv(length - len(body))
        request = Received(request.at, head, body, connection)
        self.received.append(request)
        reply = self._reply(request.path)
        if isinstance(reply, bytes):
            sock.sendall(reply)
            return True
        reply(sock, request)
        return False

    def _reply(self, path: str) -> bytes | Script:
        reply = self.routes.get(path, NOT_FOUND)
        if isinstance(reply, bytes) or callable(reply):
            return reply
        with self._lock:
            turn = self._turns.get(path, 0)
            self._turns[path] = turn + 1
        return reply[min(turn, len(reply) - 1)]
