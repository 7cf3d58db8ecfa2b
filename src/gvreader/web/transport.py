"""An httpx transport that connects to checked addresses only, keeps to a deadline and reads leniently.

`httpx.Client` is left out on purpose: it follows, decodes, and keeps cookies. What remains of httpx is its
transport interface, so that any other transport can take this one's place.
"""

from __future__ import annotations

import select
import socket
import ssl
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from ipaddress import ip_address
from queue import Empty, SimpleQueue
from typing import Final

import httpx

from gvreader.http import wire
from gvreader.limits import CHUNKS, HEAD_BYTES, HEAD_LINES, WIRE_BYTES
from gvreader.model import Trust
from gvreader.web import tls
from gvreader.web.addresses import Guard, Resolve
from gvreader.web.policy import TlsMode, TlsRule

Dial = Callable[[str, int, float], socket.socket]
"""IP address, port and timeout → a connected socket."""

_MOST_ADDRESSES: Final = 4
_STALE_ENOUGH: Final = 2  # a server that closes without saying so is not asked to keep connections any more


class AddressRefused(httpx.TransportError):
    """The host has no address that may be connected to."""


class TlsFailed(httpx.ConnectError):
    """The connection is not encrypted as the host's rule asks."""


class NameUnknown(httpx.ConnectError):
    """The host does not exist: asking again soon is of no use."""


class ConnectionStale(httpx.ReadError):
    """A kept connection had been given up by the server; the request was hardly read."""


class TooSlow(httpx.ReadTimeout):
    """The server did answer, but not within the time for a whole request: asking again soon is of no use."""


class _Exhausted(TimeoutError):
    """What is left of a request's time is not enough, whatever comes next."""


class AnswerTooLarge(httpx.RemoteProtocolError):
    """The headers have no end, or the body has none."""


def dial(address: str, port: int, timeout: float) -> socket.socket:
    """A TCP connection that sends what it is given at once."""
    sock = socket.create_connection((address, port), timeout=timeout)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock


class _Connection:
    """One open connection and what is known of its other end."""

    def __init__(self, sock: socket.socket, *, address: str, trust: Trust, limits: _Limits) -> None:
        self.sock = sock
        self.address = address
        self.trust: Trust = trust
        self.limits = limits
        self.reader = wire.Reader(self._receive)
        self.reused = False
        self.has_answered = False

    def _receive(self, size: int) -> bytes:
        self.sock.settimeout(self.limits.left())
        try:
            data = self.sock.recv(size)
        except TimeoutError as error:
            raise self.limits.exceeded() from error
        self.has_answered = self.has_answered or bool(data)
        self.limits.received(len(data))
        return data

    def send(self, data: bytes) -> None:
        self.sock.settimeout(self.limits.left())
        self.sock.sendall(data)

    def is_quiet(self) -> bool:
        """Whether nothing has come since the last answer; anything that has is the end, or a stray body."""
        if self.reader.has_more:
            return False
        poll = select.poll()
        poll.register(self.sock, select.POLLIN | select.POLLHUP | select.POLLERR)
        return not poll.poll(0)

    def close(self) -> None:
        with suppress(OSError):
            self.sock.close()


class _Limits:
    """The time left for one operation: a silence of `silence` seconds, within a deadline.

    An answer that takes longer than `patience` seconds must come at `rate` bytes a second on average.
    """

    def __init__(
        self, monotonic: Callable[[], float], *, silence: float, deadline: float, patience: float, rate: float
    ) -> None:
        self._monotonic = monotonic
        self._silence = silence
        self._deadline = deadline
        self._patience = patience
        self._rate = rate
        self._first: float | None = None
        self._bytes = 0

    def hurry(self, silence: float) -> None:
        """From now on, wait no longer than `silence` seconds for the next bytes."""
        self._silence = min(self._silence, silence)

    def received(self, size: int) -> None:
        """Count bytes of the answer."""
        if self._first is None:
            self._first = self._monotonic()
        self._bytes += size

    def left(self, silence: float | None = None) -> float:
        """Seconds, more than 0. Raises TimeoutError when the time is over, or the answer a drip."""
        remaining = self._deadline - self._monotonic()
        if remaining <= 0 or self._is_drip():
            raise self.exceeded()
        return min(self._silence if silence is None else silence, remaining)

    def _is_drip(self) -> bool:
        if self._first is None:
            return False
        elapsed = self._monotonic() - self._first
        return elapsed > self._patience and self._bytes < self._rate * elapsed

    def exceeded(self) -> TimeoutError:
        """What ran out when an operation took too long."""
        if self._deadline <= self._monotonic():
            return _Exhausted("the deadline for the whole request has passed")
        if self._is_drip():
            return _Exhausted(f"the answer comes at less than {self._rate:g} bytes a second")
        return TimeoutError(f"the server was silent for {self._silence:g} s")


