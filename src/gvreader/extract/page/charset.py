"""Bytes to text: the declared charset where it is true, the real one where it lies.

Valid UTF-8 with non-ASCII letters is UTF-8 whatever the page says; it hardly happens by chance.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import Final

from gvreader.extract.page.legacy import from_tcvn3, from_vni

_HEAD: Final = 4096
_META: Final = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]{2,40})""", re.IGNORECASE
)
_XML: Final = re.compile(
    rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9_:.-]{2,40})""", re.IGNORECASE
)
_HEADER: Final = re.compile(r"charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
_TCVN3_FONT: Final = re.compile(rb"\.Vn[A-Z][A-Za-z]{2,}")
_VNI_FONT: Final = re.compile(rb"VNI-[A-Z][A-Za-z]{2,}")
# Letters that only Vietnamese text has among the languages these code pages serve.
_VIETNAMESE: Final = re.compile(r"[ăâđêôơưĂĐƠƯ\u0300\u0301\u0303\u0309\u0323\u1ea0-\u1ef9]")
# What Vietnamese bytes look like under a wrong single-byte code page.
_MOJIBAKE: Final = re.compile(
    r"[\ufffd\x80-\x9f¡¢£¤¥¦§¨ª¬®¯°±²³´µ¶¸¹º¼½¾¿ÐÞßåæçðñøýþÿ]|[ÃÄÅÆ][\u0080-\u00bf]|á[º»]"
)
# What browsers read (WHATWG Encoding), by the names of Python's codecs; Python has others that are no charsets.
_CHARSETS: Final = frozenset((
    "ascii", "utf-8", "utf-16", "utf-16-le", "utf-16-be", "cp866", "cp874", "koi8-r", "koi8-u", "mac-roman",
    "mac-cyrillic", "gbk", "gb2312", "gb18030", "big5", "big5hkscs", "euc_jp", "iso2022_jp", "shift_jis",
    "cp932", "euc_kr", "cp949", "tis-620",
    *(f"iso8859-{part}" for part in (*range(1, 12), *range(13, 17))),
    *(f"cp{page}" for page in range(1250, 1259)),
))  # fmt: skip
_SINGLE_BYTE: Final = ("windows-1258", "windows-1252")
_AS_WINDOWS: Final = {
    "iso-8859-1": "windows-1252",
    "latin-1": "windows-1252",
    "latin1": "windows-1252",
    "us-ascii": "windows-1252",
    "ascii": "windows-1252",
    "utf8": "utf-8",
    "unicode": "utf-16",
    "x-user-defined": "windows-1252",
    "cp1258": "windows-1258",
    "x-windows-1258": "windows-1258",
    "windows-874": "cp874",
    "windows-31j": "cp932",
    "x-sjis": "cp932",
    "x-mac-cyrillic": "mac-cyrillic",
    "iso-8859-8-i": "iso-8859-8",
}


@dataclass(frozen=True, slots=True)
class Decoded:
    """A page's text. `replaced` is the share of characters that could not be read."""

    text: str
    charset: str
    replaced: float = 0.0


def _known(name: str | None) -> str | None:
    if not name:
        return None
    lowered = name.strip().lower()
    lowered = _AS_WINDOWS.get(lowered, lowered)
    try:
        info = codecs.lookup(lowered)
    except (LookupError, ValueError):
        return None
    return lowered if info.name in _CHARSETS else None


def declared(body: bytes, content_type: str | None) -> str | None:
    """The charset that the header, the XML declaration or a `<meta>` names, if browsers know it."""
    named = _HEADER.search(content_type or "")
    if named and (known := _known(named[1])):
        return known
    head = body[:_HEAD]
    found = _XML.search(head) or _META.search(head)
    return _known(found[1].decode("ascii")) if found else None


def _utf16(body: bytes) -> str | None:
    """UTF-16 without a mark: every other byte of the markup is zero."""
    head = body[:200]
    if len(head) >= 40 and head.count(0) > len(head) // 3:
        return "utf-16-le" if head[1::2].count(0) > head[0::2].count(0) else "utf-16-be"
    return None


def _looks(text: str) -> int:
    sample = text[:200_000]
    return len(_VIETNAMESE.findall(sample)) - 2 * len(_MOJIBAKE.findall(sample))


def _single_byte(body: bytes, named: str | None) -> Decoded:
    if _TCVN3_FONT.search(body):
        return Decoded(from_tcvn3(body.decode("latin-1")), "x-tcvn3")
    if _VNI_FONT.search(body):
        return Decoded(from_vni(body.decode("windows-1252", "replace")), "x-vni")
    candidates = [named] if named and not named.startswith("utf") else []
    candidates += [name for name in _SINGLE_BYTE if name not in candidates]
    texts = [(body.decode(name, "replace"), name) for name in candidates]
    # max keeps the first of equals, so the declaration wins ties.
    text, name = max(texts, key=lambda pair: _looks(pair[0]))
    if _looks(text) < 0 and (guess := _guessed(body)):
        text, name = guess
    return Decoded(text, name, text.count("\ufffd") / max(len(text), 1))


def _guessed(body: bytes) -> tuple[str, str] | None:
    """A second opinion on a page whose declared charset makes no sense."""
    from bs4.dammit import EncodingDetector  # slow to import and rarely needed

    for name in EncodingDetector(body[:200_000], is_html=True).encodings:
        if (known := _known(name)) is None:
            continue
        text = body.decode(known, "replace")
        if text.count("\ufffd") <= len(text) // 50 and _looks(text) >= 0:
            return text, known
    return None


def decode(body: bytes, content_type: str | None) -> Decoded:
    """The text of a page. Never raises: what cannot be read becomes U+FFFD."""
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if body.startswith(mark):
            text = body[len(mark) :].decode(name, "replace")
            return Decoded(text, name, text.count("\ufffd") / max(len(text), 1))
    if sixteen := _utf16(body):
        text = body.decode(sixteen, "replace")
        return Decoded(text, sixteen, text.count("\ufffd") / max(len(text), 1))
    named = declared(body, content_type)
    if body.isascii():
        # Fonts of the old code pages use letters above ASCII, so plain ASCII is what it seems.
        return Decoded(body.decode("ascii"), named or "utf-8")
    try:
        return Decoded(body.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        pass
    lenient = body.decode("utf-8", "replace")
    broken = lenient.count("\ufffd")
    valid = len(lenient.encode("utf-8", "replace")) - len(lenient) - 2 * broken
    if broken * 10 < valid:
        return Decoded(lenient, "utf-8", broken / max(len(lenient), 1))
    if named and not named.startswith("utf") and named not in _SINGLE_BYTE:
        text = body.decode(named, "replace")
        if text.count("\ufffd") <= len(text) // 50:
            return Decoded(text, named, text.count("\ufffd") / max(len(text), 1))
    return _single_byte(body, named)
