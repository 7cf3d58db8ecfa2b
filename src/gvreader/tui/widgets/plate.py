"""A calm page in place of the panes: the first start, and trouble that stops everything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from textual import events
from textual.strip import Strip

from gvreader.tui.cells import wrap
from gvreader.tui.messages import ActionAsked
from gvreader.tui.painting import Line
from gvreader.tui.widgets.lines import LinesView, ink_of

_MEASURE: Final = 64
_KEY_COLUMN: Final = 4


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to do: its key, what it is, a fainter line on how or how long, and the action it asks for."""

    key: str
    title: str
    detail: str
    action: str


@dataclass(frozen=True, slots=True)
class Page:
    """A title, paragraphs, and what can be done."""

    title: str
    paragraphs: tuple[str, ...]
    choices: tuple[Choice, ...]


class Plate(LinesView):
    """Shows one page in the middle of the screen."""

    def __init__(self) -> None:
        super().__init__()
        self.content = Page("", (), ())
        self._lines: list[tuple[str, str, str, str]] = []

    def show(self, content: Page) -> None:
        """Show another page."""
        self.content = content
        self.renew()

    def choice(self, key: str) -> str | None:
        """The action behind a key of this page."""
        return next((choice.action for choice in self.content.choices if choice.key == key), None)

    def count_lines(self, width: int) -> int:
        measure = max(min(_MEASURE, width - 4), 10)
        lines: list[tuple[str, str, str, str]] = [
            ("title", "", self.content.title[low:high], "") for low, high in wrap(self.content.title, measure)
        ]
        for paragraph in self.content.paragraphs:
            lines.append(("", "", "", ""))
            for part in paragraph.split("\n"):
                lines.extend(("text", "", part[low:high], "") for low, high in wrap(part, measure))
        for choice in self.content.choices:
            lines.append(("", "", "", ""))
            for kind, text in (("choice", choice.title), ("detail", choice.detail)):
                for number, (low, high) in enumerate(wrap(text, measure - _KEY_COLUMN)):
                    key = choice.key if kind == "choice" and not number else ""
                    lines.append((kind, key, text[low:high], choice.action))
        above = max((self.page - len(lines)) // 3, 0)
        self._lines = [("", "", "", "")] * above + lines
        return len(self._lines)

    def paint_line(self, line: int, width: int) -> Strip:
        ink = ink_of(self)
        painted = Line(width, ink.paper, margin=1)
        kind, key, text, _action = self._lines[line]
        left = max((width - _MEASURE) // 2, 2)
        painted.to(left)
        if kind == "title":
            painted.add(text, ink.strong)
        elif kind in ("choice", "detail"):
            painted.add(key, ink.accent_strong).to(left + _KEY_COLUMN)
            painted.add(text, None if kind == "choice" else ink.faded)
        else:
            painted.add(text)
        return painted.strip()

    def on_click(self, event: events.Click) -> None:
        line = event.y + self.scroll_offset.y
        if 0 <= line < len(self._lines) and self._lines[line][3]:
            self.post_message(ActionAsked(self._lines[line][3]))
