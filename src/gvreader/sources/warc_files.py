"""Captures out of WARC, ARC and WACZ files of any maker."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from gvreader.http import codings
from gvreader.http.messages import message_head
from gvreader.limits import DECODED_BYTES
from gvreader.model import Capture, Headers, Request
from gvreader.sources.containers import (
    UNREADABLE,
    Part,
    is_zip,
    parts,
    shown,
)
from gvreader.sources.items import Anomaly, Imported, OddityKind, SourceItem
from gvreader.sources.pairing import RecordPair, exchanges
from gvreader.sources.revisits import Originals, is_not_modified, original_at_hand, with_original
from gvreader.warc import (
    MAX_RECORD_BYTES,
    Fault,
    FaultKind,
    Record,
    UnusableRecordError,
    bare,
    begins_archive,
    capture_of,
    check_digests,
    dechunk,
    digest_of,
    is_chunked,
    is_http_address,
    normal_digest,
    parse_date,
    parse_fields,
    parse_mail_date,
    parse_response,
    read_records,
    request_of,
)

_KINDS: Final[dict[FaultKind, OddityKind]] = {
    "truncated": "truncated",
    "corrupt": "damaged",
    "junk": "damaged",
    "stray": "stray-bytes",
    "bomb": "too-large",
    "too-large": "too-large",
    "codec": "codec",
    "bad-record": "bad-record",
}
# A payload is found at the first attempt, or its maker has lied: no file of lies may take the square of its size.
_MOST_ORIGINALS: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class _Statement:
    """What a warcinfo record of ours says of the records that it introduces."""

    portal: str | None = None
    origin: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Repeat:
    """A revisit whose payload lies in another record, to be found in a second reading."""

    number: int
    part: Part
    exchange: RecordPair
    statement: _Statement

    @property
    def keys(self) -> set[str]:
        """What the record with the payload may be known by; what was not modified is asked of the archive."""
        if is_not_modified(self.exchange.response):
            return set()
        fields = self.exchange.response.fields
        return _keys(
            bare(fields.get("WARC-Refers-To")),
            bare(fields.get("WARC-Refers-To-Target-URI")),
            fields.get("WARC-Refers-To-Date"),
            fields.get("WARC-Payload-Digest"),
        )


def is_archive(path: Path) -> bool:
    """Whether a file is a WARC, ARC or WACZ file, told by its content. False for what cannot be read."""
    try:
        if not path.is_file():  # a pipe would be waited for
            return False
        if is_zip(path):
            return any(isinstance(part, Part) for part in parts(path))
        with path.open("rb") as file:
            return begins_archive(file)
    except UNREADABLE:
        return False


def captures(
    paths: Iterable[Path], *, limit: int = MAX_RECORD_BYTES, originals: Originals | None = None
) -> Iterator[SourceItem]:
    """Every capture in the files, and what was odd about them.

    Captures of other makers have the source "import" and the trust "unknown"; those of our own files come
    back as they were kept. Revisits come last: their payloads lie in another record, found in a second
    reading of the files, or among the `originals` at hand by then. Records longer than `limit` bytes are passed
    over. Memory is bounded by the longest record and the number of revisits.
    """
    readable: list[Part] = []
    repeats: list[_Repeat] = []
    for path in paths:
        for part in parts(path):
            if isinstance(part, Anomaly):
                yield part
            else:
                readable.append(part)
                yield from _first_reading(part, limit, repeats)
    yield from _second_reading(readable, limit, repeats, originals)


def _first_reading(part: Part, limit: int, repeats: list[_Repeat]) -> Iterator[SourceItem]:
    statements: dict[str | None, _Statement] = {}
    latest = _Statement()
    has_records = False
    try:
        with part.open() as file:
            for item in exchanges(read_records(file, limit=limit)):
                has_records = has_records or not isinstance(item, Fault)
                if isinstance(item, Fault):
                    yield _odd(part, item, _KINDS[item.kind], item.detail)
                elif isinstance(item, RecordPair):
                    statement = statements.get(_introduction(item.response), latest)
                    if _repeats_another(item.response):
                        # Only the head is of use, and many may have to wait.
                        item = RecordPair(_without_body(item.response), item.request)
                        repeats.append(
                            _Repeat(number=len(repeats), part=part, exchange=item, statement=statement)
                        )
                    else:
                        yield from _taken(part, item, statement)
                elif item.type == "warcinfo":
                    latest = statements[item.id] = _statement(item)
                elif item.type == "resource" and is_http_address(_target(item)):
                    yield from _resource(part, item, statements.get(_introduction(item), latest))
                elif item.type == "request":
                    yield _odd(part, item, "lone-request", "no response belongs to it")
                elif item.type != "arc-header":
                    yield _odd(part, item, "other-type", item.type or "a record without type")
    except UNREADABLE as error:
        yield Anomaly(
            kind="unreadable",
            path=part.path,
            entry=_entry(part),
            detail=str(error),
            is_read_error=isinstance(error, OSError),
        )
        return
    if not has_records:
        yield Anomaly(
            kind="not-archive", path=part.path, entry=_entry(part), detail="no WARC or ARC record in it"
        )


def _second_reading(
    readable: list[Part], limit: int, repeats: list[_Repeat], originals: Originals | None
) -> Iterator[SourceItem]:
    """Revisits with the payloads of the records that they repeat; those without one as oddities."""
    waiting = _Waiting(repeats)
    for part in readable:
        if not waiting:
            break
        try:
            with part.open() as file:
                for item in read_records(file, limit=limit):
                    if isinstance(item, Record) and item.type in ("response", "resource"):
                        yield from _repeated(waiting, item)
        except UNREADABLE:
            # Reported by the first reading.
            continue
    for repeat in waiting.unresolved():
        yield from _repeated_from(repeat, originals)


def _repeated_from(repeat: _Repeat, originals: Originals | None) -> Iterator[SourceItem]:
    """The capture of a revisit whose payload is not in the files, if it is at hand."""
    response = repeat.exchange.response
    head = parse_response(response.block)
    is_304 = head is not None and head.status == 304
    original = original_at_hand(response, originals) if originals is not None else None
    if is_304 and (original is not None or originals is None):
        yield from _taken(repeat.part, repeat.exchange, repeat.statement)
    elif original is None:
        detail = "the record with its payload is neither among these files nor in the archive"
        yield _odd(repeat.part, response, "unresolved-revisit", detail)
    else:
        whole, payload = with_original(response, original)
        yield from _taken(repeat.part, RecordPair(whole, repeat.exchange.request), repeat.statement, payload)


class _Waiting:
    """Revisits whose payload was not found yet, by whatever the record that has it may be known by."""

    def __init__(self, repeats: list[_Repeat]) -> None:
        self._tries = dict.fromkeys(range(len(repeats)), 0)
        self._repeats = repeats
        self._wanted: dict[str, dict[int, _Repeat]] = {}
        for repeat in repeats:
            for key in repeat.keys:
                self._wanted.setdefault(key, {})[repeat.number] = repeat

    def __bool__(self) -> bool:
        return bool(self._tries)

    def tried_with(self, record: Record) -> list[_Repeat]:
        """Those that a record may have the payload of, in order. Each is tried with a few records, no more."""
        fields = record.fields
        keys = _keys(
            record.id,
            bare(fields.get("WARC-Target-URI")),
            fields.get("WARC-Date"),
            fields.get("WARC-Payload-Digest"),
        )
        found = {number: repeat for key in keys for number, repeat in self._wanted.get(key, {}).items()}
        for number, repeat in found.items():
            self._tries[number] += 1
            if self._tries[number] == _MOST_ORIGINALS:
                self._forget(repeat)
        return [found[number] for number in sorted(found)]

    def resolved(self, repeat: _Repeat) -> None:
        self._forget(repeat)
        del self._tries[repeat.number]

    def _forget(self, repeat: _Repeat) -> None:
        for key in repeat.keys:
            self._wanted[key].pop(repeat.number, None)

    def unresolved(self) -> list[_Repeat]:
        return [self._repeats[number] for number in self._tries]


def _repeated(waiting: _Waiting, original: Record) -> Iterator[SourceItem]:
    """The captures of the revisits that repeat the payload of a record."""
    candidates = waiting.tried_with(original)
    block = _as_answer(original) if candidates else b""
    head = parse_response(block) if candidates else None
    if head is None or check_digests(original.fields.get("WARC-Block-Digest"), original.block) == "mismatch":
        return
    body = block[head.size :]
    unpacked = dechunk(body) if is_chunked(head.headers) else None
    payload = _Payload(body, *_unpacked_forms(body, head.headers))
    for repeat in candidates:
        response = repeat.exchange.response
        if not payload.may_have(response.fields.get("WARC-Payload-Digest")):
            continue
        waiting.resolved(repeat)
        if not response.block.strip():
            # Some makers leave the head out when it is the same too.
            response = replace(response, block=block[: head.size])
        yield from _taken(
            repeat.part,
            RecordPair(response, repeat.exchange.request),
            repeat.statement,
            unpacked[0] if unpacked else body,
        )


def _as_answer(record: Record) -> bytes:
    """The block of a record as an HTTP answer; a resource is all content."""
    if record.type != "resource":
        return record.block
    media_type = (record.fields.get("Content-Type") or "application/octet-stream").strip()
    return message_head("HTTP/1.1 200 OK", (("Content-Type", media_type),)) + record.block


def _unpacked_forms(body: bytes, headers: Headers) -> Iterator[bytes]:
    """A stored body without its chunks, and without its content coding: some makers digest these."""
    unpacked = dechunk(body) if is_chunked(headers) else None
    plain = unpacked[0] if unpacked else body
    if unpacked:
        yield plain
    coding = ",".join(value for name, value in headers if name.lower() == "content-encoding")
    try:
        content = codings.decode(plain, coding, limit=DECODED_BYTES)
    except codings.CodingError:
        return
    if content != plain:
        yield content


class _Payload:
    """A payload as it lies in a record and unpacked; each kind of digest is computed once."""

    def __init__(self, *forms: bytes | None) -> None:
        self._forms = forms
        self._digests: dict[str, set[str]] = {}

    def may_have(self, label: str | None) -> bool:
        """Whether nothing speaks against a digest."""
        normal = normal_digest(label)
        if normal is None:
            return True
        algorithm = normal.partition(":")[0]
        if algorithm not in self._digests:
            self._digests[algorithm] = {
                digest_of(form, algorithm=algorithm) for form in self._forms if form is not None
            }
        return normal in self._digests[algorithm]


def _without_body(response: Record) -> Record:
    head = parse_response(response.block)
    is_needless = head is not None and head.status != 304
    return replace(response, block=response.block[: head.size]) if head and is_needless else response


def _taken(
    part: Part, exchange: RecordPair, statement: _Statement, payload: bytes | None = None
) -> Iterator[SourceItem]:
    """The capture of an exchange after what is odd about it, or why there is none."""
    response = exchange.response
    odd: list[Anomaly] = []
    try:
        if payload is None:
            odd += _suspicions(part, response)
        request = _request(part, exchange.request, odd)
        date = None
        if parse_date(response.fields.get("WARC-Date")) is None:
            date = _date_of_answer(response)
            odd.append(_odd(part, response, "no-date", "taken from the answer's Date header", is_kept=True))
        capture = capture_of(response, request, payload=payload, fallback_date=date)
    except (_RefusedError, UnusableRecordError) as error:
        yield _odd(part, response, error.kind, str(error))
        return
    yield from odd
    yield Imported(
        capture=capture,
        path=part.path,
        entry=_entry(part),
        offset=response.offset,
        portal=statement.portal,
        origin=statement.origin,
        record_id=response.id,
    )


def _resource(part: Part, record: Record, statement: _Statement) -> Iterator[SourceItem]:
    """The content of an address without the exchange that brought it, as tools that pack folders write it."""
    when = parse_date(record.fields.get("WARC-Date"))
    if when is None:
        yield _odd(part, record, "no-date", "the record says no time")
        return
    if check_digests(record.fields.get("WARC-Block-Digest"), record.block) == "mismatch":
        yield _odd(part, record, "wrong-digest", "the block does not have its WARC-Block-Digest")
        return
    if record.wrong_length:
        yield _odd(part, record, "wrong-length", "Content-Length is not true", is_kept=True)
    url = _target(record)
    media_type = (record.fields.get("Content-Type") or "application/octet-stream").strip()
    capture = Capture(
        url=url,
        captured=when,
        status=200,
        headers=(("Content-Type", media_type),),
        body=record.block,
        request=Request(url=url),
        source="import",
        source_uri=bare(record.fields.get("WARC-Source-URI")),
    )
    yield Imported(
        capture=capture,
        path=part.path,
        entry=_entry(part),
        offset=record.offset,
        portal=statement.portal,
        origin=statement.origin,
        record_id=record.id,
    )


class _RefusedError(Exception):
    """The record is not taken, and why."""

    def __init__(self, kind: OddityKind, detail: str) -> None:
        super().__init__(detail)
        self.kind: OddityKind = kind


def _suspicions(part: Part, response: Record) -> Iterator[Anomaly]:
    """What makes a record odd but does not keep it from being taken. Raises `_RefusedError`."""
    fields = response.fields
    if fields.get("WARC-Segment-Number"):
        raise _RefusedError("segmented", "the record is one of several pieces")
    block = check_digests(fields.get("WARC-Block-Digest"), response.block)
    if block == "mismatch":
        raise _RefusedError("wrong-digest", "the block does not have its WARC-Block-Digest")
    if not _has_its_payload(response, fields.get("WARC-Payload-Digest")):
        detail = "the payload does not have its WARC-Payload-Digest"
        if block == "unknown":
            raise _RefusedError("wrong-digest", detail)
        # The block is proven: its maker computed the payload's digest in some other way.
        yield _odd(part, response, "wrong-digest", detail, is_kept=True)
    if response.wrong_length:
        yield _odd(part, response, "wrong-length", "Content-Length is not true", is_kept=True)


def _has_its_payload(record: Record, label: str | None) -> bool:
    """Whether nothing speaks against a digest, with the body as it lies there, without its chunks, or unpacked."""
    head = parse_response(record.block)
    if head is None:
        return True
    raw = record.block[head.size :]
    if check_digests(label, raw) != "mismatch":
        return True
    return any(check_digests(label, form) == "match" for form in _unpacked_forms(raw, head.headers))


def _request(part: Part, request: Record | None, odd: list[Anomaly]) -> Record | None:
    """The request record if it says something. Raises `_RefusedError` for methods that do not fetch pages."""
    if request is None:
        return None
    try:
        request_of(request)
    except UnusableRecordError as error:
        if error.kind == "method":
            raise _RefusedError("method", str(error)) from None
        odd.append(_odd(part, request, error.kind, str(error), is_kept=True))
        return None
    return request


def _repeats_another(response: Record) -> bool:
    """Whether a record is a revisit: what it says rests on another record."""
    return response.type == "revisit"


def _date_of_answer(response: Record) -> datetime | None:
    head = parse_response(response.block)
    for name, value in head.headers if head else ():
        if name.lower() == "date":
            return parse_mail_date(value)
    return None


def _statement(record: Record) -> _Statement:
    info = parse_fields(record.block)
    if not (info.get("software") or "").startswith("gvreader/"):
        return _Statement()
    return _Statement(portal=info.get("isPartOf"), origin=info.get("X-Gvreader-Origin"))


def _keys(record_id: str | None, url: str | None, date: str | None, digest: str | None) -> set[str]:
    when = parse_date(date)
    keys = {
        f"id {record_id}" if record_id else None,
        f"at {when.isoformat()} {url}" if when and url else None,
        f"digest {normal}" if (normal := normal_digest(digest)) else None,
    }
    return {key for key in keys if key}


def _target(record: Record) -> str:
    return bare(record.fields.get("WARC-Target-URI")) or ""


def _introduction(record: Record) -> str | None:
    """The id of the warcinfo record that speaks for a record."""
    return bare(record.fields.get("WARC-Warcinfo-ID"))


def _entry(part: Part) -> str | None:
    return None if part.entry is None else shown(part.entry)


def _odd(
    part: Part, item: Record | Fault, kind: OddityKind, detail: str, *, is_kept: bool = False
) -> Anomaly:
    return Anomaly(
        kind=kind,
        path=part.path,
        entry=_entry(part),
        offset=item.offset,
        url=bare(item.fields.get("WARC-Target-URI")),
        detail=detail,
        is_kept=is_kept,
    )
