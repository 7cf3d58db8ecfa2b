"""Widths in terminal cells, with a short way for text where every character is one cell wide.

Vietnamese in NFC is such text, yet Rich measures it character by character; the short way is what keeps lists and
long articles within a frame.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from rich.cells import cell_len, chop_cells

_ODD: Final = re.compile(
    r"[^ -~\u00a0-\u00ac\u00ae-\u02ff\u0370-\u0377\u0391-\u03a1\u03a3-\u03ff\u0400-\u0482"
    r"\u1e00-\u1eff\u2010-\u2027\u2030-\u205e\u20a0-\u20bf\u2190-\u2199\u2400-\u2421\u2500-\u25fc\ufffd]"
)
ELLIPSIS: Final = "…"

Extent = tuple[int, int]
"""Start and end of one line within its text."""


def is_simple(text: str) -> bool:
    """Whether every character takes exactly one cell."""
    return _ODD.search(text) is None


def width(text: str) -> int:
    """How many cells `text` takes."""
    return len(text) if is_simple(text) else cell_len(text)


def crop(text: str, cells: int) -> str:
    """`text` cut to at most `cells`, the last one an ellipsis when anything was cut."""
    if width(text) <= cells:
        return text
    if cells <= 0:
        return ""
    return text[: _fitting(text, cells - 1)].rstrip() + ELLIPSIS


def fill(text: str, cells: int) -> str:
    """`text` cropped or padded on the right to exactly `cells`."""
    cropped = crop(text, cells)
    return cropped + " " * (cells - width(cropped))


def _fitting(text: str, cells: int) -> int:
    """How many leading characters of `text` fit into `cells`."""
    if is_simple(text[: cells * 2]):
        return min(cells, len(text))
    pieces = chop_cells(text[: cells * 8], cells) if cells > 0 else []
    return len(pieces[0]) if pieces and cell_len(pieces[0]) <= cells else 0


@lru_cache(maxsize=64)
def _line_pattern(cells: int) -> re.Pattern[str]:
    # A line is as many characters as fit before a blank; a word longer than a line is cut where the line ends.
    longest = rf"[^ ](?:.{{0,{cells - 2}}}[^ ])?" if cells > 1 else "[^ ]"
    return re.compile(rf" *(?:({longest})(?= |$)|([^ ]{{{cells}}}))")


def wrap(text: str, cells: int, limit: int | None = None) -> list[Extent]:
    """Where the lines of `text` (no line breaks in it) begin and end when set in `cells`; at most `limit` lines.

    A no-break space ties two words together.
    """
    cells = max(cells, 1)
    if is_simple(text):
        return _wrap_simple(text, cells, limit)
    return _wrap_measured(text, cells, limit)


def wrapped(text: str, cells: int, limit: int) -> list[str]:
    """`text` in at most `limit` lines of `cells`, the last one cropped when there would be more."""
    extents = wrap(text, cells, limit + 1)
    lines = [text[low:high] for low, high in extents[:limit]]
    if lines and len(extents) > limit:
        lines[-1] = crop(text[extents[limit - 1][0] :], cells)
    return lines


def _wrap_simple(text: str, cells: int, limit: int | None) -> list[Extent]:
    lines: list[Extent] = []
    match_at = _line_pattern(cells).match
    position = 0
    while (limit is None or len(lines) < limit) and (found := match_at(text, position)):
        group = 1 if found[1] else 2
        lines.append(found.span(group))
        position = found.end()
    return lines


def _wrap_measured(text: str, cells: int, limit: int | None) -> list[Extent]:
    lines: list[Extent] = []
    start = end = used = 0
    for word in re.finditer(r"[^ ]+", text):
        if limit is not None and len(lines) >= limit:
            break
        word_start, word_end = word.span()
        word_cells = width(word[0])
        if end > start and used + (word_start - end) + word_cells <= cells:
            used += (word_start - end) + word_cells
            end = word_end
            continue
        if end > start:
            lines.append((start, end))
        start, end, used = word_start, word_end, word_cells
        if word_cells > cells:
            for piece in chop_cells(word[0], cells):
                lines.append((start, start + len(piece)))
                start += len(piece)
            start, end = lines.pop()
            used = width(text[start:end])
    if end > start and (limit is None or len(lines) < limit):
        lines.append((start, end))
    return lines
