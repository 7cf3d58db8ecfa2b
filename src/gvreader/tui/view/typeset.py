"""An article as a column of type: pieces of text with roles, and where their lines break in a given measure.

Pure: no widget, no colour. Pieces are made once per article, `break_lines` is done once per measure, and a line's
segments are cut only when it is painted, so that a very long article opens at once.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final, Literal

from gvreader.frozen import dataclass, field
from gvreader.tui.view.cells import Extent, fill, width, wrap
from gvreader.tui.view.sanitize import visible, visible_line

Role = Literal[
    "text",
    "title",
    "heading",
    "strong",
    "emphasis",
    "meta",
    "notice",
    "summary",
    "quote",
    "caption",
    "table",
    "label",
    "link",
    "number",
    "source",
    "rule",
    "added",
    "removed",
]

_MIN_CELL: Final = 6
_GAP: Final = "  "
_BLANKS: Final = re.compile(r"[^\S\n]+")


@dataclass(frozen=True, slots=True)
class Styled:
    """A span of a piece's text in another role; `link` is the number of the link it belongs to, from 1."""

    start: int
    end: int
    role: Role
    link: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TextSpan:
    """One run of text that breaks into lines by itself. `first` stands before its first line, `rest` before the others.

    `rows` makes it a table; its text is then set when the measure is known. `apart`: it is about other articles, and
    nothing is looked for in it.
    """

    text: str = ""
    role: Role = "text"
    spans: tuple[Styled, ...] = ()
    first: str = ""
    rest: str = ""
    margin_role: Role = "rule"
    space: int = 0
    rows: tuple[tuple[str, ...], ...] = ()
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of one painted line. `match` counts search matches from 0, -1 for none; `link` numbers links from 1."""

    text: str
    role: Role
    link: int = 0
    match: int = -1


@dataclass(frozen=True, slots=True)
class TypesetText:
    """Pieces set in a measure: what `lines` refer to. A line is (piece, start, end); piece -1 is a blank line."""

    measure: int
    pieces: tuple[TextSpan, ...]
    lines: list[tuple[int, int, int]]
    offsets: tuple[int, ...]
    matches: tuple[tuple[int, int, int], ...] = ()
    _by_piece: dict[int, list[Styled]] = field(default_factory=dict)

    def segments(self, line: int) -> Iterator[Segment]:
        """The runs of one line, left to right; nothing for a blank one."""
        index, start, end = self.lines[line]
        if index < 0:
            return
        piece = self.pieces[index]
        begins = line == 0 or self.lines[line - 1][0] != index
        margin = piece.first if begins else piece.rest
        if margin:
            yield Segment(margin, piece.margin_role)
        spans = _touching(piece.spans, start, end)
        matches = _touching(self._by_piece.get(index, ()), start, end)
        edges = sorted({start, end, *_edges_within(spans, start, end), *_edges_within(matches, start, end)})
        for left, right in pairwise(edges):
            span = next((span for span in spans if span.start <= left < span.end), None)
            match = next((match.link for match in matches if match.start <= left < match.end), -1)
            role, link = (span.role, span.link) if span else (piece.role, 0)
            yield Segment(piece.text[left:right].replace("\u00a0", " "), role, link, match)

    def text(self, line: int) -> str:
        """One line as plain text."""
        return "".join(segment.text for segment in self.segments(line))

    def place_of(self, line: int) -> int:
        """Where a line begins in the article, as a number that no change of measure alters."""
        while line < len(self.lines) and self.lines[line][0] < 0:
            line += 1
        if line >= len(self.lines):
            return self.offsets[-1] if self.offsets else 0
        index, start, _end = self.lines[line]
        return self.offsets[index] + start

    def line_at(self, place: int) -> int:
        """The line that holds a place (see `place_of`)."""
        low, high = 0, len(self.lines)
        while low < high:
            middle = (low + high) // 2
            if self.place_of(middle) <= place:
                low = middle + 1
            else:
                high = middle
        return max(low - 1, 0)

    def line_of_match(self, number: int) -> int:
        """The line on which a match begins."""
        piece, start, _end = self.matches[number]
        return self.line_at(self.offsets[piece] + start)

    def line_of_link(self, number: int) -> int | None:
        """The line on which a numbered link begins."""
        for index, piece in enumerate(self.pieces):
            for span in piece.spans:
                if span.link == number:
                    return self.line_at(self.offsets[index] + span.start)
        return None

    def with_matches(self, matches: Sequence[tuple[int, int, int]]) -> TypesetText:
        """The same lines with (piece, start, end) shown as found."""
        by_piece: dict[int, list[Styled]] = {}
        for number, (piece, start, end) in enumerate(matches):
            by_piece.setdefault(piece, []).append(Styled(start, end, "text", number))
        return TypesetText(self.measure, self.pieces, self.lines, self.offsets, tuple(matches), by_piece)


def _touching(spans: Sequence[Styled], start: int, end: int) -> Sequence[Styled]:
    """Those of ascending, disjoint spans that share text with start–end."""
    low = max(bisect_right(spans, start, key=lambda span: span.start) - 1, 0)
    high = bisect_left(spans, end, key=lambda span: span.start)
    return [span for span in spans[low:high] if span.end > start]


def _edges_within(spans: Sequence[Styled], start: int, end: int) -> Iterator[int]:
    return (edge for span in spans for edge in (span.start, span.end) if start < edge < end)


def break_lines(pieces: Sequence[TextSpan], measure: int) -> TypesetText:
    """Set pieces in lines of at most `measure` cells."""
    measure = max(measure, 1)
    set_pieces: list[TextSpan] = []
    lines: list[tuple[int, int, int]] = []
    offsets: list[int] = []
    offset = 0
    for piece in pieces:
        lines.extend([(-1, 0, 0)] * (piece.space if lines else 0))
        for flat in _set_table(piece, measure) if piece.rows else (piece,):
            index = len(set_pieces)
            set_pieces.append(flat)
            offsets.append(offset)
            offset += len(flat.text) + 1
            lines.extend((index, start, end) for start, end in _break(flat, measure))
    return TypesetText(measure, tuple(set_pieces), lines, tuple(offsets))


def _break(piece: TextSpan, measure: int) -> list[Extent]:
    if piece.role == "table":
        return [(0, len(piece.text))]
    room = max(measure - width(piece.rest), 1)
    extents: list[Extent] = []
    start = 0
    for text in piece.text.split("\n"):
        extents.extend((start + low, start + high) for low, high in wrap(text, room) or [(0, 0)])
        start += len(text) + 1
    return extents


# ── pieces of text ──────────────────────────────────────────────────────────────────────────────


def prose(text: str) -> str:
    """Visible text with its line breaks, other white space as single spaces."""
    return "\n".join(_BLANKS.sub(" ", line).strip() for line in visible(text).split("\n")).strip()


def joined(runs: Sequence[tuple[str, Role, int]], role: Role) -> tuple[str, tuple[Styled, ...]]:
    """Runs of (text, role, link) as one visible text and the spans that differ from `role`."""
    parts: list[str] = []
    spans: list[Styled] = []
    length = 0
    for raw, run_role, link in runs:
        text = _BLANKS.sub(" ", visible(raw))
        if not parts or parts[-1][-1:] in " \n":
            text = text.lstrip()
        if not text:
            continue
        if run_role != role or link:
            spans.append(Styled(length, length + len(text), run_role, link))
        parts.append(text)
        length += len(text)
    return "".join(parts), tuple(spans)


# ── tables ──────────────────────────────────────────────────────────────────────────────────────


def _set_table(piece: TextSpan, measure: int) -> Iterator[TextSpan]:
    """A table as lines of cells side by side, or as `label: value` lines where the columns do not fit."""
    rows = [[visible_line(cell) for cell in row] for row in piece.rows]
    columns = max((len(row) for row in rows), default=0)
    rows = [row + [""] * (columns - len(row)) for row in rows]
    if not columns:
        return
    room = measure - len(_GAP) * (columns - 1)
    if room < _MIN_CELL * columns and columns > 1:
        yield from _set_records(rows, measure)
        return
    widths = _column_widths(rows, room)
    for number, row in enumerate(rows):
        cells = [
            [cell[low:high] for low, high in wrap(cell, cells)]
            for cell, cells in zip(row, widths, strict=True)
        ]
        for line in range(max(len(cell) for cell in cells) or 1):
            text = _GAP.join(
                fill(cell[line] if line < len(cell) else "", cells)
                for cell, cells in zip(cells, widths, strict=True)
            ).rstrip()
            spans = (Styled(0, len(text), "label"),) if number == 0 and len(rows) > 1 and text else ()
            yield TextSpan(text=text, role="table", spans=spans)
        if number == 0 and len(rows) > 1:
            rule = _GAP.join("─" * cells for cells in widths)
            yield TextSpan(text=rule, role="table", spans=(Styled(0, len(rule), "rule"),))


def _set_records(rows: Sequence[Sequence[str]], measure: int) -> Iterator[TextSpan]:
    head, *body = rows
    for row in body or [head]:
        for label, value in zip(head if body else [""] * len(head), row, strict=True):
            if not value:
                continue
            prefix = f"{label}: " if label else ""
            spans = (Styled(0, len(prefix), "label"),) if prefix else ()
            yield TextSpan(text=prefix + value, spans=spans, rest="  " if measure > 8 else "")
        yield TextSpan(text="")


def _column_widths(rows: Sequence[Sequence[str]], room: int) -> list[int]:
    """Widths that sum to at most `room`: narrow columns get what they need, wide ones share what is left."""
    needs = [max(width(row[column]) for row in rows) or 1 for column in range(len(rows[0]))]
    widths = [0] * len(needs)
    open_columns = sorted(range(len(needs)), key=needs.__getitem__)
    left = room
    while open_columns:
        share = max(left // len(open_columns), 1)
        column = open_columns.pop(0)
        widths[column] = min(needs[column], share)
        left -= widths[column]
    return widths
