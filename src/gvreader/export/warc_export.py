"""The records of articles, byte for byte, in a new WARC file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol
from uuid import UUID

from gvreader import __version__
from gvreader.errors import ArchiveDamaged
from gvreader.model import RecordRef
from gvreader.warc import (
    Member,
    PackedExchange,
    Record,
    warcinfo_record,
    write_record,
)
from gvreader.warc.write import Output

_OFFSET_BITS: Final = 48


class RecordSource(Protocol):
    """The vault, as far as it is needed here."""

    def packed(self, ref: RecordRef) -> tuple[PackedExchange, RecordRef | None]:
        """The records at a reference and where the record lies that a revisit refers to."""

    def introduction(self, file: str) -> Member | None:
        """The warcinfo record of one of the vault's files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A response or revisit record and where it lies in the new file."""

    record: Record
    request: Record | None
    offset: int
    length: int


class Counting:
    """An output that knows how many bytes went through it."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self.size = 0

    def write(self, data: bytes, /) -> int:
        self._output.write(data)
        self.size += len(data)
        return len(data)


class WarcExport:
    """Records of a vault in one WARC file, each once, each behind those that it refers to.

    Nothing is packed anew: what is written are the vault's gzip members. A revisit brings the record that holds
    its payload. Records that cannot be read are left out and listed in `damaged`.
    """

    def __init__(
        self, output: Output, source: RecordSource, *, name: str, when: datetime, record_id: UUID, title: str
    ) -> None:
        self._output = Counting(output)
        self._source = source
        self._introduced: dict[str, int] = {}
        self._written: set[int] = set()
        self._lost: set[int] = set()
        self.damaged: list[str] = []
        info = {
            "software": f"gvreader/{__version__}",
            "format": "WARC File Format 1.1",
            "conformsTo": "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
            "description": title,
        }
        write_record(self._output, warcinfo_record(record_id.urn, when=when, filename=name, info=info))

    def add(self, refs: Iterable[RecordRef]) -> Iterator[Placed]:
        """Write the records that are not in the file yet, with their requests; yields each as it is placed."""
        for ref in refs:
            if self._place(ref) in self._written or self._place(ref) in self._lost:
                continue
            try:
                packed, original = self._source.packed(ref)
                if original is not None and self._place(original) not in self._written:
                    yield self._write(original, self._source.packed(original)[0])
                yield self._write(ref, packed)
            except ArchiveDamaged as error:
                # Said once: it is not tried again for the next article that has the same picture.
                self._lost.add(self._place(ref))
                self.damaged.append(str(error))

    def holds(self, ref: RecordRef) -> bool:
        """Whether a record has been written."""
        return self._place(ref) in self._written

    def _place(self, ref: RecordRef) -> int:
        """A reference as one small number: there are hundreds of thousands of them."""
        return self._introduced.setdefault(ref.file, len(self._introduced)) << _OFFSET_BITS | ref.offset

    def _write(self, ref: RecordRef, packed: PackedExchange) -> Placed:
        self._introduce(ref.file)
        offset = self._output.size
        self._output.write(packed.response.packed)
        length = self._output.size - offset
        if packed.request is not None:
            self._output.write(packed.request.packed)
        self._written.add(self._place(ref))
        return Placed(
            record=packed.response.record,
            request=packed.request.record if packed.request else None,
            offset=offset,
            length=length,
        )

    def _introduce(self, file: str) -> None:
        """The warcinfo record that the file's records point at, once."""
        start = self._place(RecordRef(file=file, offset=0, record_id=""))
        if start in self._written:
            return
        self._written.add(start)
        member = self._source.introduction(file)
        if member is not None:
            self._output.write(member.packed)
