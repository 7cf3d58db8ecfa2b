"""The base of every pane: lines painted on demand, scrolled at once, in the colours of the theme."""

from __future__ import annotations

from typing import ClassVar, cast

from rich.style import Style
from textual import events
from textual.geometry import Offset, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget

from gvreader.tui.styles import HasStyles, Styles

_KEPT_STRIPS = 2000


def styles_of(widget: Widget) -> Styles:
    """The styles in force."""
    return cast("HasStyles", widget.app).theme_styles


class LinesView(ScrollView, can_focus=True, inherit_bindings=False):
    """Lines that are painted when they come into sight and kept until something changes.

    A subclass says how many there are (`count_lines`, asked whenever the width may have changed) and paints one
    (`paint_line`). Keys are not its business: the screen hands every key to the action it belongs to.
    """

    ALLOW_SELECT: ClassVar[bool] = False
    DEFAULT_CSS = """
    LinesView {
        overflow-x: hidden;
        overflow-y: scroll;
        scrollbar-size-vertical: 1;
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._strips: dict[int, Strip] = {}
        self._room = Size(0, 1)

    @property
    def ground(self) -> Style:
        """What stands where there are no lines."""
        return styles_of(self).base

    def count_lines(self, width: int) -> int:
        """How many lines there are in `width` cells."""
        raise NotImplementedError

    def paint_line(self, line: int, width: int) -> Strip:
        """Line number `line`, counted from 0, exactly `width` cells wide."""
        raise NotImplementedError

    @property
    def line_width(self) -> int:
        """Cells in a line."""
        return self._last_room().width

    @property
    def page(self) -> int:
        """Lines in sight."""
        return max(self._last_room().height, 1)

    def _last_room(self) -> Size:
        """What there is for lines; while the pane is hidden, what there was: it comes back the same, unasked."""
        room = self.scrollable_content_region.size
        if room.area:
            self._room = room
        return self._room

    @property
    def pointed_line(self) -> int:
        """The line for somebody who follows the terminal's cursor: the one that is chosen, or the first in sight."""
        return self.scroll_offset.y

    @property
    def cursor_cell(self) -> Offset:
        """Where on the screen that line begins."""
        region = self.scrollable_content_region
        line = min(max(self.pointed_line - self.scroll_offset.y, 0), max(region.height - 1, 0))
        return Offset(region.x, region.y + line)

    def renew(self) -> None:
        """Count and paint everything again, keeping the scroll position as far as possible."""
        self._strips.clear()
        width = self.line_width
        size = Size(width, self.count_lines(width))
        if size != self.virtual_size:
            # Assigning it would lay out the whole screen again, which only scrollbars that come and go would need.
            self.set_reactive(LinesView.virtual_size, size)
            self._scroll_update(size)
        self.refresh()

    def repaint(self, first: int, count: int = 1) -> None:
        """Paint some lines again."""
        for line in range(first, first + count):
            self._strips.pop(line, None)
        self.refresh_lines(first, count)

    def jump(self, line: float) -> None:
        """Scroll at once so that `line` is the first in sight, as far as the end allows."""
        self.scroll_to(y=max(0, min(line, self.virtual_size.height - self.page)), animate=False)

    def render_line(self, y: int) -> Strip:
        line = self.scroll_offset.y + y
        strip = self._strips.get(line)
        if strip is None:
            width = self.line_width
            strip = (
                self.paint_line(line, width)
                if line < self.virtual_size.height
                else Strip.blank(width, self.ground)
            )
            if len(self._strips) > _KEPT_STRIPS:
                self._strips.clear()
            self._strips[line] = strip
        return strip

    def resized(self) -> None:
        """The pane has another size. Overridden by panes that keep a place in what they show."""
        self.renew()

    def _size_updated(
        self, size: Size, virtual_size: Size, container_size: Size, layout: bool = True
    ) -> bool:
        # The resize event would come after the pane was painted with lines of the old width.
        changed = size != self._size
        answer = super()._size_updated(size, virtual_size, container_size, layout)
        if changed:
            self.resized()
        return answer

    def forget_paint(self) -> None:
        """Keep no painted line: the colours have changed."""
        self._strips.clear()

    def notify_style_update(self) -> None:
        self.forget_paint()
        super().notify_style_update()

    # Textual would animate these; nothing in the reader does.
    def _on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        event.prevent_default()
        self.jump(self.scroll_offset.y + 3)

    def _on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        event.prevent_default()
        self.jump(self.scroll_offset.y - 3)
