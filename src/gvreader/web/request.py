"""One request, one capture: reads an answer within its limits and says what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from typing import Final

import httpx

from gvreader.http import codings
from gvreader.http.wholeness import judge
from gvreader.model import (
    Capture,
    Headers,
    Request,
    Truncation,
)
from gvreader.web.answer import Answer, Failure
from gvreader.web.policy import Policy
from gvreader.web.transport import (
    AddressRefused,
    AnswerTooLarge,
    ConnectionStale,
    NameUnknown,
    TlsFailed,
    TooSlow,
)

_TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_AFTERTHOUGHT: Final = 0.5  # seconds for bytes that should have come already
_UNPRINTABLE: Final = re.compile(r"[\x00-\x1f\x7f]+")
# Set here, or never sent: no page decides about connections, identities or sessions.
_OURS: Final = frozenset(
    {"host", "user-agent", "accept-encoding", "cookie", "authorization", "proxy-authorization"}
    | {"connection", "content-length", "transfer-encoding", "te", "trailer", "upgrade", "expect"}
)
_DEFAULTS: Final[Headers] = (
    ("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"),
    ("Accept-Language", "vi,en;q=0.5"),
)


class _Full(Exception):
    """More bytes came than may."""


def _no_hurry(_seconds: float) -> None:
    """A transport that cannot be hurried."""


def headers_for(request: Request, netloc: str, policy: Policy) -> list[tuple[str, str]]:
    """What is sent, in order. The caller's headers replace the defaults, but never those that are ours."""
    wanted = [
        (name, _UNPRINTABLE.sub(" ", value).strip())
        for name, value in request.headers
        if _TOKEN.fullmatch(name) and name.lower() not in _OURS
    ]
    given = {name.lower() for name, _ in wanted}
    return [
        ("Host", netloc),
        ("User-Agent", policy.user_agent),
        *(field for field in _DEFAULTS if field[0].lower() not in given),
        ("Accept-Encoding", "gzip, deflate"),
        *wanted,
    ]


def exchange(
    transport: httpx.BaseTransport,
    request: Request,
    actual: str,
    *,
    policy: Policy,
    deadline: float,
    now: Callable[[], datetime],
    sent: Callable[[], None],
    ready: Callable[[str], None] = lambda _address: None,
    cookie: str | None = None,
) -> Answer:
    """Ask `actual` for what `request` wants; `cookie` is sent, and not kept in the capture.

    `ready` hears the address that is connected to just before the request goes out, `sent` when it has.

    The capture's address is the request's; never raises httpx errors.
    """
    captured: datetime | None = None

    def on_sent() -> None:
        nonlocal captured
        captured = now()
        sent()

    try:
        url = httpx.URL(actual)
        outgoing = httpx.Request(
            request.method,
            url,
            headers=[
                (name.encode("latin-1", "replace"), value.encode("latin-1", "replace"))
                for name, value in (
                    *headers_for(request, url.netloc.decode("ascii"), policy),
                    *((("Cookie", cookie),) if cookie else ()),
                )
            ],
            content=request.body or None,
            extensions={"deadline": deadline, "ready": ready, "sent": on_sent, "most": policy.max_wire},
        )
    except httpx.InvalidURL as error:
        return Answer(failure=Failure(kind="off-site", detail=f"not a usable address: {error}"))
    try:
        response = transport.handle_request(outgoing)
    except httpx.TransportError as error:
        return Answer(failure=_failure_without_answer(error))
    if captured is None:  # a transport that does not say so
        on_sent()
    assert captured is not None
    try:
        body, truncated, failure = _read(response, policy)
        capture = Capture(
            url=request.url,
            captured=captured,
            status=response.status_code,
            reason=response.extensions.get("reason_phrase", b"").decode("latin-1"),
            http_version=response.extensions.get("http_version", b"HTTP/1.1").decode("latin-1"),
            headers=_text(response.headers.raw),
            body=body,
            request=replace(request, headers=_without_cookie(_text(outgoing.headers.raw))),
            source_uri=actual if actual != request.url else None,
            trust=response.extensions.get("trust", "unknown"),
            address=response.extensions.get("address"),
            truncated=truncated,
        )
        return _judged(capture, failure, response, policy)
    finally:
        response.close()


