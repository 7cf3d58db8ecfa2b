"""What passes between a client and the replica, from the request down to the bytes on the line."""

from __future__ import annotations

import socket
import struct
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from http import HTTPStatus
from threading import Event
from typing import Final

HTML: Final = "text/html; charset=utf-8"
RESET: Final = struct.pack("ii", 1, 0)
"""SO_LINGER that makes close() send RST."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One request as the portal sees it. `target` is path and query as sent, `path` is unquoted, `headers` have
    lower-case names; `hits` counts the requests so far."""

    method: str
    target: str
    path: str
    query: dict[str, str]
    form: dict[str, str]
    body: bytes
    headers: dict[str, str]
    origin: str
    now: datetime
    hits: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PortalReply:
    """One response before content coding. `etag` and `modified` become validators."""

    status: int = 200
    media_type: str = HTML
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    etag: str | None = None
    modified: datetime | None = None

    @property
    def validators(self) -> dict[str, str]:
        """ETag and Last-Modified, as far as the answer has them."""
        pairs = {"ETag": self.etag} if self.etag else {}
        if self.modified:
            pairs["Last-Modified"] = format_datetime(self.modified.astimezone(UTC), usegmt=True)
        return pairs

    def is_current(self, headers: dict[str, str]) -> bool:
        """Whether a client with these (lower-case) request headers has this answer already (RFC 9110, 13.1)."""
        own = self.validators
        if "if-none-match" in headers:
            tags = {tag.strip().removeprefix("W/") for tag in headers["if-none-match"].split(",")}
            return own.get("ETag", "").removeprefix("W/") in tags
        since = headers.get("if-modified-since")
        return since is not None and since == own.get("Last-Modified")


@dataclass(slots=True, kw_only=True)
class Wire:
    """One response as bytes. Faults may make it say anything, also what HTTP forbids."""

    version: bytes = b"HTTP/1.1"
    status: int = 200
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""
    extra_lines: bytes = b""
    """Header lines as they are, each with its line end."""

    def set(self, name: bytes, value: bytes | None) -> None:
        """Replace a header, or with None remove it."""
        self.headers = [pair for pair in self.headers if pair[0].lower() != name.lower()]
        if value is not None:
            self.headers.append((name, value))

    def get(self, name: bytes) -> bytes | None:
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    @property
    def head(self) -> bytes:
        try:
            reason = HTTPStatus(self.status).phrase
        except ValueError:
            reason = ""
        lines = b"".join(b"%b: %b\r\n" % pair for pair in self.headers)
        return b"%b %d %b\r\n%b%b\r\n" % (self.version, self.status, reason.encode(), lines, self.extra_lines)


class Line:
    """The connection to one client, for one answer. `closed` ends it after the answer."""

    def __init__(self, connection: socket.socket, stopping: Event) -> None:
        self._connection = connection
        self._stopping = stopping
        self.closed = False

    def write(self, data: bytes) -> None:
        self._connection.sendall(data)

    def wait(self, seconds: float) -> bool:
        """Pause; False when the replica is stopping and there is no use in going on."""
        return not self._stopping.wait(seconds)

    def reset(self) -> None:
        """End the connection with RST instead of FIN."""
        self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        self.closed = True
