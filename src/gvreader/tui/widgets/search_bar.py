"""The two lines above the list while searching: what is typed, and what was found."""

from __future__ import annotations

from typing import ClassVar

from textual.strip import Strip
from textual.widget import Widget

from gvreader.tui.painting import Line
from gvreader.tui.widgets.lines import ink_of


class SearchPrompt(Widget):
    """The slash before the text box."""

    ALLOW_SELECT: ClassVar[bool] = False

    def render_line(self, y: int) -> Strip:
        ink = ink_of(self)
        return Line(self.size.width, ink.paper).to(1).add("/", ink.accent_strong).strip()


class SearchInfo(Widget):
    """How many were found, in which order, and what the words were taken for."""

    ALLOW_SELECT: ClassVar[bool] = False
    _text = ""

    @property
    def text(self) -> str:
        """What it says now."""
        return self._text

    def show(self, text: str) -> None:
        """Say something else."""
        self._text = text
        self.refresh()

    def render_line(self, y: int) -> Strip:
        ink = ink_of(self)
        return Line(self.size.width, ink.paper, margin=1).to(3).add(self._text, ink.faded).strip()
