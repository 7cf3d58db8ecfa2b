"""Strangers' text before it enters the model: nothing in it that acts on a terminal or turns the reading order."""

from __future__ import annotations

import re
from typing import Final

# C0 and C1 but tab and line feed.
_CONTROLS: Final = "\x00-\x08\x0b-\x1f\x7f-\x9f"
# Bidirectional controls; interlinear annotation; tags.
_FORMATS: Final = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f\ufff9-\ufffb\U000e0000-\U000e007f"
_ACTING: Final = _CONTROLS + _FORMATS
_UNFIT: Final = re.compile(f"[{_ACTING}\ud800-\udfff]")
_WHITE: Final = re.compile(r"[\t\n\x0b\x0c\r\x1c-\x1f\x85\u2028\u2029]+")
_UNSHOWN: Final = re.compile(f"[{_ACTING}\u2028\u2029\ufeff\ud800-\udfff]")


def is_sound(text: str) -> bool:
    """Whether a text holds nothing that `paragraphs` would take out."""
    return (text.isascii() and text.isprintable()) or _UNFIT.search(text) is None


def paragraphs(text: str) -> str:
    """The text with its line feeds and tabs and without anything that acts; lone surrogates become U+FFFD."""
    if is_sound(text):
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x85", "\n")
    return _UNFIT.sub(lambda match: "\ufffd" if "\ud800" <= match[0] <= "\udfff" else "", text)


def line(text: str) -> str:
    """The text on one line, and without anything that acts."""
    return paragraphs(_WHITE.sub(" ", text)) if _WHITE.search(text) else paragraphs(text)


def escaped_json(text: str) -> str:
    r"""JSON in which whatever acts is written as `\uXXXX`, which means the same."""
    return _UNSHOWN.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    if match[0] in "\t\n\r":
        return match[0]
    if code < 0x10000:
        return f"\\u{code:04x}"
    code -= 0x10000
    return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"


def for_console(text: str, *, styled: bool) -> str:
    """A piece of output as a terminal may have it: styles of our own only, and only where they are wanted."""
    if text.isascii() and text.isprintable():
        return text
    return (_BUT_STYLES if styled else _BUT_LINES).sub("\ufffd", text)


_BUT_LINES: Final = re.compile(f"(?!\r)[{_ACTING}]")
_BUT_STYLES: Final = re.compile(f"(?!\r)(?!\x1b\\[[0-9;]{{0,20}}m)[{_ACTING}]")
