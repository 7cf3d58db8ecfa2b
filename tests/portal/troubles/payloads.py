"""What the bytes of a response look like: codings, character sets, sizes, header lines."""

from __future__ import annotations

import gzip
import re
import struct
import unicodedata
import zlib
from dataclasses import dataclass
from functools import lru_cache
from itertools import repeat
from typing import Final

from gvreader.demo.exchange import Ask, Line, PortalReply, Wire
from tests.packing import gzipped
from tests.portal.faults import Fault, Honest

MEGABYTE: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Bomb(Fault):
    """A few hundred kilobytes of gzip that unfold to `megabytes`."""

    megabytes: int = 256

    def answer(self, ask: Ask, honest: Honest) -> PortalReply:
        return PortalReply()

    def wire(self, wire: Wire) -> Wire:
        wire.body = _bomb(self.megabytes)
        wire.set(b"Content-Encoding", b"gzip")
        wire.set(b"Content-Length", str(len(wire.body)).encode())
        return wire


@lru_cache(maxsize=4)
def _bomb(megabytes: int) -> bytes:
    """One gzip member; a fully flushed block of spaces can be repeated as it is."""
    page = b" " * MEGABYTE
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(page) + packer.flush(zlib.Z_FULL_FLUSH)
    checksum = 0
    for _ in range(megabytes):
        checksum = zlib.crc32(page, checksum)
    trailer = struct.pack("<II", checksum, megabytes * MEGABYTE & 0xFFFFFFFF)
    return b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff" + block * megabytes + b"\x03\x00" + trailer


@dataclass(frozen=True, slots=True)
class Oversized(Fault):
    """A page of `megabytes`, honestly announced and not compressed."""

    megabytes: int = 64

    def answer(self, ask: Ask, honest: Honest) -> PortalReply:
        return PortalReply(media_type="text/html")

    def send(self, wire: Wire, line: Line) -> None:
        wire.set(b"Content-Length", str(self.megabytes * MEGABYTE).encode())
        line.closed = True
        line.write(wire.head)
        for block in repeat(b"<p>x</p>" * (MEGABYTE // 8), self.megabytes):
            line.write(block)


@dataclass(frozen=True, slots=True)
class Endless(Fault):
    """A chunked page that never ends, as fast as the client reads."""

    def answer(self, ask: Ask, honest: Honest) -> PortalReply:
        return PortalReply()

    def send(self, wire: Wire, line: Line) -> None:
        wire.set(b"Content-Length", None)
        wire.set(b"Transfer-Encoding", b"chunked")
        line.closed = True
        line.write(wire.head)
        block = b"<p>khong het</p>" * 4096
        while line.wait(0.001):
            line.write(b"%x\r\n%b\r\n" % (len(block), block))


@dataclass(frozen=True, slots=True)
class WrongCoding(Fault):
    """A plain body that claims a content coding."""

    coding: str = "gzip"

    def wire(self, wire: Wire) -> Wire:
        wire.body = _decoded(wire)
        wire.set(b"Content-Encoding", self.coding.encode())
        wire.set(b"Content-Length", str(len(wire.body)).encode())
        return wire


@dataclass(frozen=True, slots=True)
class Corrupt(Fault):
    """A gzip body with a flipped byte in the middle."""

    def wire(self, wire: Wire) -> Wire:
        body = bytearray(gzipped(_decoded(wire) or b"corrupt"))
        for index in range(len(body) // 2, min(len(body) // 2 + 16, len(body))):
            body[index] ^= 0x5A
        wire.body = bytes(body)
        wire.set(b"Content-Encoding", b"gzip")
        wire.set(b"Content-Length", str(len(wire.body)).encode())
        return wire


@dataclass(frozen=True, slots=True)
class InvalidHeaders(Fault):
    """A right page below header lines that are none: raw 8-bit text, control bytes, a line without a colon."""

    lines: bytes = (
        "X-Đơn-vị: Ủy ban nhân dân huyện\r\n".encode()
        + b"X-Powered-By: PHP/5.3 \xff\xfe\x80\r\n"
        + b"Set-Cookie: l\xe3ng=\x01\x02; path=/\r\n"
        + b"no colon here\r\n"
    )

    def wire(self, wire: Wire) -> Wire:
        wire.extra_lines += self.lines
        return wire


@dataclass(frozen=True, slots=True)
class Charset(Fault):
    """The page in `encoding`, declared as `declared` in the header and in the page's own meta element."""

    encoding: str
    declared: str

    def wire(self, wire: Wire) -> Wire:
        kind = (wire.get(b"Content-Type") or b"").partition(b";")[0]
        if kind != b"text/html" or wire.status != 200:
            return wire
        page = _decoded(wire).decode("utf-8", "replace")
        page = re.sub(r'(?i)(charset=["\']?)utf-8', rf"\g<1>{self.declared}", page)
        wire.body = encoded(page, self.encoding)
        wire.set(b"Content-Encoding", None)
        wire.set(b"Content-Type", kind + b"; charset=" + self.declared.encode())
        wire.set(b"Content-Length", str(len(wire.body)).encode())
        return wire


def encoded(text: str, encoding: str) -> bytes:
    """Text in a legacy encoding; windows-1258 carries Vietnamese as letters with combining tones."""
    if encoding != "windows-1258":
        return text.encode(encoding, "xmlcharrefreplace")
    return "".join(_in_windows_1258(character) for character in unicodedata.normalize("NFC", text)).encode(
        "cp1258", "xmlcharrefreplace"
    )


@lru_cache(maxsize=1024)
def _in_windows_1258(character: str) -> str:
    try:
        character.encode("cp1258")
    except UnicodeEncodeError:
        parts = unicodedata.normalize("NFD", character)
        tones = [mark for mark in parts if mark in "\u0300\u0301\u0303\u0309\u0323"]
        letter = unicodedata.normalize("NFC", "".join(mark for mark in parts if mark not in tones))
        return letter + "".join(tones)
    return character


def _decoded(wire: Wire) -> bytes:
    return gzip.decompress(wire.body) if wire.get(b"Content-Encoding") == b"gzip" else wire.body
