"""The middle pane: the articles of a place or a search, each in a few lines of fixed number."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from rich.style import Style
from textual import events
from textual.strip import Strip

from gvreader.i18n import _
from gvreader.model import ArticleRow
from gvreader.tui.cells import ELLIPSIS, wrap
from gvreader.tui.composition import list_facts
from gvreader.tui.ink import Ink
from gvreader.tui.messages import ActionAsked, ArticleChosen, CursorMoved, ListScrolled
from gvreader.tui.painting import Line, marked
from gvreader.tui.rows import Rows
from gvreader.tui.visible import snippet_line, visible_line
from gvreader.tui.widgets.lines import LinesView, ink_of

_MARGIN: Final = 3
_WIDE: Final = 68
_LOW: Final = 14
Spans = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class ItemShape:
    """How many lines of each kind an item has."""

    title: int
    snippet: int
    gap: int

    @property
    def height(self) -> int:
        return self.title + 1 + self.snippet + self.gap


def shape_for(width: int, height: int, *, snippets: bool) -> ItemShape:
    """Items for a pane of this size: two lines when it is wide, three when titles need the room."""
    title = 1 if width >= _WIDE or height < _LOW else 2
    return ItemShape(
        title=title,
        snippet=min(2, 3 - title) if snippets and height >= _LOW else 0,
        gap=1 if height >= _LOW else 0,
    )


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
            ink = ink_of(self)
            lines = wrap(self.empty_text, max(self.line_width - _MARGIN - 1, 8))
            line = Line(self.line_width, ink.paper).to(_MARGIN)
            return line.add(
                self.empty_text[slice(*lines[y - 1])] if 0 < y <= len(lines) else "", ink.faded
            ).strip()
        return super().render_line(y)

    def _paint_item(self, position: int, width: int) -> list[Strip]:
        ink = ink_of(self)
        row = self.rows.at(position)
        lines = _ItemPainter(ink, self._shape, width, chosen=position == self.cursor, focused=self.has_focus)
        if row is None:
            return lines.blank()
        snippet = self._snippets.get(row.id, "") if self._snippets is not None else ""
        return lines.paint(row, snippet)

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


class _ItemPainter:
    """Paints one article of the list."""

    def __init__(self, ink: Ink, shape: ItemShape, width: int, *, chosen: bool, focused: bool) -> None:
        self._ink = ink
        self._shape = shape
        self._width = width
        self._base = ink.paper + ink.chosen if chosen else ink.paper
        self._bar = ("▌" if focused else "▏") if chosen else " "

    def blank(self) -> list[Strip]:
        return [self._line("").strip() for _line in range(self._shape.height)]

    def paint(self, row: ArticleRow, snippet: str) -> list[Strip]:
        ink = self._ink
        room = max(self._width - _MARGIN - 1, 4)
        title = visible_line(row.title) or _("(no title)")
        style = _title_style(ink, row)
        lines: list[Strip] = []
        extents = wrap(title, room, self._shape.title + 1) or [(0, 0)]
        for number, (start, end) in enumerate(extents[: self._shape.title]):
            cut = number == self._shape.title - 1 and len(extents) > self._shape.title
            glyph = _glyph(row) if number == 0 else " "
            lines.append(self._line(glyph).add(title[start:] if cut else title[start:end], style).strip())
        lines.append(self._meta(row))
        if self._shape.snippet and snippet:
            lines.extend(self._snippet(snippet, room))
        shown = self._shape.height - self._shape.gap
        lines = lines[:shown]
        while len(lines) < shown:
            lines.append(self._line("").strip())
        lines.extend(Line(self._width, ink.paper).strip() for _gap in range(self._shape.gap))
        return lines

    def _line(self, glyph: str) -> Line:
        line = Line(self._width, self._base, margin=1)
        return line.add(self._bar, self._ink.accent).add(glyph or " ", self._ink.accent).to(_MARGIN)

    def _meta(self, row: ArticleRow) -> Strip:
        ink = self._ink
        line = self._line("")
        line.add(" · ".join(list_facts(row)), ink.faded)
        for tag in row.marks.tags:
            line.add(f"  #{visible_line(tag)}", ink.accent)
        return line.strip()

    def _snippet(self, snippet: str, room: int) -> list[Strip]:
        ink = self._ink
        text, spans = around_match(*snippet_line(snippet), room * self._shape.snippet)
        strips = []
        for start, end in wrap(text, room, self._shape.snippet):
            line = self._line("")
            for piece, found in marked(text, spans, start, end):
                line.add(piece, ink.found if found else ink.faded + Style(italic=True))
            strips.append(line.strip())
        return strips


def around_match(text: str, spans: Spans, room: int) -> tuple[str, Spans]:
    """The text from shortly before its first match on, when the match would not fit into `room` from the start."""
    if not spans or spans[0][1] <= room * 3 // 4:
        return text, spans
    cut = text.rfind(" ", 0, max(spans[0][0] - room // 3, 1)) + 1
    shift = cut - len(ELLIPSIS) - 1
    return f"{ELLIPSIS} {text[cut:]}", tuple((start - shift, end - shift) for start, end in spans)


def _glyph(row: ArticleRow) -> str:
    if row.marks.starred:
        return "★"
    if row.gone is not None:
        return "✕"
    if row.revision > 1:
        return "≠"
    return "" if row.marks.read else "●"


def _title_style(ink: Ink, row: ArticleRow) -> Style:
    if row.gone is not None and row.marks.read:
        return ink.faded
    return Style() if row.marks.read else ink.strong
