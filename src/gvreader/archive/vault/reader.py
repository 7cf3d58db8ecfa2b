"""Captures out of the vault's files: exchanges in a row, or one at an offset."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gvreader.archive.inside import reading_inside
from gvreader.archive.vault.failures import storage_failed
from gvreader.archive.vault.file_names import parse_name
from gvreader.archive.vault.findings import Finding
from gvreader.errors import ArchiveDamaged
from gvreader.i18n import _
from gvreader.model import Capture, RecordRef
from gvreader.warc import (
    BadMemberError,
    Fault,
    Original,
    PackedExchange,
    Record,
    UnusableRecordError,
    bare,
    capture_of,
    check_digests,
    exchange_members,
    parse_fields,
    read_records,
    request_id_of,
)

PORTAL_FIELD = "isPartOf"
ORIGIN_FIELD = "X-Gvreader-Origin"

# A gzip member of ours may hold one body as large as the client's limit allows, and that is not ours to set.
_LIMIT = 1 << 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What a file's first record says of the file."""

    warcinfo_id: str
    portal: str
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredExchange:
    """A response or revisit record of a file, and its request where it has one."""

    response: Record
    request: Record | None


def read_header(path: Path) -> Header | None:
    """The statement at a file's start; None when it cannot be read or is not ours. Raises OSError."""
    with reading_inside(path, below=2) as file:
        record = next(read_records(file), None)
    return header_of(record) if isinstance(record, Record) else None


def header_of(record: Record) -> Header | None:
    """The statement that a warcinfo record of ours makes; None for any other record."""
    if record.type != "warcinfo" or record.id is None:
        return None
    info = parse_fields(record.block)
    portal, origin = info.get(PORTAL_FIELD), info.get(ORIGIN_FIELD)
    return Header(warcinfo_id=record.id, portal=portal, origin=origin) if portal and origin else None


def walk(path: Path, *, start: int = 0) -> Iterator[Header | StoredExchange | Finding]:
    """What lies in a file from a record on, in order; what is not whole comes as a finding. Raises OSError."""
    waiting: Record | None = None
    fault: Fault | None = None
    with reading_inside(path, below=2) as file:
        for item in read_records(file, start=start, limit=_LIMIT):
            if isinstance(item, Fault) and fault is None:
                # Only what follows tells a torn write from damage.
                fault = item
                continue
            if (
                waiting
                and not fault
                and isinstance(item, Record)
                and item.id == request_id_of(waiting.fields)
            ):
                yield StoredExchange(response=waiting, request=item)
                waiting = None
                continue
            yield from _broken(path.name, waiting, fault)
            waiting, fault = None, None
            if isinstance(item, Fault):
                fault = item
            elif item.type in ("response", "revisit") and request_id_of(item.fields):
                waiting = item
            elif item.type in ("response", "revisit"):
                yield StoredExchange(response=item, request=None)
            else:
                yield header_of(item) or _unpaired(path.name, item)
    if (fault and fault.kind == "truncated") or (waiting and not fault):
        torn = waiting or fault
        assert torn
        record_id = bare(torn.fields.get("WARC-Record-ID"))
        detail = "the file ends inside the record or before its request"
        yield Finding(
            kind="torn-tail", file=path.name, offset=torn.offset, record_id=record_id, detail=detail
        )
    else:
        yield from _broken(path.name, waiting, fault)


def exchange_at(folder: Path, ref: RecordRef) -> StoredExchange:
    """The exchange that a reference names, read from its offset. Raises ArchiveDamaged and StorageFailed."""
    # References may come out of files and databases that others made: only names of our own reach the disk.
    path = folder / ref.file
    if parse_name(ref.file) is None:
        raise _lost(ref, _("the vault has no such file"))
    try:
        with reading_inside(path, below=2) as file:
            records = read_records(file, start=ref.offset, limit=_LIMIT)
            response = next(records, None)
            if not isinstance(response, Record):
                raise _lost(ref, response.detail if response else _("the file is shorter than that"))
            if response.id != ref.record_id or response.type not in ("response", "revisit"):
                raise _lost(ref, _("another record lies there"))
            request_id = request_id_of(response.fields)
            request = next(records, None) if request_id else None
    except FileNotFoundError:
        raise _lost(ref, _("the file is missing")) from None
    except OSError as error:
        raise storage_failed(error, path) from error
    if request_id and not (isinstance(request, Record) and request.id == request_id):
        raise _lost(ref, _("its request record cannot be read"))
    return StoredExchange(response=response, request=request if isinstance(request, Record) else None)


