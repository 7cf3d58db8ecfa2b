"""HTTP content codings (RFC 9110 section 8.4): decoding in bounded steps. Pure functions on bytes.

`pieces` decodes a stream while it arrives, `decode` a whole body. Neither ever holds more than its limit
and one step of decoded bytes, so that a small hostile body cannot fill the memory.

A coding that the header names but the body does not have (a common lie) leaves the body as it is.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from io import BytesIO
from typing import Final, Protocol

from gvreader.extras import install_command

STEP: Final = 64 * 1024
"""Bytes that one step of one coding yields at most (zstd: up to 384 KiB)."""

MAX_LAYERS: Final = 5
"""Most codings that may be stacked on one body; more are an attack, not a server."""

_SLICE: Final = 16 * 1024
_MAX_MEMBERS: Final = 10_000
_TOO_EARLY: Final = "the compressed stream ends too early"
_TRAILER: Final = struct.Struct("<II")
_GZIP_MAGIC: Final = b"\x1f\x8b"
_GZIP_START: Final = b"\x1f\x8b\x08"
_ZSTD_MAGIC: Final = b"\x28\xb5\x2f\xfd"
_ZSTD_SKIPPABLE: Final = b"\x2a\x4d\x18"  # after one byte 0x50–0x5f
_ZSTD_SLICE: Final = 8  # a call yields all that it was given, and a block of 4 bytes can stand for 128 KiB
_ZSTD_WINDOW: Final = 8 * 1024 * 1024  # RFC 9659: the most that `zstd` may ask for over HTTP
_CONTROLS: Final = frozenset(range(32)) - frozenset(b"\t\n\f\r\x1b")
_TEXT: Final = bytes(byte for byte in range(256) if byte not in _CONTROLS)

# Registered codings that nothing here can undo; any other unknown name is a server's mistake, not a coding.
_UNSUPPORTED: Final = frozenset(
    {"compress", "x-compress", "dcb", "dcz", "sdch", "pack200-gzip", "exi", "aes128gcm", "bzip2", "xz"}
)


class CodingError(Exception):
    """A body that was not decoded to its end. `partial` holds what was decoded before."""

    def __init__(self, message: str, *, partial: bytes = b"") -> None:
        super().__init__(message)
        self.partial = partial


class TooLarge(CodingError):
    """The decoded body would pass the limit; `partial` is its beginning, exactly `limit` bytes."""


class BadCoding(CodingError):
    """The body is not what its Content-Encoding says."""


class TruncatedCoding(BadCoding):
    """The body ends in the middle of a compressed stream."""


class MissingDecoder(BadCoding):
    """The body needs an optional package. `extra` is the name of the extra that brings it."""

    def __init__(self, coding: str) -> None:
        package = "brotli" if coding == "br" else "zstandard"
        super().__init__(f"content coding {coding!r} needs an optional package: {install_command(package)}")
        self.extra = "codings"


class _Feed:
    """An iterator of byte chunks that can be looked into, and whose last slice can be given back."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._chunk = b""
        self._taken = 0

    def next(self) -> bytes:
        """The next slice of at most `_SLICE` bytes; empty at the end."""
        while self._taken >= len(self._chunk):
            chunk = next(self._chunks, None)
            if chunk is None:
                return b""
            self._chunk, self._taken = chunk, 0
        start = self._taken
        self._taken = min(start + _SLICE, len(self._chunk))
        return self._chunk[start : self._taken]

    def give_back(self, size: int) -> None:
        """Untake the last `size` bytes of the slice that `next` gave."""
        self._taken -= size

    def peek(self, size: int) -> bytes:
        """The next `size` bytes without taking them; fewer at the end."""
        while len(self._chunk) - self._taken < size:
            chunk = next(self._chunks, None)
            if chunk is None:
                break
            self._chunk, self._taken = self._chunk[self._taken :] + chunk, 0
        return self._chunk[self._taken : self._taken + size]

    def take(self, size: int) -> bytes:
        """The next `size` bytes; fewer at the end."""
        taken = self.peek(size)
        self._taken += len(taken)
        return taken

    def rest(self) -> Iterator[bytes]:
        while chunk := self.next():
            yield chunk


class _Inflater(Protocol):
    """The part of `zlib.decompressobj()` used here."""

    @property
    def eof(self) -> bool: ...
    @property
    def unconsumed_tail(self) -> bytes: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = ..., /) -> bytes: ...


def _inflate(inflater: _Inflater, feed: _Feed) -> Iterator[bytes]:
    """One zlib-like stream in steps; what follows it is given back."""
    while chunk := feed.next():
        while True:
            piece = inflater.decompress(chunk, STEP)
            if piece:
                yield piece
            if inflater.eof:
                feed.give_back(len(inflater.unused_data))
                return
            chunk = inflater.unconsumed_tail
            if not chunk and len(piece) < STEP:
                break
    raise TruncatedCoding(_TOO_EARLY)


