"""Pictures and files of articles as local copies beside an export.

What a portal calls a picture need not be one: the kind of a picture is told by its bytes, and only kinds that
show without running anything are taken. Files keep an ending that no browser runs, or are not copied.
"""

from __future__ import annotations

import hashlib
import re
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from gvreader.media_types import COPIED, any_suffix
from gvreader.vietnamese import fold

FileSource = Callable[[str], bytes | None]
"""The archive's own bytes of a picture or file, content encoding undone, by address; None when it has none."""

_NAME_LENGTH: Final = 60
_SHORT: Final = 16

# Endings of files that open in a viewer of their own; whatever a browser would run as a page is not here.
_FILE_ENDING: Final = re.compile(rf"(?<=.)\.({any_suffix(COPIED)})\Z", re.I | re.S)


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureKind:
    media_type: str
    ending: str


_JPEG: Final = PictureKind(media_type="image/jpeg", ending="jpg")
_PNG: Final = PictureKind(media_type="image/png", ending="png")
_GIF: Final = PictureKind(media_type="image/gif", ending="gif")
# Start-of-frame markers; DHT, JPG and DAC lie between them.
_JPEG_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_WEBP: Final = PictureKind(media_type="image/webp", ending="webp")


def picture_kind(body: bytes) -> PictureKind | None:
    """What kind of picture the bytes are; None for what does not begin like a JPEG, PNG, GIF or WebP with a size."""
    if body.startswith(b"\xff\xd8\xff"):
        return _JPEG if _has_jpeg_size(body) else None
    if body.startswith(b"\x89PNG\r\n\x1a\n") and body[12:16] == b"IHDR":
        return _PNG if all(struct.unpack(">LL", body[16:24].ljust(8, b"\0"))) and b"IDAT" in body else None
    if body.startswith((b"GIF87a", b"GIF89a")):
        return _GIF if all(struct.unpack("<HH", body[6:10].ljust(4, b"\0"))) and len(body) > 20 else None
    if body.startswith(b"RIFF") and body[8:12] == b"WEBP" and len(body) > 30:
        return _WEBP
    return None


def _has_jpeg_size(body: bytes) -> bool:
    """Whether a frame header with a width and a height comes before the picture's data (ITU T.81, B.2)."""
    place = 2
    while body[place : place + 1] == b"\xff" and place + 9 < len(body):
        marker = body[place + 1]
        if marker == 0xFF:
            place += 1
        elif marker in _JPEG_FRAMES:
            return all(struct.unpack(">HH", body[place + 5 : place + 9]))
        elif marker == 0x01 or 0xD0 <= marker <= 0xD9:
            place += 2
        else:
            place += 2 + max(int.from_bytes(body[place + 2 : place + 4], "big"), 2)
    return False


def safe_name(text: str, *, longest: int = _NAME_LENGTH) -> str:
    """Lower-case letters a to z, digits and hyphens that still tell what `text` said; may be empty."""
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")[:longest].strip("-")


def digest_name(text: str) -> str:
    """A short name for a text, the same every time."""
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:_SHORT]


class Copies:
    """Local copies in a folder, made when they are first asked for; the same bytes are kept once."""

    def __init__(self, folder: Path, source: FileSource, *, pictures: str, files: str) -> None:
        """`pictures` and `files` are the names of the folders inside `folder` that copies go to."""
        self._folder = folder
        self._source = source
        self._pictures = pictures
        self._files = files

    def picture(self, url: str) -> str | None:
        """Where the copy of a picture lies, relative to the folder; None when there is none to show."""
        body = self._source(url)
        kind = picture_kind(body) if body else None
        if body is None or kind is None:
            return None
        name = f"{hashlib.sha256(body).hexdigest()}.{kind.ending}"
        return self._kept(f"{self._pictures}/{name[:2]}/{name}", body)

    def file(self, url: str, name: str = "") -> str | None:
        """Where the copy of a file lies, relative to the folder; None when there is none that opens safely.

        What it is, its address says or the `name` that the article gives it, or the bytes of a PDF.
        """
        in_address = unquote(urlsplit(url).path, errors="replace").rpartition("/")[2]
        match = _FILE_ENDING.search(in_address) or _FILE_ENDING.search(name.strip())
        body = self._source(url)
        is_pdf = body is not None and body.startswith(b"%PDF-")
        if body is None or (match is None and not is_pdf):
            return None
        ending = "pdf" if is_pdf or match is None else match[1].lower()
        said = in_address if _FILE_ENDING.search(in_address) else name or in_address
        stem = safe_name(_FILE_ENDING.sub("", said)) or "file"
        digest = hashlib.sha256(body).hexdigest()[:_SHORT]
        return self._kept(f"{self._files}/{digest[:2]}/{digest}-{stem}.{ending}", body)

    def _kept(self, name: str, body: bytes) -> str:
        place = self._folder / name
        if not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(body)
        return name
