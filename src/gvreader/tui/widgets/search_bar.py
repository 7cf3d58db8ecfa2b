"""The two lines above the list while searching: what is typed, and what was found."""

from __future__ import annotations

from typing import ClassVar, Final

from textual import events
from textual.strip import Strip
from textual.widget import Widget

from gvreader.tui.view.cells import wrapped
from gvreader.tui.view.strip_builder import StripBuilder
from gvreader.tui.widgets.lines import styles_of

_MARGIN: Final = 3
_HIGH: Final = 24
_MOST_LINES: Final = 3
_MOST_LINES_LOW: Final = 2


class SearchPrompt(Widget):
    """The slash before the text box."""

    ALLOW_SELECT: ClassVar[bool] = False

    def render_line(self, y: int) -> Strip:
        styles = styles_of(self)
        return StripBuilder(self.size.width, styles.base).to(1).add("/", styles.accent_strong).strip()


class SearchInfo(Widget):
    """How many were found, in which order, and what the words were taken for."""

    ALLOW_SELECT: ClassVar[bool] = False

    def __init__(self) -> None:
        super().__init__()
        self._text = ""
        self._lines: list[str] = []

    @property
    def text(self) -> str:
        """What it says now."""
        return self._text

    def show(self, text: str) -> None:
        """Say something else, on further lines where one is too short."""
        self._text = text
        self._break()

    def on_resize(self, _event: events.Resize) -> None:
        self._break()

    def _break(self) -> None:
        room = max(self.size.width - _MARGIN - 1, 1)
        most = _MOST_LINES if self.app.size.height >= _HIGH else _MOST_LINES_LOW
        self._lines = wrapped(self._text, room, most)
        self.styles.height = max(len(self._lines), 1)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        styles = styles_of(self)
        text = self._lines[y] if y < len(self._lines) else ""
        return (
            StripBuilder(self.size.width, styles.base, margin=1).to(_MARGIN).add(text, styles.muted).strip()
        )