def _gzip(feed: _Feed) -> Iterator[bytes]:
    """Every member (RFC 1952 section 2.2); bytes after the last one are padding and ignored."""
    if feed.peek(2) != _GZIP_MAGIC:
        yield from _mislabelled(feed)
        return
    for member in range(_MAX_MEMBERS):
        yielded = False
        try:
            for piece in _member(feed):
                yielded = True
                yield piece
        except zlib.error as error:
            if yielded or not member:
                raise BadCoding(f"gzip: {error}") from error
            return
        if feed.peek(2) != _GZIP_MAGIC:
            return
    raise BadCoding(f"gzip: more than {_MAX_MEMBERS} members")


def _member(feed: _Feed) -> Iterator[bytes]:
    """One gzip member. Its trailer may be missing, since the data say where they end, but not be wrong."""
    _skip_gzip_header(feed)
    checksum = size = 0
    for piece in _inflate(zlib.decompressobj(wbits=-15), feed):
        checksum, size = zlib.crc32(piece, checksum), size + len(piece)
        yield piece
    trailer = feed.take(_TRAILER.size)
    if len(trailer) == _TRAILER.size and _TRAILER.unpack(trailer) != (checksum, size & 0xFFFFFFFF):
        raise zlib.error("incorrect data check")


def _skip_gzip_header(feed: _Feed) -> None:
    """RFC 1952 section 2.3. Raises zlib.error and TruncatedCoding."""
    header = feed.take(10)
    if len(header) < 10:
        raise TruncatedCoding(_TOO_EARLY)
    method, flags = header[2], header[3]
    if method != 8 or flags & 0xE0:
        raise zlib.error("not a gzip header")
    if flags & 4:
        feed.take(int.from_bytes(feed.take(2), "little"))
    for flag in (8, 16):
        while flags & flag:
            byte = feed.take(1)
            if not byte:
                raise TruncatedCoding(_TOO_EARLY)
            if byte == b"\0":
                break
    if flags & 2:
        feed.take(2)


def _mislabelled(feed: _Feed) -> Iterator[bytes]:
    """A body that has another coding than its header names, if it shows itself, or none."""
    start = feed.peek(4)
    if start[:3] == _GZIP_START:
        yield from _gzip(feed)
    elif _is_zstd_frame(start):
        yield from _zstd(feed)
    else:
        yield from feed.rest()


def _is_zlib_header(start: bytes) -> bool:
    return (
        len(start) == 2
        and start[0] & 0x0F == 8
        and start[0] >> 4 <= 7
        and (start[0] << 8 | start[1]) % 31 == 0
    )


def _zlib(feed: _Feed, wbits: int) -> Iterator[bytes]:
    try:
        yield from _inflate(zlib.decompressobj(wbits=wbits), feed)
    except zlib.error as error:
        raise BadCoding(f"deflate: {error}") from error


def _brotli(feed: _Feed) -> Iterator[bytes]:
    try:
        import brotli
    except ImportError as error:
        raise MissingDecoder("br") from error
    if not hasattr(brotli.Decompressor, "can_accept_more_data"):  # before 1.2 a bomb could not be stopped
        raise MissingDecoder("br")
    decoder = brotli.Decompressor()
    try:
        while not decoder.is_finished():
            chunk = feed.next()
            piece = decoder.process(chunk, output_buffer_limit=STEP)
            while piece:  # output may be waiting although all input was taken
                yield piece
                piece = decoder.process(b"", output_buffer_limit=STEP)
            if not chunk and not decoder.is_finished():
                raise TruncatedCoding(_TOO_EARLY)
    except brotli.error as error:
        raise BadCoding("br: the stream is corrupt") from error


def _deflate(feed: _Feed) -> Iterator[bytes]:
    """A zlib stream (RFC 9110 section 8.4.1.2), or bare deflate, which some servers send instead."""
    decoders: list[_Decoder] = [lambda source: _zlib(source, -15)]
    if _is_zlib_header(feed.peek(2)):
        decoders.insert(0, lambda source: _zlib(source, 15))
    yield from _first_that_fits("deflate", decoders, feed)


def _br(feed: _Feed) -> Iterator[bytes]:
    yield from _first_that_fits("br", [_brotli], feed)


def _first_that_fits(coding: str, decoders: list[_Decoder], feed: _Feed) -> Iterator[bytes]:
    """A coding without a magic number: the first decoder that can begin, else gzip or text by its looks."""
    start = feed.peek(_SLICE)
    if not start:
        return
    is_text = not start[:512].translate(None, _TEXT)
    missing: MissingDecoder | None = None
    for decoder in decoders:
        try:
            next(decoder(_Feed([start])), None)
        except MissingDecoder as error:
            missing = error
            continue
        except TruncatedCoding:
            if is_text:
                continue
        except BadCoding:
            continue
        yield from decoder(feed)
        return
    if is_text or is_packed(start):
        yield from _mislabelled(feed)
        return
    raise missing or BadCoding(f"{coding}: the body is something else")


