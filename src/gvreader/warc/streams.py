"""Decoded bytes of an archive file and their places: gzip members, zstd frames or plain, in bounded steps."""

from __future__ import annotations

import zlib
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, Final, Literal, Protocol

DamageKind = Literal["truncated", "corrupt", "bomb", "codec"]

GZIP_MAGIC: Final = b"\x1f\x8b"
ZSTD_MAGIC: Final = b"\x28\xb5\x2f\xfd"
_RAW_STEP: Final = 1 << 16
# The first step is small so that a record's id comes out even when the end of a short member is damaged.
_FIRST_STEP: Final = 1 << 8
_STEP: Final = 1 << 18
# One input byte of zstd can stand for 32 KiB: bound the output of a step by bounding its input.
_ZSTD_STEP: Final = 1 << 10
_BOMB_BYTES: Final = 1 << 28
_BOMB_RATIO: Final = 400
_PROBE_BYTES: Final = 1 << 12
_SEARCH_STEP: Final = 1 << 20
_PADDING: Final = b"\x00\r\n\t "
_RECORD: Final = b"WARC/"


@dataclass(frozen=True, slots=True)
class Damage:
    """Where decoding stopped: file offset and decoded position of the member that cannot be read through."""

    offset: int
    position: int
    kind: DamageKind
    detail: str


class _PlainError(Exception):
    """Behind the last member the file goes on without compression, from `offset` on."""

    def __init__(self, offset: int) -> None:
        super().__init__(offset)
        self.offset = offset


class _DamageError(Exception):
    def __init__(self, offset: int, kind: DamageKind, detail: str) -> None:
        super().__init__(detail)
        self.offset, self.kind, self.detail = offset, kind, detail


