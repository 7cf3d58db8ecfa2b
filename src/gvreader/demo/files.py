"""Small valid files made from nothing but the standard library: PDF and DOCX with Vietnamese text, PNG pictures.

The same arguments give the same bytes.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from functools import lru_cache
from math import sin
from random import Random
from typing import Final
from xml.sax.saxutils import escape

PDF: Final = "application/pdf"
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


# ── PDF ─────────────────────────────────────────────────────────────────────────────────────────


def pdf(lines: tuple[str, ...]) -> bytes:
    """One page of text (PDF 1.4). The font's encoding lists the glyphs used, so that Vietnamese can be copied out."""
    text = [part for line in lines for part in _wrapped(line, 86)][:52]
    codes = {
        character: 33 + index for index, character in enumerate(sorted(set("".join(text)) - {" "})[:220])
    }
    codes[" "] = 32
    shown = "\n".join(
        f"<{bytes(codes.get(character, 32) for character in line).hex()}> Tj T*" for line in text
    )
    content = f"BT /F1 11 Tf 56 786 Td 14 TL\n{shown}\nET".encode()
    differences = " ".join(f"{code} /uni{ord(character):04X}" for character, code in codes.items())
    mapping = "\n".join(f"<{code:02X}> <{ord(character):04X}>" for character, code in codes.items())
    unicode_map = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /U def /CMapType 2 def\n"
        "1 begincodespacerange <00> <FF> endcodespacerange\n"
        f"{_in_hundreds(mapping)}\nendcmap end end"
    ).encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources 7 0 R >>",
        _stream(content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 6 0 R"
        b" /Encoding << /Type /Encoding /Differences [" + differences.encode() + b"] >> >>",
        _stream(unicode_map),
        b"<< /Font << /F1 5 0 R >> >>",
    ]
    return _pdf_file(objects)


def _in_hundreds(mapping: str) -> str:
    """`bfchar` blocks of at most 100 entries, as the CMap specification asks."""
    entries = mapping.split("\n")
    blocks = [entries[start : start + 100] for start in range(0, len(entries), 100)]
    return "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)


def _stream(content: bytes) -> bytes:
    packed = zlib.compress(content)
    return b"<< /Length %d /Filter /FlateDecode >>\nstream\n%b\nendstream" % (len(packed), packed)


def _pdf_file(objects: list[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


def _wrapped(line: str, width: int) -> list[str]:
    lines, current = [], ""
    for word in line.split():
        if current and len(current) + len(word) >= width:
            lines.append(current)
            current = word
        else:
            current = f"{current} {word}".strip()
    return [*lines, current]


# ── DOCX ────────────────────────────────────────────────────────────────────────────────────────


def docx(lines: tuple[str, ...]) -> bytes:
    """A Word document with one paragraph a line."""
    paragraphs = "".join(
        f'<w:p><w:r><w:t xml:space="preserve">{escape(line)}</w:t></w:r></w:p>' for line in lines
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{DOCX}.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        '<Relationship Id="rId1" Target="word/document.xml"'
        ' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>',
        "word/document.xml": f'<w:document xmlns:w="{_WORD}"><w:body>{paragraphs}<w:sectPr/></w:body></w:document>',
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, body in parts.items():
            entry = zipfile.ZipInfo(name, date_time=(2020, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(entry, f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{body}')
    return buffer.getvalue()


# ── PNG ─────────────────────────────────────────────────────────────────────────────────────────

_SKIES: Final = (
    ((250, 196, 140), (120, 160, 210)), ((255, 236, 190), (110, 190, 230)), ((244, 168, 150), (86, 96, 160)),
    ((232, 240, 246), (136, 184, 216)), ((255, 214, 120), (214, 122, 96)),
)  # fmt: skip
_FIELDS: Final = ((118, 160, 62), (196, 178, 74), (86, 142, 72), (148, 172, 84))


@lru_cache(maxsize=64)
def picture(name: str, width: int = 480, height: int = 300) -> bytes:
    """A PNG landscape of karst hills over rice fields, another one for each name; `width` x `height` pixels."""
    random = Random(name)  # noqa: S311
    low_sky, high_sky = random.choice(_SKIES)
    field_colour = random.choice(_FIELDS)
    sky = [_mix(high_sky, low_sky, step / 63) for step in range(64)]
    hills = [_mix((52, 84, 96), low_sky, 0.62 - 0.2 * layer) for layer in range(3)]
    fields = [_mix(field_colour, (40, 70, 40), (step % 4) / 10) for step in range(32)]
    palette = [*sky, *hills, *fields, (255, 244, 214)]
    horizon = int(height * random.uniform(0.58, 0.72))
    sky_column = bytes(min(63, row * 64 // horizon) for row in range(horizon))
    field_column = bytes(
        67 + min(31, int((row / (height - horizon)) ** 0.6 * 32)) for row in range(height - horizon)
    )
    ridges = [_ridge(random, width, horizon, 0.62 - 0.16 * layer) for layer in range(3)]
    rows = bytearray(width * height)
    for x in range(width):
        column = bytearray(sky_column)
        for layer, ridge in enumerate(ridges):
            top = ridge[x]
            column[top:] = bytes([64 + layer]) * (horizon - top)
        rows[x::width] = column + field_column
    _sun(rows, random, width, horizon, ridges)
    return _png(width, height, palette, rows)


def _mix(one: tuple[int, int, int], other: tuple[int, int, int], share: float) -> tuple[int, int, int]:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _ridge(random: Random, width: int, horizon: int, reach: float) -> list[int]:
    """Row of the ridge at each column: a few round tops, as in the limestone hills of the region."""
    bumps = [(random.uniform(0, width), random.uniform(18, 70), random.uniform(0.3, 1)) for _ in range(7)]
    waves = [random.uniform(0, 6) for _ in range(2)]
    ridge = []
    for x in range(width):
        tops = (height * max(0.0, 1 - ((x - centre) / spread) ** 2) for centre, spread, height in bumps)
        rough = 0.03 * sin(x / 9 + waves[0]) + 0.05 * sin(x / 31 + waves[1])
        ridge.append(max(0, min(horizon, int(horizon * (1 - reach * max(0.12, max(tops)) - rough)))))
    return ridge


def _sun(rows: bytearray, random: Random, width: int, horizon: int, ridges: list[list[int]]) -> None:
    centre_x, centre_y, radius = (
        random.randint(40, width - 40),
        random.randint(30, horizon // 2),
        random.randint(12, 22),
    )
    for x in range(centre_x - radius, centre_x + radius):
        half = int((radius**2 - (x - centre_x) ** 2) ** 0.5)
        skyline = min(ridge[x] for ridge in ridges)
        for y in range(max(0, centre_y - half), min(centre_y + half, skyline)):
            rows[y * width + x] = 99


def _png(width: int, height: int, palette: list[tuple[int, int, int]], pixels: bytes | bytearray) -> bytes:
    """An 8-bit palette PNG; every row unfiltered."""
    raw = b"".join(b"\0" + pixels[row * width : (row + 1) * width] for row in range(height))

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    colours = b"".join(bytes(colour) for colour in palette)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"PLTE", colours)
        + chunk(b"IDAT", zlib.compress(raw, 6))
        + chunk(b"IEND", b"")
    )