def _zstd(feed: _Feed) -> Iterator[bytes]:
    """Every frame (RFC 8878); skippable ones say nothing."""
    if not _is_zstd_frame(feed.peek(4)):
        yield from _mislabelled(feed)
        return
    try:
        import zstandard
    except ImportError as error:
        raise MissingDecoder("zstd") from error
    try:
        for _ in range(_MAX_MEMBERS):
            if not _is_zstd_frame(feed.peek(4)):
                return
            frame = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW).decompressobj()
            while not frame.eof:
                chunk = feed.next()
                if not chunk:
                    raise TruncatedCoding(_TOO_EARLY)
                taken = 0
                while taken < len(chunk) and not frame.eof:
                    if piece := frame.decompress(chunk[taken : taken + _ZSTD_SLICE]):
                        yield piece
                    taken = min(taken + _ZSTD_SLICE, len(chunk))
                feed.give_back(len(chunk) - taken + len(frame.unused_data))
        raise BadCoding(f"zstd: more than {_MAX_MEMBERS} frames")
    except zstandard.ZstdError as error:
        raise BadCoding("zstd: the stream is corrupt or asks for too much memory") from error


def _is_zstd_frame(start: bytes) -> bool:
    return start == _ZSTD_MAGIC or (start[1:4] == _ZSTD_SKIPPABLE and start[0] >> 4 == 5)


_Decoder = Callable[[_Feed], Iterator[bytes]]
_DECODERS: Final[Mapping[str, _Decoder]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _br,
    "zstd": _zstd,
}


def is_packed(body: bytes) -> bool:
    """Whether a body begins as gzip or zstd do, which prove their own ends."""
    return body[:3] == _GZIP_START or _is_zstd_frame(body[:4])


def layers(content_encoding: str | None) -> tuple[str, ...]:
    """The codings that a header names, in the order applied, without `identity` and names of no coding."""
    tokens = (
        token.partition(";")[0].strip(" \t\"'").lower() for token in (content_encoding or "").split(",")
    )
    return tuple(token for token in tokens if token in _DECODERS or token in _UNSUPPORTED)


def _bounded(decoded: Iterable[bytes], limit: int) -> Iterator[bytes]:
    """The same pieces, the last one cut to fit; TooLarge where the limit is passed."""
    room = limit
    for piece in decoded:
        if len(piece) > room:
            yield piece[:room]
            raise TooLarge(f"more than {limit} bytes when decoded")
        room -= len(piece)
        yield piece


def _unlabelled(feed: _Feed, depth: int) -> Iterator[bytes]:
    """What is still packed once the named codings are undone, as long as it shows itself."""
    start = feed.peek(4)
    is_packed = start[:3] == _GZIP_START or _is_zstd_frame(start)
    if not is_packed or not depth:
        yield from feed.rest()
        return
    yield from _unlabelled(_Feed(_mislabelled(feed)), depth - 1)


def pieces(
    chunks: Iterable[bytes], content_encoding: str | None, *, limit: int, sniff: bool = False
) -> Iterator[bytes]:
    """The decoded body of a stream of chunks, a step at a time, at most `limit` bytes in all.

    `sniff`: what is packed without a header that says so is unpacked as well. Raises TooLarge or BadCoding
    after all that could be decoded. Chunks after the end of the compressed stream are not asked for.
    """
    applied = layers(content_encoding)
    if len(applied) > MAX_LAYERS:
        raise BadCoding(f"{len(applied)} content codings on one body")
    decoded: Iterable[bytes] = chunks
    for coding in reversed(applied):
        if coding in _UNSUPPORTED:
            raise BadCoding(f"content coding {coding!r} is not supported")
        # What a layer between holds may be a little more than the body: stored blocks, headers.
        decoded = _bounded(_DECODERS[coding](_Feed(decoded)), limit + STEP)
    if sniff:
        decoded = _unlabelled(_Feed(decoded), MAX_LAYERS)
    yield from _bounded(decoded, limit)


def decode(body: bytes, content_encoding: str | None, *, limit: int, sniff: bool = False) -> bytes:
    """`body` without its content codings, at most `limit` bytes; `sniff` as in `pieces`.

    Raises TooLarge as soon as the limit is passed, BadCoding for what cannot be decoded; both carry what
    was decoded before in `partial`.
    """
    if not layers(content_encoding) and not (sniff and is_packed(body)):
        if len(body) > limit:
            raise TooLarge(f"{len(body)} bytes, more than {limit}", partial=body[:limit])
        return body
    output = BytesIO()  # getvalue() gives its buffer without a copy
    try:
        for piece in pieces([body], content_encoding, limit=limit, sniff=sniff):
            output.write(piece)
    except CodingError as error:
        error.partial = output.getvalue()
        raise
    return output.getvalue()
