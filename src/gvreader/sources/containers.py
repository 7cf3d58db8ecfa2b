"""WARC and ARC files on disk or inside WACZ (ZIP) files, opened without ever unpacking to a named file."""

from __future__ import annotations

import io
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, Final

from gvreader.sources.items import Anomaly

_ZIP_MAGIC: Final = (b"PK\x03\x04", b"PK\x05\x06")
_ARCHIVE_NAMES: Final = (".warc", ".warc.gz", ".warc.zst", ".arc", ".arc.gz")
_WACZ: Final = ".wacz"
_MOST_NESTED: Final = 3
_MOST_CONTAINERS: Final = 100
_LOCAL_HEADER: Final = struct.Struct("<4s22xHH")
_IS_ENCRYPTED: Final = 1
# A deflated entry is unpacked to a nameless temporary file: neither larger nor denser than this.
_MAX_UNPACKED: Final = 8 << 30
_DENSE_BYTES: Final = 64 << 20
_MAX_DENSITY: Final = 100
_STEP: Final = 1 << 20

UNREADABLE: Final = (OSError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)
"""What reading a broken file or ZIP entry can raise."""


@dataclass(frozen=True, slots=True)
class Part:
    """One WARC or ARC file: a path, or an entry of the WACZ at that path, or of a WACZ within it, and so on."""

    path: Path
    chain: tuple[zipfile.ZipInfo, ...] = ()

    @property
    def entry(self) -> str | None:
        return "/".join(info.filename for info in self.chain) if self.chain else None

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """The file's bytes, seekable. Raises one of `UNREADABLE`.

        The directory of a ZIP is not read again for each of its entries, of which there may be many thousand.
        """
        with ExitStack() as stack:
            file: BinaryIO = stack.enter_context(self.path.open("rb"))
            for info in self.chain:
                file = stack.enter_context(_entry(file, info))
            yield file


@contextmanager
def _entry(file: BinaryIO, info: zipfile.ZipInfo) -> Iterator[BinaryIO]:
    """The bytes of an entry of the ZIP in `file`."""
    packed = io.BufferedReader(_Slice(file, info))
    if info.compress_type == zipfile.ZIP_STORED:
        yield packed
        return
    with tempfile.TemporaryFile() as unpacked:
        _inflate(packed, info, unpacked)
        unpacked.seek(0)
        yield unpacked


def is_zip(path: Path) -> bool:
    """Whether the file begins as a ZIP does. Raises OSError."""
    with path.open("rb") as file:
        return file.read(4) in _ZIP_MAGIC


def parts(path: Path) -> Iterator[Part | Anomaly]:
    """The WARC and ARC files that a path stands for: itself, or those in a WACZ and in the WACZ files within it."""
    try:
        if not is_zip(path):
            yield Part(path)
            return
    except UNREADABLE as error:
        yield Anomaly(
            kind="unreadable", path=path, detail=str(error), is_read_error=isinstance(error, OSError)
        )
        return
    waiting = [Part(path)]
    read = 0
    while waiting:
        container = waiting.pop(0)
        read += 1
        for found in _entries(container):
            if isinstance(found, Anomaly) or not _is_wacz(found):
                yield found
            elif len(found.chain) > _MOST_NESTED or read + len(waiting) >= _MOST_CONTAINERS:
                detail = "a WACZ within more of them than anybody makes"
                yield Anomaly(kind="unreadable", path=path, entry=shown(found.entry or ""), detail=detail)
            else:
                waiting.append(found)


def _entries(container: Part) -> Iterator[Part | Anomaly]:
    """What of a ZIP holds records, or is a WACZ again."""
    path = container.path
    entry = shown(container.entry) if container.entry else None
    try:
        with container.open() as file:
            size = file.seek(0, io.SEEK_END)
            with zipfile.ZipFile(file) as archive:
                entries = archive.infolist()
    except UNREADABLE as error:
        yield Anomaly(
            kind="unreadable",
            path=path,
            entry=entry,
            detail=str(error),
            is_read_error=isinstance(error, OSError),
        )
        return
    found = [info for info in entries if info.filename.lower().endswith((*_ARCHIVE_NAMES, _WACZ))]
    if not found:
        yield Anomaly(kind="not-archive", path=path, entry=entry, detail="no WARC file in this ZIP")
    seen: set[str] = set()
    for info in found:
        part = Part(path, (*container.chain, info))
        reason = "the name occurs twice" if info.filename in seen else _refusal(info, size)
        seen.add(info.filename)
        if reason:
            yield Anomaly(kind="unreadable", path=path, entry=shown(part.entry or ""), detail=reason)
        else:
            yield part


def _is_wacz(part: Part) -> bool:
    return part.chain[-1].filename.lower().endswith(_WACZ)


def shown(name: str) -> str:
    """An entry's name as it may be shown: without control characters."""
    return "".join(character if character.isprintable() else "\ufffd" for character in name)


def _refusal(info: zipfile.ZipInfo, size: int) -> str | None:
    """Why an entry of a ZIP of `size` bytes is not read, if so."""
    if info.flag_bits & _IS_ENCRYPTED:
        return "the entry is encrypted"
    if info.compress_type == zipfile.ZIP_STORED:
        return None
    if info.compress_type != zipfile.ZIP_DEFLATED:
        return "the entry is compressed in a way that web archives do not know"
    if info.file_size > _MAX_UNPACKED:
        return "the entry is too large"
    if info.file_size > _DENSE_BYTES and info.file_size > min(info.compress_size, size) * _MAX_DENSITY:
        return "the entry unpacks to more than a hundred times its size"
    return None


def _inflate(packed: BinaryIO, info: zipfile.ZipInfo, unpacked: IO[bytes]) -> None:
    """Unpack a deflated entry. Raises BadZipFile or zlib.error for one that is not what its ZIP says."""
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    left, checksum = info.file_size, 0
    while left > 0 and not inflater.eof:
        more = inflater.unconsumed_tail or packed.read(_STEP)
        piece = inflater.decompress(more, min(_STEP, left))
        if not (more or piece):
            break
        checksum = zlib.crc32(piece, checksum)
        unpacked.write(piece)
        left -= len(piece)
    if left or checksum != info.CRC:
        raise zipfile.BadZipFile("the entry is damaged")


class _Slice(io.RawIOBase):
    """The bytes of a ZIP entry as they lie there, read from the ZIP file itself."""

    def __init__(self, file: BinaryIO, info: zipfile.ZipInfo) -> None:
        file.seek(info.header_offset)
        header = file.read(_LOCAL_HEADER.size)
        if len(header) < _LOCAL_HEADER.size or not header.startswith(_ZIP_MAGIC[0]):
            raise zipfile.BadZipFile("the entry's local header is missing")
        _magic, name, extra = _LOCAL_HEADER.unpack(header)
        self._file = file
        self._start = info.header_offset + _LOCAL_HEADER.size + name + extra
        self._size = info.compress_size
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        wanted = max(0, min(len(view), self._size - self._at))
        self._file.seek(self._start + self._at)
        data = self._file.read(wanted)
        view[: len(data)] = data
        self._at += len(data)
        return len(data)