class _Body(httpx.SyncByteStream):
    """The body as it comes; `done` is called once, when it is closed, with whether the connection is still good."""

    def __init__(self, pieces: Iterator[bytes], rest: Iterator[bytes], done: Callable[[bool], None]) -> None:
        self._pieces = pieces
        self._rest = rest
        self._done = done
        self._open = True
        self._is_complete = False

    def __iter__(self) -> Iterator[bytes]:
        with _translated():
            yield from self._pieces
        self._is_complete = True

    def rest(self) -> Iterator[bytes]:
        """What the server sends behind the end that it named."""
        self._is_complete = False
        with _translated():
            yield from self._rest

    def close(self) -> None:
        if self._open:
            self._open = False
            self._done(self._is_complete)


@contextmanager
def _translated() -> Iterator[None]:
    """Errors of sockets and of `http1` as httpx names them."""
    try:
        yield
    except _Exhausted as error:
        raise TooSlow(str(error)) from error
    except TimeoutError as error:
        raise httpx.ReadTimeout(str(error)) from error
    except wire.HeadTooLarge as error:
        raise AnswerTooLarge(f"the headers are more than {HEAD_BYTES} bytes or {HEAD_LINES} lines") from error
    except wire.BodyTooLarge as error:
        raise AnswerTooLarge(f"more than {WIRE_BYTES} bytes or {CHUNKS} chunks on the wire") from error
    except wire.NotHttp as error:
        raise httpx.RemoteProtocolError("the answer is not HTTP") from error
    except wire.Closed as error:
        raise httpx.RemoteProtocolError(str(error)) from error
    except OSError as error:
        raise httpx.ReadError(f"the connection broke: {error.strerror or error}") from error


