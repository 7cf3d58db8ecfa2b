"""Text in the fonts that Vietnamese offices used before Unicode, where nothing but the font says so."""

from __future__ import annotations

import re
from typing import Final

from gvreader.extract.page.legacy import from_tcvn3, from_vni

_TCVN3_FONT: Final = re.compile(r"\.?Vn[A-Z][A-Za-z]{2,}")
_VNI_FONT: Final = re.compile(r"VNI[- ][A-Z][A-Za-z]{1,}", re.IGNORECASE)
# Letters that TCVN3 text is full of and that no Vietnamese text has.
_TCVN3_LETTERS: Final = re.compile("[µ¶·¸¹¨©®»¼½¾ÆÇËÎÏÑÖ×ØÞäåæçëîïñ÷øûüþ]")
_VNI_LETTERS: Final = re.compile("[aeouyôö][ùøûõïâáàåãäêéèúüë]|[ñÑ][aeiouöô]", re.IGNORECASE)
_UNICODE: Final = re.compile(r"[\u0102\u0103\u0110\u0111\u01a0\u01a1\u01af\u01b0\u1ea0-\u1ef9]")
_ENOUGH: Final = 0.05
"""Share of letters that no other text has."""


def font_text(text: str, font: str | None) -> str:
    """A run of text as its font shows it."""
    if font and _TCVN3_FONT.fullmatch(font):
        return from_tcvn3(text)
    if font and _VNI_FONT.fullmatch(font):
        return from_vni(text)
    return text


def repaired(text: str) -> str:
    """A text that is told to be in an old font by its letters alone; lines in Unicode stay as they are."""
    lines = text.splitlines(keepends=True)
    old = "".join(line for line in lines if not _UNICODE.search(line))
    letters = sum(map(str.isalpha, old))
    tcvn3, vni = len(_TCVN3_LETTERS.findall(old)), len(_VNI_LETTERS.findall(old))
    if not letters or max(tcvn3, vni) < _ENOUGH * letters:
        return text
    decode = from_vni if vni > tcvn3 else from_tcvn3
    return "".join(line if _UNICODE.search(line) else decode(line) for line in lines)
