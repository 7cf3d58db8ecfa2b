"""Coverage: years as rows, months as cells shaded by articles; Enter opens the month. Below, freshness and health."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from rich.style import Style
from textual import events
from textual.strip import Strip

from gvreader.export import wording
from gvreader.i18n import _, ngettext
from gvreader.tui.screens.panel import Panel
from gvreader.tui.view import labels
from gvreader.tui.view.cells import fill
from gvreader.tui.view.cells import width as cells_of
from gvreader.tui.view.coverage import Coverage, Kind, PortalLine, SectionLine
from gvreader.tui.view.problems import problem_names
from gvreader.tui.view.sanitize import visible_line
from gvreader.tui.view.strip_builder import StripBuilder
from gvreader.tui.view.typeset import Role
from gvreader.tui.widgets.frame import KeyHint
from gvreader.tui.widgets.lines import LinesView, styles_of

if TYPE_CHECKING:
    from datetime import datetime

    from gvreader.archive.library.results import GapState, StoredProblem

_YEAR_COLUMN: Final = 2
_FIRST_MONTH: Final = 9
_CELL: Final = 5
_DATE_COLUMN: Final = 13
_COUNT_COLUMN: Final = 8
_VISIT_COLUMN: Final = 26
_LEAST_TITLE: Final = 20
_ABOVE: Final = 3  # lines above the first year
_SHADES: Final = "·░▒▓█"
_NO_MONTH: Final = "╳"
_MISSING: Final = "?"

Words = tuple[tuple[str, Role], ...]
"""One line as pieces in roles."""


def shade(count: int, most: int) -> str:
    """One of five shades for a count, the darkest for the greatest."""
    return _SHADES[0] if not count else _SHADES[min(1 + (count * 4 - 1) // max(most, 1), 4)]


def gap_names() -> dict[GapState, str]:
    """Why numbers of a portal are not in the archive."""
    return {
        "never seen": _("{n} never seen"),
        "queued": _("{n} waiting to be fetched"),
        "refused": _("{n} refused"),
        "deleted": _("{n} deleted by the portal"),
    }


def health_lines(content: Coverage, now: datetime, room: int) -> list[Words]:
    """Everything below the months, for `room` cells: what the signs mean, sections, portals."""
    lines = _legend(room)
    if content.sections:
        lines += [(), ((_("Newest of each section").upper(), "label"),)]
        needed = max(cells_of(section.title) for section in content.sections)
        spare = room - _DATE_COLUMN - _COUNT_COLUMN
        told = spare - _VISIT_COLUMN >= min(needed, _LEAST_TITLE)
        titles = min(needed, spare - _VISIT_COLUMN if told else spare)
        lines += [_section_line(section, titles, now, told=told) for section in content.sections]
    for portal in content.portals:
        lines += [(), ((portal.title.upper(), "label"),), *_portal_lines(portal, now)]
    return lines


def _legend(room: int) -> list[Words]:
    signs: list[Words] = [
        ((f"{_SHADES[1:]} ", "number"), (_("few to many"), "meta")),
        ((f"{_NO_MONTH} ", "meta"), (_("a month without any"), "meta")),
        ((f"{_MISSING} ", "notice"), (_("numbers missing around it"), "meta")),
    ]
    gap: Words = (("   ", "meta"),)
    one_line = (*signs[0], *gap, *signs[1], *gap, *signs[2])
    return [one_line] if sum(cells_of(text) for text, _role in one_line) <= room else signs


def _section_line(section: SectionLine, titles: int, now: datetime, *, told: bool) -> Words:
    """One section in columns, its title in `titles` cells; `told`: with when it was visited."""
    newest = wording.published(section.newest) if section.newest else "–"
    words: list[tuple[str, Role]] = [
        (fill(newest, _DATE_COLUMN), "meta"),
        (fill(section.title, titles), "text"),
        (wording.number(section.articles).rjust(_COUNT_COLUMN), "meta"),
    ]
    if told and section.success is not None:
        words.append(("   " + _("visited {when}").format(when=labels.ago(section.success, now)), "meta"))
    if section.problem is not None:
        words.append((f"   {_problem(section.problem)}", "notice"))
    return tuple(words)


def _portal_lines(portal: PortalLine, now: datetime) -> Iterator[Words]:
    counts = [
        wording.articles(portal.articles),
        _("{n} taken off").format(n=wording.number(portal.gone)) if portal.gone else "",
        ngettext("{n} capture", "{n} captures", portal.captures).format(n=wording.number(portal.captures)),
        _("{n} still to fetch").format(n=wording.number(portal.queued)) if portal.queued else "",
        _("{n} pictures and files missing").format(n=wording.number(portal.media_missing))
        if portal.media_missing
        else "",
    ]
    yield ((" · ".join(count for count in counts if count), "text"),)
    answered = (
        _("answered {when}").format(when=labels.ago(portal.success, now))
        if portal.success is not None
        else _("never answered")
    )
    health: list[tuple[str, Role]] = [(answered, "meta")]
    if portal.problem is not None:
        health.append((f" · {_problem(portal.problem)}", "notice"))
    yield tuple(health)
    if portal.missing:
        names = gap_names()
        why = ", ".join(
            names[state].format(n=wording.number(portal.missing[state]))
            for state in names
            if portal.missing.get(state)
        )
        numbers = _("numbers {first} to {last}: {share} % are here; {why}").format(
            first=portal.first, last=portal.last, share=wording.decimal(100 * portal.share), why=why
        )
        yield ((numbers, "meta"),)


def _problem(problem: StoredProblem) -> str:
    return problem_names().get(problem.kind, visible_line(problem.kind))


def _marks(cell: int) -> int:
    """How many characters of a month's cell are shaded; the others are for signs and air."""
    return max(cell - 2, 1)


