"""Writing to the terminal only what differs from what stands there: over a slow line a key costs what it changes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from rich.cells import cell_len
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style

from gvreader.tui.view.cells import is_simple

Cell = tuple[str, Style | None]
"""What one cell shows: a letter with its marks, or nothing where the cell before is two wide; and its style."""
Piece = tuple[int, int, Iterable[Segment]]
"""Line, column, and what stands from there on."""

_SHORTEST_ERASURE: Final = 8
_LONGEST_GAP: Final = 8
_CLUSTER: Final = re.compile(r".[\u0300-\u036f\u20d0-\u20ff\ufe00-\ufe0f\u200d]*", re.S)


class ScreenDiff:
    """Remembers every cell that was painted. `erases`: blanks may be erased in the colour of the paper."""

    def __init__(self, *, erases: bool) -> None:
        self._erases: Final = erases
        self._size = (0, 0)
        self._lines: list[list[Cell | None]] = []

    def forget(self) -> None:
        """Whatever was painted may not stand there any more."""
        self._size = (0, 0)

    def render(self, pieces: Iterable[Piece], width: int, height: int, system: ColorSystem) -> str:
        """The sequences that bring the terminal from what stands there to what `pieces` show."""
        if self._size != (width, height):
            self._size = (width, height)
            self._lines = [[None] * width for _line in range(height)]
        pen = _Pen(system, erases=self._erases)
        for y, x, segments in pieces:
            if 0 <= y < height and 0 <= x < width:
                self._update(pen, y, x, list(cells_of(segments))[: width - x])
        return pen.finished()

    def _update(self, pen: _Pen, y: int, x: int, cells: list[Cell]) -> None:
        line = self._lines[y]
        stands = line[x : x + len(cells)]
        if stands == cells:
            return
        line[x : x + len(cells)] = cells
        changed = [at for at, cell in enumerate(cells) if stands[at] != cell]
        for first, last in _runs(changed):
            while first > 0 and not cells[first][0]:
                first -= 1
            pen.paint(y, x + first, cells[first : last + 1])


def _runs(changed: list[int]) -> Iterator[tuple[int, int]]:
    """First and last of each stretch of changed cells; short gaps are painted over, which is cheaper than moving."""
    first = last = changed[0]
    for at in changed[1:]:
        if at - last > _LONGEST_GAP:
            yield first, last
            first = at
        last = at
    yield first, last


def cells_of(segments: Iterable[Segment]) -> Iterator[Cell]:
    """The cells of some text, each with all that stands in it."""
    for text, style, control in segments:
        if control:
            continue
        if is_simple(text):
            blank = _of_blank(style)
            for letter in text:
                yield letter, blank if letter == " " else style
            continue
        for cluster in _CLUSTER.findall(text):
            width = cell_len(cluster)
            if width:
                yield cluster, _of_blank(style) if cluster == " " else style
            for _more in range(width - 1):
                yield "", style


class _Pen:
    """Writes runs of cells, saying of each style only what differs from the one before."""

    def __init__(self, system: ColorSystem, *, erases: bool) -> None:
        self._system = system
        self._erases = erases
        self._written: list[str] = []
        self._style: Style | None = None
        self._on: frozenset[str] = frozenset()
        self._now = ("39", "49")

    def paint(self, y: int, x: int, cells: list[Cell]) -> None:
        """Write cells from a place on; the last ones of a line as blanks where they are."""
        write = self._written.append
        write(f"\x1b[{y + 1};{x + 1}H")
        at = 0
        while at < len(cells):
            letter, style = cells[at]
            self._take(style, blank=letter == " " and not _attributes(style) & _SEEN)
            blanks = self._blanks(cells, at)
            if blanks >= _SHORTEST_ERASURE:
                write(f"\x1b[{blanks}X")
                at += blanks
                if at < len(cells):
                    write(f"\x1b[{blanks}C")
                continue
            write(letter)
            at += 1
            if letter and not is_simple(letter) and at < len(cells):
                # Terminals disagree about the width of some letters; none about a column.
                while at < len(cells) and not cells[at][0]:
                    at += 1
                if at < len(cells):
                    write(f"\x1b[{x + at + 1}G")

    def _blanks(self, cells: list[Cell], at: int) -> int:
        style = cells[at][1]
        if not self._erases or (style and (style.underline or style.reverse or style.strike)):
            return 0
        end = at
        while end < len(cells) and cells[end][0] == " " and cells[end][1] is style:
            end += 1
        return end - at

    def _take(self, style: Style | None, *, blank: bool) -> None:
        """Go on in another style; of a blank only what can be seen of it matters."""
        if style is self._style:
            return
        attributes, colours = _attributes(style), self._colours(style)
        if blank:
            colours = (self._now[0], colours[1])
            attributes |= self._on - _SEEN
        codes = [code for code, old in zip(colours, self._now, strict=True) if code != old]
        gone = self._on - attributes
        still = self._on - gone
        if gone & {"bold", "dim"}:
            still -= {"bold", "dim"}
        codes += sorted({_OFF[name] for name in gone})
        codes += [_ON[name] for name in _ON if name in attributes and name not in still]
        self._style, self._on, self._now = None if blank else style, attributes, colours
        if codes:
            self._written.append(f"\x1b[{';'.join(codes)}m")

    def _colours(self, style: Style | None) -> tuple[str, str]:
        """Ink and paper as numbers."""
        ink = style.color.downgrade(self._system).get_ansi_codes() if style and style.color else ("39",)
        paper = (
            style.bgcolor.downgrade(self._system).get_ansi_codes(foreground=False)
            if style and style.bgcolor
            else ("49",)
        )
        return ";".join(ink), ";".join(paper)

    def finished(self) -> str:
        """Everything written; the terminal's own style at its end."""
        return "".join([*self._written, "\x1b[0m"]) if self._written else ""


_ON: Final = {
    "bold": "1",
    "dim": "2",
    "italic": "3",
    "underline": "4",
    "blink": "5",
    "reverse": "7",
    "strike": "9",
}
_SEEN: Final = frozenset({"underline", "reverse", "strike"})
_OFF: Final = {
    "bold": "22", "dim": "22", "italic": "23", "underline": "24", "blink": "25", "reverse": "27", "strike": "29",
}  # fmt: skip


@lru_cache(maxsize=1024)
def _attributes(style: Style | None) -> frozenset[str]:
    return frozenset(name for name in _ON if style and getattr(style, name))


@lru_cache(maxsize=1024)
def _of_blank(style: Style | None) -> Style | None:
    """What of a style can be seen where there is no letter."""
    if style is None or style.underline or style.reverse or style.strike:
        return style
    return Style(bgcolor=style.bgcolor)