def _judged(capture: Capture, failure: Failure | None, response: httpx.Response, policy: Policy) -> Answer:
    """The answer with what is said of its wholeness: labels lie in both directions."""
    kind = failure.kind if failure is not None else None
    if capture.status // 100 != 2:
        # The status says it all.
        return Answer(capture=capture, failure=None if kind in ("truncated", "bad-encoding") else failure)
    is_asked_part = capture.status == 206 and any(
        name.lower() == "range" for name, _value in capture.request.headers
    )
    if is_asked_part or kind not in (None, "truncated", "timeout"):
        return Answer(capture=capture, failure=failure)
    found = judge(capture)
    if failure is None and (found.missing is not None or found.ends is False):
        capture = replace(capture, body=capture.body + _rest(response, policy.max_wire - len(capture.body)))
        found = judge(capture)
    if found.missing is None:
        return Answer(capture=replace(capture, truncated=None))
    if failure is None:
        failure = Failure(kind="truncated", detail=found.missing, again=capture.status != 206)
    return Answer(capture=capture, failure=failure)


def _rest(response: httpx.Response, room: int) -> bytes:
    """What a server sends behind the length that it promised: some count letters and mean bytes."""
    rest, hurry = response.extensions.get("rest"), response.extensions.get("hurry")
    if rest is None or hurry is None or "content-length" not in response.headers:
        return b""
    hurry(_AFTERTHOUGHT)
    received = b""
    try:
        for piece in rest():
            received += piece
            if len(received) > room:
                return b""
    except httpx.TransportError:
        pass
    return received if received.strip() else b""


def _without_cookie(headers: Headers) -> Headers:
    return tuple(field for field in headers if field[0].lower() != "cookie")


def _text(raw: list[tuple[bytes, bytes]]) -> Headers:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in raw)


def _failure_without_answer(error: httpx.TransportError) -> Failure:
    if isinstance(error, AddressRefused):
        return Failure(kind="off-site", detail=str(error))
    if isinstance(error, TlsFailed):
        return Failure(kind="tls", detail=str(error))
    if isinstance(error, NameUnknown):
        return Failure(kind="connection", detail=str(error))
    if isinstance(error, AnswerTooLarge):
        return Failure(kind="too-large", detail=str(error))
    if isinstance(error, httpx.TimeoutException):
        return Failure(kind="timeout", detail=str(error), again=not isinstance(error, TooSlow))
    return Failure(
        kind="connection", detail=str(error), again=True, at_once=isinstance(error, ConnectionStale)
    )


def _read(response: httpx.Response, policy: Policy) -> tuple[bytes, Truncation | None, Failure | None]:
    """The body as received, cut at the limits, decoded on the way only to measure and check it."""
    too_large = Failure(kind="too-large", detail=f"more than {policy.max_wire} bytes")
    promised = response.headers.get("content-length", "")
    is_page = response.status_code // 100 == 2
    if is_page and promised.isdecimal() and len(promised) < 19 and int(promised) > policy.max_wire:
        return b"", "length", too_large
    received = BytesIO()  # a list of pieces of two bytes would take twenty times their size

    def arriving() -> Iterator[bytes]:
        room = policy.max_wire
        assert isinstance(response.stream, httpx.SyncByteStream)
        for piece in response.stream:
            received.write(piece[:room])
            room -= len(piece)
            if room < 0:
                raise _Full
            yield piece

    stream = arriving()
    failure: Failure | None = None
    truncated: Truncation | None = None
    try:
        if is_page and response.status_code != 206:  # a part of a compressed body cannot be decoded
            failure = _decoding_failure(stream, response, policy)
            if failure is None and codings.layers(response.headers.get("content-encoding")):
                # The coding has said where the body ends; a promise of more need not be waited for.
                response.extensions.get("hurry", _no_hurry)(_AFTERTHOUGHT)
        if failure is None or failure.kind != "too-large":
            for _ in stream:
                pass
        else:
            truncated = "length"
    except _Full:
        truncated, failure = "length", too_large
    except AnswerTooLarge as error:
        truncated, failure = "length", Failure(kind="too-large", detail=str(error))
    except httpx.TimeoutException as error:
        truncated = "time"
        failure = Failure(kind="timeout", detail=str(error), again=not isinstance(error, TooSlow))
    except httpx.TransportError as error:
        truncated, failure = "disconnect", Failure(kind="truncated", detail=str(error), again=True)
    return received.getvalue(), truncated, failure


def _decoding_failure(stream: Iterator[bytes], response: httpx.Response, policy: Policy) -> Failure | None:
    """Reads `stream` until its content coding ends or fails."""
    encoding = response.headers.get("content-encoding")
    if not codings.layers(encoding):
        return None
    try:
        for _ in codings.pieces(stream, encoding, limit=policy.max_decoded):
            pass
    except codings.TooLarge:
        return Failure(kind="too-large", detail=f"more than {policy.max_decoded} bytes when decoded")
    except codings.TruncatedCoding as error:
        return Failure(kind="truncated", detail=str(error), again=True)
    except codings.BadCoding as error:
        return Failure(kind="bad-encoding", detail=str(error))
    return None
