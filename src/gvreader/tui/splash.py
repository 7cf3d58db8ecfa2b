"""The first page, shown while Textual is being imported: the same lines at the same places, written by hand.

Importing Textual takes most of the time until the reader can be read, and nothing of it is needed to show a list.
The reader then paints over it what is already there.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping, Sequence
from types import FrameType
from typing import TYPE_CHECKING, Any, Final, TextIO

from gvreader.export import wording
from gvreader.i18n import _
from gvreader.tui.view.cells import width
from gvreader.tui.view.colours import Colours
from gvreader.tui.view.header import HeaderLine, head_runs
from gvreader.tui.view.items import ItemRole, Runs, item_lines, shape_for
from gvreader.tui.view.layout import PaneLayout, Widths, arrange

if TYPE_CHECKING:
    from textual.driver import Driver

    from gvreader.model import ArticleRow
    from gvreader.tui.preload import PreloadedList

ENTER: Final = "\x1b[?1049h"
RAISE: Final = ENTER + "\x1b[?25l"
LOWER: Final = "\x1b[0m\x1b[?1049l\x1b[?25h"
_SMALLEST: Final = (20, 6)
_PLAIN_TERMINALS: Final = ("", "dumb", "linux", "vt100", "vt220", "ansi")


class Splash:
    """Stands on the terminal from `show` to `hand_over`; `drop` takes away whatever still stands."""

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        self._environ = environ
        self._modes: list[Any] | None = None
        self._signals: list[signal.Signals] = []
        self.is_up = False

    def show(self, first: PreloadedList, colours: Colours, widths: Widths) -> None:
        """Show the first articles, unless this is no terminal that can take them."""
        if not self._fits():
            return
        try:
            size = os.get_terminal_size(1)
        except (OSError, ValueError):
            return
        if size.columns < _SMALLEST[0] or size.lines < _SMALLEST[1]:
            return
        page = draw_page(first, colours, widths, size.columns, size.lines, deep=self._is_deep())
        self._be_quiet()
        self.is_up = True
        self._write(RAISE + page)

    def hand_over(self) -> type[Driver] | None:
        """Let the application paint over it: the driver it must use, or None for the usual one."""
        self._be_loud()
        if os.name != "posix" or "TEXTUAL_DRIVER" in self._environ:
            return None
        # A terminal that is gone by now is no terminal any more; the driver finds out and ends the reader.
        output = sys.__stderr__ if _is_terminal(sys.__stderr__) else sys.__stdout__
        from gvreader.tui.driver import TerminalDriver

        splash = self

        class DriverOverSplash(TerminalDriver):
            def entered(self) -> bool:
                up, splash.is_up = splash.is_up, False
                return up

        DriverOverSplash.output = output
        return DriverOverSplash

    def drop(self) -> None:
        """Leave the terminal as it was, if the application never took over."""
        self._be_loud()
        if self.is_up:
            self.is_up = False
            self._write(LOWER)

    # ── the terminal ──

    def _fits(self) -> bool:
        return (
            os.name == "posix"
            and "TEXTUAL_DRIVER" not in self._environ
            and self._environ.get("TERM", "") not in _PLAIN_TERMINALS
            and _is_terminal(sys.__stdout__)
            and _is_terminal(sys.__stdin__)
        )

    def _is_deep(self) -> bool:
        return self._environ.get("COLORTERM", "").lower() in ("truecolor", "24bit")

    def _write(self, text: str) -> None:
        """Write at once: a signal may want to write too while this is being written."""
        data = text.encode("utf-8", "replace")
        while data:
            data = data[os.write(1, data) :]

    def _be_quiet(self) -> None:
        """Have keys that are typed already wait without being shown."""
        import termios

        try:
            self._modes = termios.tcgetattr(0)
            quiet = [*self._modes]
            quiet[3] &= ~(termios.ECHO | termios.ICANON)
            termios.tcsetattr(0, termios.TCSANOW, quiet)
        except termios.error:
            self._modes = None
        for number in (signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is signal.SIG_DFL:
                self._signals.append(number)
                signal.signal(number, self._ended)

    def _ended(self, number: int, _frame: FrameType | None) -> None:
        """Somebody ends the program before it has begun: leave the terminal first."""
        self.drop()
        os.kill(os.getpid(), number)

    def _be_loud(self) -> None:
        while self._signals:
            signal.signal(self._signals.pop(), signal.SIG_DFL)
        modes, self._modes = self._modes, None
        if modes is not None:
            import termios

            termios.tcsetattr(0, termios.TCSANOW, modes)


def _is_terminal(stream: TextIO | None) -> bool:
    return stream is not None and stream.isatty()


def draw_page(
    first: PreloadedList, colours: Colours, widths: Widths, columns: int, lines: int, *, deep: bool
) -> str:
    """The page as text with colours, line by line from the upper left corner; `deep`: in 24-bit colour."""
    paint = _Paint(colours, deep=deep)
    layout = arrange(columns, lines, "list", wishes=widths)
    head = 2 if layout.rules else 1
    foot = 2 if layout.rules else 1
    body = _body(first.rows, layout, lines - head - foot, paint)
    page = [_masthead(first, columns, layout.heading, paint)]
    if layout.rules:
        page.append(paint.text("─" * columns, dim=True))
    page += body
    if layout.rules:
        page.append(paint.text("─" * columns, dim=True))
    page.append(paint.text(" " * columns))
    return "\x1b[H" + "\r\n".join(page)


def _masthead(first: PreloadedList, columns: int, column: int, paint: _Paint) -> str:
    head = HeaderLine(portal=first.portal, place=_("Everything"), counts=wording.articles(len(first.ids)))
    runs = head_runs(head, columns, column)
    return "".join(
        paint.text(text, strong=role == "strong", muted=role == "muted") for text, role in runs
    ) + paint.text(" ")


def _body(rows: Sequence[ArticleRow], layout: PaneLayout, height: int, paint: _Paint) -> list[str]:
    room = layout.articles - 1  # the scrollbar
    shape = shape_for(room, height, snippets=False)
    lines: list[str] = []
    for number, row in enumerate(rows):
        if len(lines) >= height:
            break
        chosen = number == 0
        item = item_lines(row, shape, room, bar="▌" if chosen else " ")
        lines += [paint.item(runs, room, chosen=chosen) for runs in item]
        lines += [paint.text(" " * room)] * shape.gap
    lines = lines[:height] + [paint.text(" " * room)] * (height - len(lines))
    left = paint.text(" " * layout.places) + paint.text("│", dim=True) if layout.places else ""
    right = paint.text("│", dim=True) + paint.text(" " * layout.text) if layout.text else ""
    bar = paint.text(" ")
    return [f"{left}{line}{bar}{right}" for line in lines]


class _Paint:
    """Text in the colours of a theme, as the terminal takes them."""

    def __init__(self, colours: Colours, *, deep: bool) -> None:
        self._colours = colours
        self._deep = deep

    def text(self, text: str, *, strong: bool = False, dim: bool = False, muted: bool = False) -> str:
        styles = self._colours.dim if dim else self._colours.muted if muted else self._colours.text
        return self._set(
            text, styles, self._colours.background, strong=strong, dim=muted and self._colours.ansi
        )

    def item(self, runs: Runs, room: int, *, chosen: bool) -> str:
        base = self._colours.selected if chosen else self._colours.background
        used = sum(width(text) for text, _role in runs)
        parts = [self._item_run(text, role, base) for text, role in runs]
        return "".join(parts) + self._set(" " * (room - used), self._colours.text, base)

    def _item_run(self, text: str, role: ItemRole, base: str) -> str:
        colours = self._colours
        inks = {"bar": colours.accent, "sign": colours.accent, "tag": colours.accent}
        inks |= {"facts": colours.muted, "gone": colours.muted}
        dim = colours.ansi and role in ("facts", "gone")
        return self._set(text, inks.get(role, colours.text), base, strong=role == "unread", dim=dim)

    def _set(self, text: str, styles: str, base: str, *, strong: bool = False, dim: bool = False) -> str:
        codes = ["0"]
        codes += ["1"] if strong else []
        codes += ["2"] if dim else []
        codes += [self._colour(styles, 38)] if not styles.startswith("ansi_default") else []
        codes += [self._colour(base, 48)] if not base.startswith("ansi_default") else []
        return f"\x1b[{';'.join(codes)}m{text}"

    def _colour(self, colour: str, ground: int) -> str:
        if colour.startswith("ansi_"):
            return _ANSI[colour]
        red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
        if self._deep:
            return f"{ground};2;{red};{green};{blue}"
        return f"{ground};5;{_of_256(red, green, blue)}"


_ANSI: Final = {"ansi_bright_black": "90", "ansi_red": "31"}
_CUBE: Final = (0, 95, 135, 175, 215, 255)


def _of_256(red: int, green: int, blue: int) -> int:
    """The nearest of the usual 256 colours: of the cube for what is coloured, of the greys for what is hardly so."""
    if max(red, green, blue) - min(red, green, blue) < 24:
        level = round((max(red, green, blue) + min(red, green, blue)) / 2 / 255 * 25)
        return 16 if level == 0 else 231 if level == 25 else 231 + level
    steps = [min(range(6), key=lambda at: abs(_CUBE[at] - part)) for part in (red, green, blue)]
    return 16 + 36 * steps[0] + 6 * steps[1] + steps[2]
