"""Coverage: years as rows, months as cells shaded by articles published; Enter opens the month."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from rich.style import Style
from textual import events
from textual.strip import Strip

from gvreader.i18n import _, ngettext
from gvreader.model import Published
from gvreader.outputs import wording
from gvreader.tui.painting import Line
from gvreader.tui.screens.sheet import Sheet
from gvreader.tui.visible import visible_line
from gvreader.tui.widgets.lines import LinesView, ink_of

if TYPE_CHECKING:
    from gvreader.library import Status

_YEAR_COLUMN = 2
_FIRST_MONTH = 9
_CELL = 5
_SHADES = "·░▒▓█"


@dataclass(frozen=True, slots=True)
class SectionLine:
    """Freshness of one section."""

    title: str
    articles: int
    newest: Published | None


@dataclass(frozen=True, slots=True)
class Coverage:
    """Articles per month (`YYYY-MM`), and how fresh the sections are."""

    months: Mapping[str, int]
    sections: tuple[SectionLine, ...]

    @property
    def years(self) -> list[int]:
        """Every year from the newest to the oldest, those without articles between them included."""
        found = [int(month[:4]) for month in self.months if month[:4].isdigit()]
        return list(range(max(found), min(found) - 1, -1)) if found else []

    def is_gap(self, year: int, month: int) -> bool:
        """Whether a month without articles lies between months with some."""
        name = f"{year:04}-{month:02}"
        return bool(self.months) and name not in self.months and min(self.months) < name < max(self.months)


def coverage(status: Status) -> Coverage:
    """The months and sections of every portal together."""
    months: dict[str, int] = {}
    for portal in status.portals:
        for month in portal.months:
            if month.published:
                months[month.month] = months.get(month.month, 0) + month.published
    sections = tuple(
        SectionLine(visible_line(section.title) or section.slug, section.articles, section.newest)
        for portal in status.portals
        for section in portal.sections
    )
    return Coverage(months, sections)


def shade(count: int, most: int) -> str:
    """One of five shades for a count, the darkest for the greatest."""
    return _SHADES[0] if not count else _SHADES[min(1 + (count * 4 - 1) // max(most, 1), 4)]


class Heatmap(LinesView):
    """The months; the cursor is on one of them."""

    def __init__(self) -> None:
        super().__init__()
        self._content = Coverage({}, ())
        self._years: list[int] = []
        self._most = 1
        self.row = 0
        self.column = 0

    def show(self, content: Coverage) -> None:
        """Show these months, the cursor on the newest."""
        self._content = content
        self._years = content.years
        self._most = max(content.months.values(), default=1)
        self.row = 0
        self.column = int(max(content.months, default="0000-01")[5:7]) - 1
        self.renew()

    @property
    def month(self) -> str:
        """The month under the cursor, `YYYY-MM`."""
        return f"{self._years[self.row]:04}-{self.column + 1:02}" if self._years else ""

    @property
    def count(self) -> int:
        """Articles published in the month under the cursor."""
        return self._content.months.get(self.month, 0)

    def move(self, rows: int, columns: int) -> None:
        """Move the cursor."""
        self.row = max(0, min(self.row + rows, len(self._years) - 1))
        self.column = max(0, min(self.column + columns, 11))
        self._strips.clear()
        line = self.row + 3
        if not self.scroll_offset.y < line < self.scroll_offset.y + self.page:
            self.jump(line - self.page // 2)
        self.refresh()

    def count_lines(self, width: int) -> int:
        sections = len(self._content.sections)
        return len(self._years) + 4 + (sections + 2 if sections else 0)

    def paint_line(self, line: int, width: int) -> Strip:
        ink = ink_of(self)
        painted = Line(width, ink.paper, margin=1)
        cell = self._cell(width)
        if line == 1:
            for month in range(12):
                painted.to(_FIRST_MONTH + month * cell).add(str(month + 1), ink.faded)
        elif 3 <= line < 3 + len(self._years):
            self._paint_year(painted, line - 3, cell)
        elif line >= 5 + len(self._years) and self._content.sections:
            self._paint_section(painted, line - 5 - len(self._years))
        return painted.strip()

    def _cell(self, width: int) -> int:
        return max(2, min(_CELL, (width - _FIRST_MONTH - 7) // 12))

    def _paint_year(self, painted: Line, row: int, cell: int) -> None:
        ink = ink_of(self)
        year = self._years[row]
        painted.to(_YEAR_COLUMN).add(str(year), ink.strong if row == self.row else None)
        total = 0
        for month in range(12):
            count = self._content.months.get(f"{year:04}-{month + 1:02}", 0)
            total += count
            at_cursor = (row, month) == (self.row, self.column)
            style = ink.accent if count else ink.faint
            if self._content.is_gap(year, month + 1):
                mark, style = "╳", ink.faded
            else:
                mark = shade(count, self._most)
            if at_cursor:
                painted.to(_FIRST_MONTH + month * cell - 1).add("[", ink.accent_strong)
            painted.to(_FIRST_MONTH + month * cell).add(mark, style + Style(bold=at_cursor))
            if at_cursor:
                painted.add("]", ink.accent_strong)
        painted.to(_FIRST_MONTH + 12 * cell).add(wording.number(total), ink.faded)

    def _paint_section(self, painted: Line, number: int) -> None:
        ink = ink_of(self)
        if number == 0:
            painted.to(_YEAR_COLUMN).add(_("Newest of each section").upper(), ink.faded)
            return
        section = self._content.sections[number - 1]
        painted.to(_YEAR_COLUMN).add(wording.published(section.newest), ink.faded).to(_YEAR_COLUMN + 14)
        painted.add(section.title).add(f"  {wording.number(section.articles)}", ink.faded)

    def on_click(self, event: events.Click) -> None:
        row = event.y + self.scroll_offset.y - 3
        column = (event.x - _FIRST_MONTH + 1) // self._cell(self.line_width)
        if 0 <= row < len(self._years) and 0 <= column < 12:
            again = (row, column) == (self.row, self.column)
            self.move(row - self.row, column - self.column)
            sheet = self.screen
            if isinstance(sheet, CoverageSheet):
                sheet.moved()
                if again:
                    sheet.choose()


class CoverageSheet(Sheet):
    """Answers the month that was chosen, or None."""

    def __init__(self) -> None:
        self._map = Heatmap()
        super().__init__(_("Coverage"), self._map)

    def begin(self) -> None:
        self.moved()

    def extra_keys(self) -> Sequence[tuple[str, str, str]]:
        return (("⏎", _("open the month"), "choose"), ("← →", _("month"), "month"))

    def extra_actions(self) -> Mapping[str, Callable[[], None]]:
        moves = {"j": (1, 0), "down": (1, 0), "k": (-1, 0), "up": (-1, 0)}
        moves |= {"h": (0, -1), "left": (0, -1), "l": (0, 1), "right": (0, 1)}
        actions: dict[str, Callable[[], None]] = {
            key: partial(self._move, *step) for key, step in moves.items()
        }
        actions["enter"] = self.choose
        return actions

    def show(self, content: Coverage) -> None:
        """Show the months when they have been counted."""
        self._map.show(content)
        self.moved()

    def choose(self) -> None:
        """Answer the month under the cursor."""
        if self._map.count:
            self.dismiss(self._map.month)

    def moved(self) -> None:
        """Say which month the cursor is on."""
        count = self._map.count
        month = self._map.month
        where = _("{month}/{year}").format(month=month[5:], year=month[:4]) if month else ""
        articles = ngettext("{n} article", "{n} articles", count).format(n=wording.number(count))
        self.head(_("Coverage"), f"{where} · {articles}" if where else "")

    def _move(self, rows: int, columns: int) -> None:
        self._map.move(rows, columns)
        self.moved()
