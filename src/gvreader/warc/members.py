"""Records as they lie in a file: whole gzip members, copied byte for byte."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO, Final

from gvreader.warc.captures import request_id_of
from gvreader.warc.records import Record, read_records

_STEP: Final = 1 << 16
_GZIP: Final = 16 + zlib.MAX_WBITS


class BadMemberError(Exception):
    """No whole record lies at the offset; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One record and the gzip member that holds it, as it lies in its file."""

    record: Record
    packed: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedExchange:
    """A response or revisit and its request, if it has one, to be written in this order."""

    response: Member
    request: Member | None


def member_at(file: BinaryIO, offset: int, *, limit: int) -> Member:
    """The record whose gzip member begins at `offset`. Raises BadMemberError; disk errors stay OSError.

    A block of more than `limit` bytes is refused.
    """
    file.seek(offset)
    unpack = zlib.decompressobj(_GZIP)
    packed, content = bytearray(), bytearray()
    while not unpack.eof:
        step = file.read(_STEP)
        if not step:
            raise BadMemberError("the file ends inside the record")
        try:
            # At most what the limit leaves: a small member cannot fill the memory.
            content += unpack.decompress(step, max(limit - len(content), 0) + 1)
        except zlib.error as error:
            raise BadMemberError(str(error)) from None
        if len(content) > limit:
            raise BadMemberError(f"more than {limit} bytes")
        packed += step
    if unpack.unused_data:
        del packed[-len(unpack.unused_data) :]
    record = next(read_records(BytesIO(content), limit=limit), None)
    if not isinstance(record, Record):
        raise BadMemberError(record.detail if record else "it is empty")
    return Member(record=record, packed=bytes(packed))


def exchange_members(file: BinaryIO, offset: int, *, limit: int) -> PackedExchange:
    """The response or revisit at `offset` with the request behind it. Raises BadMemberError and OSError."""
    response = member_at(file, offset, limit=limit)
    request_id = request_id_of(response.record.fields)
    if request_id is None:
        return PackedExchange(response=response, request=None)
    request = member_at(file, offset + len(response.packed), limit=limit)
    if request.record.id != request_id:
        raise BadMemberError("its request record is not behind it")
    return PackedExchange(response=response, request=request)
