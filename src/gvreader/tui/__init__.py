"""The reader: a calm three-pane screen over the library. `run` is all that the command line needs."""

from __future__ import annotations

import gc
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from concurrent.futures import Future

    from gvreader.tui.preload import PreloadedList
    from gvreader.tui.services import ReaderServices
    from gvreader.tui.splash import Splash
    from gvreader.tui.ui_state import UiState

__all__ = ["run"]

_PATIENCE: Final = 0.25
"""Seconds that the library has to answer before the reader goes on without showing its first page early."""


def run(
    services: ReaderServices,
    *,
    start: str = "",
    theme: str | None = None,
    keys: Mapping[str, str | Sequence[str]] | None = None,
    commands: Mapping[str, Sequence[str]] | None = None,
    greeting: str = "",
) -> int:
    """Open the reader and return the exit code when it is closed.

    `start`: a query to begin with. `theme`: `dark`, `light` or `terminal`; None for the one it was left in, else
    what fits the terminal. `keys`: action names to the keys that replace their defaults, keys to what they do.
    `commands`: the reader's own, names to the words of a program that gets the article. `greeting`: what the line
    above the keys says at first.
    """
    # Collecting garbage while modules load is a tenth of the time to the first paint; there is none to collect yet.
    gc.disable()
    from gvreader.tui.library_access import LibraryAccess
    from gvreader.tui.preload import ask_first
    from gvreader.tui.splash import Splash
    from gvreader.tui.ui_state import UiState

    access = LibraryAccess(services)
    first = ask_first(access)
    ui_state = UiState.parse(services.recall())
    splash = Splash()
    try:
        if not start:
            _raise(splash, first, theme, ui_state)
        from gvreader.tui.app import ReaderApp

        driver = splash.hand_over()
        app = ReaderApp(
            access,
            first,
            start=start,
            theme=theme,
            keys=keys,
            commands=commands,
            ui_state=ui_state,
            driver=driver,
        )
        app.reader.greeting = greeting
        code = app.run()
        app.finish()
    finally:
        gc.enable()
        splash.drop()
        access.close()
    # Without an answer the application ended of itself, in trouble.
    return code if code is not None else app.return_code or 1


def _raise(splash: Splash, first: Future[PreloadedList], theme: str | None, ui_state: UiState) -> None:
    """Show the list at once if the library answers at once."""
    from gvreader.tui.view.colours import THEMES, chosen_theme
    from gvreader.tui.view.layout import Widths

    try:
        answer = None if first.exception(timeout=_PATIENCE) else first.result()
    except TimeoutError:
        return
    if answer and answer.rows:
        colours = THEMES[chosen_theme(theme, ui_state.theme)]
        splash.show(answer, colours, Widths(places=ui_state.places, articles=ui_state.articles))
