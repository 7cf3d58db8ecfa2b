"""The text pane: one article set in a measure, painted line by line; it opens at once however long it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from textual import events
from textual.strip import Strip

from gvreader.tui.messages import LinkChosen, TextScrolled
from gvreader.tui.view.cells import width as cells_of
from gvreader.tui.view.document import Composition
from gvreader.tui.view.strip_builder import StripBuilder
from gvreader.tui.view.typeset import TypesetText, break_lines
from gvreader.tui.widgets.lines import LinesView, styles_of

_HEAD: Final = 1  # blank lines above and below the article
_LEAST_MARGIN: Final = 2
_WIDEST_MARGIN: Final = 6
_LINES_ABOVE_MATCH: Final = 4
MEASURES: Final = (44, 52, 60, 68, 76, 84, 92, 104, 120)
"""Line lengths to choose from, in cells."""

MEASURE: Final = 76
"""The line length to begin with: some 12 to 14 Vietnamese words."""

FoundSpans = list[tuple[int, int, int]]
Finder = Callable[[Sequence[str]], FoundSpans]
"""Finds (number of the text, start, end) in the texts of the pieces."""


class ArticleView(LinesView):
    """An article as a column of type."""

    def __init__(self) -> None:
        super().__init__()
        self.composition: Composition | None = None
        self.measure = MEASURE
        self.centred = False
        self.match = -1
        self._anchor = 0
        self._setting: TypesetText | None = None
        self._found: FoundSpans = []
        self._finder: Finder | None = None

    # ── what is shown ──

    def show(self, composition: Composition | None, *, place: int = 0) -> None:
        """Show another article from `place` (see `TypesetText.place_of`) on, without matches."""
        self.composition = composition
        self._finder = None
        self.match = -1
        self._setting = None
        self.renew()
        self.jump(0)
        self._go_to_place(place)
        self.post_message(TextScrolled())

    def amend(self, composition: Composition) -> None:
        """Show the same article composed anew, at the same line."""
        place = self.place
        self.composition = composition
        self._setting = None
        self.renew()
        self._go_to_place(place)

    @property
    def place(self) -> int:
        """Where the first line in sight begins in the article, whatever the measure; 0 at the top."""
        line = self.scroll_offset.y - _HEAD
        if self._setting is None or line <= 0:
            return 0
        # Widths come and go: what was read stays the place until it is scrolled away, or it would creep upwards.
        return self._anchor if self._setting.line_at(self._anchor) == line else self._setting.place_of(line)

    @property
    def plain(self) -> str:
        """The whole pane as plain text."""
        setting = self._setting
        return "\n".join(setting.text(line).rstrip() for line in range(len(setting.lines))) if setting else ""

    @property
    def percent(self) -> int:
        """How much of the article is above the last line in sight."""
        height = self.virtual_size.height
        return (
            100
            if height <= self.page
            else round(100 * min(self.scroll_offset.y + self.page, height) / height)
        )

    # ── matches ──

    def mark_found(self, finder: Finder | None) -> None:
        """Show what `finder` finds, also when another measure sets tables in other pieces; None for nothing."""
        self._finder = finder
        self.match = -1
        if self._setting:
            self._setting = self._with_found(self._setting)
        self._strips.clear()
        self.refresh()

    def _with_found(self, setting: TypesetText) -> TypesetText:
        self._found = (
            self._finder(["" if piece.apart else piece.text for piece in setting.pieces])
            if self._finder
            else []
        )
        self.match = min(self.match, len(self._found) - 1)
        return setting.with_matches(self._found) if self._found or setting.matches else setting

    @property
    def found(self) -> int:
        """How many matches are marked."""
        return len(self._found)

    def go_to_match(self, number: int) -> None:
        """Make a match the current one and bring it into sight."""
        if not self._setting or not self._found:
            return
        self.match = number % len(self._found)
        line = self._setting.line_of_match(self.match) + _HEAD
        if not self.scroll_offset.y <= line < self.scroll_offset.y + self.page:
            self.jump(line - _LINES_ABOVE_MATCH)
        self._strips.clear()
        self.refresh()

    @property
    def pointed_line(self) -> int:
        if self._setting and 0 <= self.match < len(self._found):
            return self._setting.line_of_match(self.match) + _HEAD
        return self.scroll_offset.y

    def match_from_here(self) -> int:
        """The first match in sight or below; 0 when all are above."""
        here = self.place
        setting = self._setting
        if setting:
            for number, (piece, start, _end) in enumerate(self._found):
                if setting.offsets[piece] + start >= here:
                    return number
        return 0

    def show_link(self, number: int) -> None:
        """Bring a numbered link into sight."""
        line = self._setting.line_of_link(number) if self._setting else None
        if line is not None and not self.scroll_offset.y <= line < self.scroll_offset.y + self.page:
            self.jump(line - _LINES_ABOVE_MATCH)

    # ── painting ──

    def set_measure(self, measure: int) -> None:
        """Set the text in another measure, keeping the line that is read."""
        self.measure = measure
        self.resized()

    def set_centred(self, *, centred: bool) -> None:
        """Whether the column stands in the middle of the pane."""
        self.centred = centred
        self._strips.clear()
        self.refresh()

    def count_lines(self, width: int) -> int:
        if self.composition is None:
            return 0
        measure = min(self.measure, max(width - 2 * _LEAST_MARGIN, 1))
        if self._setting is None or self._setting.measure != measure:
            self._setting = self._with_found(break_lines(self.composition.pieces, measure))
        return _HEAD + len(self._setting.lines) + _HEAD

    def paint_line(self, line: int, width: int) -> Strip:
        styles = styles_of(self)
        painted = StripBuilder(width, styles.base)
        setting = self._setting
        line -= _HEAD
        if setting is None or not 0 <= line < len(setting.lines):
            return painted.strip()
        painted.to(self._margin(width, setting.measure))
        for segment in setting.segments(line):
            style = styles.role(segment.role)
            if segment.match >= 0:
                style += styles.found_here if segment.match == self.match else styles.found
            painted.add(segment.text, style)
        return painted.strip()

    def _margin(self, width: int, measure: int) -> int:
        spare = max((width - measure) // 2, 0)
        return spare if self.centred else min(spare, _WIDEST_MARGIN)

    # ── events ──

    def on_click(self, event: events.Click) -> None:
        setting = self._setting
        line = event.y + self.scroll_offset.y - _HEAD
        if setting is None or not 0 <= line < len(setting.lines):
            return
        column = self._margin(self.line_width, setting.measure)
        for segment in setting.segments(line):
            end = column + cells_of(segment.text)
            if column <= event.x < end and segment.link:
                self.post_message(LinkChosen(segment.link))
                return
            column = end

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        if round(old_value) != round(new_value):
            self.post_message(TextScrolled())

    def resized(self) -> None:
        place = self.place
        self.renew()
        self._go_to_place(place)
        self.post_message(TextScrolled())

    def _go_to_place(self, place: int) -> None:
        self._anchor = place
        if self._setting and place:
            self.jump(self._setting.line_at(place) + _HEAD)
