"""Captures that are files rather than pages: what they are, told by their bytes before their header."""

from __future__ import annotations

import hashlib
import re
from typing import Final

from gvreader.model import Media

_SIGNATURES: Final = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"BM", "image/bmp"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"PK\x03\x04", "application/zip"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"{\\rtf", "application/rtf"),
    (b"\x00\x00\x01\x00", "image/x-icon"),
)
_PAGE_TYPES: Final = (
    "text/html",
    "application/xhtml+xml",
    "text/xml",
    "application/xml",
    "application/rss+xml",
    "application/atom+xml",
    "application/rdf+xml",
    "",
)
_MARKUP: Final = re.compile(
    rb"^(?:\xef\xbb\xbf)?\s*(?:<!doctype|<html|<head|<body|<div|<\?xml|<rss|<feed|<!--|<meta|<title|<script|<table|<p\b|<ul|<li)",
    re.IGNORECASE,
)
_IMAGE_MEDIA: Final = re.compile(r"(?:image|audio|video|font)/")


def _signature(body: bytes) -> str | None:
    for mark, media_type in _SIGNATURES:
        if body.startswith(mark) and (mark != b"BM" or body[6:10] == b"\0\0\0\0"):
            return media_type
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return "image/webp"
    return None


def media_of(url: str, content_type: str, body: bytes) -> Media | None:
    """The file that an answer is, unread, or None where it is a page (whatever its header says)."""
    declared = content_type.partition(";")[0].strip().lower()
    sniffed = _signature(body)
    if sniffed is None:
        if not body or declared in _PAGE_TYPES or _MARKUP.match(body[:300]):
            return None
        if declared in ("text/plain", "application/json", "text/json") and body.lstrip()[:1] in (b"<", b"{"):
            return None
        if declared == "application/octet-stream" and b"<html" in body[:2000].lower():
            return None
    media_type = _media_type(declared, sniffed)
    return Media(
        url=url,
        media_type=media_type,
        bytes=len(body),
        sha256=hashlib.sha256(body).hexdigest(),
    )


def _media_type(declared: str, sniffed: str | None) -> str:
    if declared and (sniffed is None or _agrees(declared, sniffed)):
        return declared
    return sniffed or "application/octet-stream"


def _agrees(declared: str, sniffed: str) -> bool:
    """Whether a declared type can be what the bytes show (Office files are ZIP or OLE inside)."""
    if declared == sniffed:
        return True
    if sniffed in ("application/zip", "application/x-ole-storage"):
        return declared.startswith("application/vnd.") or declared == "application/msword"
    return False
