"""Hostile text made fit for a terminal: what would act on the screen is shown, or left out, never sent."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_ACTING: Final = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    r"\u00ad\ud800-\udfff\ue000-\uf8ff\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)
_MARK_FLOOD: Final = re.compile(
    r"([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{4})"
    r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)
_BREAKS: Final = re.compile(r"\r\n?|[\u2028\u2029\x85\x0b\x0c]")
_BLANKS: Final = re.compile(r"\s+")

MATCH_START: Final = "\ue000"
MATCH_END: Final = "\ue001"
"""The library marks matches in snippets between these two; no other private-use character reaches a line."""


def _shown(match: re.Match[str]) -> str:
    character = match[0]
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    if 0x80 <= code <= 0x9F or 0xD800 <= code <= 0xDFFF or 0xE000 <= code <= 0xF8FF or code >= 0xF0000:
        return "\ufffd"
    return ""


def visible(text: str) -> str:
    """`text` in NFC with every line break as `\\n` and nothing in it that a terminal would obey.

    C0 controls become their pictures (ESC is shown as ␛), C1 controls, lone surrogates and private-use characters
    U+FFFD; bidirectional and zero-width controls vanish; floods of combining marks are cut after four.
    """
    if text.isascii() and text.isprintable():
        return text
    clean = _ACTING.sub(_shown, _BREAKS.sub("\n", text)).replace("\t", "    ")
    return unicodedata.normalize("NFC", _MARK_FLOOD.sub(r"\1", clean))


def visible_line(text: str) -> str:
    """`visible(text)` on one line: every run of white space is one space, none at the ends."""
    return _BLANKS.sub(" ", visible(text)).strip()


def snippet_line(snippet: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """A library snippet as one visible line and the spans (start, end) of its matches."""
    parts: list[str] = []
    spans: list[tuple[int, int]] = []
    length = 0
    inside = False
    for piece in re.split(f"([{MATCH_START}{MATCH_END}])", snippet):
        if piece in (MATCH_START, MATCH_END):
            inside = piece == MATCH_START
            continue
        shown = _BLANKS.sub(" ", visible(piece))
        if not parts or parts[-1].endswith(" "):
            shown = shown.lstrip()
        if not shown:
            continue
        if inside:
            spans.append((length, length + len(shown)))
        parts.append(shown)
        length += len(shown)
    return "".join(parts), tuple(spans)
