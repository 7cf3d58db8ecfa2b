"""Bytes to text: the declared charset where it is true, the real one where it lies.

Valid UTF-8 with non-ASCII letters is UTF-8 whatever the page says; it hardly happens by chance.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from gvreader.extract.page.legacy import from_tcvn3, from_vni
from gvreader.extract.page.text_damage import SAMPLE, repair, score

_HEAD: Final = 4096
_META: Final = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]{2,40})""", re.IGNORECASE
)
_XML: Final = re.compile(
    rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9_:.-]{2,40})""", re.IGNORECASE
)
_HEADER: Final = re.compile(r"charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
# The old fonts' charsets, and how the fonts are called.
_FONTS: Final = {
    "x-tcvn3": re.compile(rb"\.Vn[A-Z][A-Za-z]{2,}"),
    "x-vni": re.compile(rb"VNI-[A-Z][A-Za-z]{2,}"),
}
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
_TAG: Final = re.compile(rb"(<[^>]*+>?)")
# Pairs of surrogates, each written as three bytes (CESU-8).
_CESU: Final = re.compile(rb"\xed[\xa0-\xaf][\x80-\xbf]\xed[\xb0-\xbf][\x80-\xbf]")
# Bytes of passages in other charsets that are looked at closely; what is beyond is read leniently.
_MOST_MIXED: Final = 1 << 17
_SENSIBLE: Final = 0.5
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
    """A page's text. `replaced` is the share of characters that could not be read; `is_doubtful`: it looks garbled."""

    text: str
    charset: str
    replaced: float = 0.0
    is_doubtful: bool = False


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
    sample = text[:SAMPLE]
    return len(_VIETNAMESE.findall(sample)) - 2 * len(_MOJIBAKE.findall(sample))


def _merit(text: str) -> tuple[int, int]:
    """What readings of the same bytes are compared by: syllables first, then letters; bad bytes count against."""
    return score(text).sum - text[:SAMPLE].count("\ufffd"), _looks(text)


def _share_replaced(text: str) -> float:
    return text.count("\ufffd") / max(len(text), 1)


def _lenient(body: bytes) -> str:
    """UTF-8 in which surrogate pairs are the characters that they stand for, and bad bytes U+FFFD."""
    paired = _CESU.sub(_from_cesu, body)
    return paired.decode("utf-8", "replace")


def _from_cesu(match: re.Match[bytes]) -> bytes:
    return (
        match[0].decode("utf-8", "surrogatepass").encode("utf-16", "surrogatepass").decode("utf-16").encode()
    )


def _text_of(raw: bytes, name: str) -> str:
    """The text under a charset; `utf-8`: with passages in others, each read in its own."""
    if name == "utf-8":
        return _mixed(raw)
    if name == "x-tcvn3":
        return from_tcvn3(raw.decode("latin-1"))
    if name == "x-vni":
        return from_vni(raw.decode("windows-1252", "replace"))
    return raw.decode(name, "replace")


def _mixed(body: bytes) -> str:
    pieces: list[str] = []
    left = _MOST_MIXED
    for raw in _TAG.split(body):
        try:
            pieces.append(_CESU.sub(_from_cesu, raw).decode())
        except UnicodeDecodeError:
            readings = [_lenient(raw)]
            if raw[:1] != b"<" and left > 0:
                left -= len(raw)
                readings += [_text_of(raw, name) for name in (*_SINGLE_BYTE, *_FONTS)]
            pieces.append(max(readings, key=_merit))
    return "".join(pieces)


def _has_utf8(body: bytes) -> bool:
    """Whether any passage between tags is UTF-8 beyond ASCII, which hardly happens by chance."""
    for raw in _TAG.split(body):
        try:
            if not raw.isascii() and _CESU.sub(_from_cesu, raw).decode():
                return True
        except UnicodeDecodeError:
            continue
    return False


def _best(body: bytes, named: str | None) -> Decoded:
    """The reading whose beginning is best; of equals the first, so that fonts and the declaration win ties."""
    head = body[:SAMPLE]
    names = [name for name, font in _FONTS.items() if font.search(body)]
    names += [named] if named and not named.startswith("utf") else []
    names += ["utf-8"] if _has_utf8(head) else []
    names = list(dict.fromkeys((*names, *_SINGLE_BYTE, *_FONTS)))
    merits = {name: _text_of(head, name) for name in names}
    best = max(names, key=lambda name: _merit(merits[name]))
    if score(merits[best]).share < _SENSIBLE:
        best = _in_another_language(body, named, {name: merits[name] for name in names if name not in _FONTS})
    text = _text_of(body, best)
    return Decoded(text, best, _share_replaced(text))


def _in_another_language(body: bytes, named: str | None, texts: Mapping[str, str]) -> str:
    """The charset of a page that is not Vietnamese under any: what it declares, else what looks least wrong."""
    if named and not named.startswith("utf") and named not in _SINGLE_BYTE:
        return named
    best = max(texts, key=lambda name: _looks(texts[name]))
    return (_guessed(body) if _looks(texts[best]) < 0 else None) or best


def _guessed(body: bytes) -> str | None:
    """A second opinion on a page whose declared charset makes no sense: the same whatever else is installed."""
    for name in (declared(body, None), "utf-8", "windows-1252"):
        if name is None:
            continue
        text = body.decode(name, "replace")
        if text.count("\ufffd") <= len(text) // 50 and _looks(text) >= 0:
            return name
    return None


def decode(body: bytes, content_type: str | None) -> Decoded:
    """The text of a page. Never raises: what cannot be read becomes U+FFFD.

    Whatever charset is true is found by what reads as Vietnamese. Text that was damaged before it was sent is
    repaired where that is clear; else `is_doubtful` says so.
    """
    read = _read(body, content_type)
    repaired = repair(read.text)
    if not repaired.damage and not repaired.is_doubtful:
        return read
    charset = f"{read.charset} ({repaired.damage})" if repaired.damage else read.charset
    return Decoded(repaired.text, charset, _share_replaced(repaired.text), repaired.is_doubtful)


def _read(body: bytes, content_type: str | None) -> Decoded:
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if body.startswith(mark):
            text = (
                _lenient(body[len(mark) :]) if name == "utf-8" else body[len(mark) :].decode(name, "replace")
            )
            return Decoded(text, name, _share_replaced(text))
    if sixteen := _utf16(body):
        text = body.decode(sixteen, "replace")
        return Decoded(text, sixteen, _share_replaced(text))
    named = declared(body, content_type)
    if body.isascii():
        return Decoded(body.decode("ascii"), named or "utf-8")
    try:
        return Decoded(body.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        pass
    if named and not named.startswith("utf") and named not in _SINGLE_BYTE:
        text = body.decode(named, "replace")
        if text.count("\ufffd") <= len(text) // 50 and not _is_single_byte(named):
            return Decoded(text, named, _share_replaced(text))
    return _best(body, named)


def _is_single_byte(name: str) -> bool:
    """Whether a charset has a letter for each byte: then any bytes can be read in it, and that proves nothing."""
    return not re.search(r"gb|big5|jp|jis|kr|932|949|utf", codecs.lookup(name).name)
