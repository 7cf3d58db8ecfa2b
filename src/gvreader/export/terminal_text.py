"""Page text on a terminal: nothing in it acts on the terminal, and columns are counted as they are drawn."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from gvreader.patterns import pattern
from gvreader.vietnamese import nfc

# Removed: soft hyphen, zero-width and bidi controls, interlinear annotation, tag characters.
_INVISIBLE: Final = pattern(
    "[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_WHITE: Final = pattern("[\t\n\x0b\x0c\r\x85\u00a0\u2028\u2029]")
_CONTROL: Final = pattern("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_MARK: Final = "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_FLOOD_OF_MARKS: Final = pattern(f"({_MARK}{{4}}){_MARK}+")
_MATCH_SIGNS: Final = "\ue000\ue001"
_ELLIPSIS: Final = "…"


def _visible(match: re.Match[str]) -> str:
    """The control picture of a C0 control or DEL; U+FFFD for everything else."""
    code = ord(match[0])
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else "\ufffd"


def printable(text: str) -> str:
    """`text` as one line that a terminal shows and never obeys, in NFC.

    White space becomes a plain space, controls (ESC among them) visible pictures; bidi and invisible
    controls go, and so do marks on one letter beyond the fourth. Idempotent.
    """
    if text.isascii() and text.isprintable():
        return text
    line = _CONTROL.sub(_visible, _INVISIBLE.sub("", _WHITE.sub(" ", text)))
    return nfc(_FLOOD_OF_MARKS.sub(r"\1", line))


@lru_cache(maxsize=4096)
def _character_width(character: str) -> int:
    if character in _MATCH_SIGNS or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def width(text: str) -> int:
    """Columns that `text` takes; combining marks and the signs around matches take none, wide characters two."""
    return len(text) if text.isascii() else sum(map(_character_width, text))


def _cut(text: str, columns: int) -> int:
    """The greatest index such that `text[:index]` fits into `columns`; a letter keeps its marks."""
    used = 0
    for index, character in enumerate(text):
        used += _character_width(character)
        if used > columns:
            return index
    return len(text)


def shorten(text: str, columns: int) -> str:
    """`text` cut to at most `columns`, with an ellipsis where something was cut."""
    if columns <= 0:
        return ""
    if width(text) <= columns:
        return text
    return text[: _cut(text, columns - 1)].rstrip() + _ELLIPSIS


def pad(text: str, columns: int) -> str:
    """`text` shortened or filled with spaces to exactly `columns`."""
    fitted = shorten(text, columns)
    return fitted + " " * (columns - width(fitted))


def wrap(text: str, columns: int, *, first: str = "", rest: str = "") -> list[str]:
    """Lines of at most `columns`, broken at spaces; `first` and `rest` indent the first and later lines.

    A word longer than a line is broken where the line ends. No text gives no line.
    """
    lines: list[str] = []
    line, room = first, max(columns - width(first), 1)
    empty = True
    for word in text.split():
        piece = word
        needed = width(piece) + (0 if empty else 1)
        if needed <= room:
            line += piece if empty else f" {piece}"
            room -= needed
            empty = False
            continue
        if not empty:
            lines.append(line)
            line, room = rest, max(columns - width(rest), 1)
        while width(piece) > room:
            index = max(_cut(piece, room), 1)
            lines.append(line + piece[:index])
            piece = piece[index:]
            line, room = rest, max(columns - width(rest), 1)
        line += piece
        room -= width(piece)
        empty = not piece
    if not empty:
        lines.append(line)
    return lines
