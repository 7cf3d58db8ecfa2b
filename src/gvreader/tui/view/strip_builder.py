"""One line of the screen, built from left to right; knows how wide it has become."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from gvreader.tui.view.cells import fill, width


class StripBuilder:
    """Text in styles, never longer than its room."""

    def __init__(self, room: int, base: Style, *, margin: int = 0) -> None:
        """`room` in cells; the last `margin` of them stay blank."""
        self._full = max(room, 0)
        self.room = max(room - margin, 0)
        self.base = base
        self.used = 0
        self._segments: list[Segment] = []

    def add(self, text: str, style: Style | None = None) -> Self:
        """Append `text`, cropped to what is left of the room."""
        left = self.room - self.used
        if text and left > 0:
            cells = width(text)
            if cells > left:
                # A cut line is full: nothing more may follow its ellipsis.
                text = fill(text, left) if text.strip() else text[:left]
                cells = left
            self._segments.append(Segment(text, self.base + style if style else self.base))
            self.used += cells
        return self

    def to(self, column: int, fill: str = " ", style: Style | None = None) -> Self:
        """Fill up to `column` with a character that is one cell wide."""
        return self.add(fill * (min(column, self.room) - self.used), style)

    def right(self, text: str, style: Style | None = None, *, margin: int = 0) -> Self:
        """Put `text` at the right end; what does not fit beside the rest is cropped."""
        return self.to(self.room - margin - width(text)).add(text, style)

    def strip(self) -> Strip:
        """The finished line, filled with blanks."""
        self.room = self._full
        self.to(self.room)
        return Strip(self._segments, self.room)


def marked(text: str, spans: Iterable[tuple[int, int]], start: int, end: int) -> Iterable[tuple[str, bool]]:
    """`text[start:end]` in pieces, each with whether it lies in one of `spans` (ascending, disjoint)."""
    position = start
    for low, high in spans:
        low, high = max(low, start), min(high, end)
        if low >= high:
            continue
        if position < low:
            yield text[position:low], False
        yield text[low:high], True
        position = high
    if position < end:
        yield text[position:end], False
