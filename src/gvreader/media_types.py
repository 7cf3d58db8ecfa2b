"""The kinds of files that portals publish: one table of media types, their suffixes, and where each is welcome."""

from __future__ import annotations

import re
from typing import Final

from gvreader.frozen import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaType:
    """One kind of file. `suffixes` are in lower case, the usual one first.

    `attached`: a link to it is an attachment of an article; `saved`: it is taken in beside a saved page; `viewed`: it
    is handed to the system's viewer; `copied`: exports keep its suffix, which no browser runs.
    """

    name: str
    suffixes: tuple[str, ...]
    attached: bool = False
    saved: bool = False
    viewed: bool = False
    copied: bool = False


_OFFICE: Final = "application/vnd.openxmlformats-officedocument"
_OPEN: Final = "application/vnd.oasis.opendocument"


def _document(name: str, suffix: str, *, saved: bool = False, viewed: bool = True) -> MediaType:
    return MediaType(name=name, suffixes=(suffix,), attached=True, saved=saved, viewed=viewed, copied=True)


MEDIA_TYPES: Final = (
    MediaType(name="image/jpeg", suffixes=("jpg", "jpeg", "jfif"), saved=True, viewed=True),
    MediaType(name="image/png", suffixes=("png",), saved=True, viewed=True),
    MediaType(name="image/gif", suffixes=("gif",), saved=True, viewed=True),
    MediaType(name="image/webp", suffixes=("webp",), saved=True, viewed=True),
    MediaType(name="image/bmp", suffixes=("bmp",), saved=True),
    MediaType(name="image/svg+xml", suffixes=("svg",), saved=True),  # it may hold scripts
    _document("application/pdf", "pdf", saved=True),
    _document("application/msword", "doc", saved=True),
    _document(f"{_OFFICE}.wordprocessingml.document", "docx", saved=True),
    _document("application/vnd.ms-excel", "xls", saved=True),
    _document(f"{_OFFICE}.spreadsheetml.sheet", "xlsx", saved=True),
    _document("application/vnd.ms-powerpoint", "ppt"),
    _document(f"{_OFFICE}.presentationml.presentation", "pptx"),
    _document("application/rtf", "rtf"),
    _document(f"{_OPEN}.text", "odt", saved=True),
    _document(f"{_OPEN}.spreadsheet", "ods", viewed=False),
    _document("application/zip", "zip", saved=True),
    _document("application/vnd.rar", "rar", saved=True, viewed=False),
    _document("application/x-7z-compressed", "7z", viewed=False),
    _document("text/csv", "csv"),
    MediaType(name="text/plain", suffixes=("txt",), viewed=True, copied=True),
    MediaType(name=f"{_OPEN}.presentation", suffixes=("odp",), copied=True),
    MediaType(name="application/epub+zip", suffixes=("epub",), copied=True),
    MediaType(name="audio/mpeg", suffixes=("mp3",), copied=True),
    MediaType(name="audio/mp4", suffixes=("m4a",), copied=True),
    MediaType(name="audio/wav", suffixes=("wav",), copied=True),
    MediaType(name="audio/ogg", suffixes=("ogg",), copied=True),
    MediaType(name="video/mp4", suffixes=("mp4",), copied=True),
)

ATTACHED: Final = {suffix: one.name for one in MEDIA_TYPES if one.attached for suffix in one.suffixes}
"""Suffix without its point → media type, of files that articles attach."""
SAVED: Final = {f".{suffix}": one.name for one in MEDIA_TYPES if one.saved for suffix in one.suffixes}
"""Suffix with its point → media type, of files that are taken in beside a saved page."""
COPIED: Final = tuple(suffix for one in MEDIA_TYPES if one.copied for suffix in one.suffixes)
"""Suffixes that copies of an article's files keep."""
_VIEWED: Final = {one.name: f".{one.suffixes[0]}" for one in MEDIA_TYPES if one.viewed}


def any_suffix(suffixes: tuple[str, ...]) -> str:
    """A regular expression that matches each of the suffixes, the longest first."""
    return "|".join(re.escape(suffix) for suffix in sorted(suffixes, key=lambda one: (-len(one), one)))


def viewed_as(media_type: str) -> str | None:
    """The suffix under which a file is handed to the system's viewer; None for a kind that might be a program."""
    return _VIEWED.get(media_type)
