"""The portal on loopback: a threaded HTTP/1.1 server around a `Site` and a `Family`.

with LocalPortal(articles=120) as portal:
    ...  # portal.base_url, portal.site
"""

from __future__ import annotations

import gzip
import socket
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from threading import Event, Thread
from types import TracebackType
from typing import Final, Self
from unicodedata import normalize
from urllib.parse import parse_qsl, unquote, urlsplit

from gvreader.demo.content import Corpus
from gvreader.demo.exchange import (
    RESET,
    Ask,
    Line,
    PortalReply,
    Wire,
)
from gvreader.demo.family import Family
from gvreader.demo.giavien import Plain
from gvreader.demo.site import Site
from gvreader.model import PORTAL_TIME

MAX_FORM: Final = 64_000
_CODED: Final = ("text/", "application/json", "application/xml")


def _now() -> datetime:
    return datetime.now(UTC)


class LocalPortal:
    """Serves one portal on 127.0.0.1 from `start` (or `with`) to `stop`; its changes apply at once.

    `corpus` is what it publishes, and `family` the markup that it publishes it in. `clock` gives the time that pages
    print in their header. With `validators`, pages carry ETag and Last-Modified and a current copy is answered by 304.
    """

    def __init__(
        self,
        corpus: Corpus,
        *,
        family: Callable[[Site], Family] = Plain,
        port: int = 0,
        validators: bool = True,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        self.site = Site(corpus)
        self.family: Family = family(self.site)
        self.stopping = Event()
        self._validators = validators
        self._clock = clock
        self._hits = count(1)
        self._server = _Server(("127.0.0.1", port), self)
        self._thread: Thread | None = None

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def base_url(self) -> str:
        """`http://127.0.0.1:PORT`, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> Self:
        """Serve in a background thread."""
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        """End every open exchange and close the port."""
        self.stopping.set()
        if self._thread is not None:
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()

    def serve_forever(self) -> None:
        """Serve in the calling thread until interrupted."""
        self._server.serve_forever()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.stop()

    # ── answering, in the server's threads ──────────────────────────────────────────────────────

    def answer(self, ask: Ask) -> PortalReply:
        """The honest answer, as a 304 where the client's copy is current."""
        answer = self.family.answer(ask)
        if not self._validators:
            return replace(answer, etag=None, modified=None)
        if answer.status == 200 and ask.method in ("GET", "HEAD") and answer.is_current(ask.headers):
            return PortalReply(status=304, etag=answer.etag, modified=answer.modified)
        return answer

    def respond(self, ask: Ask, line: Line) -> None:
        """Answer one request on its connection."""
        wire = wire_of(self.answer(ask), ask)
        if ask.method == "HEAD":
            wire.body = b""
        line.write(wire.head + wire.body)

    def ask(self, method: str, target: str, headers: dict[str, str], form: bytes) -> Ask:
        parts = urlsplit(target)
        host = headers.get("host")
        return Ask(
            method=method,
            target=target,
            path=normalize("NFC", unquote(parts.path)),
            query=dict(parse_qsl(parts.query, keep_blank_values=True)),
            form=dict(parse_qsl(form.decode("utf-8", "replace"), keep_blank_values=True)),
            body=form,
            headers=headers,
            origin=f"http://{host}" if host else self.base_url,
            now=self._clock().astimezone(PORTAL_TIME),
            hits=next(self._hits),
        )


def wire_of(answer: PortalReply, ask: Ask) -> Wire:
    """The answer as bytes, gzip-coded where that is accepted and of use."""
    pairs = {"Date": _http_date(), "Server": "Apache", **answer.validators, **dict(answer.headers)}
    body = answer.body
    if answer.status not in (204, 304):
        pairs["Content-Type"] = answer.media_type
        if body and answer.media_type.startswith(_CODED) and "gzip" in ask.headers.get("accept-encoding", ""):
            body = gzip.compress(body, compresslevel=4, mtime=0)
            pairs["Content-Encoding"] = "gzip"
            pairs["Vary"] = "Accept-Encoding"
        pairs["Content-Length"] = str(len(body))
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in pairs.items()]
    return Wire(status=answer.status, headers=headers, body=body)


def _http_date() -> str:
    return f"{datetime.now(UTC):%a, %d %b %Y %H:%M:%S} GMT"


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], portal: LocalPortal) -> None:
        self.portal = portal
        super().__init__(address, _Handler)

    def shutdown_request(self, request: object) -> None:
        """A connection that a fault resets must not say goodbye first."""
        assert isinstance(request, socket.socket)
        if request.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, 8) == RESET:
            self.close_request(request)
        else:
            super().shutdown_request(request)

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that hang up in the middle are no failure; anything else is a mistake of ours."""
        if not isinstance(sys.exception(), (ConnectionError, TimeoutError)):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 60
    server: _Server
    connection: socket.socket

    def do_GET(self) -> None:
        portal = self.server.portal
        headers = {name.lower(): value for name, value in self.headers.items()}
        length = headers.get("content-length", "0")
        form = self.rfile.read(min(int(length), MAX_FORM)) if length.isdigit() else b""
        line = Line(self.connection, portal.stopping)
        portal.respond(portal.ask(self.command, self.path, headers, form), line)
        self.close_connection = line.closed or headers.get("connection", "").lower() == "close"

    do_HEAD = do_GET  # noqa: N815
    do_POST = do_GET  # noqa: N815

    def log_message(self, *args: object) -> None:
        """Nothing is printed; whoever wants to know overrides `respond`."""
