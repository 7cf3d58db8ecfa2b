"""The middle pane: the articles of a place or a search, each in a few lines of fixed number."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from textual import events
from textual.strip import Strip

from gvreader.model import ArticleRow
from gvreader.tui.messages import ActionAsked, ArticleChosen, CursorMoved, ListScrolled
from gvreader.tui.row_window import Rows
from gvreader.tui.view.cells import wrap
from gvreader.tui.view.items import MARGIN, ItemShape, item_lines, shape_for
from gvreader.tui.view.strip_builder import StripBuilder
from gvreader.tui.widgets.lines import LinesView, styles_of


class ArticleList(LinesView):
    """Articles by position; the cursor belongs to an article, whatever happens to the list around it."""

    def __init__(self, fetch: Callable[[Sequence[int]], Sequence[ArticleRow]]) -> None:
        super().__init__()
        self.rows: Final = Rows(fetch)
        self.cursor = 0
        self.empty_text = ""
        self._snippets: dict[int, str] | None = None
        self._shape = ItemShape(2, 0, 1)
        self._items: dict[int, list[Strip]] = {}

    # ── what is shown ──

    @property
    def current(self) -> ArticleRow | None:
        """The row under the cursor."""
        return self.rows.at(self.cursor)

    def show(
        self, ids: array[int], *, cursor: int = 0, snippets: bool = False, rows: Sequence[ArticleRow] = ()
    ) -> None:
        """Show another list. Snippets come by `annotate`; `rows` are the first of them, where they are known."""
        self.rows.show(ids, rows)
        self._snippets = {} if snippets else None
        self.cursor = max(0, min(cursor, len(ids) - 1))
        self.renew()
        self.jump(0)
        self._reveal()
        self.post_message(CursorMoved())

    def annotate(self, snippets: Mapping[int, str]) -> None:
        """Add snippets of some articles (by id), matches marked as the library marks them."""
        if self._snippets is not None and snippets:
            self._snippets.update(snippets)
            self.renew()

    def lacks_snippets(self) -> tuple[int, int] | None:
        """The positions in sight (first, count) when some of them have no snippet yet."""
        if self._snippets is None or not len(self.rows):
            return None
        first, count = self._in_sight()
        known = self._snippets
        return (
            (first, count)
            if any(article not in known for article in self.rows.ids[first : first + count])
            else None
        )

    def renew_rows(self) -> None:
        """Fetch the rows again: something about them may have changed."""
        self.rows.forget()
        self.renew()

    def forget_paint(self) -> None:
        self._items.clear()
        super().forget_paint()

    def renew(self) -> None:
        self._items.clear()
        super().renew()

    def move(self, position: int, *, jump: bool = False) -> None:
        """Put the cursor on a position, as far as the list goes. `jump`: to a far place, shown amid its neighbours."""
        position = max(0, min(position, len(self.rows) - 1))
        if position == self.cursor or not len(self.rows):
            return
        before, self.cursor = self.cursor, position
        for changed in (before, position):
            self._items.pop(changed, None)
            self.repaint(changed * self._shape.height, self._shape.height)
        self._reveal(amid=jump)
        self.post_message(CursorMoved())

    @property
    def pointed_line(self) -> int:
        return self.cursor * self._shape.height

    @property
    def items_per_page(self) -> int:
        """How many articles fit."""
        return max(self.page // self._shape.height, 1)

    # ── painting ──

    def count_lines(self, width: int) -> int:
        self._shape = shape_for(width, self.page, snippets=self._snippets is not None)
        return len(self.rows) * self._shape.height

    def paint_line(self, line: int, width: int) -> Strip:
        position, offset = divmod(line, self._shape.height)
        item = self._items.get(position)
        if item is None:
            item = self._items[position] = self._paint_item(position, width)
        return item[offset]

    def render_line(self, y: int) -> Strip:
        if not len(self.rows) and self.empty_text:
            styles = styles_of(self)
            lines = wrap(self.empty_text, max(self.line_width - MARGIN - 1, 8))
            line = StripBuilder(self.line_width, styles.base).to(MARGIN)
            return line.add(
                self.empty_text[slice(*lines[y - 1])] if 0 < y <= len(lines) else "", styles.muted
            ).strip()
        return super().render_line(y)

    def _paint_item(self, position: int, width: int) -> list[Strip]:
        styles = styles_of(self)
        row = self.rows.at(position)
        chosen = position == self.cursor
        bar = ("▌" if self.has_focus else "▏") if chosen else " "
        base = styles.base + styles.chosen if chosen else styles.base
        snippet = self._snippets.get(row.id, "") if row and self._snippets is not None else ""
        strips = []
        for runs in item_lines(row, self._shape, width, bar=bar, snippet=snippet):
            line = StripBuilder(width, base)
            for text, role in runs:
                line.add(text, styles.item(role))
            strips.append(line.strip())
        gap = [StripBuilder(width, styles.base).strip()]
        return strips + gap * self._shape.gap

    # ── events ──

    def on_focus(self, _event: events.Focus) -> None:
        self._repaint_cursor()

    def on_blur(self, _event: events.Blur) -> None:
        self._repaint_cursor()

    def resized(self) -> None:
        line = self.cursor * self._shape.height - self.scroll_offset.y
        self.renew()
        self.jump(self.cursor * self._shape.height - max(line, 0))
        self._reveal()

    def on_click(self, event: events.Click) -> None:
        if not len(self.rows):
            # The text in an empty list may offer something.
            self.post_message(ActionAsked("complete"))
            return
        position = (event.y + self.scroll_offset.y) // self._shape.height
        if not 0 <= position < len(self.rows):
            return
        if position == self.cursor:
            self.post_message(ArticleChosen())
        else:
            self.move(position)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        if self._snippets is not None and round(old_value) != round(new_value):
            self.post_message(ListScrolled())

    def _repaint_cursor(self) -> None:
        self._items.pop(self.cursor, None)
        self.repaint(self.cursor * self._shape.height, self._shape.height)

    def _in_sight(self) -> tuple[int, int]:
        first = self.scroll_offset.y // self._shape.height
        return first, min(self.items_per_page + 2, len(self.rows) - first)

    def _reveal(self, *, amid: bool = False) -> None:
        height = self._shape.height
        top = self.cursor * height
        # The gap below the last item need not be in sight.
        bottom = top + height - self._shape.gap
        first = self.scroll_offset.y
        if first <= top and bottom <= first + self.page:
            return
        if amid:
            self.jump(top - (self.page - height) // 2)
        elif top < first:
            self.jump(top)
        else:
            self.jump(bottom - self.page)