class Heatmap(LinesView):
    """The months; the cursor is on one of them."""

    def __init__(self) -> None:
        super().__init__()
        self.content: Coverage | None = None
        self.kind: Kind = "published"
        self._years: list[int] = []
        self._most = 1
        self._below: list[Words] = []
        self._now: datetime | None = None
        self.row = 0
        self.column = 0

    def show(self, content: Coverage, kind: Kind, now: datetime) -> None:
        """Show these months, the cursor on the newest."""
        self.content, self.kind = content, kind
        counts = content.counts(kind)
        self._years = content.years(kind)
        self._most = max(counts.values(), default=1)
        self._now = now
        self.row = 0
        self.column = int(max(counts, default="0000-01")[5:7]) - 1
        self.renew()

    @property
    def month(self) -> str:
        """The month under the cursor, `YYYY-MM`."""
        return f"{self._years[self.row]:04}-{self.column + 1:02}" if self._years else ""

    @property
    def count(self) -> int:
        """Articles in the month under the cursor."""
        return self.content.counts(self.kind).get(self.month, 0) if self.content else 0

    def move(self, rows: int, columns: int) -> None:
        """Move the cursor; past the last year, scroll to what is below."""
        if rows > 0 and self.row == len(self._years) - 1 and not columns:
            self.jump(self.scroll_offset.y + rows)
            return
        self.row = max(0, min(self.row + rows, len(self._years) - 1))
        self.column = max(0, min(self.column + columns, 11))
        self._strips.clear()
        line = self.row + _ABOVE
        if not self.scroll_offset.y < line < self.scroll_offset.y + self.page:
            self.jump(line - self.page // 2)
        self.refresh()

    def count_lines(self, width: int) -> int:
        if self.content is not None and self._now is not None:
            self._below = health_lines(self.content, self._now, width - _YEAR_COLUMN - 1)
        return _ABOVE + len(self._years) + 1 + len(self._below)

    def paint_line(self, line: int, width: int) -> Strip:
        styles = styles_of(self)
        painted = StripBuilder(width, styles.base, margin=1)
        if self.content is None:
            return painted.to(_YEAR_COLUMN).add(_("Counting…") if line == 1 else "", styles.muted).strip()
        cell = self._cell(width)
        below = line - _ABOVE - len(self._years) - 1
        if line == 1:
            # Where two numbers would touch, every other one is enough.
            for month in range(0, 12, 1 if cell > 2 else 2):
                painted.to(_FIRST_MONTH + month * cell + (_marks(cell) - 1) // 2).add(
                    str(month + 1), styles.muted
                )
        elif _ABOVE <= line < _ABOVE + len(self._years):
            self._paint_year(painted, self.content, line - _ABOVE, cell)
        elif 0 <= below < len(self._below):
            painted.to(_YEAR_COLUMN)
            for text, role in self._below[below]:
                painted.add(text, styles.role(role))
        return painted.strip()

    def _cell(self, width: int) -> int:
        return max(2, min(_CELL, (width - _FIRST_MONTH - 7) // 12))

    def _paint_year(self, painted: StripBuilder, content: Coverage, row: int, cell: int) -> None:
        styles = styles_of(self)
        year = self._years[row]
        counts = content.counts(self.kind)
        painted.to(_YEAR_COLUMN).add(str(year), styles.strong if row == self.row else None)
        total = 0
        for column in range(12):
            month = f"{year:04}-{column + 1:02}"
            count = counts.get(month, 0)
            total += count
            at_cursor = (row, column) == (self.row, self.column)
            mark, style = shade(count, self._most) * _marks(cell), styles.accent
            if content.is_gap(self.kind, month):
                mark, style = _NO_MONTH.center(_marks(cell)), styles.muted
            elif not count:
                mark, style = _SHADES[0].center(_marks(cell)), styles.dim
            if at_cursor:
                painted.to(_FIRST_MONTH + column * cell - 1).add("[", styles.accent_strong)
            painted.to(_FIRST_MONTH + column * cell).add(mark, style + Style(bold=at_cursor))
            if at_cursor:
                painted.add("]", styles.accent_strong)
            elif self.kind == "published" and content.missing.get(month):
                painted.add(_MISSING, styles.role("notice"))
        painted.to(_FIRST_MONTH + 12 * cell).add(wording.number(total), styles.muted)

    def on_click(self, event: events.Click) -> None:
        row = event.y + self.scroll_offset.y - _ABOVE
        column = (event.x - _FIRST_MONTH + 1) // self._cell(self.line_width)
        if 0 <= row < len(self._years) and 0 <= column < 12:
            again = (row, column) == (self.row, self.column)
            self.move(row - self.row, column - self.column)
            sheet = self.screen
            if isinstance(sheet, CoverageSheet):
                sheet.moved()
                if again:
                    sheet.choose()


class CoverageSheet(Panel):
    """Answers the month that was chosen, or None."""

    def __init__(self, now: datetime) -> None:
        self._map = Heatmap()
        self._now = now
        super().__init__(_("Coverage"), self._map)

    def begin(self) -> None:
        self._map.renew()
        self.moved()

    def extra_keys(self) -> Sequence[KeyHint]:
        return (
            KeyHint("⏎", _("open the month"), "choose"),
            KeyHint("← →", _("month"), "month"),
            KeyHint("a", _("published or archived"), "other"),
        )

    def extra_actions(self) -> Mapping[str, Callable[[], None]]:
        moves = {"j": (1, 0), "down": (1, 0), "k": (-1, 0), "up": (-1, 0)}
        moves |= {"h": (0, -1), "left": (0, -1), "l": (0, 1), "right": (0, 1)}
        actions: dict[str, Callable[[], None]] = {
            key: partial(self._move, *step) for key, step in moves.items()
        }
        actions["enter"] = self.choose
        actions["a"] = self._other
        return actions

    def show(self, content: Coverage) -> None:
        """Show the months when they have been counted."""
        self._map.show(content, self._map.kind, self._now)
        self.moved()

    def choose(self) -> None:
        """Answer the month under the cursor."""
        if self._map.count and self._map.kind == "published":
            self.dismiss(self._map.month)

    def moved(self) -> None:
        """Say which month the cursor is on, and what is there."""
        content, month = self._map.content, self._map.month
        if content is None or not month:
            return
        parts = [
            _("{month}/{year}").format(month=month[5:], year=month[:4]),
            wording.articles(self._map.count),
        ]
        missing = content.missing.get(month, 0)
        if self._map.kind == "archived":
            parts.append(_("first archived then"))
        elif missing:
            parts.append(
                ngettext("{n} number missing around it", "{n} numbers missing around it", missing).format(
                    n=wording.number(missing)
                )
            )
        self.head(_("Coverage"), " · ".join(parts))

    def _other(self) -> None:
        if self._map.content is not None:
            kind: Kind = "archived" if self._map.kind == "published" else "published"
            self._map.show(self._map.content, kind, self._now)
            self.moved()

    def _move(self, rows: int, columns: int) -> None:
        self._map.move(rows, columns)
        self.moved()