class _Decompressor(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    @property
    def unconsumed_tail(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


class _Plain:
    def __init__(self, file: BinaryIO, start: int) -> None:
        file.seek(start)
        self._file = file
        self._start: int | None = start

    def read(self) -> tuple[bytes, int | None]:
        began, self._start = self._start, None
        return self._file.read(_RAW_STEP), began

    def resync(self, after: int, looks_right: Callable[[bytes], bool]) -> bool:
        return False


class _Members:
    """A file of compressed members in a row, each of which can be decoded on its own."""

    def __init__(
        self, file: BinaryIO, start: int, magic: bytes, new: Callable[[], _Decompressor], name: str
    ) -> None:
        self._file, self._magic, self._new, self._name = file, magic, new, name
        self._restart(start)

    def _restart(self, offset: int) -> None:
        self._file.seek(offset)
        self._raw = b""
        self._raw_end = offset
        self._member: _Decompressor | None = None
        self._offset = offset
        self._out = 0

    def _refill(self, wanted: int = 1) -> None:
        while len(self._raw) < wanted and (more := self._file.read(_RAW_STEP)):
            self._raw += more
            self._raw_end += len(more)

    def read(self) -> tuple[bytes, int | None]:
        """The next decoded bytes, and the member's file offset when they are its first; b"" at the end.

        Padding between members comes as it is. Raises _PlainError and _DamageError.
        """
        began = None
        while True:
            if self._member is None:
                self._skip_frames()
                self._refill(len(self._magic))
                self._offset = self._raw_end - len(self._raw)
                if not self._raw:
                    return b"", None
                if not self._raw.startswith(self._magic):
                    if padding := self._take_padding():
                        return padding, self._offset
                    self._refill(len(_RECORD))
                    if self._raw.startswith(_RECORD):
                        raise _PlainError(self._offset)
                    raise _DamageError(self._offset, "corrupt", f"no {self._name} member begins here")
                self._member, self._out, began = self._new(), 0, self._offset
            self._refill()
            data = self._step(self._member)
            if data:
                return data, began

    def _take_padding(self) -> bytes:
        padding = self._raw[: len(self._raw) - len(self._raw.lstrip(_PADDING))]
        self._raw = self._raw[len(padding) :]
        return padding

    def _step(self, member: _Decompressor) -> bytes:
        fed = self._raw
        try:
            data = member.decompress(fed, _STEP if self._out else _FIRST_STEP)
        except (zlib.error, ValueError) as error:
            raise _DamageError(self._offset, "corrupt", str(error)) from None
        self._out += len(data)
        if member.eof:
            self._raw, self._member = member.unused_data, None
            return data
        self._raw = member.unconsumed_tail
        if not fed and not data:
            raise _DamageError(
                self._offset, "truncated", f"the {self._name} member is cut off at the end of the file"
            )
        consumed = self._raw_end - len(self._raw) - self._offset
        if self._out > _BOMB_BYTES and self._out > consumed * _BOMB_RATIO:
            raise _DamageError(self._offset, "bomb", f"{consumed} bytes unpack to more than {self._out}")
        return data

    def _skip_frames(self) -> None:
        if self._magic != ZSTD_MAGIC:
            return
        self._refill(8)
        while len(self._raw) >= 8 and _is_skippable(self._raw):
            offset = self._raw_end - len(self._raw) + 8 + int.from_bytes(self._raw[4:8], "little")
            self._file.seek(offset)
            self._raw, self._raw_end = b"", offset
            self._refill(8)

    def resync(self, after: int, looks_right: Callable[[bytes], bool]) -> bool:
        """Go to the next member behind offset `after` whose content looks right; False when there is none."""
        window, base = b"", after + 1
        self._file.seek(base)
        size = _PROBE_BYTES
        while more := self._file.read(size):
            # Most damage is short: a file full of it must not be read through from each place anew.
            size = min(2 * size, _SEARCH_STEP)
            window += more
            found = window.find(self._magic)
            while found >= 0:
                if looks_right(self._probe(base + found)):
                    self._restart(base + found)
                    return True
                found = window.find(self._magic, found + 1)
            self._file.seek(base + len(window))
            keep = len(self._magic) - 1
            base, window = base + len(window) - keep, window[-keep:]
        return False

    def _probe(self, offset: int) -> bytes:
        self._file.seek(offset)
        try:
            return self._new().decompress(self._file.read(_PROBE_BYTES), _PROBE_BYTES)
        except (zlib.error, ValueError):
            return b""


class _ZstdMember:
    """One zstd frame behind the interface of zlib's decompressor."""

    def __init__(self, frame: _Decompressor, errors: type[Exception]) -> None:
        self._frame, self._errors = frame, errors
        self._tail = b""

    @property
    def eof(self) -> bool:
        return self._frame.eof

    @property
    def unused_data(self) -> bytes:
        return self._frame.unused_data + self._tail

    @property
    def unconsumed_tail(self) -> bytes:
        return self._tail

    def decompress(self, data: bytes, _max_length: int, /) -> bytes:
        self._tail = data[_ZSTD_STEP:]
        try:
            return self._frame.decompress(data[:_ZSTD_STEP])  # type: ignore[call-arg]
        except self._errors as error:
            raise ValueError(str(error)) from None


class _Unreadable:
    """Stands for a codec whose library is not installed."""

    def __init__(self, detail: str) -> None:
        self._detail = detail

    def read(self) -> tuple[bytes, int | None]:
        raise _DamageError(0, "codec", self._detail)

    def resync(self, after: int, looks_right: Callable[[bytes], bool]) -> bool:
        return False


def _is_skippable(raw: bytes) -> bool:
    return raw[1:4] == b"\x2a\x4d\x18" and raw[0] & 0xF0 == 0x50


def _zstd_members(file: BinaryIO, start: int) -> _Members | _Unreadable:
    try:
        import zstandard
    except ImportError:
        return _Unreadable("zstd-compressed archives need the package `zstandard` (the extra `codings`)")
    # A dictionary may lead the file in a skippable frame (.warc.zst convention), itself compressed or not.
    file.seek(0)
    head = file.read(8)
    dictionary = None
    if head[:4] == b"\x5d\x2a\x4d\x18":
        raw = file.read(min(int.from_bytes(head[4:8], "little"), 1 << 24))
        if raw.startswith(ZSTD_MAGIC):
            try:
                raw = zstandard.ZstdDecompressor().decompress(raw, max_output_size=1 << 24)
            except zstandard.ZstdError:
                return _Unreadable("the zstd dictionary at the file's start is damaged")
        dictionary = zstandard.ZstdCompressionDict(raw)

    def new() -> _Decompressor:
        decompressor = zstandard.ZstdDecompressor(dict_data=dictionary, max_window_size=1 << 27)
        return _ZstdMember(decompressor.decompressobj(), zstandard.ZstdError)  # type: ignore[arg-type]

    return _Members(file, start, ZSTD_MAGIC, new, "zstd")


def _gzip_decompressor() -> _Decompressor:
    return zlib.decompressobj(zlib.MAX_WBITS | 16)


class ByteSource:
    """The decoded bytes of a seekable file from `start` on, read forward, with push-back.

    After decoding fails, reads give what came before and then nothing; `damage` says why, `resync` goes on.
    """

    def __init__(self, file: BinaryIO, *, start: int = 0) -> None:
        self._file = file
        file.seek(start)
        magic = file.read(4)
        self._stream: _Plain | _Members | _Unreadable
        if magic.startswith(GZIP_MAGIC):
            self._stream = _Members(file, start, GZIP_MAGIC, _gzip_decompressor, "gzip")
        elif magic == ZSTD_MAGIC or (len(magic) == 4 and _is_skippable(magic)):
            self._stream = _zstd_members(file, start)
        else:
            self._stream = _Plain(file, start)
        self._buffer = b""
        self._at = 0
        self._end = 0
        self._starts: deque[tuple[int, int]] = deque([(0, start)])
        self._plain_from = 0 if isinstance(self._stream, _Plain) else None
        self.damage: Damage | None = None

    @property
    def position(self) -> int:
        """How many decoded bytes lie before the next one."""
        return self._end - len(self._buffer) + self._at

    def place(self) -> int:
        """The file offset of the next byte: exact in plain files, else of the member that holds it.

        Earlier places are forgotten: ask for increasing positions only.
        """
        position = self.position
        while len(self._starts) > 1 and self._starts[1][0] <= position:
            self._starts.popleft()
        start, offset = self._starts[0]
        is_plain = self._plain_from is not None and position >= self._plain_from
        return offset + position - start if is_plain else offset

    def turn_to_members(self) -> None:
        """Between two records of an uncompressed file: go on with the compressed member that begins here, if one does.

        Files that were put together from others hold both.
        """
        if self._plain_from is None or not self.peek(3).startswith(GZIP_MAGIC + b"\x08"):
            return
        offset, position = self.place(), self.position
        self._stream = _Members(self._file, offset, GZIP_MAGIC, _gzip_decompressor, "gzip")
        self._plain_from = None
        self._buffer, self._at, self._end = b"", 0, position
        self._starts = deque([(position, offset)])

    def members_within(self, size: int) -> list[int]:
        """How far ahead members begin in the next bytes, as far as these were peeked."""
        position = self.position
        return [start - position for start, _offset in self._starts if position < start <= position + size]

    def begins_member(self, ahead: int) -> bool:
        """Whether a compressed member begins `ahead` bytes behind the next byte; only as far as was peeked."""
        place = self.position + ahead
        return next((start == place for start, _offset in self._starts if start >= place), False)

    def fill(self) -> bool:
        """Decode one more step; False at the end or at damage."""
        if self.damage:
            return False
        try:
            data, began = self._stream.read()
        except _PlainError as error:
            self._stream = _Plain(self._file, error.offset)
            self._plain_from = self._end
            data, began = self._stream.read()
        except _DamageError as error:
            starts = [position for position, offset in self._starts if offset == error.offset]
            self.damage = Damage(error.offset, starts[0] if starts else self._end, error.kind, error.detail)
            return False
        if began is not None:
            self._starts.append((self._end, began))
        self._buffer = self._buffer[self._at :] + data
        self._at = 0
        self._end += len(data)
        return bool(data)

    def peek(self, size: int) -> bytes:
        """The next bytes without taking them; fewer at the end."""
        while len(self._buffer) - self._at < size and self.fill():
            pass
        return self._buffer[self._at : self._at + size]

    def read(self, size: int) -> bytes:
        """The next bytes; fewer at the end."""
        parts: list[bytes] = []
        while size > 0:
            part = self._buffer[self._at : self._at + size]
            self._at += len(part)
            size -= len(part)
            parts.append(part)
            if size and not self.fill():
                break
        return b"".join(parts)

    def skip(self, size: int) -> int:
        """Pass over bytes without keeping them; returns how many there were."""
        left = size
        while left > 0:
            passed = min(left, len(self._buffer) - self._at)
            self._at += passed
            left -= passed
            if left and not self.fill():
                break
        return size - left

    def readline(self, limit: int) -> bytes:
        """The next line with its line feed; cut at `limit` bytes or at the end."""
        searched = 0
        while True:
            found = self._buffer.find(b"\n", self._at + searched, self._at + limit)
            if found >= 0:
                return self.read(found + 1 - self._at)
            searched = min(len(self._buffer) - self._at, limit)
            if searched == limit or not self.fill():
                return self.read(searched)

    def unread(self, data: bytes) -> None:
        """Put back the last bytes that were read."""
        if len(data) <= self._at:
            self._at -= len(data)
            return
        self._buffer = data + self._buffer[self._at :]
        self._at = 0

    def resync(self, looks_right: Callable[[bytes], bool]) -> bool:
        """Drop what is left and go to the next readable member behind the damage; False if there is none."""
        if self.damage is None:
            return False
        after, self.damage = self.damage.offset, None
        self._buffer, self._at = b"", 0
        return self._stream.resync(after, looks_right)
