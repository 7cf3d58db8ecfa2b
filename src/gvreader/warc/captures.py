"""Captures as WARC records and back.

`capture_of` reads the records of any maker. `exchange_records` writes what it reads back unchanged: what the
standard's fields and the HTTP heads cannot say goes into extension fields (`X-Gvreader-…`), the last of them,
`X-Gvreader-Exact`, only for captures that a plain HTTP head would not give back exactly.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from ipaddress import ip_address
from typing import Any, Final, Literal, cast, get_args
from urllib.parse import urlsplit

from gvreader.http.messages import (
    dechunk,
    is_chunked,
    message_head,
    parse_request,
    parse_response,
)
from gvreader.model import (
    Capture,
    Request,
    Source,
    TimeSource,
    Truncation,
    Trust,
)
from gvreader.warc.digests import digest_of
from gvreader.warc.records import MAX_FIELDS_BYTES, Record, RecordFields, bare
from gvreader.warc.timestamps import format_date, parse_date

UnusableKind = Literal["not-http", "bad-http", "no-date", "method", "unresolved-revisit"]

IDENTICAL_PAYLOAD: Final = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
NOT_MODIFIED: Final = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"

# The body lies in the record without its transfer encoding; replay tools must not try to remove it again.
_TRANSFER_ENCODING: Final = "transfer-encoding"
_HIDDEN: Final = "X-Crawler-"
_UNSAFE_IN_ADDRESS: Final = re.compile(
    r"[\x00-\x20\x7f-\xa0\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ud800-\udfff\U000e0000-\U000e007f]"
)
_VERSION: Final = re.compile(r"HTTP/[0-9](?:\.[0-9])?")
_EXACT: Final = "X-Gvreader-Exact"
_EXACT_FIELDS: Final = ("status", "reason", "http_version", "headers", "address", "source_uri")
_EXACT_REQUEST_FIELDS: Final = ("headers",)


class UnusableRecordError(Exception):
    """The records hold no capture, and why. `kind` is for programs, the message for people."""

    def __init__(self, kind: UnusableKind, message: str) -> None:
        super().__init__(message)
        self.kind: UnusableKind = kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """The record that a revisit refers to; `file` and `offset` say where the vault keeps it."""

    record_id: str
    url: str
    date: str
    file: str
    offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDraft:
    """A record to be written: its fields but for the lengths, its HTTP head and its body, byte for byte."""

    type: Literal["warcinfo", "response", "request", "revisit"]
    fields: tuple[tuple[str, str], ...]
    content_type: str
    head: bytes
    body: bytes


def warcinfo_record(record_id: str, *, when: datetime, filename: str, info: Mapping[str, str]) -> RecordDraft:
    """The first record of a file: who wrote it, by which standard, and whatever else `info` says."""
    body = "".join(f"{name}: {_one_line(value)}\r\n" for name, value in info.items()).encode()
    fields = (
        ("WARC-Type", "warcinfo"),
        ("WARC-Record-ID", f"<{record_id}>"),
        ("WARC-Date", format_date(when)),
        ("WARC-Filename", filename),
        ("WARC-Block-Digest", digest_of(body)),
    )
    return RecordDraft(
        type="warcinfo", fields=fields, content_type="application/warc-fields", head=b"", body=body
    )


def exchange_records(
    capture: Capture, *, record_id: str, request_id: str, warcinfo_id: str, original: Original | None = None
) -> tuple[RecordDraft, ...]:
    """A capture as a response (or, with `original`, a revisit) and its request, in the order to be written.

    A request of which only the address is known gets no record. With `original` the body is not written; the
    caller answers for it being the same. Raises ValueError for an address that cannot stand in a field, for a
    time that is not aware, and for megabytes of headers that are no headers.
    """
    for address in (capture.url, capture.request.url):
        if not is_http_address(address):
            raise ValueError(f"not an address that a WARC field can hold: {address!r}")
    request = None if capture.request == Request(url=capture.url) else capture.request
    shared = (("WARC-Date", format_date(capture.captured)), ("WARC-Warcinfo-ID", f"<{warcinfo_id}>"))
    response = _response(capture, record_id, shared, request_id if request else None, original)
    drafts: tuple[RecordDraft, ...] = (response,)
    if request:
        drafts += (_request(request, request_id, shared, record_id),)
    exact = _inexact(capture, drafts)
    if exact:
        statement = (_EXACT, json.dumps(exact, separators=(",", ":"), ensure_ascii=True))
        if len(statement[1]) > MAX_FIELDS_BYTES // 2:
            raise ValueError("the headers are too long to be kept exactly")
        drafts = (replace(response, fields=(*response.fields, statement)), *drafts[1:])
    return drafts


def capture_of(
    response: Record,
    request: Record | None = None,
    *,
    payload: bytes | None = None,
    fallback_date: datetime | None = None,
) -> Capture:
    """What a response or revisit record and its request record say.

    `payload` is the body of a revisit's original. A body that some makers store still chunked is unpacked.
    `source` and `trust` are what the record itself says, else "import" and "unknown". Raises
    `UnusableRecordError`.
    """
    fields = response.fields
    url = address_of(fields)
    head = parse_response(response.block)
    if head is None:
        raise UnusableRecordError("bad-http", "the block does not begin with an HTTP status line")
    captured = parse_date(fields.get("WARC-Date")) or fallback_date
    if captured is None:
        raise UnusableRecordError("no-date", "the record says no time")
    if response.type == "revisit" and payload is None and head.status != 304:
        raise UnusableRecordError("unresolved-revisit", "the record repeats the payload of another one")
    body = response.block[head.size :] if payload is None else payload
    truncated = _truncation(fields)
    headers = tuple((_shown(name), value) for name, value in head.headers)
    if payload is None and is_chunked(head.headers):
        unpacked = dechunk(body)
        if unpacked:
            body = unpacked[0]
            truncated = truncated or (None if unpacked[1] else "unspecified")
    capture = Capture(
        url=url,
        captured=captured,
        status=head.status,
        reason=head.reason,
        http_version=head.version,
        headers=headers,
        body=body,
        request=request_of(request) if request else Request(url=url),
        source=cast("Source", _one_of(fields.get("X-Gvreader-Source"), get_args(Source), "import")),
        source_uri=bare(fields.get("WARC-Source-URI")),
        trust=cast("Trust", _one_of(fields.get("X-Gvreader-Trust"), get_args(Trust), "unknown")),
        address=bare(fields.get("WARC-IP-Address")),
        truncated=truncated,
        time_source=cast(
            "TimeSource", _one_of(fields.get("X-Gvreader-Time-Source"), get_args(TimeSource), "stated")
        ),
    )
    exact = fields.get(_EXACT)
    return _with_exact(capture, exact) if exact else capture


def request_id_of(fields: RecordFields) -> str | None:
    """The id of the request record that follows a response of ours; None when it has none."""
    return bare(fields.get("WARC-Concurrent-To"))


def is_http_address(text: str) -> bool:
    """Whether a text is an http(s) address that can stand in a WARC field as it is."""
    if _UNSAFE_IN_ADDRESS.search(text):
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme.lower() in ("http", "https") and bool(parts.netloc)


def address_of(fields: RecordFields) -> str:
    """WARC-Target-URI without the brackets that some makers put around it. Raises `UnusableRecordError`."""
    url = bare(fields.get("WARC-Target-URI")) or ""
    url = _UNSAFE_IN_ADDRESS.sub(
        lambda match: "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8", "replace")), url
    )
    if not is_http_address(url):
        raise UnusableRecordError("not-http", f"not an http(s) address: {url[:200]!r}")
    return url


def _response(
    capture: Capture,
    record_id: str,
    shared: tuple[tuple[str, str], ...],
    request_id: str | None,
    original: Original | None,
) -> RecordDraft:
    headers = tuple((_stored(name), value) for name, value in capture.headers)
    head = message_head(_status_line(capture), headers)
    body = b"" if original else capture.body
    fields = [
        ("WARC-Type", "revisit" if original else "response"),
        ("WARC-Record-ID", f"<{record_id}>"),
        ("WARC-Target-URI", capture.url),
        *shared,
    ]
    if original:
        fields += _refers_to(original, is_unmodified=capture.status == 304)
    if not original or capture.status != 304:
        fields.append(("WARC-Payload-Digest", digest_of(capture.body)))
    fields.append(("WARC-Block-Digest", digest_of(head, body)))
    if request_id:
        fields.append(("WARC-Concurrent-To", f"<{request_id}>"))
    if capture.address and _is_host_address(capture.address):
        fields.append(("WARC-IP-Address", capture.address))
    if capture.truncated:
        fields.append(("WARC-Truncated", capture.truncated))
    if capture.source_uri and not _UNSAFE_IN_ADDRESS.search(capture.source_uri):
        fields.append(("WARC-Source-URI", capture.source_uri))
    fields += [("X-Gvreader-Source", capture.source), ("X-Gvreader-Trust", capture.trust)]
    if capture.time_source != "stated":
        fields.append(("X-Gvreader-Time-Source", capture.time_source))
    return RecordDraft(
        type="revisit" if original else "response",
        fields=tuple(fields),
        content_type="application/http; msgtype=response",
        head=head,
        body=body,
    )


def _status_line(capture: Capture) -> str:
    """A status line that every reader takes for one, whatever the capture's parts are."""
    version = capture.http_version if _VERSION.fullmatch(capture.http_version) else "HTTP/1.1"
    return f"{version} {capture.status if 100 <= capture.status <= 999 else 999} {capture.reason}"


