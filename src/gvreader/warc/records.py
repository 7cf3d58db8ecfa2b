"""Records of WARC and ARC files of any maker, read forward. What cannot be read is a `Fault`, a value."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final, Literal

from gvreader.warc.digests import check_digests
from gvreader.warc.streams import ByteSource
from gvreader.warc.timestamps import format_date, parse_date

FaultKind = Literal["truncated", "corrupt", "bomb", "codec", "junk", "stray", "bad-record", "too-large"]

MAX_RECORD_BYTES: Final = 1 << 28
MAX_FIELDS_BYTES: Final = 1 << 24
_MAX_ARC_LINE: Final = 1 << 13
_BLANKS_AHEAD: Final = 64
_FIRST_SEARCH: Final = 1 << 10
_SEARCH_STEP: Final = 1 << 16

_PADDING: Final = b"\x00\r\n\t "
_MAGIC: Final = b"WARC"
# What is shorter cannot have been a record.
_SHORTEST_HEAD: Final = 100
_VERSION: Final = re.compile(rb"WARC/(\d+\.\d+)\s*")
_WARC_NEXT: Final = re.compile(rb"(?:(?:\r?\n){1,4}|\x00)(?=WARC/\d\.\d+\r?\n(?:WARC|Content)-)", re.I)
_ARC_NEXT: Final = re.compile(rb"\r?\n(?=[a-z][a-z0-9+.-]{1,20}:\S)")
_HOST_ADDRESS: Final = re.compile(rb"\d{1,3}(?:\.\d{1,3}){3}|[0-9a-fA-F:.]{2,45}|-")
_ARC_DATE: Final = re.compile(rb"\d{8}|\d{12}|\d{14}|\d{17}")


@dataclass(frozen=True, slots=True)
class RecordFields:
    """The named fields of a record in the order written; names compare without case."""

    pairs: tuple[tuple[str, str], ...]

    def get(self, name: str) -> str | None:
        """The first value of a field."""
        wanted = name.lower()
        return next((value for key, value in self.pairs if key.lower() == wanted), None)

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of a field."""
        wanted = name.lower()
        return tuple(value for key, value in self.pairs if key.lower() == wanted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One record. `offset`: where in the file reading must start to meet it (a gzip member's start).

    `wrong_length`: Content-Length was missing or untrue, the block was found by the next record's start.
    ARC records come with the WARC fields that say the same, `version` "ARC".
    """

    offset: int
    version: str
    fields: RecordFields
    block: bytes
    wrong_length: bool = False

    @property
    def type(self) -> str:
        """WARC-Type in lower case."""
        return (self.fields.get("WARC-Type") or "").strip().lower()

    @property
    def id(self) -> str | None:
        """WARC-Record-ID without its angle brackets."""
        return bare(self.fields.get("WARC-Record-ID"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Bytes that are no readable record, from `offset` on; `fields` as far as they could be read.

    "stray": a few bytes, or zeros, between or behind the records: nothing is missing.
    """

    kind: FaultKind
    offset: int
    detail: str
    fields: RecordFields = RecordFields(())


def bare(value: str | None) -> str | None:
    """A field's value without white space and angle brackets around it; None for nothing."""
    value = (value or "").strip()
    if value.startswith("<") and value.endswith(">"):
        value = value[1:-1].strip()
    return value or None


def parse_fields(block: bytes) -> RecordFields:
    """Named fields as in a record's head or in an `application/warc-fields` block."""
    return _fields(block.split(b"\n"))


def begins_archive(file: BinaryIO) -> bool:
    """Whether a seekable file begins with a record, compressed or not. Disk errors stay OSError."""
    return _begins_record(ByteSource(file).peek(_MAX_ARC_LINE))


def read_records(
    file: BinaryIO, *, start: int = 0, limit: int = MAX_RECORD_BYTES
) -> Iterator[Record | Fault]:
    """Every record of a seekable file from offset `start` on.

    Gzip or zstd per record, compressed as a whole, or plain; WARC 0.17 to 1.1 and ARC. Records longer than
    `limit` are passed over. Memory is bounded by a few times the longest record. Disk errors stay OSError.
    """
    source = ByteSource(file, start=start)
    credit = _Credit(limit)
    while True:
        _skip_blank(source)
        source.turn_to_members()
        item = _next(source, limit, credit) if source.peek(1) else None
        damage = source.damage
        # Damage met while looking ahead concerns this record only when it reaches into the damaged member.
        if damage and (item is None or source.position > damage.position):
            fields = item.fields if item else RecordFields(())
            yield Fault(kind=damage.kind, offset=damage.offset, detail=damage.detail, fields=fields)
            if not source.resync(_begins_record):
                return
        elif item is None:
            return
        else:
            yield item


class _Credit:
    """How many bytes may be read at the word of Content-Length fields that prove untrue.

    What true ones bring is added, so that no file of lies takes longer than in proportion to its size.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._left = most

    def covers(self, length: int) -> bool:
        return length <= self._left

    def kept(self, length: int) -> None:
        self._left = min(self._most, self._left + length)

    def broken(self, length: int) -> None:
        self._left -= length


def _next(source: ByteSource, limit: int, credit: _Credit) -> Record | Fault:
    offset = source.place()
    line = source.readline(_MAX_ARC_LINE)
    version = _VERSION.fullmatch(line)
    if version:
        fields, is_complete = _read_fields(source)
        if not is_complete:
            _skip_to_next(source)
            detail = "the record's head has no end"
            return Fault(kind="bad-record", offset=offset, detail=detail, fields=fields)
    elif arc_fields := _arc_fields(line):
        fields = arc_fields
    else:
        source.unread(line)
        skipped = _skip_to_next(source)
        if skipped.is_stray:
            return Fault(kind="stray", offset=offset, detail=f"{skipped.size} bytes")
        return Fault(kind="junk", offset=offset, detail=f"no record begins with {line[:40]!r}")
    declared = (fields.get("Content-Length") or "").strip()
    length = int(declared) if re.fullmatch(r"[0-9]{1,18}", declared) else None
    if length is not None and length > limit:
        source.skip(length)
        if not _at_boundary(source):
            _skip_to_next(source)
        return Fault(kind="too-large", offset=offset, detail=f"{length} bytes", fields=fields)
    if length is not None and credit.covers(length):
        block = source.read(length)
        if len(block) == length and (
            _at_boundary(source) or _is_closed(source, block) or _is_proven(fields, block)
        ):
            credit.kept(length)
            return Record(offset=offset, version=_version(version), fields=fields, block=block)
        credit.broken(len(block))
        source.unread(block)
    return _unmeasured(source, offset, _version(version), fields, length, limit)


def _unmeasured(
    source: ByteSource, offset: int, version: str, fields: RecordFields, declared: int | None, limit: int
) -> Record | Fault:
    """A record whose Content-Length is no help: its block ends where the next record begins."""
    block, found = _read_to_next(source, limit)
    if not found and len(block) > limit:
        _skip_to_next(source)
        return Fault(kind="too-large", offset=offset, detail=f"more than {limit} bytes", fields=fields)
    if not found:
        if not block.endswith(b"\r\n\r\n"):
            return Fault(
                kind="truncated", offset=offset, detail="the file ends inside the record", fields=fields
            )
        block = block[:-4]
    return Record(
        offset=offset, version=version, fields=fields, block=block, wrong_length=len(block) != declared
    )


def _version(match: re.Match[bytes] | None) -> str:
    return match[1].decode() if match else "ARC"


def _is_proven(fields: RecordFields, block: bytes) -> bool:
    return check_digests(fields.get("WARC-Block-Digest"), block) == "match"


def _is_closed(source: ByteSource, block: bytes) -> bool:
    """Whether the two line breaks that close a record follow; behind an HTTP head they are its own."""
    return source.peek(4) == b"\r\n\r\n" and (b"\r\n\r\n" in block or not block.startswith(b"HTTP/"))


def _skip_blank(source: ByteSource) -> None:
    while ahead := source.peek(_BLANKS_AHEAD):
        blanks = len(ahead) - len(ahead.lstrip(b"\r\n"))
        source.skip(blanks)
        if blanks < len(ahead):
            return


def _at_boundary(source: ByteSource) -> bool:
    """Whether the next thing, blank lines aside, is a record, a compressed member or the end."""
    ahead = source.peek(2 * _BLANKS_AHEAD)
    rest = ahead.lstrip(b"\r\n")
    if not rest or rest.startswith(b"WARC/") or source.begins_member(len(ahead) - len(rest)):
        return True
    line, _feed, _rest = source.peek(_MAX_ARC_LINE).lstrip(b"\r\n").partition(b"\n")
    return _arc_fields(line) is not None


def _begins_record(content: bytes) -> bool:
    content = content.lstrip(b"\r\n")
    return content.startswith(b"WARC/") or _arc_fields(content.partition(b"\n")[0]) is not None


def _read_to_next(source: ByteSource, limit: int) -> tuple[bytes, bool]:
    """The bytes before the next record's start and whether there is one; a little over `limit` at most."""
    data = bytearray()
    size = _FIRST_SEARCH
    while len(data) <= limit:
        searched = max(0, len(data) - _MAX_ARC_LINE - 64)
        step, member = _read_towards_member(source, size)
        size = min(2 * size, _SEARCH_STEP)
        data += step
        found = _find_next(data, searched)
        if found:
            source.unread(bytes(data[found[1] :]))
            return bytes(data[: found[0]]), True
        if member:
            return bytes(data).removesuffix(b"\r\n\r\n"), True
        if not step:
            break
    return bytes(data), False


@dataclass(frozen=True, slots=True)
class _Skipped:
    """What lay before the next record. `is_stray`: too little, or nothing but zeros, so that no record is missing."""

    size: int
    is_stray: bool


def _skip_to_next(source: ByteSource) -> _Skipped:
    begin = source.position
    tail = b"\n"
    is_padding = True
    has_head = source.peek(len(_MAGIC)).startswith(_MAGIC)
    while True:
        step, member = _read_towards_member(source, _SEARCH_STEP)
        data = bytearray(tail + step)
        found = _find_next(data, 0)
        if found:
            source.unread(bytes(data[found[1] :]))
            step = step[: max(0, found[0] - len(tail))]
        is_padding = is_padding and not step.strip(_PADDING)
        if found or member or not step:
            break
        tail = bytes(data[-_MAX_ARC_LINE - 64 :])
    size = source.position - begin
    return _Skipped(size, is_padding or (size < _SHORTEST_HEAD and not has_head))


def _read_towards_member(source: ByteSource, size: int) -> tuple[bytes, bool]:
    """The next bytes, up to a compressed member that begins a record, if there is one; and whether there is."""
    ahead = source.peek(size)
    for distance in source.members_within(len(ahead)):
        if _begins_record(ahead[distance : distance + _MAX_ARC_LINE]):
            return source.read(distance), True
    return source.read(size), False


def _find_next(data: bytearray, start: int) -> tuple[int, int] | None:
    """Where the blank lines before the next record begin and end."""
    warc = _WARC_NEXT.search(data, start)
    for arc in _ARC_NEXT.finditer(data, start, warc.start() if warc else len(data)):
        end = data.find(b"\n", arc.end(), arc.end() + _MAX_ARC_LINE)
        if end >= 0 and _arc_fields(bytes(data[arc.end() : end])):
            return arc.start(), arc.end()
    return (warc.start(), warc.end()) if warc else None


def _read_fields(source: ByteSource) -> tuple[RecordFields, bool]:
    """The fields up to the blank line that ends them, and whether there is one."""
    lines: list[bytes] = []
    left = MAX_FIELDS_BYTES
    while line := source.readline(left):
        left -= len(line)
        if not line.strip(b"\r\n"):
            return _fields(lines), True
        if not line.endswith(b"\n"):
            break
        lines.append(line)
    return _fields(lines), False


def _fields(lines: Iterable[bytes]) -> RecordFields:
    pairs: list[tuple[str, list[str]]] = []
    for raw in lines:
        line = _text(raw.rstrip(b"\r\n"))
        name, colon, value = line.partition(":")
        if line[:1] in (" ", "\t") and pairs:
            pairs[-1][1].append(line.strip())
        elif colon:
            pairs.append((name.strip(), [value.strip(" \t")]))
    return RecordFields(tuple((name, " ".join(filter(None, folds))) for name, folds in pairs))


def _text(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _arc_fields(line: bytes) -> RecordFields | None:
    """The WARC fields that say what the head line of an ARC record says; None when it is none.

    ARC 1 has five fields (address, host address, time, media type, length), ARC 2 ten; media types with
    spaces shift them.
    """
    line = line.rstrip(b"\r\n")
    if len(line) >= _MAX_ARC_LINE or b":" not in line:
        return None
    for count in (4, 9, 5, 6, 7):
        parts = line.rsplit(b" ", count)
        if len(parts) != count + 1 or not parts[-1].isdigit():
            continue
        if _HOST_ADDRESS.fullmatch(parts[1]) and _ARC_DATE.fullmatch(parts[2]):
            return _as_warc(
                _text(parts[0]), _text(parts[1]), _text(parts[2]), _text(parts[3]), _text(parts[-1])
            )
    return None


def _as_warc(url: str, address: str, date: str, media_type: str, length: str) -> RecordFields:
    when = parse_date(date)
    kind = "arc-header" if url.startswith("filedesc:") else "response"
    pairs = [("WARC-Type", kind), ("WARC-Target-URI", url), ("Content-Length", length)]
    if when:
        pairs.append(("WARC-Date", format_date(when)))
    if address.strip("-0."):
        pairs.append(("WARC-IP-Address", address))
    pairs.append(("ARC-Media-Type", media_type))
    return RecordFields(tuple(pairs))
