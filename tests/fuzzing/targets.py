"""The parsers of strangers' bytes, each as a call that must neither raise nor take long."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from io import BytesIO

from gvreader import urls
from gvreader.extract import extract
from gvreader.extract.page import charset
from gvreader.files import read_file
from gvreader.http import messages, wire
from gvreader.http.codings import CodingError, decode
from gvreader.portals import adhoc, known
from gvreader.query import parse
from tests.extract.pages import HOST, capture

_PORTALS = (adhoc(f"{HOST}/"), *known())
_TYPES = (
    "application/pdf",
    "application/zip",
    "application/msword",
    "application/rtf",
    "text/csv",
    "text/html",
)


def _page(body: bytes) -> None:
    portal = _PORTALS[len(body) % len(_PORTALS)]
    found = extract(capture(body, headers=()), portal)
    if len(body) % 16 == 0:
        assert extract(capture(body, headers=()), portal) == found


def _file(body: bytes) -> None:
    read_file(_TYPES[len(body) % len(_TYPES)], body)


def _charset(body: bytes) -> None:
    named = body[:40].decode("latin-1")
    assert isinstance(charset.decode(body[40:], f"text/html; charset={named}").text, str)


def _answer(body: bytes) -> None:
    reader = wire.Reader(BytesIO(body).read)
    with suppress(wire.NotHttp, wire.HeadTooLarge, wire.BodyTooLarge, wire.Closed):
        head = wire.read_head(reader)
        for _piece in wire.read_body(reader, wire.framing(head, "GET"), most=1 << 20):
            pass
    messages.parse_response(body)
    messages.parse_request(body)
    messages.dechunk(body)


def _coding(body: bytes) -> None:
    for name in ("gzip", "deflate"):
        with suppress(CodingError):
            decode(body, name, limit=1 << 20)


def _query(body: bytes) -> None:
    parse(body.decode("utf-8", "surrogateescape")[:2_000])


def _address(body: bytes) -> None:
    text = body.decode("latin-1")[:2_000]
    address = urls.canonical(text)
    assert address is None or urls.canonical(address) == address


TARGETS: dict[str, Callable[[bytes], None]] = {
    "page": _page,
    "file": _file,
    "charset": _charset,
    "answer": _answer,
    "coding": _coding,
    "query": _query,
    "address": _address,
}
