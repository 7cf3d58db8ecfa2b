"""The Textual application: themes, the one screen, and an orderly end."""

from __future__ import annotations

import asyncio
import gc
import signal
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING, ClassVar

from textual.app import App
from textual.binding import BindingType

from gvreader.tui.actions import Keymap, actions
from gvreader.tui.reader_screen import ReaderScreen
from gvreader.tui.styles import Styles, textual_theme
from gvreader.tui.ui_state import UiState
from gvreader.tui.view.colours import THEMES, chosen_theme

if TYPE_CHECKING:
    from textual.driver import Driver

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
        ui_state: UiState | None = None,
        driver: type[Driver] | None = None,
    ) -> None:
        super().__init__(driver_class=driver)
        self.animation_level = "none"
        for colours in THEMES.values():
            self.register_theme(textual_theme(colours))
        ui_state = ui_state or UiState()
        self.theme = chosen_theme(theme, ui_state.theme)
        self.theme_styles = Styles(THEMES[self.theme])
        self.reader = ReaderScreen(access, Keymap(actions(), keys), first, start=start, ui_state=ui_state)

    def get_default_screen(self) -> ReaderScreen:
        return self.reader

    def on_mount(self) -> None:
        self.theme_changed_signal.subscribe(self, self._use_theme)
        self._end_on_signals()
        self.call_after_refresh(self._painted)

    def _painted(self) -> None:
        gc.freeze()
        gc.enable()

    def _end_on_signals(self) -> None:
        try:
            for number in (signal.SIGTERM, signal.SIGHUP):
                asyncio.get_running_loop().add_signal_handler(number, self.reader.quit, 128 + number)
        except (AttributeError, NotImplementedError, RuntimeError, ValueError):
            # Windows, or a loop outside the main thread: the signal ends the process as it always would.
            return

    def _use_theme(self, _theme: object) -> None:
        colours = THEMES.get(self.theme)
        if colours is not None:
            self.theme_styles = Styles(colours)
            self.refresh(layout=True)

    def finish(self) -> None:
        """After the screen is gone: stop a running sync, remember where the text was left."""
        self.reader.syncing.wait(_SYNC_STOPS_WITHIN)
