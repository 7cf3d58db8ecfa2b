"""The end of a file whose writer was killed: where its last whole exchange ends, and the bytes behind it."""

from __future__ import annotations

import mmap
import os
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from gvreader.archive.inside import is_plain, open_inside, reading_inside
from gvreader.archive.vault.appender import sync_folder
from gvreader.archive.vault.file_names import TORN_FOLDER
from gvreader.warc import (
    MAX_FIELDS_BYTES,
    MEMBER_HEADER,
    RecordFields,
    bare,
    parse_fields,
    request_id_of,
)

_STEP: Final = 1 << 16
_LOST_SECTOR: Final = bytes(512)


@dataclass(frozen=True, slots=True, kw_only=True)
class TornTail:
    """Bytes behind the last whole exchange of a file, found when the vault was opened for writing.

    `saved`: the file inside the vault folder that now holds them; None when they are not a torn write but
    damaged records, which were left where they are (the next capture begins a new file).
    """

    file: str
    offset: int
    bytes: int
    saved: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Member:
    start: int
    end: int
    state: Literal["whole", "cut", "damaged"]
    fields: RecordFields


def mend_tail(path: Path, indexed: int | None = None) -> TornTail | None:
    """Cut a torn write off the file's end and save its bytes in the folder `torn`; None if all is whole.

    `indexed` is the offset of the last record that the library knows: bytes up to it were written whole once, so
    that what is wrong with them is damage, which is never cut.
    A file of which nothing remains is removed. Raises OSError; the bytes are cut only after they are saved.
    """
    size = path.lstat().st_size
    if not size and indexed is None:
        _remove(path)
        return None
    if not size:
        return TornTail(file=path.name, offset=0, bytes=0, saved=None)
    with (
        reading_inside(path, below=2) as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data,
    ):
        end = _whole_end(data)
        if end == size:
            return None
        is_torn = (indexed is None or indexed < end) and _is_torn(data, end)
        saved = _save(path, data[end:], end) if is_torn else None
    if saved and end:
        _truncate(path, end)
    elif saved:
        _remove(path)
    return TornTail(file=path.name, offset=end, bytes=size - end, saved=saved)


def _whole_end(data: mmap.mmap) -> int:
    """Where the last whole exchange, or the file's warcinfo alone, ends; read from the end backwards."""
    position = len(data)
    while (start := data.rfind(MEMBER_HEADER, 0, position)) >= 0:
        member = _member(data, start)
        if member.state == "whole" and _closes_exchange(data, member):
            return member.end
        position = start
    return 0


def _closes_exchange(data: mmap.mmap, member: _Member) -> bool:
    if member.fields.get("WARC-Type") != "request":
        return request_id_of(member.fields) is None
    start = data.rfind(MEMBER_HEADER, 0, member.start)
    if start < 0:
        return False
    response = _member(data, start)
    return (
        response.state == "whole"
        and response.end == member.start
        and request_id_of(response.fields) == bare(member.fields.get("WARC-Record-ID"))
    )


def _is_torn(data: mmap.mmap, end: int) -> bool:
    """Whether the bytes from `end` on come from a write that was not finished, not from damage done later."""
    if data.find(_LOST_SECTOR, end) >= 0:
        return True
    while end < len(data):
        if not MEMBER_HEADER.startswith(data[end : end + 3]):
            return True
        member = _member(data, end)
        if member.state != "whole":
            return member.state == "cut"
        end = member.end
    return True


def _member(data: mmap.mmap, start: int) -> _Member:
    """The gzip member that begins at `start`, decoded to its checksum."""
    inflate = zlib.decompressobj(zlib.MAX_WBITS | 16)
    head, length, position = b"", 0, start
    state: Literal["whole", "cut", "damaged"] = "whole"
    try:
        while not inflate.eof and position < len(data):
            step = data[position : position + _STEP]
            position += len(step)
            content = inflate.decompress(step)
            length += len(content)
            if len(head) < MAX_FIELDS_BYTES:
                head += content
        state = "whole" if inflate.eof else "cut"
    except zlib.error:
        state = "damaged"
    top, blank, _block = head.partition(b"\r\n\r\n")
    fields = parse_fields(top.partition(b"\n")[2]) if head.startswith(b"WARC/") else RecordFields(())
    declared = fields.get("Content-Length") or ""
    if state == "whole" and not (declared.isdecimal() and length == len(top + blank) + int(declared) + 4):
        state = "damaged"
    return _Member(start=start, end=position - len(inflate.unused_data), state=state, fields=fields)


def _save(path: Path, tail: bytes, offset: int) -> str:
    folder = path.parent / TORN_FOLDER
    folder.mkdir(exist_ok=True)
    # A crash between saving and cutting saves the same bytes again, under the same name.
    saved = folder / f"{path.name}.{offset}"
    number = 1
    while os.path.lexists(saved):
        if is_plain(saved) and saved.read_bytes() == tail:
            return f"{TORN_FOLDER}/{saved.name}"
        number += 1
        saved = folder / f"{path.name}.{offset}.{number}"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    with os.fdopen(open_inside(saved, flags, below=3), "wb") as file:
        file.write(tail)
        file.flush()
        os.fsync(file.fileno())
    sync_folder(folder)
    return f"{TORN_FOLDER}/{saved.name}"


def _truncate(path: Path, size: int) -> None:
    descriptor = open_inside(path, os.O_WRONLY, below=2)
    try:
        os.ftruncate(descriptor, size)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove(path: Path) -> None:
    path.unlink()
    sync_folder(path.parent)
