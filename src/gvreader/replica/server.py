"""A replica of a portal on loopback: a threaded HTTP/1.1 server around a `Site` and a `Family`.

with Replica(family="giavien", articles=120) as replica:
    ...  # replica.base_url, replica.requests, replica.site, replica.faults, replica.truth()
"""

from __future__ import annotations

import gzip
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from threading import Event, Thread
from types import TracebackType
from typing import Final, Self
from unicodedata import normalize
from urllib.parse import parse_qsl, unquote, urlsplit

from gvreader.model import PORTAL_TIME, Article
from gvreader.replica.content import Corpus
from gvreader.replica.exchange import (
    RESET,
    Answer,
    Ask,
    Line,
    Wire,
)
from gvreader.replica.families import family as family_named
from gvreader.replica.faults import Faults
from gvreader.replica.site import Site

MAX_FORM: Final = 64_000
_CODED: Final = ("text/", "application/json", "application/xml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """One request as it came in, and the status it was answered with. `path` is as sent, query included."""

    at: datetime
    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    status: int


def _now() -> datetime:
    return datetime.now(UTC)


class Replica:
    """Serves one portal on 127.0.0.1 from `start` (or `with`) to `stop`; its changes and faults apply at once.

    `clock` gives the time that pages print in their header. With `validators`, pages carry ETag and Last-Modified and a
    current copy is answered by 304. With `hostile`, generated articles attack whoever shows them.
    `requests` is the log, kept with `keep_log`.
    """

    def __init__(
        self,
        *,
        family: str = "giavien",
        articles: int = 120,
        seed: int = 1,
        port: int = 0,
        hostile: bool = False,
        validators: bool = True,
        keep_log: bool = True,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        self.site = Site(Corpus(seed=seed, count=articles, hostile=hostile))
        self.family = family_named(family, self.site)
        self.faults = Faults()
        self.requests: list[Logged] = []
        self.stopping = Event()
        self._validators = validators
        self._keep_log = keep_log
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

    def redesign(self, family: str) -> None:
        """Speak as another family from now on: the same articles in another markup, at other addresses."""
        self.family = family_named(family, self.site)

    # ── the truth ───────────────────────────────────────────────────────────────────────────────

    def truth(self, origin: str | None = None) -> Iterator[Article]:
        """Every article served now, newest first, as a perfect reader would extract it; on `base_url` by default."""
        return (self.family.truth(piece, origin or self.base_url) for piece in self.site.pieces())

    def truth_of(self, number: int, origin: str | None = None) -> Article:
        """The truth about one article, by its record number; KeyError when it is not served."""
        piece = self.site.piece(number)
        if piece is None:
            raise KeyError(number)
        return self.family.truth(piece, origin or self.base_url)

    def static_truth(self, origin: str | None = None) -> Iterator[Article]:
        """The static pages, which have no date and no section."""
        return (self.family.truth(page, origin or self.base_url) for page in self.site.static_pages.values())

    # ── answering, in the server's threads ──────────────────────────────────────────────────────

    def answer(self, ask: Ask) -> Answer:
        """The honest answer, as a 304 where the client's copy is current."""
        answer = self.family.answer(ask)
        if not self._validators:
            return replace(answer, etag=None, modified=None)
        if answer.status == 200 and ask.method in ("GET", "HEAD") and answer.is_current(ask.headers):
            return Answer(status=304, etag=answer.etag, modified=answer.modified)
        return answer

    def note(self, request: Logged) -> None:
        if self._keep_log:
            self.requests.append(request)

    def ask(self, method: str, target: str, headers: dict[str, str], form: bytes) -> Ask:
        parts = urlsplit(target)
        host = headers.get("host")
        return Ask(
            method=method,
            target=target,
            path=normalize("NFC", unquote(parts.path)),
            query=dict(parse_qsl(parts.query, keep_blank_values=True)),
            form=dict(parse_qsl(form.decode("utf-8", "replace"), keep_blank_values=True)),
            headers=headers,
            origin=f"http://{host}" if host else self.base_url,
            now=self._clock().astimezone(PORTAL_TIME),
            hits=next(self._hits),
        )


def _wire(answer: Answer, ask: Ask) -> Wire:
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

    def __init__(self, address: tuple[str, int], replica: Replica) -> None:
        self.replica = replica
        super().__init__(address, _Handler)

    def shutdown_request(self, request: object) -> None:
        """A connection that a fault resets must not say goodbye first."""
        assert isinstance(request, socket.socket)
        if request.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, 8) == RESET:
            self.close_request(request)
        else:
            super().shutdown_request(request)

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that hang up in the middle are part of the play; anything else is a mistake of ours."""
        if not isinstance(sys.exception(), (ConnectionError, TimeoutError)):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 60
    server: _Server
    connection: socket.socket

    def do_GET(self) -> None:
        replica = self.server.replica
        headers = {name.lower(): value for name, value in self.headers.items()}
        length = headers.get("content-length", "0")
        form = self.rfile.read(min(int(length), MAX_FORM)) if length.isdigit() else b""
        ask = replica.ask(self.command, self.path, headers, form)
        fault = replica.faults.meet(self.path)
        answer = fault.answer(ask, replica.answer)
        replica.note(
            Logged(
                at=datetime.now(UTC),
                method=self.command,
                path=self.path,
                headers=headers,
                body=form,
                status=answer.status,
            )
        )
        wire = fault.wire(_wire(answer, ask))
        if self.command == "HEAD":
            wire.body = b""
        line = Line(self.connection, replica.stopping)
        fault.send(wire, line)
        self.close_connection = line.closed or headers.get("connection", "").lower() == "close"

    do_HEAD = do_GET  # noqa: N815
    do_POST = do_GET  # noqa: N815

    def log_message(self, *args: object) -> None:
        """Nothing is printed; who wants to know reads `Replica.requests`."""
