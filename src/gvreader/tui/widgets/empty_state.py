"""A calm page in place of the panes: the first start, and trouble that stops everything."""

from __future__ import annotations

from typing import Final, NamedTuple

from textual import events
from textual.strip import Strip

from gvreader.tui.actions import ActionName
from gvreader.tui.messages import ActionAsked
from gvreader.tui.view.cells import wrapped
from gvreader.tui.view.state_pages import StatePage
from gvreader.tui.view.strip_builder import StripBuilder
from gvreader.tui.widgets.lines import LinesView, styles_of

_MEASURE: Final = 64
_KEY_COLUMN: Final = 4


_SHAPES: Final = (
    (True, 99, 99),
    (False, 99, 99),
    (False, 99, 1),
    (False, 4, 1),
    (False, 99, 0),
    (False, 2, 0),
)
"""Ever smaller pages: with blanks between its parts or not, most lines of text, most lines of details."""


class _Set(NamedTuple):
    """One line of a page, and what a click on it asks for."""

    kind: str
    text: str
    action: str = ""
    key: str = ""


_BLANK: Final = _Set("", "")


class EmptyState(LinesView):
    """Shows one page in the middle of the screen."""

    def __init__(self) -> None:
        super().__init__()
        self.content = StatePage("", (), ())
        self._lines: list[_Set] = []

    def show(self, content: StatePage) -> None:
        """Show another page."""
        self.content = content
        self.renew()

    def choice(self, key: str) -> ActionName | None:
        """The action behind a key of this page."""
        return next((choice.action for choice in self.content.choices if choice.key == key), None)

    def count_lines(self, width: int) -> int:
        measure = max(min(_MEASURE, width - 4), 10)
        # What can be done must be in sight: air goes first, then what explains, where the screen is low.
        for airy, words, details in _SHAPES:
            lines = self._set(measure, airy=airy, words=words, details=details)
            if len(lines) <= self.page:
                break
        above = max((self.page - len(lines)) // 3, 0)
        self._lines = [_BLANK] * above + lines
        return len(self._lines)

    def _set(self, measure: int, *, airy: bool, words: int, details: int) -> list[_Set]:
        """The page in lines: blanks between its parts where `airy`, and how many lines texts and details may take."""
        content = self.content
        lines = [_Set("title", text) for text in wrapped(content.title, measure, words)]
        room = measure - _KEY_COLUMN
        left = words
        for number, paragraph in enumerate(content.paragraphs):
            texts = [text for part in paragraph.split("\n") for text in wrapped(part, measure, left)]
            lines += [_BLANK] if texts and (airy or not number) else []
            lines += [_Set("text", text) for text in texts]
            left -= len(texts)
        for number, choice in enumerate(content.choices):
            lines += [_BLANK] if airy or not number else []
            for at, text in enumerate(wrapped(choice.title, room, words)):
                lines.append(_Set("choice", text, choice.action, "" if at else choice.key))
            lines += [_Set("detail", text, choice.action) for text in wrapped(choice.detail, room, details)]
        return lines

    def paint_line(self, line: int, width: int) -> Strip:
        styles = styles_of(self)
        painted = StripBuilder(width, styles.base, margin=1)
        kind, text, _action, key = self._lines[line]
        left = max((width - _MEASURE) // 2, 2)
        painted.to(left)
        if kind == "title":
            painted.add(text, styles.strong)
        elif kind in ("choice", "detail"):
            painted.add(key, styles.accent_strong).to(left + _KEY_COLUMN)
            painted.add(text, None if kind == "choice" else styles.muted)
        else:
            painted.add(text)
        return painted.strip()

    def on_click(self, event: events.Click) -> None:
        line = event.y + self.scroll_offset.y
        if 0 <= line < len(self._lines) and self._lines[line].action:
            self.post_message(ActionAsked(self._lines[line].action))
