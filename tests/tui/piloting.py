"""The reader on a real library, driven without a terminal."""

from __future__ import annotations

import asyncio
import builtins
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from textual import events
from textual.geometry import Region
from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.screen import Screen

from gvreader.tui.app import ReaderApp
from gvreader.tui.library_access import LibraryAccess
from gvreader.tui.preload import ask_first
from gvreader.tui.reader_screen import ReaderScreen
from gvreader.tui.ui_state import UiState
from tests.tui.shelf import ShelfServices

_DEADLINE = 30.0


def key_event(key: str) -> events.Key:
    """A key press by the character it types, or by its name."""
    if key == "space":
        return events.Key(key, " ")
    return events.Key(_character_to_key(key), key) if len(key) == 1 else events.Key(key, None)


class Driver:
    """Types at a reader and looks at its screen."""

    def __init__(self, app: ReaderApp, pilot: Pilot[int]) -> None:
        self.app = app
        self.pilot = pilot

    @property
    def reader(self) -> ReaderScreen:
        return self.app.reader

    async def press(self, *keys: str) -> None:
        """Press keys one after another, all of them before anything else is awaited."""
        for key in keys:
            self.app.post_message(key_event(key))
        await self.pilot.pause()

    async def type(self, text: str) -> None:
        await self.press(*("space" if letter == " " else letter for letter in text))

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait for what the clerks answer."""
        deadline = time.monotonic() + _DEADLINE
        while not condition():
            assert time.monotonic() < deadline, f"never came true\n{self.screen}"
            await self.pilot.pause(0.01)
        await self.pilot.pause()

    async def shows(self, text: str) -> None:
        """Wait until the screen shows a text."""
        await self.until(lambda: text in self.screen)

    async def lists(self, count: int) -> None:
        """Wait until the list has so many articles."""
        await self.until(lambda: len(self.reader.articles.rows) == count)

    async def copied(self, text: str) -> None:
        """Wait until the terminal's clipboard holds a text."""
        await self.until(lambda: self.app.clipboard == text)

    def over(self, kind: builtins.type[Screen[Any]]) -> bool:
        """Whether a screen of a kind stands over the reader."""
        return self.app.screen is not self.reader and isinstance(self.app.screen, kind)

    @property
    def panes(self) -> str:
        """The panes in sight."""
        reader = self.reader
        panes = {"places": reader.places, "list": reader.middle, "text": reader.view}
        return " ".join(name for name, pane in panes.items() if pane.display)

    @property
    def lines(self) -> list[str]:
        """The screen as it is composed now, line by line."""
        screen = self.app.screen
        size = self.app.size
        rows = screen._compositor.render_strips(size)
        return ["".join(segment.text for segment in strip).rstrip() for strip in rows]

    @property
    def screen(self) -> str:
        return "\n".join(self.lines)

    @property
    def titles(self) -> list[str]:
        """Titles of the list, all of them."""
        rows = self.reader.articles.rows
        return [row.title for position in range(len(rows)) if (row := rows.at(position))]

    def list_lines(self) -> list[str]:
        """The lines of the list pane."""
        region: Region = self.reader.articles.region
        return [line[region.x : region.right] for line in self.lines[region.y : region.bottom]]


@asynccontextmanager
async def reading(
    services: ShelfServices,
    size: tuple[int, int] = (130, 40),
    *,
    start: str = "",
    theme: str | None = "dark",
    keys: dict[str, str | list[str]] | None = None,
) -> AsyncIterator[Driver]:
    """A reader that has shown its first list, or its first page."""
    access = LibraryAccess(services)
    ui_state = UiState.parse(services.recall())
    app = ReaderApp(access, ask_first(access), start=start, theme=theme, keys=keys, ui_state=ui_state)
    try:
        async with app.run_test(size=size) as pilot:
            driver = Driver(app, pilot)
            await driver.until(
                lambda: app.reader.empty_state.display or (app.reader.listing.counts is not None)
            )
            yield driver
    finally:
        access.close()


def run(test: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run one test's coroutine."""
    asyncio.run(test())
