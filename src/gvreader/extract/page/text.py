"""Printed text as it is compared and kept: NFC, one space, nothing invisible, nothing that commands a terminal."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from html import unescape
from typing import Final

from gvreader.vietnamese import fold, nfc

# Soft hyphens, zero-width characters, direction overrides and control characters print nothing here.
_INVISIBLE: Final = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb"
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ue000-\uf8ff]"
)
_SHORT: Final = 160
_ESCAPED_TWICE: Final = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,8}\d{0,2});")


def printable(text: str) -> str:
    """NFC text without invisible characters; white space stays as it is."""
    if "&" in text and _ESCAPED_TWICE.search(text):
        text = unescape(text)
    text = nfc(text)
    if text.isprintable():
        return text
    shown = _INVISIBLE.sub("", text)
    return shown if shown.isprintable() else "".join(filter(_is_shown, shown))


def _is_shown(character: str) -> bool:
    """Whether a character is white space or prints something: no format, private-use or half character."""
    return character.isspace() or unicodedata.category(character) not in ("Cc", "Cf", "Co", "Cs")


def clean(text: str) -> str:
    """Printable text on one line; runs of white space, no-break spaces included, are one space."""
    line = " ".join(text.split())
    shown = printable(line)
    return line if shown == line else " ".join(shown.split())


def folded(text: str) -> str:
    """`fold(text)`; short texts, which pages of one site share, are remembered."""
    return _remembered(text) if len(text) <= _SHORT else fold(text)


_remembered = lru_cache(maxsize=8192)(fold)