def packed_at(folder: Path, ref: RecordRef) -> PackedExchange:
    """The records of an exchange as they lie in their file. Raises ArchiveDamaged and StorageFailed."""
    path = folder / ref.file
    if parse_name(ref.file) is None:
        raise _lost(ref, _("the vault has no such file"))
    try:
        with reading_inside(path, below=2) as file:
            packed = exchange_members(file, ref.offset, limit=_LIMIT)
    except FileNotFoundError:
        raise _lost(ref, _("the file is missing")) from None
    except OSError as error:
        raise storage_failed(error, path) from error
    except BadMemberError as error:
        raise _lost(ref, str(error)) from None
    response = packed.response.record
    if response.id != ref.record_id or response.type not in ("response", "revisit"):
        raise _lost(ref, _("another record lies there"))
    for member in filter(None, (packed.response, packed.request)):
        record = member.record
        if check_digests(record.fields.get("WARC-Block-Digest"), record.block) == "mismatch":
            raise _lost(ref, _("its bytes do not have its digest"))
    return packed


def capture_from(folder: Path, exchange: StoredExchange, file: str) -> Capture:
    """The capture of an exchange, its payload from elsewhere for a revisit. Raises ArchiveDamaged."""
    response = exchange.response
    ref = RecordRef(file=file, offset=response.offset, record_id=response.id or "")
    payload = None
    try:
        original = original_of(response)
        if original and not _is_unmodified(response):
            place = RecordRef(file=original.file, offset=original.offset, record_id=original.record_id)
            payload = capture_of(exchange_at(folder, place).response).body
            if check_digests(response.fields.get("WARC-Payload-Digest"), payload) == "mismatch":
                raise _lost(ref, _("the record that it repeats has another payload"))
        return capture_of(response, exchange.request, payload=payload)
    except UnusableRecordError as error:
        raise _lost(ref, str(error)) from None


def original_of(record: Record) -> Original | None:
    """Where the vault keeps the record that a revisit of ours refers to; None for any other record."""
    fields = record.fields
    record_id, file = bare(fields.get("WARC-Refers-To")), fields.get("X-Gvreader-Refers-To-File")
    offset = fields.get("X-Gvreader-Refers-To-Offset") or ""
    if record.type != "revisit" or not record_id or not file or not (offset.isascii() and offset.isdecimal()):
        return None
    return Original(
        record_id=record_id,
        url=fields.get("WARC-Refers-To-Target-URI") or "",
        date=fields.get("WARC-Refers-To-Date") or "",
        file=file,
        offset=int(offset),
    )


def _is_unmodified(record: Record) -> bool:
    return (record.fields.get("WARC-Profile") or "").endswith("server-not-modified")


def _lost(ref: RecordRef, reason: str) -> ArchiveDamaged:
    message = _("The record {record} at {file}:{offset} cannot be read: {reason}.")
    return ArchiveDamaged(
        message.format(record=ref.record_id, file=ref.file, offset=ref.offset, reason=reason),
        advice=_("Run `gvreader verify` to see what else is affected."),
    )


def _broken(file: str, waiting: Record | None, fault: Fault | None) -> Iterator[Finding]:
    if waiting:
        yield _unpaired(file, waiting)
    if fault:
        detail = f"{fault.kind}: {fault.detail}"
        record_id = bare(fault.fields.get("WARC-Record-ID"))
        yield Finding(
            kind="damaged-record", file=file, offset=fault.offset, record_id=record_id, detail=detail
        )


def _unpaired(file: str, record: Record) -> Finding:
    detail = f"a {record.type} record without its counterpart"
    return Finding(
        kind="unpaired-record", file=file, offset=record.offset, record_id=record.id, detail=detail
    )