def _refers_to(original: Original, *, is_unmodified: bool) -> list[tuple[str, str]]:
    return [
        ("WARC-Profile", NOT_MODIFIED if is_unmodified else IDENTICAL_PAYLOAD),
        ("WARC-Refers-To", f"<{original.record_id}>"),
        ("WARC-Refers-To-Target-URI", original.url),
        ("WARC-Refers-To-Date", original.date),
        ("X-Gvreader-Refers-To-File", original.file),
        ("X-Gvreader-Refers-To-Offset", str(original.offset)),
    ]


def _request(
    request: Request, request_id: str, shared: tuple[tuple[str, str], ...], record_id: str
) -> RecordDraft:
    parts = urlsplit(request.url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    head = message_head(f"{request.method} {target} HTTP/1.1", request.headers)
    fields = (
        ("WARC-Type", "request"),
        ("WARC-Record-ID", f"<{request_id}>"),
        ("WARC-Target-URI", request.url),
        *shared,
        ("WARC-Payload-Digest", digest_of(request.body)),
        ("WARC-Block-Digest", digest_of(head, request.body)),
        ("WARC-Concurrent-To", f"<{record_id}>"),
    )
    return RecordDraft(
        type="request",
        fields=fields,
        content_type="application/http; msgtype=request",
        head=head,
        body=request.body,
    )


def request_of(record: Record) -> Request:
    """What a request record says. Raises `UnusableRecordError`: "method" for any but GET and POST."""
    head = parse_request(record.block)
    if head is None:
        raise UnusableRecordError("bad-http", "the request record does not begin with a request line")
    if head.method not in ("GET", "POST"):
        raise UnusableRecordError("method", f"the answer to a {head.method} request")
    return Request(
        url=address_of(record.fields),
        method=cast("Literal['GET', 'POST']", head.method),
        headers=head.headers,
        body=record.block[head.size :],
    )


def _inexact(capture: Capture, drafts: tuple[RecordDraft, ...]) -> dict[str, Any]:
    """What reading the drafts back would not give exactly, as JSON values."""
    records = [
        Record(
            offset=0,
            version="1.1",
            fields=RecordFields(draft.fields),
            block=draft.head + (draft.body if number else b""),
        )
        for number, draft in enumerate(drafts)
    ]
    read_back = capture_of(records[0], records[1] if len(records) > 1 else None, payload=capture.body)
    exact = _differing(_EXACT_FIELDS, capture, read_back)
    request = _differing(_EXACT_REQUEST_FIELDS, capture.request, read_back.request)
    return {**exact, "request": request} if request else exact


def _differing(names: tuple[str, ...], stated: object, read_back: object) -> dict[str, Any]:
    return {
        name: getattr(stated, name) for name in names if getattr(stated, name) != getattr(read_back, name)
    }


def _with_exact(capture: Capture, statement: str) -> Capture:
    """The capture with what its `X-Gvreader-Exact` field says; a field that makes no sense is ignored."""
    try:
        exact = json.loads(statement)
        request = _checked(exact.pop("request", {}))
        if request:
            capture = replace(capture, request=replace(capture.request, **request))
        return replace(capture, **_checked(exact))
    except (ValueError, TypeError, AttributeError, RecursionError):
        return capture


def _checked(values: dict[str, Any]) -> dict[str, Any]:
    """The values with the types that their fields have. Raises TypeError for any other."""
    checked: dict[str, Any] = {}
    for name, value in values.items():
        if name == "headers":
            checked[name] = tuple((_text(key), _text(text)) for key, text in value)
        elif name == "status" and type(value) is int:
            checked[name] = value
        elif name in ("address", "source_uri") and value is None:
            checked[name] = None
        elif name in ("method", "reason", "http_version", "address", "source_uri"):
            checked[name] = _text(value)
        else:
            raise TypeError(name)
    if checked.get("method", "GET") not in ("GET", "POST"):
        raise TypeError("method")
    return checked


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value


def _stored(name: str) -> str:
    return f"{_HIDDEN}{name}" if name.lower() == _TRANSFER_ENCODING else name


def _shown(name: str) -> str:
    is_hidden = name.lower() == f"{_HIDDEN}{_TRANSFER_ENCODING}".lower()
    return name[len(_HIDDEN) :] if is_hidden else name


def _truncation(fields: RecordFields) -> Truncation | None:
    value = bare(fields.get("WARC-Truncated"))
    if value is None:
        return None
    return cast("Truncation", _one_of(value.lower(), get_args(Truncation), "unspecified"))


def _one_of(value: str | None, allowed: tuple[str, ...], default: str) -> str:
    return value if value in allowed else default


def _is_host_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _one_line(text: str) -> str:
    return " ".join(text.split())
