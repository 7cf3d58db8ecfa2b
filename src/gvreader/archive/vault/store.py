"""The vault: captures into WARC files and out again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Final, Literal, Self
from uuid import UUID, uuid4

from gvreader import __version__
from gvreader.archive.inside import reading_inside
from gvreader.archive.vault.appender import Appender, sync_folder
from gvreader.archive.vault.failures import storage_failed
from gvreader.archive.vault.file_names import (
    FileName,
    check_portal_name,
    list_names,
    new_name,
    parse_name,
)
from gvreader.archive.vault.findings import Finding
from gvreader.archive.vault.integrity import check_exchange, check_vault
from gvreader.archive.vault.reader import (
    ORIGIN_FIELD,
    PORTAL_FIELD,
    Header,
    StoredExchange,
    capture_from,
    exchange_at,
    original_of,
    packed_at,
    read_header,
    walk,
)
from gvreader.archive.vault.tail import TornTail, mend_tail
from gvreader.errors import ArchiveDamaged, GvreaderError
from gvreader.i18n import _
from gvreader.model import Capture, RecordRef
from gvreader.warc import (
    MAX_RECORD_BYTES,
    BadMemberError,
    Member,
    Original,
    PackedExchange,
    RecordDraft,
    digest_of,
    exchange_records,
    member_at,
    warcinfo_record,
)

MAX_FILE_BYTES: Final = 256 << 20
MOST_OPEN: Final = 64

Mode = Literal["read", "write"]


class Vault:
    """Captures in a folder of WARC files, appended and read at offsets; bytes once written never change.

    One vault at a time may be open for writing on a folder (the archive's lock sees to that); any number may
    read meanwhile. Not for use by several threads at once.
    """

    def __init__(
        self,
        folder: Path,
        *,
        mode: Mode,
        clock: Callable[[], datetime],
        new_id: Callable[[], UUID] = uuid4,
        max_file_bytes: int = MAX_FILE_BYTES,
        indexed: Callable[[str], int | None] = lambda _file: None,
    ) -> None:
        """Open the vault in `folder`; use `open`, which says what it does about torn tails."""
        self.folder = folder
        self._mode = mode
        self._clock = clock
        self._new_id = new_id
        self._max_file_bytes = max_file_bytes
        self._indexed = indexed
        self._appenders: dict[str, Appender] = {}
        self._latest: dict[str, FileName] | None = None
        self.torn: tuple[TornTail, ...] = self._mend() if mode == "write" else ()

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        mode: Mode,
        clock: Callable[[], datetime],
        indexed: Callable[[str], int | None] = lambda _file: None,
    ) -> Self:
        """Open a vault. "write" makes the folder and cuts torn writes off its newest files, see `torn`.

        `indexed` gives the offset of the last record of a file that the library knows: nothing up to it is torn.
        "read" changes nothing and takes a missing folder for an empty vault. Raises StorageFailed.
        """
        return cls(folder, mode=mode, clock=clock, indexed=indexed)

    def append(
        self, portal: str, origin: str, capture: Capture, *, same_as: RecordRef | None = None
    ) -> RecordRef:
        """Write a capture to disk for good and say where it is.

        With `same_as` only a revisit record is written, if the record there does have the same payload (or
        the capture is an empty 304 about it); otherwise the capture is written in full. Raises StorageFailed,
        after which the file is as it was before, and UsageError for a portal name that no file can carry.
        """
        if self._mode != "write":
            raise RuntimeError("the vault is open for reading only")
        check_portal_name(portal)
        original = self._original(capture, same_as) if same_as else None
        record_id, request_id = self._new_id().urn, self._new_id().urn
        try:
            appender = self._appender(portal, origin)
            drafts = exchange_records(
                capture,
                record_id=record_id,
                request_id=request_id,
                warcinfo_id=appender.warcinfo_id,
                original=original,
            )
            offset = appender.append(drafts)
        except OSError as error:
            self._forget(portal)
            raise storage_failed(error, self.folder) from error
        return RecordRef(file=appender.path.name, offset=offset, record_id=record_id)

    def get(self, ref: RecordRef) -> Capture:
        """The capture at a reference, equal to the one appended. Raises ArchiveDamaged and StorageFailed."""
        return capture_from(self.folder, exchange_at(self.folder, ref), ref.file)

    def packed(self, ref: RecordRef) -> tuple[PackedExchange, RecordRef | None]:
        """The records at a reference byte for byte, and where the record lies that a revisit refers to.

        Raises ArchiveDamaged and StorageFailed.
        """
        packed = packed_at(self.folder, ref)
        original = original_of(packed.response.record)
        if original is None:
            return packed, None
        return packed, RecordRef(file=original.file, offset=original.offset, record_id=original.record_id)

    def introduction(self, file: str) -> Member | None:
        """The warcinfo record that begins a file of the vault, byte for byte; None when it cannot be read."""
        if parse_name(file) is None:
            return None
        try:
            with reading_inside(self.folder / file, below=2) as stream:
                member = member_at(stream, 0, limit=MAX_RECORD_BYTES)
        except (OSError, BadMemberError):
            return None
        return member if member.record.type == "warcinfo" else None

    def proven(self, ref: RecordRef) -> Capture:
        """As `get`, with every digest of its records computed. Raises ArchiveDamaged and StorageFailed."""
        exchange = exchange_at(self.folder, ref)
        capture = capture_from(self.folder, exchange, ref.file)
        wrong = check_exchange(exchange)
        original = original_of(exchange.response)
        if wrong is None and original is not None:
            place = RecordRef(file=original.file, offset=original.offset, record_id=original.record_id)
            wrong = check_exchange(exchange_at(self.folder, place))
        if wrong is not None:
            raise ArchiveDamaged(
                _("The record {record} at {file}:{offset} was altered: {reason}.").format(
                    record=ref.record_id, file=ref.file, offset=ref.offset, reason=wrong
                )
            )
        return capture

    def scan(
        self,
        *,
        report: Callable[[Finding], None] | None = None,
        places: Mapping[str, int] | None = None,
    ) -> Iterator[tuple[RecordRef, str, Capture]]:
        """Every capture with its place and its portal's name; portal by portal, each in the order written.

        One capture is held at a time. What cannot be read is passed over and given to `report`. With `places`,
        only the files named there are read, each from the offset of a record on.
        """
        report = report or (lambda _finding: None)
        for name in self._names():
            if places is not None and str(name) not in places:
                continue
            portal = name.portal
            for item in self._items(name, places[str(name)] if places else 0):
                if isinstance(item, Header):
                    portal = item.portal
                elif isinstance(item, Finding):
                    report(item)
                else:
                    ref = RecordRef(
                        file=str(name), offset=item.response.offset, record_id=item.response.id or ""
                    )
                    try:
                        capture = capture_from(self.folder, item, ref.file)
                    except ArchiveDamaged as error:
                        report(_unreadable(ref, error))
                    else:
                        yield ref, portal, capture

    def portals(self) -> dict[str, str]:
        """The origin of each portal that has captures here, by name, as last written."""
        origins: dict[str, str] = {}
        for name in self._names():
            path = self.folder / str(name)
            try:
                header = read_header(path)
            except OSError as error:
                raise storage_failed(error, path) from error
            if header:
                origins[header.portal] = header.origin
        return origins

    def files(self) -> tuple[Path, ...]:
        """The vault's files, portal by portal in the order written."""
        return tuple(self.folder / str(name) for name in self._names())

    def newest(self) -> tuple[str, ...]:
        """The file of each portal that was written last."""
        return tuple({name.portal: str(name) for name in self._names()}.values())

    def verify(
        self,
        expected: Iterable[RecordRef] | None = None,
        *,
        witness: Callable[[RecordRef, Capture], None] | None = None,
    ) -> Iterator[Finding]:
        """Read every byte and say what is wrong: checksums, digests, pairs, revisits, missing files.

        With `expected`, also what is referred to but not there, and the reverse. `witness` is told of every whole
        capture. Raises StorageFailed.
        """
        try:
            yield from check_vault(self.folder, expected, witness)
        except OSError as error:
            raise storage_failed(error, self.folder) from error

    def close(self) -> None:
        """Close every file; twice does no harm."""
        for appender in self._appenders.values():
            appender.close()
        self._appenders.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _names(self) -> tuple[FileName, ...]:
        try:
            return list_names(self.folder)
        except OSError as error:
            raise storage_failed(error, self.folder) from error

    def _items(self, name: FileName, start: int) -> Iterator[Header | StoredExchange | Finding]:
        path = self.folder / str(name)
        try:
            yield from walk(path, start=start)
        except OSError as error:
            raise storage_failed(error, path) from error

    def _mend(self) -> tuple[TornTail, ...]:
        """Make the folder, and cut torn writes off the files that writing may go on in."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            newest = {name.portal: name for name in list_names(self.folder)}
            tails = [mend_tail(self.folder / str(name), self._indexed(str(name))) for name in newest.values()]
        except OSError as error:
            raise storage_failed(error, self.folder) from error
        return tuple(tail for tail in tails if tail)

    def _appender(self, portal: str, origin: str) -> Appender:
        """The file to write a portal's next capture to. Raises OSError."""
        appender = self._appenders.pop(portal, None)
        if appender and not (appender.origin == origin and appender.size < self._max_file_bytes):
            appender.close()
            appender = None
        if appender is None:
            # An import may bring more portals than a process may have files open: who waited longest closes.
            while len(self._appenders) >= MOST_OPEN:
                self._forget(next(iter(self._appenders)))
            appender = self._reopened(portal, origin) or self._created(portal, origin)
        self._appenders[portal] = appender
        return appender

    def _reopened(self, portal: str, origin: str) -> Appender | None:
        """The portal's newest file, if it is whole, has room, and says the same of the portal."""
        newest = self._newest(portal)
        if newest is None:
            return None
        path = self.folder / str(newest)
        # An append that failed may have left bytes that could not be taken back.
        tail = mend_tail(path, self._indexed(str(newest)))
        if tail:
            self.torn += (tail,)
        if (tail and tail.saved is None) or not path.exists() or path.stat().st_size >= self._max_file_bytes:
            return None
        header = read_header(path)
        if header is None or (header.portal, header.origin) != (portal, origin):
            return None
        return Appender(path, warcinfo_id=header.warcinfo_id, origin=origin, create=False)

    def _created(self, portal: str, origin: str) -> Appender:
        now = self._clock()
        newest = self._newest(portal)
        name = new_name(portal, newest.serial + 1 if newest else 1, now)
        warcinfo_id = self._new_id().urn
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / str(name)
        appender = Appender(path, warcinfo_id=warcinfo_id, origin=origin, create=True)
        try:
            appender.append([_warcinfo(warcinfo_id, str(name), portal, origin, now)])
            sync_folder(self.folder)
        except BaseException:
            appender.close()
            path.unlink(missing_ok=True)
            raise
        if self._latest is not None:
            self._latest[portal] = name
        return appender

    def _newest(self, portal: str) -> FileName | None:
        """The portal's newest file. The folder is listed once: nobody else writes while we do."""
        if self._latest is None:
            self._latest = {name.portal: name for name in sorted(list_names(self.folder))}
        return self._latest.get(portal)

    def _forget(self, portal: str) -> None:
        appender = self._appenders.pop(portal, None)
        if appender:
            appender.close()

    def _original(self, capture: Capture, ref: RecordRef) -> Original | None:
        """What a revisit of `capture` may refer to; None when only the whole capture is safe to write."""
        try:
            record = exchange_at(self.folder, ref).response
            original = original_of(record)
            if original:
                ref = RecordRef(file=original.file, offset=original.offset, record_id=original.record_id)
                record = exchange_at(self.folder, ref).response
        except GvreaderError:
            return None
        digest = record.fields.get("WARC-Payload-Digest")
        is_unmodified = capture.status == 304 and not capture.body
        if record.type != "response" or not (is_unmodified or digest == digest_of(capture.body)):
            return None
        return Original(
            record_id=ref.record_id,
            url=record.fields.get("WARC-Target-URI") or "",
            date=record.fields.get("WARC-Date") or "",
            file=ref.file,
            offset=ref.offset,
        )


def _warcinfo(warcinfo_id: str, filename: str, portal: str, origin: str, now: datetime) -> RecordDraft:
    info = {
        "software": f"gvreader/{__version__}",
        "format": "WARC File Format 1.1",
        "conformsTo": "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        PORTAL_FIELD: portal,
        ORIGIN_FIELD: origin,
    }
    return warcinfo_record(warcinfo_id, when=now, filename=filename, info=info)


def _unreadable(ref: RecordRef, error: ArchiveDamaged) -> Finding:
    return Finding(
        kind="damaged-record", file=ref.file, offset=ref.offset, record_id=ref.record_id, detail=str(error)
    )
