"""The two font encodings of Vietnamese pages before Unicode: TCVN 5712:1993 (ABC) and VNI for Windows.

Both put Vietnamese letters where a single-byte code page has others and rely on fonts (`.VnTime`, `VNI-Times`).
Sources: TCVN 5712:1993, table VN3; the VNI-Windows character table.
"""

from __future__ import annotations

import re
from typing import Final

from gvreader.vietnamese import nfc

_TCVN3: Final = dict(
    zip(
        "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô­õøö÷ùúýûüþ¡¢§£¤¥¦",
        "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂĐÊÔƠƯ",
        strict=True,
    )
)
_TCVN3_TABLE: Final = str.maketrans(_TCVN3)

# VNI writes a base letter and then a mark; the marks are letters of windows-1252.
_ACUTE, _GRAVE, _HOOK, _TILDE, _DOT, _BREVE, _HORN = (
    "\u0301",
    "\u0300",
    "\u0309",
    "\u0303",
    "\u0323",
    "\u0306",
    "\u031b",
)
_CIRCUMFLEX: Final = "\u0302"
_VNI_MARKS: Final = {
    "ù": _ACUTE,
    "ø": _GRAVE,
    "û": _HOOK,
    "õ": _TILDE,
    "ï": _DOT,
    "â": _CIRCUMFLEX,
    "á": _CIRCUMFLEX + _ACUTE,
    "à": _CIRCUMFLEX + _GRAVE,
    "å": _CIRCUMFLEX + _HOOK,
    "ã": _CIRCUMFLEX + _TILDE,
    "ä": _CIRCUMFLEX + _DOT,
    "ê": _BREVE,
    "é": _BREVE + _ACUTE,
    "è": _BREVE + _GRAVE,
    "ú": _BREVE + _HOOK,
    "ü": _BREVE + _TILDE,
    "ë": _BREVE + _DOT,
}
_VNI_MARKS_UPPER: Final = {mark.upper(): value for mark, value in _VNI_MARKS.items()}
_VNI_ALONE: Final = {
    "ñ": "đ", "Ñ": "Đ", "ô": "ơ", "Ô": "Ơ", "ö": "ư", "Ö": "Ư", "í": "í", "ì": "ì", "æ": "ỉ", "Æ": "Ỉ",
    "ó": "ĩ", "Ó": "Ĩ", "ò": "ị", "Ò": "Ị", "î": "ỵ", "Î": "Ỵ",
}  # fmt: skip
_VNI_PAIR: Final = re.compile(
    "([aeoAEOuUyYiI\u00f4\u00d4\u00f6\u00d6])([" + "".join(_VNI_MARKS) + "".join(_VNI_MARKS_UPPER) + "])"
)
_VNI_SINGLE: Final = re.compile("[" + "".join(_VNI_ALONE) + "]")


def from_tcvn3(text: str) -> str:
    """Text whose bytes were read as latin-1 but mean TCVN3, as Unicode."""
    return text.translate(_TCVN3_TABLE)


def from_vni(text: str) -> str:
    """Text whose bytes were read as windows-1252 but mean VNI, as Unicode (NFC)."""

    def pair(match: re.Match[str]) -> str:
        base = _VNI_ALONE.get(match[1], match[1])
        return base + (_VNI_MARKS.get(match[2]) or _VNI_MARKS_UPPER[match[2]])

    # Marks are placed first; a lone letter that stands for another is replaced where no mark used it.
    pieces: list[str] = []
    end = 0
    for match in _VNI_PAIR.finditer(text):
        pieces.append(_VNI_SINGLE.sub(lambda one: _VNI_ALONE[one[0]], text[end : match.start()]))
        pieces.append(pair(match))
        end = match.end()
    pieces.append(_VNI_SINGLE.sub(lambda one: _VNI_ALONE[one[0]], text[end:]))
    return nfc("".join(pieces))