class Transport(httpx.BaseTransport):
    """One connection to each origin, kept open between requests; not more than one request at a time on each.

    Request extensions: `deadline`, a monotonic time; `ready`, called with the address just before the request goes
    out; `sent`, called with nothing when it has; `most`, how many bytes a body may have, framing counted. Response
    extensions: `address`, `trust`, `http_version`, `reason_phrase`; `rest()`, what comes behind the end that the answer
    named; `hurry(seconds)`, the longest silence from now on. Raises `httpx.TransportError`s, those above among them.
    """

    def __init__(
        self,
        *,
        guard: Guard,
        rules: Mapping[str, TlsRule],
        connect_timeout: float,
        read_timeout: float,
        slow_after: float,
        least_rate: float,
        monotonic: Callable[[], float],
        resolve: Resolve,
        dial: Dial,
    ) -> None:
        self._guard = guard
        self._rules = rules
        self._connect_timeout = connect_timeout
        self._read_timeout = read_timeout
        self._slow_after = slow_after
        self._least_rate = least_rate
        self._monotonic = monotonic
        self._resolve = resolve
        self._dial = dial
        self._contexts: dict[TlsMode, ssl.SSLContext] = {}
        self._idle: dict[tuple[str, str, int], _Connection] = {}
        self._stale: Counter[tuple[str, str, int]] = Counter()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        limits = _Limits(
            self._monotonic,
            silence=self._read_timeout,
            deadline=request.extensions["deadline"],
            patience=self._slow_after,
            rate=self._least_rate,
        )
        connection = self._reused(request.url, limits) or self._connect(request.url, limits)
        return self._exchange(connection, request)

    def _exchange(self, connection: _Connection, request: httpx.Request) -> httpx.Response:
        origin = _origin(request.url)
        try:
            with _translated():
                request.extensions.get("ready", _no_wait)(connection.address)
                connection.send(_serialised(request))
                request.extensions["sent"]()
                head = wire.read_head(connection.reader)
        except (httpx.ReadError, httpx.RemoteProtocolError) as error:
            connection.close()
            if connection.reused and not connection.has_answered:
                self._stale[origin] += 1
                raise ConnectionStale(str(error)) from error
            raise
        except BaseException:
            connection.close()
            raise
        frame = wire.framing(head, request.method)
        most = request.extensions.get("most", WIRE_BYTES)

        def done(complete: bool) -> None:
            stays = frame.persistent and self._stale[origin] < _STALE_ENOUGH
            if complete and stays and not connection.reader.has_more:
                self._idle[origin] = connection
            else:
                connection.close()

        pieces = wire.read_body(connection.reader, frame, most=most)
        body = _Body(pieces, wire.read_on(connection.reader), done)
        return httpx.Response(
            head.status,
            headers=list(head.headers),
            stream=body,
            extensions={
                "rest": body.rest,
                "hurry": connection.limits.hurry,
                "http_version": head.version,
                "reason_phrase": head.reason,
                "address": connection.address,
                "trust": connection.trust,
            },
        )

    def _reused(self, url: httpx.URL, limits: _Limits) -> _Connection | None:
        connection = self._idle.pop(_origin(url), None)
        if connection is None:
            return None
        if not connection.is_quiet():
            connection.close()
            return None
        connection.limits = limits
        connection.reused = True
        connection.has_answered = False
        return connection

    def _connect(self, url: httpx.URL, limits: _Limits) -> _Connection:
        scheme, host, port = _origin(url)
        addresses = self._guard.allowed(host, port, self._addresses(host, port, limits))
        if not addresses:
            raise AddressRefused(f"{host} leads to an address that is not on the public internet")
        failure: Exception | None = None
        for address in addresses[:_MOST_ADDRESSES]:
            sock: socket.socket | None = None
            try:
                sock = self._dial(address, port, limits.left(self._connect_timeout))
                trust: Trust = "plain"
                if scheme == "https":
                    rule = self._rules.get(host, TlsRule())
                    sock.settimeout(limits.left(self._connect_timeout))
                    sock = tls.handshake(sock, self._context(rule.mode), rule, host)
                    trust = rule.mode
                return _Connection(sock, address=address, trust=trust, limits=limits)
            except ssl.SSLError as error:
                failure = TlsFailed(_ssl_reason(error))
            except TimeoutError as error:
                failure = httpx.ConnectTimeout(f"no connection to {host} in time: {error}")
            except OSError as error:
                failure = httpx.ConnectError(f"no connection to {host}: {error.strerror or error}")
            if sock is not None:
                sock.close()
        assert failure is not None
        raise failure

    def _addresses(self, host: str, port: int, limits: _Limits) -> Sequence[str]:
        """What the resolver says, in time: the system's own cannot be interrupted, so it runs in a thread."""
        with suppress(ValueError):
            return (str(ip_address(host)),)
        answers: SimpleQueue[Sequence[str] | OSError] = SimpleQueue()

        def ask() -> None:
            try:
                answers.put(self._resolve(host, port))
            except OSError as error:
                answers.put(error)

        threading.Thread(target=ask, daemon=True, name="gvreader-resolve").start()
        try:
            answer = answers.get(timeout=limits.left(self._connect_timeout))
        except (Empty, TimeoutError) as error:
            raise httpx.ConnectTimeout(f"the name {host} was not resolved in time") from error
        if isinstance(answer, socket.gaierror) and answer.errno == socket.EAI_NONAME:
            raise NameUnknown(f"there is no host named {host}")
        if isinstance(answer, OSError):
            raise httpx.ConnectError(f"the name {host} could not be resolved: {answer.strerror or answer}")
        return answer

    def _context(self, mode: TlsMode) -> ssl.SSLContext:
        if mode not in self._contexts:
            self._contexts[mode] = tls.context_for(mode)
        return self._contexts[mode]

    def close(self) -> None:
        for connection in self._idle.values():
            connection.close()
        self._idle.clear()


def _no_wait(_address: str) -> None:
    """Nobody has to wait for a turn."""


def _origin(url: httpx.URL) -> tuple[str, str, int]:
    return url.scheme, url.host, url.port or (443 if url.scheme == "https" else 80)


def _serialised(request: httpx.Request) -> bytes:
    lines = [b"%s %s HTTP/1.1" % (request.method.encode(), request.url.raw_path)]
    lines += [b"%s: %s" % field for field in request.headers.raw]
    return b"\r\n".join(lines) + b"\r\n\r\n" + request.read()


def _ssl_reason(error: ssl.SSLError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the certificate is not valid: {error.verify_message}"
    return f"no TLS connection: {getattr(error, 'reason', None) or error.args[-1]}"
