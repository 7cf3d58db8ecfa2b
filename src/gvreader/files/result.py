"""What reading a file gives, and how lines become its text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal

from gvreader.extract.page.text import clean
from gvreader.frozen import dataclass

MAX_CHARACTERS: Final = 600_000
PAGE_BREAK: Final = "\f"

FileNote = Literal[
    "", "encrypted", "damaged", "empty", "no-text-layer", "no-reader", "too-large", "too-slow", "unreadable"
]
"""Why a file has no text, or not all of it; empty where nothing is amiss."""


class FileUnreadableError(Exception):
    """The file says nothing, and why."""

    def __init__(self, note: FileNote) -> None:
        super().__init__(note)
        self.note: FileNote = note


@dataclass(frozen=True, slots=True, kw_only=True)
class FileText:
    """The text of a file, a line for each paragraph or row, `PAGE_BREAK` between pages; None where there is none.

    `by` names the reader and its version; `pages` counts pages, sheets or slides, where there are such.
    """

    media_type: str
    text: str | None = None
    by: str = ""
    pages: int | None = None
    note: FileNote = ""


def joined(lines: Iterable[str]) -> str:
    """Lines as one clean text; a line that is `PAGE_BREAK` stays one."""
    kept: list[str] = []
    length = 0
    for line in lines:
        if line == PAGE_BREAK:
            kept.append(line)
        elif shown := clean(line):
            kept.append(shown)
            length += len(shown) + 1
        if length > MAX_CHARACTERS:
            break
    text = "\n".join(kept).replace(f"\n{PAGE_BREAK}", PAGE_BREAK).replace(f"{PAGE_BREAK}\n", PAGE_BREAK)
    return text[:MAX_CHARACTERS] if text.strip() else ""
