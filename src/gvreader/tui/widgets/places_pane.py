"""The left pane: places with their counts."""

from __future__ import annotations

from rich.style import Style
from textual import events
from textual.strip import Strip

from gvreader.export import wording
from gvreader.tui.messages import PlaceChosen
from gvreader.tui.view.cells import crop
from gvreader.tui.view.cells import width as cells_of
from gvreader.tui.view.places import ALL, Place
from gvreader.tui.view.strip_builder import StripBuilder
from gvreader.tui.widgets.lines import LinesView, styles_of


class PlacesPane(LinesView):
    """One place a line. `cursor` is where the keys are, `shown` the key of the place that the list shows."""

    def __init__(self) -> None:
        super().__init__()
        self.places: tuple[Place, ...] = ()
        self.cursor = 0
        self.shown = ALL

    @property
    def current(self) -> Place | None:
        """The place under the cursor."""
        return self.places[self.cursor] if self.cursor < len(self.places) else None

    @property
    def pointed_line(self) -> int:
        return self.cursor

    def place(self, key: str) -> Place | None:
        """The place of that key, if it is there."""
        return next((place for place in self.places if place.key == key), None)

    def show(self, places: tuple[Place, ...]) -> None:
        """Show places, the cursor staying on the same one."""
        key = self.current.key if self.current else self.shown
        self.places = places
        self.cursor = next((index for index, place in enumerate(places) if place.key == key), 0)
        self.renew()

    def point_at(self, key: str) -> None:
        """Put the cursor on a place."""
        for index, place in enumerate(self.places):
            if place.key == key:
                self._go(index)

    def move(self, steps: int) -> None:
        """Move the cursor over so many places."""
        selectable = [index for index, place in enumerate(self.places) if place.chosen]
        if not selectable:
            return
        here = next((order for order, index in enumerate(selectable) if index >= self.cursor), 0)
        self._go(selectable[max(0, min(here + steps, len(selectable) - 1))])

    def _go(self, index: int) -> None:
        before, self.cursor = self.cursor, index
        self.repaint(before)
        self.repaint(index)
        top = self.scroll_offset.y
        if index <= 1:
            self.jump(0)
        elif index < top + 1:
            self.jump(index - 1)
        elif index >= top + self.page:
            self.jump(index - self.page + 1)

    def count_lines(self, width: int) -> int:
        return len(self.places)

    def paint_line(self, line: int, width: int) -> Strip:
        styles = styles_of(self)
        place = self.places[line]
        at_cursor = line == self.cursor and self.has_focus
        painted = StripBuilder(width, styles.base + styles.chosen if at_cursor else styles.base, margin=1)
        if place.kind == "gap":
            return painted.strip()
        if place.kind == "heading":
            painted.to(1).add(place.title.upper(), styles.muted)
            room = painted.room - painted.used - 2
            return painted.right(place.spark[-room:] if room > 0 else "", styles.muted).strip()
        shown = place.key == self.shown
        painted.add("▌" if at_cursor else "▏" if shown else " ", styles.accent).to(1 + place.depth)
        count = wording.number(place.count) if place.count else ""
        room = painted.room - painted.used - (cells_of(count) + 1 if count else 0)
        style = styles.accent_strong if shown else styles.strong if place.unread else Style()
        return painted.add(crop(place.title, room), style).right(count, styles.muted).strip()

    def on_focus(self, _event: events.Focus) -> None:
        self.repaint(self.cursor)

    def on_blur(self, _event: events.Blur) -> None:
        self.repaint(self.cursor)

    def on_click(self, event: events.Click) -> None:
        line = event.y + self.scroll_offset.y
        if 0 <= line < len(self.places) and self.places[line].chosen:
            self._go(line)
            self.post_message(PlaceChosen())
