"""The check of a whole vault: every byte read, every digest computed, every reference followed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from gvreader.archive.inside import is_plain, reading_inside
from gvreader.archive.vault.file_names import TORN_FOLDER, FileName, list_names, parse_name
from gvreader.archive.vault.findings import Finding
from gvreader.archive.vault.reader import Header, StoredExchange, capture_from, original_of, walk
from gvreader.errors import ArchiveDamaged
from gvreader.model import Capture, RecordRef
from gvreader.warc import MEMBER_HEADER, Record, check_digests, parse_response

_Places = dict[str, dict[int, str]]
"""For each file, the ids of its responses and revisits by their offsets."""


Witness = Callable[[RecordRef, Capture], None]
"""Told of each whole capture and its place."""


def check_vault(
    folder: Path, expected: Iterable[RecordRef] | None, witness: Witness | None = None
) -> Iterator[Finding]:
    """Everything that is not as it should be; see `Vault.verify`. Raises OSError."""
    names = list_names(folder)
    yield from _strangers(folder)
    yield from _gaps(names)
    places: _Places = {}
    damaged: set[tuple[str, int | None]] = set()
    for name in names:
        for finding in _check_file(folder / str(name), places, witness):
            if finding.kind != "torn-tail":
                damaged.add((finding.file, finding.offset))
            yield finding
    if expected is not None:
        yield from _compare(places, damaged, expected)


def _check_file(path: Path, places: _Places, witness: Witness | None) -> Iterator[Finding]:
    own = places.setdefault(path.name, {})
    has_header = False
    with reading_inside(path, below=2) as raw:
        for item in walk(path):
            if isinstance(item, Finding):
                yield item
            elif isinstance(item, Header):
                has_header = True
                yield from _altered_header(raw, path.name, 0, item.warcinfo_id)
            else:
                if not has_header:
                    has_header = True
                    detail = "the file does not begin with a readable warcinfo record"
                    yield Finding(kind="damaged-record", file=path.name, offset=0, detail=detail)
                own[item.response.offset] = item.response.id or ""
                for record in (item.response, item.request):
                    if record:
                        yield from _altered_header(raw, path.name, record.offset, record.id)
                wrong = list(_check_exchange(path.name, item, places))
                yield from wrong
                if witness is not None and not wrong:
                    _show(path, item, witness)


def _show(path: Path, exchange: StoredExchange, witness: Witness) -> None:
    response = exchange.response
    with suppress(ArchiveDamaged):  # what it repeats is damaged, and a finding of its own
        capture = capture_from(path.parent, exchange, path.name)
        witness(RecordRef(file=path.name, offset=response.offset, record_id=response.id or ""), capture)


def _check_exchange(file: str, exchange: StoredExchange, places: _Places) -> Iterator[Finding]:
    for record in (exchange.response, exchange.request):
        detail = _wrong_digest(record) if record else None
        if record and detail:
            yield Finding(
                kind="wrong-digest", file=file, offset=record.offset, record_id=record.id, detail=detail
            )
    response = exchange.response
    if response.type == "revisit":
        original = original_of(response)
        if original is None or places.get(original.file, {}).get(original.offset) != original.record_id:
            detail = f"refers to {original.file}:{original.offset}" if original else "refers to no place"
            yield Finding(
                kind="dangling-revisit",
                file=file,
                offset=response.offset,
                record_id=response.id,
                detail=detail,
            )


def check_exchange(exchange: StoredExchange) -> str | None:
    """What is wrong with the records of one exchange; None when their bytes have their digests."""
    for record in (exchange.response, exchange.request):
        detail = _wrong_digest(record) if record else None
        if detail:
            return detail
    return None


def _altered_header(raw: BinaryIO, file: str, offset: int, record_id: str | None) -> Iterator[Finding]:
    """Gzip leaves most of a member's header unchecked; ours is always the same."""
    raw.seek(offset)
    if raw.read(len(MEMBER_HEADER)) != MEMBER_HEADER:
        detail = "the header of the gzip member was altered"
        yield Finding(kind="damaged-record", file=file, offset=offset, record_id=record_id, detail=detail)


def _wrong_digest(record: Record) -> str | None:
    if record.wrong_length:
        return "Content-Length is not the block's length"
    if check_digests(record.fields.get("WARC-Block-Digest"), record.block) == "mismatch":
        return "the block does not have its WARC-Block-Digest"
    if record.type != "response":
        return None
    head = parse_response(record.block)
    payload = memoryview(record.block)[head.size if head else 0 :]
    if check_digests(record.fields.get("WARC-Payload-Digest"), payload) == "mismatch":
        return "the payload does not have its WARC-Payload-Digest"
    return None


def _strangers(folder: Path) -> Iterator[Finding]:
    if not folder.is_dir():
        return
    for entry in sorted(folder.iterdir()):
        if entry.name != TORN_FOLDER and not (is_plain(entry) and parse_name(entry.name)):
            yield Finding(kind="foreign-file", file=entry.name, detail="not written by the vault; left alone")


def _gaps(names: tuple[FileName, ...]) -> Iterator[Finding]:
    """Serials of a portal count from 1 without gaps: a gap is a file that was there."""
    previous: FileName | None = None
    for name in names:
        last = previous.serial if previous and previous.portal == name.portal else 0
        for serial in range(last + 1, min(name.serial, last + 100)):
            detail = f"the portal's file number {serial} is gone"
            yield Finding(kind="missing-file", file=f"{name.portal}-*-{serial:05d}.warc.gz", detail=detail)
        previous = name


def _compare(
    places: _Places, damaged: set[tuple[str, int | None]], expected: Iterable[RecordRef]
) -> Iterator[Finding]:
    missing_files: set[str] = set()
    left = {file: dict(records) for file, records in places.items()}
    for ref in expected:
        if ref.file not in places:
            if ref.file not in missing_files:
                missing_files.add(ref.file)
                yield Finding(kind="missing-file", file=ref.file, detail="the library refers to it")
        elif places[ref.file].get(ref.offset) == ref.record_id:
            left[ref.file].pop(ref.offset, None)
        elif (ref.file, ref.offset) not in damaged:
            detail = "the library refers to it, but it is not there"
            yield Finding(
                kind="missing-record",
                file=ref.file,
                offset=ref.offset,
                record_id=ref.record_id,
                detail=detail,
            )
    for file, records in left.items():
        for offset, record_id in records.items():
            yield Finding(kind="unindexed-record", file=file, offset=offset, record_id=record_id)
