"""The Textual application: themes, the one screen, and an orderly end."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, ClassVar

from rich.color import ColorSystem
from textual import events
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.app import App
from textual.binding import BindingType
from textual.filter import LineFilter, Monochrome, NoColor
from textual.geometry import Offset
from textual.screen import Screen

from gvreader.tui.actions import EVERYWHERE, Keymap, actions, key_name
from gvreader.tui.reader_screen import ReaderScreen
from gvreader.tui.screen_diff import Piece, ScreenDiff
from gvreader.tui.styles import Styles, textual_theme
from gvreader.tui.ui_state import UiState
from gvreader.tui.view.colours import PLAIN, THEMES, chosen_theme
from gvreader.tui.widgets.lines import LinesView

if TYPE_CHECKING:
    from textual.driver import Driver

    from gvreader.tui.driver import TerminalDriver
    from gvreader.tui.library_access import LibraryAccess
    from gvreader.tui.preload import PreloadedList

_SYNC_STOPS_WITHIN = 3.0


class ReaderApp(App[int], inherit_bindings=False):
    """The reader on one archive."""

    ENABLE_COMMAND_PALETTE: ClassVar[bool] = False
    BINDINGS: ClassVar[list[BindingType]] = []
    TITLE = "gvreader"

    def __init__(
        self,
        access: LibraryAccess,
        first: Future[PreloadedList],
        *,
        start: str = "",
        theme: str | None = None,
        keys: Mapping[str, str | Sequence[str]] | None = None,
        commands: Mapping[str, Sequence[str]] | None = None,
        ui_state: UiState | None = None,
        driver: type[Driver] | None = None,
    ) -> None:
        super().__init__(driver_class=driver)
        term = os.environ.get("TERM", "")
        self._diff = ScreenDiff(erases=not term.startswith("screen") or "TMUX" in os.environ)
        self._painted_screen: Screen[Any] | None = None
        self.animation_level = "none"
        for colours in THEMES.values():
            self.register_theme(textual_theme(colours))
        ui_state = ui_state or UiState()
        keymap = Keymap(actions(), keys, commands or {})
        self.theme = chosen_theme(theme, ui_state.theme)
        self.theme_styles = Styles(THEMES[self.theme])
        self.reader = ReaderScreen(access, keymap, first, start=start, ui_state=ui_state)
        self.reader.sharing.commands = dict(commands or {})
        self.reader.mounted = self._take_keys

    @property
    def cursor_position(self) -> Offset:
        """Where the terminal's cursor stands after each painting: where letters go, else on what is chosen."""
        for holder in (self.focused, self.screen):
            cell = getattr(holder, "cursor_cell", None)
            if isinstance(cell, Offset):
                return cell
        return Offset(0, 0)

    @cursor_position.setter
    def cursor_position(self, _position: Offset) -> None:
        """Widgets of Textual say where their cursor was; here it is asked when it is needed."""

    def _display(self, screen: Screen[Any], renderable: Any) -> None:
        """Textual would write every line that was touched, whether anything on it is different or not."""
        pieces = _pieces(renderable)
        writes = self._running and not self._closed and not self.is_headless and self._driver is not None
        if pieces is None or not writes or self._batch_count:
            super()._display(screen, renderable)
            return
        if screen is not self._painted_screen or getattr(screen, "paints_over_cells", False):
            self._painted_screen = screen
            self._diff.forget()
        width, height = self.size
        system = self.console._color_system or ColorSystem.TRUECOLOR
        sequence = self._diff.render(pieces, width, height, system)
        cursor = self.screen.outer_size.clamp_offset(self.cursor_position)
        self._begin_update()
        try:
            if self._driver is not None:
                self._driver.write(sequence + f"\x1b[{cursor.y + 1};{cursor.x + 1}H")
        finally:
            self._end_update()

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Without colour, nothing but the terminal's own two: Textual would turn these into black on black."""
        filters = [one for one in super().get_line_filters() if not isinstance(one, Monochrome)]
        return [*filters, NoColor()] if self.theme == PLAIN.name else filters

    def get_default_screen(self) -> ReaderScreen:
        return self.reader

    def on_mount(self) -> None:
        self.app_resume_signal.subscribe(self, self._paint_anew)
        self.theme_changed_signal.subscribe(self, self._use_theme)
        self.call_after_refresh(self._painted)

    def _painted(self) -> None:
        gc.freeze()
        gc.enable()

    def _take_keys(self) -> None:
        if terminal := self._terminal():
            terminal.take_keys()

    def take_program_key(self, event: events.Key) -> bool:
        """Act on a key that works everywhere; False where this is none."""
        name = key_name(event.key, event.character)
        keymap = self.reader.keymap
        action = next((action for action in EVERYWHERE if name in keymap.keys(action)), None)
        if action is None:
            return False
        event.stop()
        event.prevent_default()
        self.reader.act(action)
        return True

    def _paint_anew(self, _app: App[int]) -> None:
        """After the shell, or another program, had the terminal: nothing of what was painted is there."""
        self._diff.forget()
        for screen in self.screen_stack:
            screen.refresh()

    def leave(self, code: int) -> None:
        """End with an exit code, whatever state the reader is in."""
        try:
            self.reader.quit(code)
        finally:
            self.exit(code, code)

    def _use_theme(self, _theme: object) -> None:
        colours = THEMES.get(self.theme)
        if colours is not None:
            self.theme_styles = Styles(colours)
            for screen in self.screen_stack:
                for view in screen.query(LinesView):
                    view.forget_paint()
            self.refresh(layout=True)

    def finish(self) -> None:
        """After the screen is gone: stop a running sync, remember where the text was left."""
        self.reader.syncing.wait(_SYNC_STOPS_WITHIN)
        if terminal := self._terminal():
            terminal.watch.stop()

    def _terminal(self) -> TerminalDriver | None:
        """The driver, where the reader sits in a terminal and not in a browser or a test."""
        if os.name != "posix":
            return None
        from gvreader.tui.driver import TerminalDriver

        return self._driver if isinstance(self._driver, TerminalDriver) else None


def _pieces(renderable: object) -> Iterator[Piece] | None:
    """What a paint of Textual's compositor shows, and where; None for what is no such paint."""
    if isinstance(renderable, LayoutUpdate):
        return _lines(renderable)
    if isinstance(renderable, ChopsUpdate):
        return _chops(renderable)
    return None


def _lines(update: LayoutUpdate) -> Iterator[Piece]:
    for y, strips in enumerate(update.strips, update.region.y):
        x = update.region.x
        for strip in strips:
            yield y, x, strip
            x += strip.cell_length


def _chops(update: ChopsUpdate) -> Iterator[Piece]:
    for y, first, end in update.spans:
        for stop, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
            if strip is not None and x <= end and stop > first:
                yield y, x, strip if stop <= end else strip.crop(0, min(stop, end) - x)
